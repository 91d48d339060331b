//! The deletion of a workspace: its parts, each confirmed once it is done, and the receipt that reports the progress.

use crate::{
    error::{Kind, Refusal},
    ids::{AuditId, DeletionId, UserId, WorkspaceId},
};
use jiff::{SignedDuration, Timestamp};

/// Time for which the receipt of a completed deletion is kept.
pub const RECEIPT_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The parts of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionPart {
    /// The container.
    Runtime,
    /// The Stripe subscription, and anything that could still be charged.
    Subscription,
    /// The secrets of its integrations in Secrets Manager.
    Secrets,
    /// The members, and all other items of the workspace in the table.
    Members,
}

/// The progress of a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Id of the deletion.
    pub id: DeletionId,
    /// The workspace being deleted.
    pub workspace: WorkspaceId,
    /// The user who requested the deletion.
    pub requested_by: UserId,
    /// Time of the request.
    pub requested_at: Timestamp,
    /// Time at which the container was confirmed to be gone.
    pub runtime_at: Option<Timestamp>,
    /// Time at which the subscription was confirmed to have ended.
    pub subscription_at: Option<Timestamp>,
    /// Time at which all secrets were confirmed to be deleted.
    pub secrets_at: Option<Timestamp>,
    /// Last audit record from which personal data was erased; they are erased in the order of their ids.
    pub erased_until: Option<AuditId>,
    /// Time at which all other items were confirmed to be deleted.
    pub members_at: Option<Timestamp>,
}

/// Reasons to refuse a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeletionError {
    /// The workspace has other members.
    #[error("the workspace has other members; remove them first, or delete it with force=true")]
    HasMembers,
    /// The deletion does not exist, or was requested by another user.
    #[error("there is no such deletion")]
    Unknown,
}

impl Refusal for DeletionError {
    fn kind(&self) -> Kind {
        match self {
            Self::HasMembers => Kind::Conflict,
            Self::Unknown => Kind::Absent,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::HasMembers => "workspace_has_members",
            Self::Unknown => "deletion_not_found",
        }
    }
}

impl Deletion {
    /// Creates a deletion that was just requested.
    #[must_use]
    pub const fn requested(id: DeletionId, workspace: WorkspaceId, by: UserId, at: Timestamp) -> Self {
        Self {
            id,
            workspace,
            requested_by: by,
            requested_at: at,
            runtime_at: None,
            subscription_at: None,
            secrets_at: None,
            erased_until: None,
            members_at: None,
        }
    }

    /// Time at which `part` was confirmed.
    #[must_use]
    pub const fn confirmed_at(&self, part: DeletionPart) -> Option<Timestamp> {
        match part {
            DeletionPart::Runtime => self.runtime_at,
            DeletionPart::Subscription => self.subscription_at,
            DeletionPart::Secrets => self.secrets_at,
            DeletionPart::Members => self.members_at,
        }
    }

    /// True if only the members are left, by which the other parts are found.
    #[must_use]
    pub const fn only_members_left(&self) -> bool {
        self.runtime_at.is_some() && self.subscription_at.is_some() && self.secrets_at.is_some()
    }
}
