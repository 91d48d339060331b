//! Who may do what: roles, actions, and the one table that joins them.

use crate::workspace::suspension::Suspension;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A member's role. Each role may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the workspace's head.
    ReadWorkspace,
    /// Change name, description, time zone and settings.
    UpdateWorkspace,
    /// Delete the workspace.
    DeleteWorkspace,
    /// See who the members are.
    ListMembers,
    /// Give members other roles, and take former members back.
    ManageMembers,
    /// Remove members.
    RemoveMember,
    /// Offer somebody a seat.
    InviteMember,
    /// See the pending invitations.
    ListInvitations,
    /// Send an invitation again.
    ResendInvitation,
    /// Revoke an invitation.
    RevokeInvitation,
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
    /// Consume from a limit of usage.
    ConsumeUsage,
    /// Release what was consumed.
    ReleaseUsage,
    /// See in what the things that are kept of the workspace differ.
    SeeDoctor,
    /// Have those differences repaired.
    Repair,
}

/// Whether an action continues while the operator has suspended the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhileSuspended {
    /// Reading, paying, leaving, and what only gives something up.
    Continues,
    /// Everything that changes the workspace otherwise.
    Refused,
}

/// Why a member may not take an action now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Their role is too weak.
    RoleRequired,
    /// The operator has suspended the workspace.
    WorkspaceSuspended,
}

impl Action {
    /// All actions, in the order of the table in ARCHITECTURE.md.
    pub const ALL: [Self; 27] = [
        Self::ReadWorkspace,
        Self::UpdateWorkspace,
        Self::DeleteWorkspace,
        Self::ListMembers,
        Self::ManageMembers,
        Self::RemoveMember,
        Self::InviteMember,
        Self::ListInvitations,
        Self::ResendInvitation,
        Self::RevokeInvitation,
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
        Self::ConsumeUsage,
        Self::ReleaseUsage,
        Self::SeeDoctor,
        Self::Repair,
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
            | Self::RemoveMember
            | Self::InviteMember
            | Self::ListInvitations
            | Self::ResendInvitation
            | Self::RevokeInvitation
            | Self::ReadActivity
            | Self::ManageIntegrations
            | Self::ReadDeliveries
            | Self::PreviewPlan
            | Self::ReadInvoices
            | Self::ConsumeUsage
            | Self::ReleaseUsage => Role::Admin,
            Self::DeleteWorkspace | Self::TransferOwnership | Self::ManageBilling | Self::SeeDoctor | Self::Repair => {
                Role::Owner
            }
        }
    }

    /// Whether this continues while the workspace is suspended.
    ///
    /// An owner leaves by removing the other members and deleting the workspace. Ownership is not handed over meanwhile: nobody
    /// else should get the bill of a suspended workspace.
    #[must_use]
    pub const fn while_suspended(self) -> WhileSuspended {
        match self {
            Self::ReadWorkspace
            | Self::ListMembers
            | Self::ListInvitations
            | Self::ReadActivity
            | Self::ReadRuntime
            | Self::ReadIntegrations
            | Self::ReadDeliveries
            | Self::ReadBilling
            | Self::PreviewPlan
            | Self::ReadInvoices
            | Self::SeeDoctor
            | Self::SyncBilling
            | Self::ManageBilling
            | Self::LeaveWorkspace
            | Self::RemoveMember
            | Self::RevokeInvitation
            | Self::ReleaseUsage
            | Self::DeleteWorkspace => WhileSuspended::Continues,
            Self::UpdateWorkspace
            | Self::ManageMembers
            | Self::InviteMember
            | Self::ResendInvitation
            | Self::TransferOwnership
            | Self::ControlRuntime
            | Self::ManageIntegrations
            | Self::ConsumeUsage
            | Self::Repair => WhileSuspended::Refused,
        }
    }

    /// The reason why a member of this role may not do this now; `None` if they may.
    #[must_use]
    pub fn obstacle(self, role: Role, suspension: Option<&Suspension>) -> Option<Obstacle> {
        if role < self.required_role() {
            return Some(Obstacle::RoleRequired);
        }
        match (self.while_suspended(), suspension) {
            (WhileSuspended::Refused, Some(_)) => Some(Obstacle::WorkspaceSuspended),
            (WhileSuspended::Refused, None) | (WhileSuspended::Continues, _) => None,
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
            Self::ManageMembers => "change roles, and take former members back",
            Self::RemoveMember => "remove members",
            Self::InviteMember => "invite",
            Self::ListInvitations => "list invitations",
            Self::ResendInvitation => "send invitations again",
            Self::RevokeInvitation => "revoke invitations",
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
            Self::ConsumeUsage => "consume from the limits of usage",
            Self::ReleaseUsage => "release what was consumed",
            Self::SeeDoctor => "see what differs in what is kept of it",
            Self::Repair => "have the differences repaired",
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
        let mut table = format!("| action | {names} | while suspended |\n|---|---|---|---|---|---|\n");
        for action in Action::ALL {
            let may = Role::ALL.map(|role| if role >= action.required_role() { "yes" } else { "" });
            let cells: String =
                may.iter().map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") }).collect();
            let suspended = match action.while_suspended() {
                WhileSuspended::Continues => "continues",
                WhileSuspended::Refused => "refused",
            };
            table += &format!("| {} |{cells} {suspended} |\n", action.description());
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ARCHITECTURE.md");
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
