//! The deletion of a workspace: its parts, each confirmed once it is done, and the receipt that tells.

use crate::{
    error::{Kind, Refusal},
    ids::{DeletionId, UserId, WorkspaceId},
};
use jiff::Timestamp;

/// What a deletion removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The container.
    Runtime,
    /// What is paid at Stripe, and what could still be.
    Subscription,
    /// What its integrations keep in Secrets Manager.
    Secrets,
    /// Its members, and all else that the table has of it.
    Members,
}

/// A deletion, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Its id.
    pub id: DeletionId,
    /// What is deleted.
    pub workspace: WorkspaceId,
    /// Who asked for it.
    pub requested_by: UserId,
    /// When.
    pub requested_at: Timestamp,
    /// When the container was known to be gone.
    pub runtime_at: Option<Timestamp>,
    /// When nothing was known to be paid any more.
    pub subscription_at: Option<Timestamp>,
    /// When no secret was left.
    pub secrets_at: Option<Timestamp>,
    /// When all else was gone.
    pub members_at: Option<Timestamp>,
}

/// Why a workspace is not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeletionError {
    /// Others are still there.
    #[error("the workspace has other members; remove them first, or delete it with force=true")]
    HasMembers,
    /// There is no such deletion, or somebody else asked for it.
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
    /// A deletion that was just asked for.
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
            members_at: None,
        }
    }

    /// When `part` was confirmed.
    #[must_use]
    pub const fn confirmed_at(&self, part: Part) -> Option<Timestamp> {
        match part {
            Part::Runtime => self.runtime_at,
            Part::Subscription => self.subscription_at,
            Part::Secrets => self.secrets_at,
            Part::Members => self.members_at,
        }
    }

    /// Whether only members are left, which the other parts are found by.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.runtime_at.is_some() && self.subscription_at.is_some() && self.secrets_at.is_some()
    }
}
