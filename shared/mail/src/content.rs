//! The content of a letter, of which both of its parts are rendered.

use std::fmt;

/// Marks around a name in a sentence: the isolates of Unicode, which also keep a name of another direction together. No
/// text of users contains them ([`Name`], [`plain`]).
const BEGIN: char = '\u{2068}';
const END: char = '\u{2069}';

/// A name that a user has chosen, as a sentence mentions it: emphasised in HTML, in quotation marks in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{BEGIN}{}{END}", self.0.replace([BEGIN, END], ""))
    }
}

/// Returns `text` as one line without control characters and marks of names, for texts of users that are no names.
pub(crate) fn plain(text: &str) -> String {
    let shown: String = text.chars().filter(|c| ![BEGIN, END].contains(c)).collect();
    let words = shown.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span<'a> {
    pub(crate) text: &'a str,
    pub(crate) is_name: bool,
}

/// Splits a sentence into names and the text between them.
pub(crate) fn spans(sentence: &str) -> Vec<Span<'_>> {
    let mut is_name = false;
    let parts = sentence.split([BEGIN, END]).map(|text| {
        let span = Span { text, is_name };
        is_name = !is_name;
        span
    });
    parts.filter(|span| !span.text.is_empty()).collect()
}

/// Returns a sentence with its names in `quotes`.
pub(crate) fn quoted(sentence: &str, [open, close]: [&str; 2]) -> String {
    sentence.replace(BEGIN, open).replace(END, close)
}

/// A fact in the list below the sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: &'static str,
    /// The value. It may mention names.
    pub(crate) value: String,
}

impl Fact {
    pub(crate) fn new(label: &'static str, value: impl fmt::Display) -> Self {
        Self { label, value: value.to_string() }
    }
}

/// Tone of an entry, which the layout shows by a colour. The words of its label say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    /// Name of the tone's classes in the layout.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// Colour of the tone in light mode. The style sheet of the layout has those of dark mode.
    pub(crate) const fn color(self) -> &'static str {
        match self {
            Self::Info => "#565e6b",
            Self::Good => "#12703f",
            Self::Warn => "#8a5300",
            Self::Bad => "#b3261e",
        }
    }
}

/// The severity of a notification, as a letter shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) tone: Tone,
    pub(crate) label: &'static str,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownEntry {
    pub(crate) mark: Mark,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    pub(crate) at: String,
    pub(crate) link: String,
}

/// The only action of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub(crate) label: &'static str,
    pub(crate) link: String,
}

/// The sentences of one letter in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Subject. It contains no text of users.
    pub(crate) subject: String,
    /// Paragraphs before the facts.
    pub(crate) lead: Vec<String>,
    pub(crate) facts: Vec<Fact>,
    /// Label of the action.
    pub(crate) action: &'static str,
    /// Paragraphs after the action.
    pub(crate) notes: Vec<String>,
    /// The reason for which the reader gets the letter.
    pub(crate) reason: String,
}

/// The content of one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) subject: String,
    /// Mark above the heading.
    pub(crate) mark: Option<Mark>,
    pub(crate) heading: String,
    pub(crate) lead: Vec<String>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) entries: Vec<ShownEntry>,
    /// Sentence about further entries.
    pub(crate) rest: Option<String>,
    pub(crate) action: Action,
    pub(crate) notes: Vec<String>,
    pub(crate) reason: String,
    /// Link with which the reader unsubscribes, for letters that can be stopped.
    pub(crate) stop: Option<String>,
    /// Link to the reader's preferences, for letters that these concern.
    pub(crate) preferences: Option<String>,
}

impl Content {
    /// Builds the content of a letter that leads to `link`. Its heading is its subject.
    pub(crate) fn new(passage: Passage, link: &str) -> Self {
        let Passage { subject, lead, facts, action, notes, reason } = passage;
        Self {
            heading: subject.clone(),
            subject,
            mark: None,
            lead,
            facts,
            entries: Vec::new(),
            rest: None,
            action: Action { label: action, link: link.to_owned() },
            notes,
            reason,
            stop: None,
            preferences: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_again_in_their_sentence() {
        let sentence = format!("In {}, {} stopped.", Name("Acme\u{2069} Ltd"), Name("Hook"));
        let found: Vec<_> = spans(&sentence).into_iter().map(|span| (span.text, span.is_name)).collect();
        assert_eq!(found, [("In ", false), ("Acme Ltd", true), (", ", false), ("Hook", true), (" stopped.", false)]);
        assert_eq!(quoted(&sentence, ["\"", "\""]), "In \"Acme Ltd\", \"Hook\" stopped.");
    }

    #[test]
    fn texts_of_users_are_one_line() {
        assert_eq!(plain(" one\r\n\u{2068}two\t three\u{85}four "), "one two three four");
    }
}
