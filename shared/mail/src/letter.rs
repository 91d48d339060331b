//! A letter, and the writer that renders the content of each for one reader.

use crate::{
    brand::Brand,
    content::Content,
    layout,
    moment::LocalTime,
    words::{Words, languages::words_of},
};
use domain::{
    identity::profile::{Language, Profile},
    text::Timezone,
};
use jiff::Timestamp;

/// A letter, ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Subject line.
    pub subject: String,
    /// Plain text body.
    pub text: String,
    /// HTML body.
    pub html: String,
    /// Link with which the recipient unsubscribes, for letters that can be stopped.
    pub stop: Option<String>,
}

/// Hides the contents: a letter may contain a token, and debug output may end up in the log.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// The person for whom a letter is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Language of the letter.
    pub language: Language,
    /// Zone of its times.
    pub timezone: Timezone,
}

impl Reader {
    /// The language and the zone of `profile`; English, and the zone of their workspace, if they set none.
    #[must_use]
    pub fn of(profile: &Profile, workspace: &Timezone) -> Self {
        Self {
            language: profile.language.unwrap_or(Language::En),
            timezone: profile.timezone.clone().unwrap_or_else(|| workspace.clone()),
        }
    }
}

/// Writes letters with the operator's brand for one reader.
#[derive(Debug, Clone, Copy)]
pub struct LetterWriter<'a> {
    brand: &'a Brand,
    reader: &'a Reader,
}

impl<'a> LetterWriter<'a> {
    /// Creates a writer for `reader`.
    #[must_use]
    pub const fn new(brand: &'a Brand, reader: &'a Reader) -> Self {
        Self { brand, reader }
    }

    /// The words of the reader's language.
    pub(crate) fn words(&self) -> &'static dyn Words {
        words_of(self.reader.language)
    }

    /// Returns `at` with date, time and zone.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        self.words().moment(&LocalTime::of(at, &self.reader.timezone))
    }

    /// Returns `at` with date, time and the difference from UTC, for lists.
    pub(crate) fn short_moment(&self, at: Timestamp) -> String {
        self.words().short_moment(&LocalTime::of(at, &self.reader.timezone))
    }

    /// Renders both parts of a letter.
    pub(crate) fn render(&self, content: Content) -> Letter {
        let (html, text) = layout::render(&content, self.brand, self.reader.language, self.words());
        Letter { subject: content.subject, text, html, stop: content.stop }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_letter() {
        let letter = Letter { subject: "s".to_owned(), text: "token".to_owned(), html: "token".to_owned(), stop: None };
        assert_eq!(format!("{letter:?}"), "Letter(…)");
    }
}
