//! Messages to the clients of live connections.

use crate::notifications::{InboxCountsView, NotificationView};
use serde::Serialize;
use utoipa::ToSchema;

/// A message to a client. It may come twice, late, or not at all. Of two messages with counts, the one with the higher `rev`
/// is newer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveMessage {
    /// Answer to `subscribe`: the state of the inbox.
    State {
        /// The counts.
        #[serde(flatten)]
        counts: InboxCountsView,
        /// Notifications that became unread after `since`, newest first.
        notifications: Vec<NotificationView>,
        /// False if more became unread than the message has: read the list.
        complete: bool,
    },
    /// Answer to `unsubscribe`.
    Unsubscribed {},
    /// Answer to `markAsRead`.
    Marked {
        /// The notification.
        notification: NotificationView,
        /// The counts afterwards.
        #[serde(flatten)]
        counts: InboxCountsView,
    },
    /// A notification that has just arrived.
    Notification {
        /// The notification.
        notification: NotificationView,
        /// The counts with it.
        #[serde(flatten)]
        counts: InboxCountsView,
    },
    /// Something in the inbox was marked or deleted.
    Unread {
        /// The counts afterwards.
        #[serde(flatten)]
        counts: InboxCountsView,
    },
    /// The container has started, stopped, failed or changed its size: read its state.
    Status {},
    /// Plan, payments or limits have changed: read the subscription.
    Standing {},
    /// The connection ends.
    Ended {
        /// The reason.
        reason: EndReason,
    },
    /// A message of the client was refused.
    Refused {
        /// Code of the problem, as in answers of the API.
        code: String,
        /// What is wrong, and what to do.
        detail: String,
    },
}

/// The reason for which a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person is not a member any more, or the workspace does not exist any more.
    NoMember,
    /// The client has sent more than 60 messages in a minute.
    TooManyMessages,
}

impl LiveMessage {
    /// The message as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
