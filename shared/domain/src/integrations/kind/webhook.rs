//! The generic webhook: any HTTPS server of the customer. Deliveries are signed as Standard Webhooks specifies.
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
//!
//! The libraries of Standard Webhooks read a secret as base64, with or without `whsec_`. Berth read one without it as
//! bytes, so it accepts only secrets with the prefix, which both read the same way. A stored secret without the prefix
//! keeps signing with its bytes.

use crate::{
    integrations::reach::HttpsUrl,
    integrations::{
        fields::Fields,
        occurrence::IntegrationNotice,
        outgoing::{Outgoing, RequestError},
        kind::secret_error::SecretError,
    },
    keyring::Keyring,
    secret::Secret,
    text::Description,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use std::ops::RangeInclusive;

/// Settings of a webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// URL that events are sent to: https, on the public Internet, at port 443 or one that the operator allows.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "uri", max_length = 2048, example = "https://hooks.example.com/berth"))]
    pub url: HttpsUrl,
    /// Purpose of the webhook, for people.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub description: Option<Description>,
}

/// Prefix of a Standard Webhooks key; base64 follows.
const KEY: &str = "whsec_";

/// Number of bytes of a key.
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme>
const BYTES: RangeInclusive<usize> = 24..=64;

/// True: the secret signs requests. After a roll, both secrets sign for a day.
pub(super) const SIGNS: bool = true;

impl WebhookConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (url, description) = (fields.receiver("url"), fields.description("description"));
        Some(Self { url: url?, description })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        now: Timestamp,
    ) -> Result<Outgoing, RequestError> {
        let body = json!({ "type": notice.kind(), "timestamp": notice.at, "data": notice.facts() });
        let request = Outgoing::json(self.url.as_str(), &body)?;
        let signed = signed_headers(keys, &notice.id.to_string(), &request.body, now);
        Ok(signed.into_iter().fold(request, |request, (name, value)| request.with(name, value)))
    }
}

/// Returns the headers of a message with this `id` and `body`, signed at `now` by each of the keys in use.
#[must_use]
pub fn signed_headers(keys: &Keyring, id: &str, body: &str, now: Timestamp) -> [(&'static str, String); 3] {
    let at = now.as_second().to_string();
    let signed = format!("{id}.{at}.{body}");
    let signatures: Vec<_> = keys.at(now).map(|secret| sign(secret, &signed)).collect();
    [("webhook-id", id.to_owned()), ("webhook-timestamp", at), ("webhook-signature", signatures.join(" "))]
}

/// Makes the secret of a webhook from 32 random bytes.
#[must_use]
pub fn webhook_secret(random: [u128; 2]) -> String {
    let [first, second] = random.map(u128::to_be_bytes);
    format!("{KEY}{}", STANDARD.encode([first, second].concat()))
}

/// Signs `text` with a symmetric key.
fn sign(secret: &Secret, text: &str) -> String {
    let key = secret.reveal();
    let key = key.strip_prefix(KEY).and_then(|key| STANDARD.decode(key).ok()).unwrap_or_else(|| key.into());
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes any key").chain_update(text);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Parses a signing key: `whsec_` and 24 to 64 bytes in base64, in its one canonical form.
///
/// # Errors
/// [`SecretError`] if the text is anything else.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    const SHAPE: &str = "whsec_ followed by 24 to 64 bytes in base64; leave it out and set generate_secret to get one";
    let key = text.strip_prefix(KEY).and_then(|key| STANDARD.decode(key).ok());
    key.filter(|bytes| BYTES.contains(&bytes.len())).ok_or(SecretError::Shape(SHAPE))?;
    Ok(text.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_the_libraries_read_alike_are_accepted() {
        let key = |bytes: usize| format!("{KEY}{}", STANDARD.encode(vec![7; bytes]));
        assert!(secret(&key(24)).is_ok() && secret(&key(64)).is_ok());
        for text in [
            &key(23),
            &key(65),
            "whsec_not/base64!!!",
            "whsec_0123456789",
            // Without the prefix, the libraries decode what Berth would take as bytes.
            "0123456789abcdef",
            "0123456789abcdef0123456789abcdef",
            &key(32).replace(KEY, ""),
            &key(32).replace(KEY, "WHSEC_"),
            // Unpadded, URL-safe and spaced base64 is read by some libraries only.
            key(32).trim_end_matches('='),
            "whsec_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_",
            &format!("{} ", key(24)),
            "",
        ] {
            assert!(matches!(secret(text), Err(SecretError::Shape(_))), "{text}");
        }
    }

    #[test]
    fn generated_secrets_are_accepted() {
        for random in [[0, 0], [u128::MAX, u128::MAX], [1, 2]] {
            let text = webhook_secret(random);
            assert_eq!(secret(&text).unwrap().reveal(), text);
        }
        assert_eq!(webhook_secret([1, 2]), "whsec_AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAI=");
    }

    /// Receivers of a secret that was stored without the prefix verify with its bytes, as before.
    #[test]
    fn stored_secrets_without_the_prefix_sign_with_their_bytes() {
        let text = "0123456789abcdef";
        let mac = Hmac::<Sha256>::new_from_slice(text.as_bytes()).unwrap().chain_update("signed");
        let wanted = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(sign(&text.parse().unwrap(), "signed"), wanted);
    }

    /// The example that implementations of Standard Webhooks test themselves with.
    /// <https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/python/tests/test_webhooks.py>
    #[test]
    fn signatures_follow_standard_webhooks() {
        let key = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = r#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#;
        assert_eq!(sign(&key, signed), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
