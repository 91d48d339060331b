//! The generic webhook: any HTTPS server of the customer's, signed as Standard Webhooks says.
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use crate::{integrations::{
        fields::Fields,
        occurrence::Notice,
        outgoing::{Outgoing, Unfit},
        secret_error::SecretError,
    }, keyring::Keyring, integrations::reach::HttpsUrl, secret::Secret, text::Description};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

/// Settings of a webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WebhookConfig))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// URL that events are sent to: https, on the public Internet, at port 443 or one that the operator allows.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "uri", max_length = 2048, example = "https://hooks.example.com/berth"))]
    pub url: HttpsUrl,
    /// Purpose of the webhook, for people.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub description: Option<Description>,
}

/// What a key of Standard Webhooks begins with; base64 follows.
const KEY: &str = "whsec_";

/// The longest secret.
const LONGEST: usize = 256;

/// Whether the secret signs what is sent: after a roll, both sign for a day.
pub(super) const SIGNS: bool = true;

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (url, description) = (fields.receiver("url"), fields.description("description"));
        Some(Self { url: url?, description })
    }

    pub(super) fn request(&self, keys: &Keyring, notice: &Notice, now: Timestamp) -> Result<Outgoing, Unfit> {
        let body = json!({ "type": notice.kind(), "timestamp": notice.at, "data": notice.facts() });
        let request = Outgoing::json(self.url.as_str(), &body)?;
        let (id, at) = (notice.id.to_string(), now.as_second().to_string());
        let signed = format!("{id}.{at}.{}", request.body);
        let signatures: Vec<_> = keys.at(now).map(|secret| sign(secret, &signed)).collect();
        Ok(request.with("webhook-id", id).with("webhook-timestamp", at).with("webhook-signature", signatures.join(" ")))
    }
}

/// The signature of `text` by a symmetric key.
fn sign(secret: &Secret, text: &str) -> String {
    let key = secret.reveal();
    let key = key.strip_prefix(KEY).and_then(|key| STANDARD.decode(key).ok()).unwrap_or_else(|| key.into());
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes any key").chain_update(text);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The key that deliveries are signed with: `whsec_` and 24 to 64 bytes in base64, or any secret, whose bytes are the key.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    if text.len() > LONGEST {
        return Err(SecretError::Shape("at most 256 visible ASCII characters"));
    }
    let secret: Secret = text.parse()?;
    let fits = text
        .strip_prefix(KEY)
        .is_none_or(|key| STANDARD.decode(key).is_ok_and(|bytes| (24..=64).contains(&bytes.len())));
    if fits { Ok(secret) } else { Err(SecretError::Shape("24 to 64 bytes in base64 behind whsec_")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::InvalidSecret;

    #[test]
    fn a_key_of_standard_webhooks_is_one() {
        let key = |bytes: usize| format!("{KEY}{}", STANDARD.encode(vec![7; bytes]));
        assert!(secret(&key(24)).is_ok() && secret(&key(64)).is_ok() && secret("0123456789abcdef").is_ok());
        assert!(secret(&"x".repeat(256)).is_ok());
        for text in [&key(23), &key(65), "whsec_not/base64!!!", "whsec_0123456789", &"x".repeat(257)] {
            assert!(matches!(secret(text), Err(SecretError::Shape(_))), "{text}");
        }
        assert_eq!(secret("short"), Err(SecretError::Invalid(InvalidSecret)));
    }

    /// The example that implementations of Standard Webhooks test themselves with.
    /// <https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/python/tests/test_webhooks.py>
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        let key = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = r#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#;
        assert_eq!(sign(&key, signed), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
