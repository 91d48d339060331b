//! The e-mail of an invitation: its sender, its progress, and bounces or complaints.

use crate::{email::Email, ids::UserId};
use serde::{Deserialize, Serialize};

/// The member who requested an invitation's newest e-mail, and the verified address by which the e-mail names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    /// The member.
    pub user: UserId,
    /// The member's address; verified at the time of the request.
    pub email: Email,
}

/// Progress of an invitation's newest e-mail towards SES.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Waiting to be sent. Also the state of invitations stored before this was recorded.
    #[default]
    Queued,
    /// Accepted by SES.
    Sent,
    /// Postponed to the next day, because the recipient has received today's maximum number of e-mails.
    Deferred,
    /// Not sent, because the recipient has unsubscribed.
    Stopped,
}

impl LetterState {
    /// The name in answers and in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Stopped => "stopped",
        }
    }
}

/// Reason why a sent e-mail did not reach its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// The mailbox does not exist, or refuses e-mails from Berth.
    Bounced,
    /// The recipient reported the e-mail as spam.
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
