//! The scopes of keys, and the actions that each allows.

use crate::{
    identity::access::{Action, Role},
    named,
};
use std::collections::BTreeSet;

named! {
    /// A part of the API that a key may use. A scope allows its own actions only: writing does not include reading.
    #[derive(PartialOrd, Ord)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum KeyScope or UnknownKeyScope {
        /// Read the workspace, and what the key may do in it.
        WorkspaceRead = "workspace:read",
        /// List the members.
        TeamRead = "team:read",
        /// Read the subscription, invoices and plans.
        BillingRead = "billing:read",
        /// Read the runtime's state.
        RuntimeRead = "runtime:read",
        /// Start, stop and restart the runtime.
        RuntimeWrite = "runtime:write",
        /// Read integrations and their deliveries.
        IntegrationsRead = "integrations:read",
        /// Set up, test and remove integrations, and retry deliveries.
        IntegrationsWrite = "integrations:write",
        /// Read usage and limits.
        UsageRead = "usage:read",
        /// Consume and release usage.
        UsageWrite = "usage:write",
        /// Read the maker's notifications and preferences.
        NotificationsRead = "notifications:read",
        /// Mark and delete the maker's notifications, and change their preferences.
        NotificationsWrite = "notifications:write",
        /// Read the audit log.
        AuditRead = "audit:read",
    }
}

impl KeyScope {
    /// Returns the scope that allows `action`; `None` if no key may do it.
    #[must_use]
    pub const fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::ReadWorkspace => Self::WorkspaceRead,
            Action::ListMembers => Self::TeamRead,
            Action::ReadBilling | Action::ReadInvoices | Action::PreviewPlan => Self::BillingRead,
            Action::ReadUsage => Self::UsageRead,
            Action::ConsumeUsage | Action::ReleaseUsage => Self::UsageWrite,
            Action::ReadRuntime => Self::RuntimeRead,
            Action::ControlRuntime => Self::RuntimeWrite,
            Action::ReadIntegrations | Action::ReadDeliveries => Self::IntegrationsRead,
            Action::ManageIntegrations => Self::IntegrationsWrite,
            Action::ReadNotifications => Self::NotificationsRead,
            Action::UpdateNotifications => Self::NotificationsWrite,
            Action::ReadActivity => Self::AuditRead,
            Action::UpdateWorkspace
            | Action::DeleteWorkspace
            | Action::ExportWorkspace
            | Action::ManageMembers
            | Action::RemoveMember
            | Action::InviteMember
            | Action::ListInvitations
            | Action::ResendInvitation
            | Action::RevokeInvitation
            | Action::LeaveWorkspace
            | Action::TransferOwnership
            | Action::SyncBilling
            | Action::ManageBilling
            | Action::ReadKeys
            | Action::ManageKeys
            | Action::RevokeKey
            | Action::SeeDoctor
            | Action::Repair => return None,
        })
    }

    /// True if a holder with `role` may do anything that it allows.
    #[must_use]
    pub fn is_open_to(self, role: Role) -> bool {
        let own = |action: &Action| Self::of(*action) == Some(self);
        Action::ALL.iter().filter(|action| own(action)).any(|action| action.required_role() <= role)
    }

    /// True if it is about the maker's own inbox, which a service key does not have.
    #[must_use]
    pub const fn needs_maker(self) -> bool {
        matches!(self, Self::NotificationsRead | Self::NotificationsWrite)
    }

    /// What it allows, in English.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::WorkspaceRead => "read the workspace",
            Self::TeamRead => "list members",
            Self::BillingRead => "read the subscription, invoices and plans",
            Self::RuntimeRead => "read the runtime's state",
            Self::RuntimeWrite => "start, stop and restart the runtime",
            Self::IntegrationsRead => "read integrations and deliveries",
            Self::IntegrationsWrite => "set up, test and remove integrations, retry deliveries",
            Self::UsageRead => "read usage and limits",
            Self::UsageWrite => "consume and release usage",
            Self::NotificationsRead => "read the maker's notifications",
            Self::NotificationsWrite => "mark and delete the maker's notifications",
            Self::AuditRead => "read the audit log",
        }
    }
}

/// The scopes of a key; at least one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct KeyScopes(BTreeSet<KeyScope>);

/// A key was requested without a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must name at least one scope")]
pub struct NoScope;

impl KeyScopes {
    /// Wraps a non-empty set of scopes.
    ///
    /// # Errors
    /// [`NoScope`] if there is none.
    pub fn new(scopes: BTreeSet<KeyScope>) -> Result<Self, NoScope> {
        if scopes.is_empty() { Err(NoScope) } else { Ok(Self(scopes)) }
    }

    /// True if `scope` is one of them.
    #[must_use]
    pub fn contains(&self, scope: KeyScope) -> bool {
        self.0.contains(&scope)
    }

    /// True if all of them are also in `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The scopes, in their order.
    pub fn iter(&self) -> impl Iterator<Item = KeyScope> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An admin, who makes keys, can do what every scope allows.
    #[test]
    fn no_scope_needs_more_than_an_admin() {
        for action in Action::ALL.into_iter().filter(|action| KeyScope::of(*action).is_some()) {
            assert!(action.required_role() <= Role::Admin, "{action}");
        }
    }

    #[test]
    fn each_scope_allows_an_action() {
        for scope in KeyScope::ALL {
            assert!(Action::ALL.into_iter().any(|action| KeyScope::of(action) == Some(scope)), "{scope}");
        }
    }
}
