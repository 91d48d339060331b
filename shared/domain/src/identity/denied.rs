//! Refusals because of the caller's role or the workspace's state.

use super::access::{Action, Obstacle, Role};
use crate::{
    error::{Details, Kind, Refusal},
    keys::refusal::KeyRefusal,
    workspace::suspension::Suspension,
};

/// The caller may not do this in this workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The caller has no seat here, or the workspace does not exist. The answer does not say which.
    #[error("there is no such workspace, or you are not a member of it")]
    Stranger,
    /// The caller's role is too weak.
    #[error("requires the role {required} or a higher one")]
    RoleTooWeak {
        /// The weakest role that may do it.
        required: Role,
    },
    /// The caller's role was changed during the request.
    #[error(
        "your role was changed during this request; reload the workspace, then try again if your new role allows it"
    )]
    RoleChanged,
    /// The operator has suspended the workspace.
    #[error(
        "this workspace is suspended: reading, paying, leaving and deleting it still work, other changes do not; \
         GET /workspace has the reason, and support can lift the suspension"
    )]
    Suspended,
    /// The account of the person who would get a seat is being deleted.
    #[error(
        "the account is being deleted, so it cannot join or create workspaces; try again when the deletion is complete"
    )]
    AccountEnding,
    /// The request presents an API key and is refused.
    #[error(transparent)]
    Key(#[from] KeyRefusal),
}

impl Denied {
    /// Checks that a member with this role may take `action`, given the workspace's suspension.
    ///
    /// # Errors
    /// [`Denied::RoleTooWeak`] if the action requires a higher role; [`Denied::Suspended`] if the suspension forbids
    /// it.
    pub fn unless_allowed(action: Action, role: Role, suspension: Option<&Suspension>) -> Result<(), Self> {
        match action.obstacle(role, suspension) {
            Some(Obstacle::RoleRequired) => Err(Self::RoleTooWeak { required: action.required_role() }),
            Some(Obstacle::WorkspaceSuspended) => Err(Self::Suspended),
            // Only keys have these, and a role is none.
            Some(Obstacle::ScopeRequired | Obstacle::NotByKey) => Err(KeyRefusal::NotByKey.into()),
            None => Ok(()),
        }
    }
}

impl Refusal for Denied {
    fn kind(&self) -> Kind {
        match self {
            Self::Stranger => Kind::Absent,
            Self::RoleTooWeak { .. } | Self::Suspended => Kind::Forbidden,
            Self::RoleChanged | Self::AccountEnding => Kind::Conflict,
            Self::Key(refusal) => refusal.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Stranger => "workspace_not_found",
            Self::RoleTooWeak { .. } => "role_required",
            Self::RoleChanged => "role_changed",
            Self::Suspended => "workspace_suspended",
            Self::AccountEnding => "account_being_deleted",
            Self::Key(refusal) => refusal.code(),
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Stranger | Self::RoleChanged | Self::Suspended | Self::AccountEnding => Details::default(),
            Self::Key(refusal) => refusal.details(),
            Self::RoleTooWeak { required } => Details { required_role: Some(*required), ..Details::default() },
        }
    }
}
