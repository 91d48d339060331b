//! Members: a user's seat in a workspace. The record is kept after a removal, because other records name it.

use crate::{
    email::{Email, InvalidEmail},
    identity::access::Role,
    identity::profile::ChosenName,
    ids::{InvitationId, UserId, WorkspaceId},
    named,
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Names a member of a workspace, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberCriterion {
    /// The user.
    User(UserId),
    /// The member with this verified address.
    Email(Email),
}

/// The operator names no member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberCriterionError {
    /// Not exactly one of the two was given.
    #[error("name the member by either email or user")]
    NotOne,
    /// The text is not an address.
    #[error("email {0}")]
    Email(#[from] InvalidEmail),
}

impl MemberCriterion {
    /// Reads the member whom an address or an id names.
    ///
    /// # Errors
    /// [`MemberCriterionError`] unless exactly one is given, and is valid.
    pub fn new(email: Option<&str>, user: Option<UserId>) -> Result<Self, MemberCriterionError> {
        match (email, user) {
            (Some(email), None) => Ok(Self::Email(Email::known(email)?)),
            (None, Some(user)) => Ok(Self::User(user)),
            (Some(_), Some(_)) | (None, None) => Err(MemberCriterionError::NotOne),
        }
    }
}

/// A user's seat in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The workspace of the seat.
    pub workspace: WorkspaceId,
    /// The user.
    pub user: UserId,
    /// The address that the member holds in this workspace: the one with which they joined, or the verified one that
    /// their identity provider has named since.
    pub email: Option<Email>,
    /// Time at which the ID token was issued by which they took the address; `None` if they joined with it.
    pub address_issued_at: Option<Timestamp>,
    /// A later address that they could not take; see [`crate::team::address`].
    pub blocked: Option<BlockedAddress>,
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
    /// The invitation that the member last accepted; `None` for a founder, and for seats that were stored before it was
    /// recorded.
    pub accepted: Option<InvitationId>,
    /// Time at which the user first joined.
    pub created_at: Timestamp,
    /// Time at which the user last joined.
    pub accepted_at: Timestamp,
    /// Time of the last known activity in this workspace.
    pub last_active_at: Timestamp,
}

/// A verified address that a member could not take, because somebody else in the workspace held it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedAddress {
    /// The address.
    pub email: Email,
    /// Time of the last attempt.
    pub at: Timestamp,
    /// Time at which the ID token was issued that named the address.
    #[serde(default)]
    pub issued_at: Option<Timestamp>,
}

named! {
    /// State of a seat.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum MemberStatus or UnknownStatus {
        /// The member has a seat.
        Active = "active",
        /// The member left or was removed.
        Removed = "removed",
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
