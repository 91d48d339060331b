//! Letters about notifications: one at once, or a digest of those that are unread.
//!
//! Titles and bodies that containers publish are texts of users. They are left out if they may contain an address or a domain,
//! as names are.

use crate::{
    content::{Content, Mark, Name, ShownEntry, Tone, plain},
    letter::{Letter, LetterWriter},
};
use domain::{
    notifications::shelf::Category,
    text::{WorkspaceName, safe_for_mail},
};
use jiff::Timestamp;

/// Maximum number of entries in a digest.
pub const MOST_ENTRIES: usize = 20;

/// A notification, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// URL of the page of the dashboard that shows more.
    pub link: String,
    /// Severity.
    pub category: Category,
    /// Time at which it happened.
    pub at: Timestamp,
    /// True if title and text are a user's, not Berth's own.
    pub published: bool,
}

/// Contents of the letter about one notification.
#[derive(Debug, Clone, Copy)]
pub struct SingleNotification<'a> {
    /// Name of the workspace.
    pub workspace: &'a WorkspaceName,
    /// The notification.
    pub entry: &'a Entry,
    /// URL of the reader's preferences.
    pub preferences: &'a str,
    /// Link with which the recipient unsubscribes, if they may.
    pub stop: Option<&'a str>,
}

/// Contents of a digest.
#[derive(Debug, Clone, Copy)]
pub struct Digest<'a> {
    /// Name of the workspace.
    pub workspace: &'a WorkspaceName,
    /// Unread notifications, newest first. The letter shows the first [`MOST_ENTRIES`] and counts the others.
    pub entries: &'a [Entry],
    /// Number of further unread notifications.
    pub more: u64,
    /// URL of the inbox.
    pub inbox: &'a str,
    /// URL of the reader's preferences.
    pub preferences: &'a str,
    /// Link with which the recipient unsubscribes, if they may.
    pub stop: Option<&'a str>,
}

impl LetterWriter<'_> {
    /// Writes the letter about one notification. Its heading is the title; the subject only says its category.
    #[must_use]
    pub fn notification(&self, about: &SingleNotification<'_>) -> Letter {
        let SingleNotification { workspace, entry, preferences, stop } = *about;
        let (place, body) = (workspace.safe_for_mail().map(Name), entry.shown(&entry.body));
        let at = self.moment(entry.at);
        let passage = self.words().notification(place, entry.category, body.as_deref(), &at);
        let heading = entry.shown(&entry.title).unwrap_or_else(|| passage.subject.clone());
        self.render(Content {
            mark: Some(self.mark(entry.category)),
            heading,
            stop: stop.map(str::to_owned),
            preferences: Some(preferences.to_owned()),
            ..Content::new(passage, &entry.link)
        })
    }

    /// Writes a digest of unread notifications.
    #[must_use]
    pub fn digest(&self, about: &Digest<'_>) -> Letter {
        let Digest { workspace, entries, more, inbox, preferences, stop } = *about;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let unread = more.saturating_add(count(entries.len()));
        let further = more.saturating_add(count(entries.len().saturating_sub(MOST_ENTRIES)));
        let passage = self.words().digest(workspace.safe_for_mail().map(Name), unread);
        self.render(Content {
            entries: entries.iter().take(MOST_ENTRIES).map(|entry| self.entry(entry)).collect(),
            rest: (further > 0).then(|| self.words().further(further)),
            stop: stop.map(str::to_owned),
            preferences: Some(preferences.to_owned()),
            ..Content::new(passage, inbox)
        })
    }

    fn mark(&self, category: Category) -> Mark {
        Mark { tone: tone(category), label: self.words().category(category) }
    }

    fn entry(&self, entry: &Entry) -> ShownEntry {
        ShownEntry {
            mark: self.mark(entry.category),
            title: entry.shown(&entry.title).unwrap_or_else(|| self.words().untitled().to_owned()),
            body: entry.shown(&entry.body),
            at: self.short_moment(entry.at),
            link: entry.link.clone(),
        }
    }
}

impl Entry {
    /// Returns its title or text as one line; `None` if it is empty, or letters must not contain it.
    fn shown(&self, text: &str) -> Option<String> {
        let text = plain(text);
        let is_safe = !self.published || safe_for_mail(&text).is_some();
        (is_safe && !text.is_empty()).then_some(text)
    }
}

const fn tone(category: Category) -> Tone {
    match category {
        Category::Info => Tone::Info,
        Category::Success => Tone::Good,
        Category::Warning => Tone::Warn,
        Category::Error => Tone::Bad,
    }
}
