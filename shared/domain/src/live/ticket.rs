//! The ticket with which a member opens a live connection: `workspace.user.ticket.until.mac`.
//!
//! It is not stored. Its id has the time at which it was made, so it is valid for a short time only, and it becomes the key
//! of the connection, so it opens one connection only. An ID token would be in the logs of every proxy on the way.

use crate::{
    ids::{LiveTicketId, UserId, WorkspaceId},
    team::invitation_token::TokenKey,
};
use jiff::{SignedDuration, Timestamp};

/// Purpose of the MACs of tickets.
const PURPOSE: &str = "berth.live.";

/// Time in which a ticket opens a connection.
const VALID: SignedDuration = SignedDuration::from_secs(30);

/// Time for which a connection goes on after the ID token with which its ticket was obtained has expired.
const AFTER_TOKEN: SignedDuration = SignedDuration::from_mins(5);

/// Proof that a member may open a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveTicket {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member.
    pub user: UserId,
    /// Id of the ticket, and later of the connection.
    pub id: LiveTicketId,
    /// Time at which the connection ends.
    pub until: Timestamp,
}

/// The ticket is not one of Berth's, has expired, or was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ticket is invalid, has expired, or was used; get another one")]
pub struct InvalidTicket;

impl LiveTicket {
    /// A ticket for a member whose ID token expires at `token_expires_at`.
    #[must_use]
    pub fn new(workspace: WorkspaceId, user: UserId, id: LiveTicketId, token_expires_at: Timestamp) -> Self {
        let until = token_expires_at.saturating_add(AFTER_TOKEN).unwrap_or(Timestamp::MAX);
        Self { workspace, user, id, until: Timestamp::from_second(until.as_second()).unwrap_or(until) }
    }

    /// A ticket that was verified before, from its parts; `None` if the time, in seconds since 1970, is none.
    #[must_use]
    pub fn restored(workspace: WorkspaceId, user: UserId, id: LiveTicketId, until: i64) -> Option<Self> {
        Some(Self { workspace, user, id, until: Timestamp::from_second(until).ok()? })
    }

    /// Time until which the ticket opens a connection.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.id.made_at().saturating_add(VALID).unwrap_or(Timestamp::MAX)
    }

    /// True if the ticket opens a connection at `now`.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        now < self.expires_at() && now < self.until
    }
}

impl TokenKey {
    /// Signs `ticket`.
    #[must_use]
    pub fn sign_live_ticket(&self, ticket: &LiveTicket) -> String {
        let LiveTicket { workspace, user, id, until } = ticket;
        self.signed(PURPOSE, &format!("{workspace}.{user}.{id}.{}", until.as_second()))
    }

    /// Returns the ticket that `text` says; `None` if this key did not sign it. It may have expired.
    #[must_use]
    pub fn read_live_ticket(&self, text: &str) -> Option<LiveTicket> {
        let (subject, mac) = text.rsplit_once('.')?;
        let mut parts = subject.split('.');
        let (workspace, user) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let (id, until) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let ticket = LiveTicket::restored(workspace, user, id, until)?;
        (parts.next().is_none() && self.has_signed(PURPOSE, subject, mac)).then_some(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::Fresh, runtime::reconcile::LaunchNumber, runtime::token::Bearer};
    use proptest::prelude::*;
    use ulid::Ulid;

    fn key() -> TokenKey {
        TokenKey::new("a key of more than thirty-two bytes, for tickets").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn ticket() -> LiveTicket {
        let made = u64::try_from(at("2026-11-21T12:00:00Z").as_millisecond()).unwrap();
        let id = LiveTicketId::fresh(Ulid::from_parts(made, 7));
        LiveTicket::new(WorkspaceId::NIL, UserId::of("test", "ana"), id, at("2026-11-21T12:40:00.5Z"))
    }

    #[test]
    fn tickets_are_valid_for_half_a_minute() {
        let ticket = ticket();
        assert_eq!(key().read_live_ticket(&key().sign_live_ticket(&ticket)), Some(ticket));
        assert_eq!(ticket.until, at("2026-11-21T12:45:00Z"), "five minutes after the token, in whole seconds");
        assert!(ticket.is_valid(at("2026-11-21T12:00:29.999Z")));
        assert!(!ticket.is_valid(at("2026-11-21T12:00:30Z")));
        let late = LiveTicket { until: at("2026-11-21T12:00:10Z"), ..ticket };
        assert!(!late.is_valid(at("2026-11-21T12:00:10Z")), "the token has expired");
    }

    #[test]
    fn tokens_of_other_keys_and_purposes_are_refused() {
        let other = TokenKey::new("another key, of more than thirty-two bytes, too").unwrap();
        assert_eq!(other.read_live_ticket(&key().sign_live_ticket(&ticket())), None);
        let bearer = Bearer { workspace: WorkspaceId::NIL, attempt: LaunchNumber { generation: 3, number: 2 } };
        assert_eq!(key().read_live_ticket(&key().sign_runtime(bearer)), None);
        assert_eq!(key().read_runtime(&key().sign_live_ticket(&ticket())), None);
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_no_ticket(text in "\\PC{0,160}") {
            prop_assert_eq!(key().read_live_ticket(&text), None);
        }

        #[test]
        fn a_changed_byte_invalidates_the_ticket(at in 0_usize..150, byte in 33_u8..127) {
            let mut token = key().sign_live_ticket(&ticket()).into_bytes();
            let at = at % token.len();
            prop_assume!(token[at] != byte);
            token[at] = byte;
            prop_assert_eq!(key().read_live_ticket(std::str::from_utf8(&token).unwrap()), None);
        }
    }
}
