//! Roles, actions, and the table of the roles that each action requires.

use crate::{named, workspace::suspension::Suspension};
use serde::Serialize;

// Weakest first.
named! {
    /// A member's role. Each role includes the rights of the weaker ones.
    #[derive(PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Role or UnknownRole {
        /// Reads the workspace.
        Viewer = "viewer",
        /// Controls the runtime.
        Member = "member",
        /// Manages people and settings.
        Admin = "admin",
        /// Manages billing, ownership and deletion.
        Owner = "owner",
    }
}

// In the order of the table in docs/access.md.
named! {
    /// An action of a member in a workspace.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Action {
        /// Read the workspace's name, settings and counters.
        ReadWorkspace = "read_workspace",
        /// Change name, description, time zone and settings.
        UpdateWorkspace = "update_workspace",
        /// Delete the workspace.
        DeleteWorkspace = "delete_workspace",
        /// Export everything that is stored about the workspace.
        ExportWorkspace = "export_workspace",
        /// List the members.
        ListMembers = "list_members",
        /// Change members' roles and reactivate former members.
        ManageMembers = "manage_members",
        /// Remove members.
        RemoveMember = "remove_member",
        /// Invite a new member.
        InviteMember = "invite_member",
        /// List the pending invitations.
        ListInvitations = "list_invitations",
        /// Resend an invitation.
        ResendInvitation = "resend_invitation",
        /// Revoke an invitation.
        RevokeInvitation = "revoke_invitation",
        /// Leave the workspace.
        LeaveWorkspace = "leave_workspace",
        /// Transfer ownership to another member.
        TransferOwnership = "transfer_ownership",
        /// Read the audit records.
        ReadActivity = "read_activity",
        /// Read the runtime's state.
        ReadRuntime = "read_runtime",
        /// Start, stop and restart the runtime.
        ControlRuntime = "control_runtime",
        /// Read the integrations, without their secrets.
        ReadIntegrations = "read_integrations",
        /// Set up, test and remove integrations.
        ManageIntegrations = "manage_integrations",
        /// Read the deliveries to integrations.
        ReadDeliveries = "read_deliveries",
        /// Read the own notifications and preferences.
        ReadNotifications = "read_notifications",
        /// Mark and delete the own notifications, and change the own preferences.
        UpdateNotifications = "update_notifications",
        /// List the API keys, without their secrets.
        ReadKeys = "read_keys",
        /// Make, change and rotate API keys.
        ManageKeys = "manage_keys",
        /// Revoke API keys.
        RevokeKey = "revoke_key",
        /// Read the subscription and the payment state.
        ReadBilling = "read_billing",
        /// Preview the price and effects of another plan.
        PreviewPlan = "preview_plan",
        /// Synchronize the billing state with Stripe.
        SyncBilling = "sync_billing",
        /// Buy, change and cancel a plan.
        ManageBilling = "manage_billing",
        /// Read the invoices.
        ReadInvoices = "read_invoices",
        /// Read usage and limits.
        ReadUsage = "read_usage",
        /// Consume usage of a meter.
        ConsumeUsage = "consume_usage",
        /// Release consumed usage.
        ReleaseUsage = "release_usage",
        /// Examine the stored data for differences.
        SeeDoctor = "see_doctor",
        /// Repair those differences.
        Repair = "repair",
    }
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
    /// The API key lacks the scope.
    ScopeRequired,
    /// No API key may do this.
    NotByKey,
}

impl Action {
    /// The weakest role that may do this.
    #[must_use]
    pub const fn required_role(self) -> Role {
        match self {
            Self::ReadWorkspace
            | Self::ListMembers
            | Self::LeaveWorkspace
            | Self::ReadRuntime
            | Self::ReadIntegrations
            | Self::ReadNotifications
            | Self::UpdateNotifications
            | Self::ReadBilling
            | Self::ReadUsage => Role::Viewer,
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
            | Self::ReadKeys
            | Self::ManageKeys
            | Self::RevokeKey
            | Self::PreviewPlan
            | Self::ReadInvoices
            | Self::ConsumeUsage
            | Self::ReleaseUsage => Role::Admin,
            Self::DeleteWorkspace
            | Self::ExportWorkspace
            | Self::TransferOwnership
            | Self::ManageBilling
            | Self::SeeDoctor
            | Self::Repair => Role::Owner,
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
            | Self::ReadNotifications
            | Self::UpdateNotifications
            | Self::ReadKeys
            | Self::RevokeKey
            | Self::ReadBilling
            | Self::ReadUsage
            | Self::PreviewPlan
            | Self::ReadInvoices
            | Self::SeeDoctor
            | Self::SyncBilling
            | Self::ManageBilling
            | Self::LeaveWorkspace
            | Self::RemoveMember
            | Self::RevokeInvitation
            | Self::ReleaseUsage
            | Self::ExportWorkspace
            | Self::DeleteWorkspace => WhileSuspended::Continues,
            Self::UpdateWorkspace
            | Self::ManageMembers
            | Self::InviteMember
            | Self::ResendInvitation
            | Self::TransferOwnership
            | Self::ControlRuntime
            | Self::ManageIntegrations
            | Self::ManageKeys
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
            Self::ExportWorkspace => "export everything",
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
            Self::ReadNotifications => "see the own notifications and preferences",
            Self::UpdateNotifications => "mark and delete the own notifications, turn types off",
            Self::ReadKeys => "see API keys",
            Self::ManageKeys => "make, change and rotate API keys",
            Self::RevokeKey => "revoke API keys",
            Self::ReadBilling => "see billing",
            Self::PreviewPlan => "preview another plan",
            Self::SyncBilling => "synchronize billing with Stripe",
            Self::ManageBilling => "buy, change the plan, cancel, resume",
            Self::ReadInvoices => "see invoices",
            Self::ReadUsage => "see usage and limits",
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
