//! Members: a user's seat in a workspace. The record is kept after a removal, because other records name it.

use crate::{
    email::Email,
    identity::access::Role,
    identity::profile::ChosenName,
    ids::{UserId, WorkspaceId},
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A user's seat in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The workspace of the seat.
    pub workspace: WorkspaceId,
    /// The user.
    pub user: UserId,
    /// The address at the time of joining; the member holds it in this workspace.
    pub email: Option<Email>,
    /// The name that the identity provider had when it was last noted.
    pub name: Option<PersonName>,
    /// Copy of the name that the user set for themselves.
    pub chosen: ChosenName,
    /// The member's role.
    pub role: Role,
    /// Active or removed.
    pub status: MemberStatus,
    /// The user who invited the member; `None` for a founder.
    pub invited_by: Option<UserId>,
    /// Time at which the user first joined.
    pub created_at: Timestamp,
    /// Time at which the user last joined.
    pub accepted_at: Timestamp,
    /// Time of the last known activity in this workspace.
    pub last_active_at: Timestamp,
}

/// State of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// The member has a seat.
    Active,
    /// The member left or was removed.
    Removed,
}

/// The text is not a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of active, removed")]
pub struct UnknownStatus;

impl MemberStatus {
    /// The name in requests, answers and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Removed => "removed",
        }
    }
}

impl std::str::FromStr for MemberStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        [Self::Active, Self::Removed].into_iter().find(|status| status.name() == text).ok_or(UnknownStatus)
    }
}

impl Member {
    /// True if the member has a seat and may act.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == MemberStatus::Active
    }

    /// The name that others see: the one that the member set, or else their identity provider's.
    #[must_use]
    pub fn shown_name(&self) -> Option<&PersonName> {
        self.chosen.name.as_ref().or(self.name.as_ref())
    }
}
