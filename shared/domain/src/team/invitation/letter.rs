//! The e-mail of an invitation: its sender, its progress, and bounces or complaints.

use crate::named;
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

named! {
    /// Progress of an invitation's newest e-mail towards SES.
    #[derive(Default)]
    pub enum LetterState {
        /// Waiting to be sent. Also the state of invitations stored before this was recorded.
        #[default]
        Queued = "queued",
        /// Accepted by SES.
        Sent = "sent",
        /// Postponed to the next day, because the recipient has received today's maximum number of e-mails.
        Deferred = "deferred",
        /// Not sent, because the recipient has unsubscribed.
        Stopped = "stopped",
        /// Not sent, because the mail service refuses it. Sending the same e-mail again would be refused as well.
        Failed = "failed",
    }
}

named! {
    /// Reason why the mail service refuses an e-mail.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum LetterRefusal {
        /// The mail service does not send to this address.
        Rejected = "rejected",
        /// The mail service does not accept the address as one.
        InvalidAddress = "invalid_address",
    }
}

named! {
    /// Reason why a sent e-mail did not reach its reader.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Returned {
        /// The mailbox does not exist, or refuses e-mails from Berth.
        Bounced = "bounced",
        /// The recipient reported the e-mail as spam.
        Complained = "complained",
    }
}
