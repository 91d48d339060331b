//! Invitations: offers of a seat, and how long they last. When one may be made stands in `offer`, what comes of accepting it
//! in `accept`, what its letter says and how far it got in `letter`.

mod accept;
mod letter;
mod offer;

pub use accept::{AcceptError, Claim};
pub use letter::{Delivery, Sender};
pub use offer::{InviteError, Inviter, offer};

use crate::{
    email::Email,
    identity::access::Role,
    ids::{InvitationId, UserId, WorkspaceId},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long an invitation can be accepted.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An offer of a seat. It holds the seat from its making until it is accepted, declined, cancelled or released;
/// whichever comes deletes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where the seat is.
    pub workspace: WorkspaceId,
    /// Who may accept it.
    pub email: Email,
    /// The role he will have.
    pub role: Role,
    /// Who offered it.
    pub invited_by: UserId,
    /// Grows when it is sent again; tokens of an earlier version are dead.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
    /// The member who asked for the newest letter; `None` for an invitation stored before this was recorded.
    pub sender: Option<Sender>,
    /// How far the newest letter got.
    pub delivery: Delivery,
    /// What came back instead of a mail that arrived; nothing has so far, if it is none.
    pub returned: Option<Returned>,
}

/// Why a mail is as good as not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// There is no such mailbox, or it takes nothing from us.
    Bounced,
    /// Its owner called the mail unwanted.
    Complained,
}

impl Returned {
    /// The name in answers, messages and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX)
}

impl Invitation {
    /// Whether it can be accepted no more, so that its seat may be freed.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// The invitation after `sender` sends it again: earlier links are dead, and it lasts as long as a new one.
    #[must_use]
    pub fn resent(&self, sender: Sender, now: Timestamp) -> Self {
        Self {
            version: self.version.saturating_add(1),
            expires_at: expiry(now),
            sender: Some(sender),
            delivery: Delivery::Queued,
            returned: None,
            ..self.clone()
        }
    }
}
