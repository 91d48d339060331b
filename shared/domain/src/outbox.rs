//! What a change sets off afterwards: messages written in its transaction and relayed to queues.
//!
//! A message names things by their ids and carries no address, token or secret: its reader looks up what is true by
//! then.

use crate::{
    billing::notice::Notice,
    ids::{DeliveryId, EventId, InvitationId, OutboxId, WorkspaceId},
    integrations::{IntegrationType, Occurrence},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message to a worker. Its JSON is the body in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Send the invitation's link to its address, if the invitation still is of this version.
    InvitationMail {
        /// Where it is.
        workspace: WorkspaceId,
        /// Which it is.
        invitation: InvitationId,
        /// The version that asked for the mail.
        version: u64,
    },
    /// Make the workspace's runtime what is wanted of it.
    Reconcile {
        /// Whose it is.
        workspace: WorkspaceId,
        /// The generation that asked for it.
        generation: u32,
    },
    /// Tell the workspace's integrations of something that happened.
    Event {
        /// Where.
        workspace: WorkspaceId,
        /// Its id: the same in every delivery.
        event: EventId,
        /// What.
        occurrence: Occurrence,
        /// When.
        at: Timestamp,
    },
    /// Make the next attempt of a delivery, if it is time.
    Delivery {
        /// Where.
        workspace: WorkspaceId,
        /// Whose it is.
        integration: IntegrationType,
        /// Which.
        delivery: DeliveryId,
    },
    /// Tell the admins that an integration was disabled, if it still is of this version.
    IntegrationMail {
        /// Where.
        workspace: WorkspaceId,
        /// Which.
        integration: IntegrationType,
        /// Its version.
        version: u64,
    },
    /// Tell owners and admins something of the billing, if it still is so.
    BillingMail {
        /// Whose.
        workspace: WorkspaceId,
        /// What.
        notice: Notice,
    },
    /// Tell the owners that the workspace was suspended, or is so no more, if its suspension still is of this version.
    SuspensionMail {
        /// Which workspace.
        workspace: WorkspaceId,
        /// The version of its suspension.
        version: u64,
    },
}

/// The queues behind the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Read by the mailer.
    Mail,
    /// Read by the reconciler.
    Runtime,
    /// Read by deliver.
    Deliver,
}

impl Queue {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Runtime => "runtime",
            Self::Deliver => "deliver",
        }
    }

    /// Whether a workspace's messages take turns there. A runtime must not wait to start; the commands that queue such messages
    /// have a limit of their own.
    #[must_use]
    pub const fn takes_turns(self) -> bool {
        match self {
            Self::Mail | Self::Deliver => true,
            Self::Runtime => false,
        }
    }
}

impl Message {
    /// The workspace it is about.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        match self {
            Self::InvitationMail { workspace, .. }
            | Self::Reconcile { workspace, .. }
            | Self::Event { workspace, .. }
            | Self::Delivery { workspace, .. }
            | Self::IntegrationMail { workspace, .. }
            | Self::BillingMail { workspace, .. }
            | Self::SuspensionMail { workspace, .. } => *workspace,
        }
    }

    /// Where it goes.
    #[must_use]
    pub const fn queue(&self) -> Queue {
        match self {
            Self::InvitationMail { .. }
            | Self::IntegrationMail { .. }
            | Self::BillingMail { .. }
            | Self::SuspensionMail { .. } => Queue::Mail,
            Self::Reconcile { .. } => Queue::Runtime,
            Self::Event { .. } | Self::Delivery { .. } => Queue::Deliver,
        }
    }
}

/// A message that waits to be relayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// Its id.
    pub id: OutboxId,
    /// What it says.
    pub message: Message,
    /// When it was written.
    pub at: Timestamp,
}
