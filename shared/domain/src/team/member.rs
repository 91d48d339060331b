//! A member: one user's seat in one workspace. Kept when removed, since others' records name it.

use crate::{
    email::Email,
    identity::access::Role,
    identity::profile::ChosenName,
    ids::{UserId, WorkspaceId},
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One user's seat.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Where the seat is.
    pub workspace: WorkspaceId,
    /// Whose it is.
    pub user: UserId,
    /// The address as it was when he was seated; it takes the address for the workspace.
    pub email: Option<Email>,
    /// Their name, as their identity provider had it when it was last noted.
    pub name: Option<PersonName>,
    /// A copy of the name that they set for themselves.
    pub chosen: ChosenName,
    /// What he may do.
    pub role: Role,
    /// Whether he is still there.
    pub status: MemberStatus,
    /// Who invited him; nobody for a founder.
    pub invited_by: Option<UserId>,
    /// When he first had a seat here.
    pub created_at: Timestamp,
    /// When he last took the seat.
    pub accepted_at: Timestamp,
    /// When he was last known to be at work here.
    pub last_active_at: Timestamp,
}

/// Whether a member is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// He is.
    Active,
    /// He left or was removed.
    Removed,
}

/// A text that names no status.
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
    /// Whether the seat counts and its holder may act.
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
