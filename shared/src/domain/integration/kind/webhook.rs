//! The generic webhook: any HTTPS server of the customer's, signed as Standard Webhooks says.
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use crate::domain::{
    integration::fields::Fields,
    reach::HttpsUrl,
    secret::{InvalidSecret, Secret},
    text::Description,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// What a webhook is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where events are sent.
    pub url: HttpsUrl,
    /// What it is for.
    pub description: Option<Description>,
}

/// Why a text is no webhook's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SecretError {
    /// It begins as a key of Standard Webhooks and is none.
    #[error("must have 24 to 64 bytes in base64 behind whsec_")]
    NoKey,
    /// It is unfit for any secret.
    #[error(transparent)]
    Invalid(#[from] InvalidSecret),
}

/// What a key of Standard Webhooks begins with; base64 follows.
const KEY: &str = "whsec_";

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (url, description) = (fields.required("url"), fields.optional::<Description>("description"));
        Some(Self { url: url?, description: description.filter(|text| !text.as_str().is_empty()) })
    }
}

/// The key that deliveries are signed with: `whsec_` and 24 to 64 bytes in base64, or any secret, whose bytes are the key.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let secret: Secret = text.parse()?;
    let fits = text
        .strip_prefix(KEY)
        .is_none_or(|key| STANDARD.decode(key).is_ok_and(|bytes| (24..=64).contains(&bytes.len())));
    if fits { Ok(secret) } else { Err(SecretError::NoKey) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_standard_webhooks_is_one() {
        let key = |bytes: usize| format!("{KEY}{}", STANDARD.encode(vec![7; bytes]));
        assert!(secret(&key(24)).is_ok() && secret(&key(64)).is_ok() && secret("0123456789abcdef").is_ok());
        for text in [&key(23), &key(65), "whsec_not/base64!!!", "whsec_0123456789"] {
            assert_eq!(secret(text), Err(SecretError::NoKey), "{text}");
        }
        assert_eq!(secret("short"), Err(SecretError::Invalid(InvalidSecret)));
    }
}
