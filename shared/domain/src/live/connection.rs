//! Live connections of members, and their limits.

use crate::ids::{LiveTicketId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Maximum number of open connections of a member in a workspace. One more replaces the oldest.
pub const MOST_CONNECTIONS: usize = 10;

/// Maximum number of messages of a connection in a minute. One more ends it.
pub const MESSAGES_A_MINUTE: u32 = 60;

/// Maximum number of bytes of a message from a client.
pub const MESSAGE_BYTES: usize = 8 * 1024;

/// Time for which API Gateway keeps a connection.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html>
const LONGEST: SignedDuration = SignedDuration::from_hours(2);

/// The id that API Gateway gives a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(String);

impl ConnectionId {
    /// Wraps an id of API Gateway's.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A connection of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The member.
    pub user: UserId,
    /// The ticket that opened it.
    pub ticket: LiveTicketId,
    /// Its id at API Gateway.
    pub id: ConnectionId,
    /// Time until which it gets anything.
    pub until: Timestamp,
    /// Time at which it was opened.
    pub opened_at: Timestamp,
    /// True if the client has subscribed.
    pub subscribed: bool,
}

impl Connection {
    /// Time after which the connection cannot be open any more.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.opened_at.saturating_add(LONGEST).unwrap_or(Timestamp::MAX).min(self.until)
    }

    /// True if it gets what happens at `now`, provided that its member may see it.
    #[must_use]
    pub fn listens(&self, now: Timestamp) -> bool {
        self.subscribed && now < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn connections_end_with_their_token_or_after_two_hours() {
        let opened = |until| Connection {
            user: UserId::NIL,
            ticket: LiveTicketId::NIL,
            id: ConnectionId::new("L0SM9cOFvHcCIhw=".to_owned()),
            until: at(until),
            opened_at: at("2026-11-21T12:00:00Z"),
            subscribed: true,
        };
        assert_eq!(opened("2026-11-21T13:05:00Z").ends_at(), at("2026-11-21T13:05:00Z"));
        assert_eq!(opened("2026-11-21T15:05:00Z").ends_at(), at("2026-11-21T14:00:00Z"));
        assert!(opened("2026-11-21T13:05:00Z").listens(at("2026-11-21T13:04:59Z")));
        assert!(!opened("2026-11-21T13:05:00Z").listens(at("2026-11-21T13:05:00Z")));
    }
}
