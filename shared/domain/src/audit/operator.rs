//! The audit entries of what whoever runs the service does to a workspace. Each names him: he is no member.

use crate::{
    audit::record::{AuditAction, Entry},
    billing::account::Billing,
    identity::scope::OperatorScope,
    text::SuspensionReason,
    usage::UsageCommand,
    workspace::head::Workspace,
};
use serde_json::{Map, Value, json};

impl Entry {
    /// A contract was set.
    #[must_use]
    pub fn contract_set(scope: &OperatorScope, before: &Billing, after: &Billing) -> Self {
        operated(AuditAction::ContractSet, scope, agreed(before), agreed(after))
    }

    /// A contract was ended.
    #[must_use]
    pub fn contract_removed(scope: &OperatorScope, before: &Billing) -> Self {
        operated(AuditAction::ContractRemoved, scope, agreed(before), Map::new())
    }

    /// Days on trial were granted.
    #[must_use]
    pub fn trial_granted(scope: &OperatorScope, after: &Billing) -> Self {
        let days = Map::from_iter([("days".to_owned(), json!(after.granted.map(|granted| granted.days)))]);
        operated(AuditAction::TrialGranted, scope, Map::new(), days)
    }

    /// The workspace was suspended, or its suspension got another reason.
    #[must_use]
    pub fn suspended(scope: &OperatorScope, before: &Workspace, after: &Workspace) -> Self {
        operated(AuditAction::WorkspaceSuspended, scope, suspension(before), suspension(after))
    }

    /// The suspension of the workspace ended, for this reason.
    #[must_use]
    pub fn unsuspended(scope: &OperatorScope, before: &Workspace, reason: &SuspensionReason) -> Self {
        let after = Map::from_iter([("reason".to_owned(), json!(reason))]);
        operated(AuditAction::WorkspaceUnsuspended, scope, suspension(before), after)
    }

    /// Usage of a meter was returned.
    #[must_use]
    pub fn usage_returned(scope: &OperatorScope, command: &UsageCommand) -> Self {
        let returned = Map::from_iter([
            ("meter".to_owned(), json!(command.movement.meter)),
            ("amount".to_owned(), json!(command.movement.amount.get())),
            ("key".to_owned(), json!(command.key)),
        ]);
        operated(AuditAction::UsageReturned, scope, Map::new(), returned)
    }
}

fn operated(
    action: AuditAction,
    scope: &OperatorScope,
    before: Map<String, Value>,
    mut after: Map<String, Value>,
) -> Entry {
    after.insert("operator".to_owned(), json!(scope.operator()));
    Entry::new(action, scope.scope().workspace(), before, after)
}

fn agreed(billing: &Billing) -> Map<String, Value> {
    billing.contract.map(|contract| ("contract".to_owned(), json!(contract))).into_iter().collect()
}

fn suspension(workspace: &Workspace) -> Map<String, Value> {
    let suspension = workspace.suspended.as_ref();
    suspension.map(|suspension| ("reason".to_owned(), json!(suspension.reason))).into_iter().collect()
}
