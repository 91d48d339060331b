//! The letter of an invitation: who asked for it, how far it got, and what came back.

use crate::{email::Email, ids::UserId};
use serde::{Deserialize, Serialize};

/// The member who asked for an invitation's newest letter, and the verified address by which the letter names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    /// The member.
    pub user: UserId,
    /// Their address; verified when they asked.
    pub email: Email,
}

/// How far an invitation's newest letter got on its way to SES.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It waits to be sent; also that of an invitation stored before this was recorded.
    #[default]
    Queued,
    /// SES took it.
    Sent,
    /// The recipient has got as many letters today as they may. It is sent when the next day begins.
    Deferred,
    /// The recipient wants no letters. None is sent.
    Stopped,
}

impl Delivery {
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

/// Why a mail is as good as not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
