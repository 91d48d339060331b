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
    /// Give members other roles, remove them and have them back.
    ManageMembers,
    /// Offer somebody a seat.
    InviteMember,
    /// See the invitations that wait, send them again and take them back.
    ManageInvitations,
    /// Give one's own seat up.
    LeaveWorkspace,
    /// Make somebody else the owner in one's own place.
    TransferOwnership,
    /// See the audit records.
    ReadActivity,
    /// See how the runtime is.
    ReadRuntime,
    /// Start, stop and restart the runtime.
    ControlRuntime,
    /// See the integrations, without their secrets.
    ReadIntegrations,
    /// Set up, test and remove integrations.
    ManageIntegrations,
    /// See what was delivered to integrations.
    ReadDeliveries,
    /// See what the workspace pays for.
    ReadBilling,
    /// See what another plan would cost and mean.
    PreviewPlan,
    /// Have the workspace compared with Stripe.
    SyncBilling,
    /// Buy, change and cancel.
    ManageBilling,
    /// See the invoices.
    ReadInvoices,
    /// Take from a limit, and give back.
    CountUsage,
    /// See in what the things that are kept of the workspace differ, and have that put right.
    SeeDoctor,
}

impl Action {
    /// All actions, in the order of the table in ARCHITECTURE.md.
    pub const ALL: [Self; 22] = [
        Self::ReadWorkspace,
        Self::UpdateWorkspace,
        Self::DeleteWorkspace,
        Self::ListMembers,
        Self::ManageMembers,
        Self::InviteMember,
        Self::ManageInvitations,
        Self::LeaveWorkspace,
        Self::TransferOwnership,
        Self::ReadActivity,
        Self::ReadRuntime,
        Self::ControlRuntime,
        Self::ReadIntegrations,
        Self::ManageIntegrations,
        Self::ReadDeliveries,
        Self::ReadBilling,
        Self::PreviewPlan,
        Self::SyncBilling,
        Self::ManageBilling,
        Self::ReadInvoices,
        Self::CountUsage,
        Self::SeeDoctor,
    ];

    /// The weakest role that may do this.
    #[must_use]
    pub const fn required_role(self) -> Role {
        match self {
            Self::ReadWorkspace
            | Self::ListMembers
            | Self::LeaveWorkspace
            | Self::ReadRuntime
            | Self::ReadIntegrations
            | Self::ReadBilling => Role::Viewer,
            Self::ControlRuntime | Self::SyncBilling => Role::Member,
            Self::UpdateWorkspace
            | Self::ManageMembers
            | Self::InviteMember
            | Self::ManageInvitations
            | Self::ReadActivity
            | Self::ManageIntegrations
            | Self::ReadDeliveries
            | Self::PreviewPlan
            | Self::ReadInvoices
            | Self::CountUsage => Role::Admin,
            Self::DeleteWorkspace | Self::TransferOwnership | Self::ManageBilling | Self::SeeDoctor => Role::Owner,
        }
    }

    /// What it is, in the words of the table in ARCHITECTURE.md.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::ReadWorkspace => "read the workspace",
            Self::UpdateWorkspace => "change its name, description, time zone and settings",
            Self::DeleteWorkspace => "delete it",
            Self::ListMembers => "list members",
            Self::ManageMembers => "change roles, remove members and have them back",
            Self::InviteMember => "invite",
            Self::ManageInvitations => "list invitations, send them again, take them back",
            Self::LeaveWorkspace => "leave",
            Self::TransferOwnership => "hand ownership over",
            Self::ReadActivity => "read activity",
            Self::ReadRuntime => "see the runtime",
            Self::ControlRuntime => "start, stop and restart the runtime",
            Self::ReadIntegrations => "see integrations",
            Self::ManageIntegrations => "set up, test and remove integrations",
            Self::ReadDeliveries => "see what was delivered to integrations",
            Self::ReadBilling => "see what the workspace pays for",
            Self::PreviewPlan => "see what another plan would cost and mean",
            Self::SyncBilling => "have the workspace compared with Stripe",
            Self::ManageBilling => "buy, change the plan, cancel, resume",
            Self::ReadInvoices => "see invoices",
            Self::CountUsage => "take from the limits of usage, and give back",
            Self::SeeDoctor => "see what differs in what is kept of it, and have that put right",
        }
    }
}

/// Whether somebody with `actor`'s role may give the role `granted`, or act on somebody who has it: nobody hands out or
/// takes more than he has.
#[must_use]
pub fn may_grant(actor: Role, granted: Role) -> bool {
    granted <= actor
}

/// Whether an invitation as `granted` may stand whose maker has the role `inviter` by now; `None` if he is no member any
/// more.
#[must_use]
pub fn may_vouch(inviter: Option<Role>, granted: Role) -> bool {
    inviter.is_some_and(|role| role >= Action::InviteMember.required_role() && may_grant(role, granted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table is printed from here; whoever changes a rule pastes what this test prints into ARCHITECTURE.md.
    #[test]
    fn the_table_of_role_and_action_stands_in_architecture_md() {
        let names = Role::ALL.map(Role::name).join(" | ");
        let mut table = format!("| action | {names} |\n|---|---|---|---|---|\n");
        for action in Action::ALL {
            let may = Role::ALL.map(|role| if role >= action.required_role() { "yes" } else { "" });
            let cells: String =
                may.iter().map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") }).collect();
            table += &format!("| {} |{cells}\n", action.description());
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ARCHITECTURE.md");
        let page = std::fs::read_to_string(path).unwrap();
        assert!(page.contains(&table), "ARCHITECTURE.md should have this table:\n{table}");
    }

    #[test]
    fn an_invitation_stands_as_long_as_its_maker_could_make_it() {
        let standing = |inviter| Role::ALL.map(|granted| may_vouch(inviter, granted));
        assert_eq!(standing(Some(Role::Owner)), [true; 4]);
        assert_eq!(standing(Some(Role::Admin)), [true, true, true, false]);
        assert_eq!(standing(Some(Role::Member)), [false; 4]);
        assert_eq!(standing(None), [false; 4]);
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
