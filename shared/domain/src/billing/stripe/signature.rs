//! Verifies that Stripe sent a body, by the header `Stripe-Signature`: an HMAC-SHA256 over time and body.
//! <https://docs.stripe.com/webhooks/signature#verify-manually>

use crate::error::{Kind, Refusal};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use std::fmt;

/// Maximum difference between the signature's time and the clock, in either direction; the same as in Stripe's own
/// libraries.
pub const TOLERANCE: SignedDuration = SignedDuration::from_secs(300);

/// The signing secrets of an endpoint: the current one and, during a roll, the previous one.
#[derive(Clone)]
pub struct SigningSecrets(Vec<Vec<u8>>);

impl fmt::Debug for SigningSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecrets(…)")
    }
}

/// There is no secret to verify with. An empty secret would let anyone sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the webhook's signing secret is empty; configure one")]
pub struct NoSecret;

/// Reasons to refuse a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is missing, or has no time or no signature of the scheme `v1`.
    #[error("the Stripe-Signature header is missing or malformed")]
    Malformed,
    /// The signature is too old, or from the future.
    #[error("the signature's time is more than five minutes from now")]
    Stale,
    /// None of the secrets produced the signature.
    #[error("the signature does not match the body")]
    Mismatch,
}

impl Refusal for SignatureError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "signature_malformed",
            Self::Stale => "signature_stale",
            Self::Mismatch => "signature_mismatch",
        }
    }
}

impl SigningSecrets {
    /// Collects the secrets that are not empty.
    ///
    /// # Errors
    /// [`NoSecret`] if all are empty.
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Result<Self, NoSecret> {
        let secrets: Vec<_> = secrets.into_iter().map(|secret| secret.trim().as_bytes().to_vec()).collect();
        let secrets: Vec<_> = secrets.into_iter().filter(|secret| !secret.is_empty()).collect();
        if secrets.is_empty() { Err(NoSecret) } else { Ok(Self(secrets)) }
    }

    /// Verifies `body` against the header `header`, in a time that does not depend on the signatures.
    ///
    /// # Errors
    /// [`SignatureError`] if the header is malformed, no signature matches, or the time is too far off. A mismatch is
    /// reported before a wrong time, because only Stripe's own signatures may be stale.
    pub fn verify(&self, header: &str, body: &[u8], now: Timestamp) -> Result<(), SignatureError> {
        let (mut time, mut signatures) = (None, Vec::new());
        for (name, value) in header.split(',').filter_map(|part| part.trim().split_once('=')) {
            match name {
                "t" if time.is_none() => time = Some(value),
                "v1" => signatures.extend(unhex(value)),
                _ => {}
            }
        }
        let time = time.ok_or(SignatureError::Malformed)?;
        let signed_at = time.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let signed_at = signed_at.ok_or(SignatureError::Malformed)?;
        if signatures.is_empty() {
            return Err(SignatureError::Malformed);
        }
        let made_by = |secret: &[u8]| {
            let mac = mac(secret).chain_update(time).chain_update(".").chain_update(body);
            signatures.iter().filter(|signature| mac.clone().verify_slice(signature.as_slice()).is_ok()).count()
        };
        if self.0.iter().map(|secret| made_by(secret)).sum::<usize>() == 0 {
            return Err(SignatureError::Mismatch);
        }
        if now.duration_since(signed_at).abs() > TOLERANCE { Err(SignatureError::Stale) } else { Ok(()) }
    }
}

fn mac(secret: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length; the error type is the trait's")]
    Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes any key")
}

/// Decodes 64 hexadecimal digits to 32 bytes.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<_> = text.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<_> =
        digits.chunks_exact(2).filter_map(|pair| u8::try_from(pair.iter().fold(0, |n, d| n * 16 + d)).ok()).collect();
    <[u8; 32]>::try_from(bytes).ok().filter(|_| text.len() == 64)
}

/// Creates the header that Stripe would send with `body`, signed at `now` with `secret`; for tests.
#[must_use]
pub fn sign(secret: &str, body: &[u8], now: Timestamp) -> String {
    let time = now.as_second();
    let bytes = mac(secret.as_bytes()).chain_update(format!("{time}.")).chain_update(body).finalize().into_bytes();
    let signature: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time},v1={signature}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    const BODY: &[u8] = br#"{"id": "evt_1"}"#;

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn secrets(secrets: &[&str]) -> SigningSecrets {
        SigningSecrets::new(secrets.iter().map(|secret| (*secret).to_owned())).unwrap()
    }

    #[track_caller]
    fn check(header: &str, late: i64, wanted: Expect) {
        let now = now() + SignedDuration::from_secs(late);
        let said = match secrets(&["whsec_current", "whsec_previous"]).verify(header, BODY, now) {
            Ok(()) => "taken".to_owned(),
            Err(error) => error.to_string(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn signatures_of_either_secret_are_valid_for_five_minutes() {
        for secret in ["whsec_current", "whsec_previous"] {
            let header = sign(secret, BODY, now());
            check(&header, 0, expect!["taken"]);
            check(&header, 300, expect!["taken"]);
            check(&header, -300, expect!["taken"]);
            check(&header, 301, expect!["the signature's time is more than five minutes from now"]);
            check(&header, -301, expect!["the signature's time is more than five minutes from now"]);
        }
        check(&sign("whsec_other", BODY, now()), 0, expect!["the signature does not match the body"]);
        check(&sign("", BODY, now()), 0, expect!["the signature does not match the body"]);
    }

    #[test]
    fn several_signatures_and_schemes() {
        let ours = sign("whsec_current", BODY, now());
        let (time, signature) = ours.split_once(',').unwrap();
        let other = format!("v1={}", "0".repeat(64));
        check(&format!("{time},{other},{signature},v0=abc"), 0, expect!["taken"]);
        check(&format!("{time}, {signature}"), 0, expect!["taken"]);
        check(
            &format!("{time},{}", signature.replace("v1", "v0")),
            0,
            expect!["the Stripe-Signature header is missing or malformed"],
        );
        check(&format!("{signature},t=1,{time}"), 0, expect!["the signature does not match the body"]);
        check(signature, 0, expect!["the Stripe-Signature header is missing or malformed"]);
    }

    #[test]
    fn malformed_headers_are_refused() {
        let zeros = "0".repeat(64);
        for header in ["", "t=", "t=1", "v1=", "t=x,v1=00", &format!("t=99999999999999999999,v1={zeros}"), "t=1,v1=zz"]
        {
            check(header, 0, expect!["the Stripe-Signature header is missing or malformed"]);
        }
    }

    #[test]
    fn an_empty_secret_is_refused() {
        for empty in [vec![], vec![""], vec![" ", "\n"]] {
            let made = SigningSecrets::new(empty.into_iter().map(ToOwned::to_owned));
            assert_eq!(made.unwrap_err(), NoSecret);
        }
    }

    proptest! {
        /// Invariant 9.
        #[test]
        fn a_changed_byte_is_a_mismatch(at in 0..BODY.len(), byte: u8) {
            prop_assume!(BODY[at] != byte);
            let header = sign("whsec_current", BODY, now());
            let mut body = BODY.to_vec();
            body[at] = byte;
            let verified = secrets(&["whsec_current"]).verify(&header, &body, now());
            prop_assert_eq!(verified, Err(SignatureError::Mismatch));
        }

        #[test]
        fn arbitrary_headers_are_refused(header in "\\PC{0,120}") {
            prop_assert!(secrets(&["whsec_current"]).verify(&header, BODY, now()).is_err());
        }
    }
}
