//! Secrets that customers entrust to Berth: kept in Secrets Manager, never shown again, never printed.

use crate::ids::SecretId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A secret as a customer gave it: 16 to 2,048 visible ASCII characters; some are URLs. It can be neither printed nor serialized; whoever
/// needs its text asks for it by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// A text that is no secret. The text is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have {} to {} visible ASCII characters", Secret::MIN_BYTES, Secret::MAX_BYTES)]
pub struct InvalidSecret;

/// The last characters of a secret, by which a person knows it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SecretHint(String);

/// Where a secret is kept, and what may be shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSecret {
    /// The last part of its name in Secrets Manager, fresh for every secret: a name that was deleted cannot be used
    /// again for days.
    pub id: SecretId,
    /// What may be shown of it.
    pub hint: Option<SecretHint>,
}

impl Secret {
    /// The shortest secret: fewer characters can be guessed.
    pub const MIN_BYTES: usize = 16;
    /// The longest secret: that of a URL.
    pub const MAX_BYTES: usize = 2_048;
    /// Below this length the last four characters would give too much away.
    const MIN_HINTED: usize = 12;

    /// The text itself, for the edge that keeps it and the one that uses it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its last four characters, if it has at least twelve.
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
    fn a_secret_is_long_and_visible() {
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
    fn debugging_does_not_print_it() {
        assert_eq!(format!("{:?}", "0123456789abcdef".parse::<Secret>()), "Ok(Secret(…))");
    }

    #[test]
    fn the_hint_is_four_characters_of_twelve_or_more() {
        let hint = |text: &str| Secret(text.to_owned()).hint().map(|hint| hint.0);
        assert_eq!(hint("0123456789abcdef"), Some("cdef".to_owned()));
        assert_eq!(hint("0123456789ab"), Some("89ab".to_owned()));
        assert_eq!(hint("0123456789a"), None);
    }
}
