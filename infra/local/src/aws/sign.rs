//! Signature version 4. The emulator enforces the template's roles, so it verifies the caller.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use crate::settings::{ACCESS_KEY, REGION, SECRET_KEY};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The body is not signed: it is sent over loopback, and hashing a debug build of a function takes longer than sending
/// it.
const PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const SIGNED: &str = "host;x-amz-content-sha256;x-amz-date";

/// Returns the headers that sign a request without a query string at `now`.
pub(super) fn headers(
    service: &str,
    method: &str,
    path: &str,
    host: &str,
    now: Timestamp,
) -> [(&'static str, String); 3] {
    let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = time.get(..8).unwrap_or_default();
    let scope = format!("{day}/{REGION}/{service}/aws4_request");
    let canonical = format!(
        "{method}\n{path}\n\nhost:{host}\nx-amz-content-sha256:{PAYLOAD}\nx-amz-date:{time}\n\n{SIGNED}\n{PAYLOAD}"
    );
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let key = [day, REGION, service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{SECRET_KEY}").into_bytes(), |key, part| mac(&key, part.as_bytes()));
    let signature = hex(&mac(&key, to_sign.as_bytes()));
    let credential = format!("Credential={ACCESS_KEY}/{scope}");
    [
        ("authorization", format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders={SIGNED}, Signature={signature}")),
        ("x-amz-content-sha256", PAYLOAD.to_owned()),
        ("x-amz-date", time),
    ]
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length, so this cannot fail.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Percent-encodes all but the unreserved characters, as required in forms and URLs.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected signature was computed with botocore 1.43 for the same request.
    #[test]
    fn signs_as_botocore_does() {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let [(_, authorization), ..] = headers("s3", "PUT", "/bucket/key", "127.0.0.1:4566", now);
        let (_, signature) = authorization.rsplit_once("Signature=").unwrap();
        assert_eq!(signature, "4498ac0b30820671948f54909955bde7232db27265defa82e4f6b46346a92eb7");
    }

    #[test]
    fn encoding() {
        assert_eq!(encode("a b/ü~"), "a%20b%2F%C3%BC~");
    }
}
