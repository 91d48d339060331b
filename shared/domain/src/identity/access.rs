//! Roles, actions, and the table of the roles that each action requires.

use crate::workspace::suspension::Suspension;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A member's role. Each role includes the rights of the weaker ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads the workspace.
    Viewer,
    /// Controls the runtime.
    Member,
    /// Manages people and settings.
    Admin,
    /// Manages billing, ownership and deletion.
    Owner,
}

/// The text is not a role.
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

/// An action of a member in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read the workspace's name, settings and counters.
    ReadWorkspace,
    /// Change name, description, time zone and settings.
    UpdateWorkspace,
    /// Delete the workspace.
    DeleteWorkspace,
    /// List the members.
    ListMembers,
    /// Change members' roles and reactivate former members.
    ManageMembers,
    /// Remove members.
    RemoveMember,
    /// Invite a new member.
    InviteMember,
    /// List the pending invitations.
    ListInvitations,
    /// Resend an invitation.
    ResendInvitation,
    /// Revoke an invitation.
    RevokeInvitation,
    /// Leave the workspace.
    LeaveWorkspace,
    /// Transfer ownership to another member.
    TransferOwnership,
    /// Read the audit records.
    ReadActivity,
    /// Read the runtime's state.
    ReadRuntime,
    /// Start, stop and restart the runtime.
    ControlRuntime,
    /// Read the integrations, without their secrets.
    ReadIntegrations,
    /// Set up, test and remove integrations.
    ManageIntegrations,
    /// Read the deliveries to integrations.
    ReadDeliveries,
    /// Read the subscription and the payment state.
    ReadBilling,
    /// Preview the price and effects of another plan.
    PreviewPlan,
    /// Synchronize the billing state with Stripe.
    SyncBilling,
    /// Buy, change and cancel a plan.
    ManageBilling,
    /// Read the invoices.
    ReadInvoices,
    /// Consume usage of a meter.
    ConsumeUsage,
    /// Release consumed usage.
    ReleaseUsage,
    /// Examine the stored data for differences.
    SeeDoctor,
    /// Repair those differences.
    Repair,
}

/// Behaviour of an action while the operator has suspended the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhileSuspended {
    /// Allowed: reading, paying, leaving, and actions that only give something up.
    Continues,
    /// Refused: every other change of the workspace.
    Refused,
}

/// Reason why a member may not take an action now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The member's role is too weak.
    RoleRequired,
    /// The operator has suspended the workspace.
    WorkspaceSuspended,
}

impl Action {
    /// All actions, in the order of the table in docs/access.md.
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

    /// Behaviour of this action while the workspace is suspended.
    ///
    /// An owner leaves a suspended workspace by removing the other members and deleting it. Ownership cannot be
    /// transferred meanwhile, so that nobody else gets the bill of a suspended workspace.
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

    /// Returns the reason why a member with this role may not take the action now; `None` if they may.
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

    /// Description of the action in the table of docs/access.md.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::ReadWorkspace => "read the workspace",
            Self::UpdateWorkspace => "change its name, description, time zone and settings",
            Self::DeleteWorkspace => "delete it",
            Self::ListMembers => "list members",
            Self::ManageMembers => "change roles, reactivate former members",
            Self::RemoveMember => "remove members",
            Self::InviteMember => "invite",
            Self::ListInvitations => "list invitations",
            Self::ResendInvitation => "resend invitations",
            Self::RevokeInvitation => "revoke invitations",
            Self::LeaveWorkspace => "leave",
            Self::TransferOwnership => "transfer ownership",
            Self::ReadActivity => "read activity",
            Self::ReadRuntime => "see the runtime",
            Self::ControlRuntime => "start, stop and restart the runtime",
            Self::ReadIntegrations => "see integrations",
            Self::ManageIntegrations => "set up, test and remove integrations",
            Self::ReadDeliveries => "see deliveries to integrations",
            Self::ReadBilling => "see billing",
            Self::PreviewPlan => "preview another plan",
            Self::SyncBilling => "synchronize billing with Stripe",
            Self::ManageBilling => "buy, change the plan, cancel, resume",
            Self::ReadInvoices => "see invoices",
            Self::ConsumeUsage => "consume usage",
            Self::ReleaseUsage => "release usage",
            Self::SeeDoctor => "examine the stored data for differences",
            Self::Repair => "repair the differences",
        }
    }
}

/// True if a member with the role `actor` may grant the role `granted`, or act on a member who has it. Nobody grants or
/// revokes a role above their own.
#[must_use]
pub fn may_grant(actor: Role, granted: Role) -> bool {
    granted <= actor
}

/// True if an invitation with the role `granted` remains valid although its maker now has the role `inviter`; `None` if
/// the maker is no longer a member.
#[must_use]
pub fn may_keep_invitation(inviter: Option<Role>, granted: Role) -> bool {
    inviter.is_some_and(|role| role >= Action::InviteMember.required_role() && may_grant(role, granted))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prints the table if it differs from docs/access.md; paste it there after changing a rule.
    #[test]
    fn access_md_contains_the_table_of_actions() {
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
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access.md");
        let page = std::fs::read_to_string(path).unwrap();
        assert!(page.contains(&table), "docs/access.md should have this table:\n{table}");
    }

    #[test]
    fn invitation_is_valid_while_its_maker_could_make_it() {
        let valid = |inviter| Role::ALL.map(|granted| may_keep_invitation(inviter, granted));
        assert_eq!(valid(Some(Role::Owner)), [true; 4]);
        assert_eq!(valid(Some(Role::Admin)), [true, true, true, false]);
        assert_eq!(valid(Some(Role::Member)), [false; 4]);
        assert_eq!(valid(None), [false; 4]);
    }

    #[test]
    fn written_roles_parse_back() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        for text in ["", "Owner", "root", "admin "] {
            assert_eq!(text.parse::<Role>(), Err(UnknownRole));
        }
    }

    #[test]
    fn nobody_grants_a_role_above_their_own() {
        assert!(may_grant(Role::Owner, Role::Owner));
        assert!(may_grant(Role::Admin, Role::Admin));
        assert!(!may_grant(Role::Admin, Role::Owner));
    }
}
