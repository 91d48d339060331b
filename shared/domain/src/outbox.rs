//! Messages that follow a change: written in its transaction and relayed to queues afterwards.
//!
//! A message refers to items by id and carries no address, token or secret. Its reader looks up the current state.

use crate::{
    billing::notice::BillingNoticeKind,
    ids::{DeliveryId, EventId, InvitationId, OutboxId, UserId, WorkspaceId},
    integrations::{IntegrationType, Occurrence},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message in the mail queue. Its JSON is the body in the queue, as of every message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailMessage {
    /// Sends the invitation's link to its address, if the invitation still has this version.
    InvitationMail {
        /// The workspace of the invitation.
        workspace: WorkspaceId,
        /// The invitation.
        invitation: InvitationId,
        /// The version that requested the mail.
        version: u64,
    },
    /// Notifies the admins that an integration was disabled, if it still has this version.
    IntegrationMail {
        /// The workspace of the integration.
        workspace: WorkspaceId,
        /// The integration.
        integration: IntegrationType,
        /// The version that was disabled.
        version: u64,
    },
    /// Sends owners and admins a billing notice, if it still applies.
    BillingMail {
        /// The workspace the notice is about.
        workspace: WorkspaceId,
        /// The notice.
        notice: BillingNoticeKind,
    },
    /// Notifies the owners that the workspace was suspended or unsuspended, if its suspension still has this version.
    SuspensionMail {
        /// The workspace.
        workspace: WorkspaceId,
        /// The version of its suspension.
        version: u64,
    },
    /// Mails a member their unread notifications, if the window of their inbox still has this version.
    NotificationMail {
        /// The workspace.
        workspace: WorkspaceId,
        /// The member.
        member: UserId,
        /// The version of the window.
        version: u64,
    },
    /// Notifies the owners and admins that the operator made a member an owner, if the member still is one.
    OwnerMail {
        /// The workspace.
        workspace: WorkspaceId,
        /// The new owner.
        member: UserId,
        /// The event, which names the letters about it.
        event: EventId,
    },
}

/// A message in the runtime queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuntimeMessage {
    /// Reconciles the workspace's runtime with its wanted state.
    Reconcile {
        /// The workspace of the runtime.
        workspace: WorkspaceId,
        /// The generation that requested the reconciliation.
        generation: u32,
    },
}

/// A message in the delivery queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeliverMessage {
    /// Reports an event to the workspace's integrations.
    Event {
        /// The workspace in which it happened.
        workspace: WorkspaceId,
        /// Id of the event; the same in every delivery.
        event: EventId,
        /// The event.
        occurrence: Occurrence,
        /// Time of the event.
        at: Timestamp,
    },
    /// Makes the next attempt of a delivery, if it is due.
    Delivery {
        /// The workspace of the delivery.
        workspace: WorkspaceId,
        /// The integration that receives it.
        integration: IntegrationType,
        /// The delivery.
        delivery: DeliveryId,
    },
}

/// A message of any queue, as the outbox stores it. The kind alone names the queue, so the JSON is the same as that of
/// the message in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    /// For the mailer.
    Mail(MailMessage),
    /// For the reconciler.
    Runtime(RuntimeMessage),
    /// For the function `deliver`.
    Deliver(DeliverMessage),
}

/// The queues behind the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Read by the mailer.
    Mail,
    /// Read by the reconciler.
    Runtime,
    /// Read by the function `deliver`.
    Deliver,
}

impl Queue {
    /// Name of the queue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Runtime => "runtime",
            Self::Deliver => "deliver",
        }
    }

    /// True if each workspace's messages are paced in this queue. Runtime messages are not, because a start must not
    /// wait; the commands that send them have a rate limit of their own.
    #[must_use]
    pub const fn takes_turns(self) -> bool {
        match self {
            Self::Mail | Self::Deliver => true,
            Self::Runtime => false,
        }
    }
}

impl From<MailMessage> for Message {
    fn from(message: MailMessage) -> Self {
        Self::Mail(message)
    }
}

impl From<RuntimeMessage> for Message {
    fn from(message: RuntimeMessage) -> Self {
        Self::Runtime(message)
    }
}

impl From<DeliverMessage> for Message {
    fn from(message: DeliverMessage) -> Self {
        Self::Deliver(message)
    }
}

impl MailMessage {
    /// The workspace that the message is about.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        match self {
            Self::InvitationMail { workspace, .. }
            | Self::IntegrationMail { workspace, .. }
            | Self::BillingMail { workspace, .. }
            | Self::SuspensionMail { workspace, .. }
            | Self::NotificationMail { workspace, .. }
            | Self::OwnerMail { workspace, .. } => *workspace,
        }
    }
}

impl RuntimeMessage {
    /// The workspace that the message is about.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        let Self::Reconcile { workspace, .. } = self;
        *workspace
    }
}

impl DeliverMessage {
    /// The workspace that the message is about.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        match self {
            Self::Event { workspace, .. } | Self::Delivery { workspace, .. } => *workspace,
        }
    }
}

impl Message {
    /// The workspace that the message is about.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        match self {
            Self::Mail(message) => message.workspace(),
            Self::Runtime(message) => message.workspace(),
            Self::Deliver(message) => message.workspace(),
        }
    }

    /// The queue that the message is relayed to.
    #[must_use]
    pub const fn queue(&self) -> Queue {
        match self {
            Self::Mail(_) => Queue::Mail,
            Self::Runtime(_) => Queue::Runtime,
            Self::Deliver(_) => Queue::Deliver,
        }
    }
}

/// A message that waits to be relayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// Id of the item.
    pub id: OutboxId,
    /// The message.
    pub message: Message,
    /// Time at which the item was written.
    pub at: Timestamp,
}
