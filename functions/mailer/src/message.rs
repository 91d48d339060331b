//! The two kinds of messages in the queue: those relayed by the outbox, and those that an EventBridge rule derives from SES's
//! events.

use domain::{
    billing::notice::BillingNoticeKind,
    ids::{EventId, UserId, WorkspaceId},
    integrations::IntegrationType,
    notifications::recipient::Recipient,
    outbox::MailMessage,
    team::invitation::Returned,
};
use lambda::{QueueMessage, Unreadable};
use mail::LetterReference;
use serde::Deserialize;

/// The parts of an SES event that the rule passes on. Addresses are left out.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum MailEvent {
    /// SES reports that an e-mail was returned.
    MailReturned {
        /// The kind of event: `Bounce` or `Complaint`.
        event: String,
        /// The type of a bounce: `Permanent`, `Transient` or `Undetermined`; empty for a complaint.
        /// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>
        bounce: String,
        workspace: WorkspaceId,
        /// The invitation that the e-mail was about; empty for another e-mail.
        invitation: String,
        /// The version of the invitation that the e-mail was sent for.
        version: String,
        /// The member to whom another e-mail was sent.
        #[serde(default)]
        member: String,
        /// Digest of their mailbox.
        #[serde(default)]
        recipient: String,
    },
}

/// The work that a message requests.
#[derive(Debug)]
pub(crate) enum Work {
    /// Send the e-mail of an invitation.
    Send(LetterReference),
    /// Mark an invitation whose e-mail was returned.
    Mark(LetterReference, Returned),
    /// Send nothing more to the mailbox of a member whose e-mail was returned.
    MarkMember {
        /// The workspace that the e-mail was about.
        workspace: WorkspaceId,
        /// The member.
        member: UserId,
        /// Their mailbox.
        recipient: Recipient,
        /// How it was returned.
        returned: Returned,
    },
    /// Notify the admins that an integration was disabled.
    NotifyDisabled {
        /// The workspace of the integration.
        workspace: WorkspaceId,
        /// The type of the integration.
        integration: IntegrationType,
        /// The version of the integration that was disabled.
        version: u64,
    },
    /// Notify the owners and admins about the billing.
    NotifyBilling {
        /// The billed workspace.
        workspace: WorkspaceId,
        /// The subject of the e-mail.
        notice: BillingNoticeKind,
    },
    /// Notify the owners about a suspension or its end.
    NotifySuspension {
        /// The suspended workspace.
        workspace: WorkspaceId,
        /// The version of the suspension.
        version: u64,
    },
    /// Notify the owners and admins about a new owner whom the operator set.
    NotifyOwnerSet {
        /// The workspace.
        workspace: WorkspaceId,
        /// The new owner.
        member: UserId,
        /// The event.
        event: EventId,
    },
    /// Mail a member their unread notifications.
    MailNotifications {
        /// The workspace.
        workspace: WorkspaceId,
        /// The member.
        member: UserId,
        /// The version of the window.
        version: u64,
    },
    /// Do nothing: the e-mail may still arrive.
    Nothing,
}

/// Parses `message`.
pub(crate) fn work(message: QueueMessage<'_>) -> Result<Work, Unreadable> {
    if let Ok(message) = message.parse() {
        return match message {
            MailMessage::InvitationMail { workspace, invitation, version } => {
                Ok(Work::Send(LetterReference { workspace, invitation, version }))
            }
            MailMessage::IntegrationMail { workspace, integration, version } => {
                Ok(Work::NotifyDisabled { workspace, integration, version })
            }
            MailMessage::BillingMail { workspace, notice } => Ok(Work::NotifyBilling { workspace, notice }),
            MailMessage::SuspensionMail { workspace, version } => Ok(Work::NotifySuspension { workspace, version }),
            MailMessage::NotificationMail { workspace, member, version } => {
                Ok(Work::MailNotifications { workspace, member, version })
            }
            MailMessage::OwnerMail { workspace, member, event } => {
                Ok(Work::NotifyOwnerSet { workspace, member, event })
            }
        };
    }
    let MailEvent::MailReturned { event, bounce, workspace, invitation, version, member, recipient } =
        message.parse()?;
    let returned = match (event.as_str(), bounce.as_str()) {
        ("Bounce", "Permanent") => Returned::Bounced,
        ("Complaint", _) => Returned::Complained,
        ("Bounce", _) => return Ok(Work::Nothing),
        (_, _) => return Err(Unreadable),
    };
    if member.is_empty() {
        let invitation = invitation.parse().map_err(|_| Unreadable)?;
        let version = version.parse().map_err(|_| Unreadable)?;
        return Ok(Work::Mark(LetterReference { workspace, invitation, version }, returned));
    }
    let member = member.parse().map_err(|_| Unreadable)?;
    let recipient = Recipient::from_digest(&recipient).ok_or(Unreadable)?;
    Ok(Work::MarkMember { workspace, member, recipient, returned })
}
