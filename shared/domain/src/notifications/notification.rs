//! A notification in the inbox of one member.

use super::{happening::Happening, shelf::Shelf, week::Week};
use crate::ids::NotificationId;
use jiff::Timestamp;

/// A notification in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Id of the notification, which is also the event's: the same event is in an inbox once.
    pub id: NotificationId,
    /// Grows with every change.
    pub version: u64,
    /// Number at which the notification became unread; the inbox counts on.
    pub seq: u64,
    /// Number with which the notification arrived; it decides in which letter it is.
    pub arrived: u64,
    /// Shelf of the notification.
    pub shelf: Shelf,
    /// The happening.
    pub happening: Happening,
    /// Time at which the notification itself was marked as read. It is also read if all of its shelf were.
    pub read_at: Option<Timestamp>,
}

/// A place in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxItem {
    /// A notification.
    Kept(Notification),
    /// A notification that the member has deleted. The place stays taken, so that the event does not bring it back when it
    /// is delivered again.
    Deleted,
}

/// Title and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationText {
    /// Title: a few words.
    pub title: String,
    /// Body: one or two sentences.
    pub body: String,
}

impl Notification {
    /// Week of the notification.
    #[must_use]
    pub fn week(&self) -> Week {
        Week::of(self.id.made_at())
    }
}

impl InboxItem {
    /// The notification, if it is shown at `now`.
    #[must_use]
    pub fn shown(self, now: Timestamp) -> Option<Notification> {
        match self {
            Self::Kept(notification) if notification.week().is_shown(now) => Some(notification),
            Self::Kept(_) | Self::Deleted => None,
        }
    }
}
