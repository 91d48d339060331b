//! Secrets that customers entrust to Berth: stored in Secrets Manager, never shown again, never printed.

use crate::ids::SecretId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A secret as the customer entered it: 16 to 2,048 visible ASCII characters; some are URLs. It can be neither printed
/// nor serialized; call [`Self::reveal`] for the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The text is not a secret. The error does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have {} to {} visible ASCII characters", Secret::MIN_BYTES, Secret::MAX_BYTES)]
pub struct InvalidSecret;

/// The last characters of a secret, by which a user recognizes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SecretHint(String);

/// Location of a stored secret, and the hint that may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSecret {
    /// Last part of the secret's name in Secrets Manager, new for every secret: a deleted name cannot be reused for
    /// days.
    pub id: SecretId,
    /// The hint that may be shown.
    pub hint: Option<SecretHint>,
}

impl Secret {
    /// Minimum length; shorter secrets can be guessed.
    pub const MIN_BYTES: usize = 16;
    /// Maximum length; enough for a URL.
    pub const MAX_BYTES: usize = 2_048;
    /// Minimum length of a secret with a hint; the last four characters of a shorter one would reveal too much.
    const MIN_HINTED: usize = 12;

    /// The text, for the code that stores the secret or uses it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The last four characters, if the secret has at least twelve.
    #[must_use]
    pub fn hint(&self) -> Option<SecretHint> {
        let start = self.0.len().checked_sub(4).filter(|_| self.0.len() >= Self::MIN_HINTED)?;
        self.0.get(start..).map(|last| SecretHint(last.to_owned()))
    }
}

impl FromStr for Secret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let fits = (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSecret)
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_16_to_2048_visible_ascii_characters() {
        assert!("0123456789abcdef".parse::<Secret>().is_ok() && "x".repeat(2_048).parse::<Secret>().is_ok());
        for text in [
            "",
            "short",
            "0123456789abcde",
            "0123456789 abcdef",
            "0123456789abcdeü",
            "0123456789abcdef\n",
            &"x".repeat(2_049),
        ] {
            assert_eq!(text.parse::<Secret>(), Err(InvalidSecret), "{text:?}");
        }
    }

    #[test]
    fn debug_output_hides_the_secret() {
        assert_eq!(format!("{:?}", "0123456789abcdef".parse::<Secret>()), "Ok(Secret(…))");
    }

    #[test]
    fn hint_needs_twelve_characters() {
        let hint = |text: &str| Secret(text.to_owned()).hint().map(|hint| hint.0);
        assert_eq!(hint("0123456789abcdef"), Some("cdef".to_owned()));
        assert_eq!(hint("0123456789ab"), Some("89ab".to_owned()));
        assert_eq!(hint("0123456789a"), None);
    }
}
