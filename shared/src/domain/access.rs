//! Who may do what: roles, actions, and the one table that joins them.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A member's role. Each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Works with the runtime.
    Member,
    /// Manages people and settings.
    Admin,
    /// Pays, and decides the workspace's fate.
    Owner,
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of viewer, member, admin, owner")]
pub struct UnknownRole;

impl Role {
    /// All roles, weakest first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    /// The name in requests, answers and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(UnknownRole)
    }
}

/// What a member can ask of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See the workspace's head.
    ReadWorkspace,
    /// Change name, description, time zone and settings.
    UpdateWorkspace,
    /// Delete the workspace.
    DeleteWorkspace,
    /// See who the members are.
    ListMembers,
    /// Offer somebody a seat.
    InviteMember,
    /// See the audit records.
    ReadActivity,
    /// See how the runtime is.
    ReadRuntime,
    /// Start, stop and restart the runtime.
    ControlRuntime,
    /// See the integrations, without their secrets.
    ReadIntegrations,
    /// Set up and remove integrations.
    ManageIntegrations,
    /// See what the workspace pays for.
    ReadBilling,
    /// Have the workspace compared with Stripe.
    SyncBilling,
    /// Buy, change and cancel.
    ManageBilling,
}

impl Action {
    /// All actions, in the order of the table in ARCHITECTURE.md.
    pub const ALL: [Self; 13] = [
        Self::ReadWorkspace,
        Self::UpdateWorkspace,
        Self::DeleteWorkspace,
        Self::ListMembers,
        Self::InviteMember,
        Self::ReadActivity,
        Self::ReadRuntime,
        Self::ControlRuntime,
        Self::ReadIntegrations,
        Self::ManageIntegrations,
        Self::ReadBilling,
        Self::SyncBilling,
        Self::ManageBilling,
    ];

    /// The weakest role that may do this.
    #[must_use]
    pub const fn required_role(self) -> Role {
        match self {
            Self::ReadWorkspace
            | Self::ListMembers
            | Self::ReadRuntime
            | Self::ReadIntegrations
            | Self::ReadBilling => Role::Viewer,
            Self::ControlRuntime | Self::SyncBilling => Role::Member,
            Self::UpdateWorkspace | Self::InviteMember | Self::ReadActivity | Self::ManageIntegrations => Role::Admin,
            Self::DeleteWorkspace | Self::ManageBilling => Role::Owner,
        }
    }
}

/// Whether somebody with `actor`'s role may give the role `granted`: nobody hands out more than he has.
#[must_use]
pub fn may_grant(actor: Role, granted: Role) -> bool {
    granted <= actor
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn the_table_of_role_and_action() {
        let table: String = Action::ALL
            .into_iter()
            .map(|action| {
                let who: Vec<_> =
                    Role::ALL.into_iter().filter(|role| *role >= action.required_role()).map(Role::name).collect();
                format!("{action:?}: {}\n", who.join(" "))
            })
            .collect();
        expect![[r#"
            ReadWorkspace: viewer member admin owner
            UpdateWorkspace: admin owner
            DeleteWorkspace: owner
            ListMembers: viewer member admin owner
            InviteMember: admin owner
            ReadActivity: admin owner
            ReadRuntime: viewer member admin owner
            ControlRuntime: member admin owner
            ReadIntegrations: viewer member admin owner
            ManageIntegrations: admin owner
            ReadBilling: viewer member admin owner
            SyncBilling: member admin owner
            ManageBilling: owner
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        for text in ["", "Owner", "root", "admin "] {
            assert_eq!(text.parse::<Role>(), Err(UnknownRole));
        }
    }

    #[test]
    fn nobody_grants_more_than_he_has() {
        assert!(may_grant(Role::Owner, Role::Owner));
        assert!(may_grant(Role::Admin, Role::Admin));
        assert!(!may_grant(Role::Admin, Role::Owner));
    }
}
