//! Shelves: the parts of an inbox that are counted, and marked as read, on their own. A shelf has the notifications of one
//! type that members from one role on may see, so that a member whose role changes sees and counts exactly what they may.

use crate::{
    identity::access::{Role, UnknownRole},
    named,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

named! {
    /// Type of a notification, for which members set preferences.
    #[derive(PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum NotificationType or UnknownNotificationType {
        /// About the workspace itself.
        System = "system",
        /// About the plan, payments and limits.
        Billing = "billing",
        /// About agents, and the runtime in which they run.
        Agent = "agent",
        /// About workflows and integrations.
        Workflow = "workflow",
        /// About members and invitations.
        Team = "team",
        /// About the knowledge base.
        Kb = "kb",
    }
}

named! {
    /// Severity of a notification.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = NotificationCategory))]
    pub enum Category or UnknownCategory {
        /// Information only.
        Info = "info",
        /// Something has succeeded.
        Success = "success",
        /// Needs attention.
        Warning = "warning",
        /// Something does not work.
        Error = "error",
    }
}

impl NotificationType {
    /// True if a member of this role cannot turn the type off: owners are always notified of what concerns the bill and the
    /// existence of the workspace.
    #[must_use]
    pub const fn is_locked_for(self, role: Role) -> bool {
        match (self, role) {
            (Self::System | Self::Billing, Role::Owner) => true,
            (Self::System | Self::Billing, Role::Viewer | Role::Member | Role::Admin)
            | (Self::Agent | Self::Workflow | Self::Team | Self::Kb, _) => false,
        }
    }
}

/// A shelf of an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shelf {
    /// Type of its notifications.
    pub kind: NotificationType,
    /// The weakest role that may see them.
    pub audience: Role,
}

impl Shelf {
    /// True if a member of this role may see the notifications.
    #[must_use]
    pub fn is_visible_to(self, role: Role) -> bool {
        role >= self.audience
    }
}

/// The text is not a shelf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownShelf {
    /// It has not two parts.
    #[error("must be a type and a role")]
    Parts,
    /// The type is unknown.
    #[error(transparent)]
    Kind(#[from] UnknownNotificationType),
    /// The role is unknown.
    #[error(transparent)]
    Role(#[from] UnknownRole),
}

impl fmt::Display for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.audience)
    }
}

impl FromStr for Shelf {
    type Err = UnknownShelf;

    fn from_str(text: &str) -> Result<Self, UnknownShelf> {
        let (kind, audience) = text.split_once('.').ok_or(UnknownShelf::Parts)?;
        Ok(Self { kind: kind.parse()?, audience: audience.parse()? })
    }
}

impl Serialize for Shelf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Shelf {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_shelves_parse_back() {
        for kind in NotificationType::ALL {
            for audience in Role::ALL {
                let shelf = Shelf { kind, audience };
                assert_eq!(shelf.to_string().parse(), Ok(shelf));
                assert_eq!(Role::ALL.map(|role| shelf.is_visible_to(role)), Role::ALL.map(|role| role >= audience));
            }
        }
        for text in ["", "billing", "billing.", ".owner", "billing.owner.x", "Billing.owner"] {
            assert!(text.parse::<Shelf>().is_err(), "{text}");
        }
    }
}
