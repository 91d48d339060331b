//! Names that a company gives to its plans, meters, features and add-ons. They are part of requests, answers, stored items
//! and prices at Stripe, so a name that was used never changes.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use tinystr::TinyAsciiStr;

/// Maximum number of characters of a name.
const MAX: usize = 24;

/// The text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 24 lower-case letters, digits and underscores, and begin with a letter")]
pub struct InvalidName;

/// Returns the name, if `text` is one.
const fn parse(text: &str) -> Option<TinyAsciiStr<MAX>> {
    let mut rest = text.as_bytes();
    let mut first = true;
    while let [byte, after @ ..] = rest {
        match byte {
            b'a'..=b'z' => {}
            b'0'..=b'9' | b'_' if !first => {}
            _ => return None,
        }
        (first, rest) = (false, after);
    }
    match TinyAsciiStr::try_from_str(text) {
        Ok(name) if !first => Some(name),
        Ok(_) | Err(_) => None,
    }
}

/// Declares a kind of name.
macro_rules! name {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(
            feature = "openapi",
            derive(utoipa::ToSchema),
            schema(value_type = String, pattern = "^[a-z][a-z0-9_]*$", max_length = 24)
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(TinyAsciiStr<MAX>);

        impl $name {
            /// The name `text`, for constants.
            ///
            /// # Panics
            /// If `text` is not a name.
            #[must_use]
            pub const fn literal(text: &str) -> Self {
                match parse(text) {
                    Some(name) => Self(name),
                    None => panic!("not a name"),
                }
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                parse(text).map(Self).ok_or(InvalidName)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidName;

            fn try_from(text: String) -> Result<Self, InvalidName> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

name! {
    /// Name of a plan, such as `pro`.
    PlanName
}
name! {
    /// Name of a meter, such as `executions`.
    MeterName
}
name! {
    /// Name of a feature, such as `audit_export`.
    FeatureName
}
name! {
    /// Name of an add-on, such as `storage_100_gb`.
    AddonName
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_lower_case_words() {
        for text in ["a", "pro", "storage_mb", "tier2", "abcdefghijklmnopqrstuvwx"] {
            let name: PlanName = text.parse().unwrap();
            assert_eq!((name.to_string(), serde_json::to_value(name).unwrap()), (text.to_owned(), text.into()));
            assert_eq!(serde_json::from_value::<PlanName>(text.into()).unwrap(), PlanName::literal(text));
        }
        for text in ["", "Pro", "2nd", "_a", "a-b", "a/2", "ä", "abcdefghijklmnopqrstuvwxy"] {
            assert_eq!(text.parse::<PlanName>(), Err(InvalidName), "{text}");
        }
    }
}
