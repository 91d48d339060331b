//! The two kinds of messages in the queue: what the outbox relays, and what the rule makes of SES's events.

use domain::{
    billing::notice::Notice,
    ids::{InvitationId, WorkspaceId},
    integrations::IntegrationType,
    outbox::Message,
    team::invitation::Returned,
};
use mail::Reference;
use serde::Deserialize;

/// A message that is none of ours.
#[derive(Debug, thiserror::Error)]
#[error("the message is none of ours")]
pub(crate) struct Unreadable;

/// What the rule passes on of an event, and no more: an event carries addresses, too.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum MailEvent {
    /// SES says that a letter came back.
    MailReturned {
        /// How: `Bounce` or `Complaint`.
        event: String,
        /// The type of a bounce: `Permanent`, `Transient` or `Undetermined`; empty for a complaint.
        /// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>
        bounce: String,
        workspace: WorkspaceId,
        invitation: InvitationId,
        /// The version that the letter was for.
        version: String,
    },
}

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Work {
    /// A letter to send.
    Send(Reference),
    /// A letter that came back.
    Mark(Reference, Returned),
    /// Letters that tell admins of an integration which was disabled.
    TellDisabled {
        /// Whose it is.
        workspace: WorkspaceId,
        /// Which it is.
        integration: IntegrationType,
        /// The version that was disabled.
        version: u64,
    },
    /// Letters that tell owners and admins something of the billing.
    TellOfBilling {
        /// Whose.
        workspace: WorkspaceId,
        /// What.
        notice: Notice,
    },
    /// Letters to owners about a suspension, or about its end.
    TellOfSuspension {
        /// Whose.
        workspace: WorkspaceId,
        /// The version of the suspension.
        version: u64,
    },
    /// A letter that may still arrive.
    Nothing,
}

/// What the message `body` asks for.
pub(crate) fn work(body: &str) -> Result<Work, Unreadable> {
    if let Ok(message) = serde_json::from_str(body) {
        return match message {
            Message::InvitationMail { workspace, invitation, version } => {
                Ok(Work::Send(Reference { workspace, invitation, version }))
            }
            Message::IntegrationMail { workspace, integration, version } => {
                Ok(Work::TellDisabled { workspace, integration, version })
            }
            Message::BillingMail { workspace, notice } => Ok(Work::TellOfBilling { workspace, notice }),
            Message::SuspensionMail { workspace, version } => Ok(Work::TellOfSuspension { workspace, version }),
            Message::Reconcile { .. } | Message::Event { .. } | Message::Delivery { .. } => Err(Unreadable),
        };
    }
    let MailEvent::MailReturned { event, bounce, workspace, invitation, version } =
        serde_json::from_str(body).map_err(|_| Unreadable)?;
    let letter = Reference { workspace, invitation, version: version.parse().map_err(|_| Unreadable)? };
    match (event.as_str(), bounce.as_str()) {
        ("Bounce", "Permanent") => Ok(Work::Mark(letter, Returned::Bounced)),
        ("Complaint", _) => Ok(Work::Mark(letter, Returned::Complained)),
        ("Bounce", _) => Ok(Work::Nothing),
        (_, _) => Err(Unreadable),
    }
}
