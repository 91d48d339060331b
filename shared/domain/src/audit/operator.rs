//! Audit entries of the operator's actions in a workspace. Each names the operator, who is not a member, and the reason, if
//! they gave one.

use crate::{
    audit::record::{AuditAction, Entry},
    billing::{account::Billing, order::Migration},
    doctor::Difference,
    identity::access::Role,
    ids::WorkspaceId,
    team::member::Member,
    text::{OperatorReason, PersonName},
    usage::UsageCommand,
    workspace::head::Workspace,
};
use serde_json::{Map, Value, json};

/// The operator's name and reason, and the affected workspace.
#[derive(Debug, Clone, Copy)]
pub struct OperatedBy<'a> {
    /// The operator's name.
    pub operator: &'a PersonName,
    /// The reason, if they gave one.
    pub reason: Option<&'a OperatorReason>,
    /// The workspace.
    pub workspace: WorkspaceId,
}

impl Entry {
    /// The entry for a contract that was set or changed.
    #[must_use]
    pub fn contract_set(by: OperatedBy<'_>, before: &Billing, after: &Billing) -> Self {
        operated(AuditAction::ContractSet, by, agreed(before), agreed(after))
    }

    /// The entry for a removed contract.
    #[must_use]
    pub fn contract_removed(by: OperatedBy<'_>, before: &Billing) -> Self {
        operated(AuditAction::ContractRemoved, by, agreed(before), Map::new())
    }

    /// The entry for granted trial days.
    #[must_use]
    pub fn trial_granted(by: OperatedBy<'_>, after: &Billing) -> Self {
        let days = Map::from_iter([("days".to_owned(), json!(after.granted.map(|granted| granted.days)))]);
        operated(AuditAction::TrialGranted, by, Map::new(), days)
    }

    /// The entry for a suspension, or for a changed reason of one.
    #[must_use]
    pub fn suspended(by: OperatedBy<'_>, before: &Workspace, after: &Workspace) -> Self {
        operated(AuditAction::WorkspaceSuspended, by, suspension(before), suspension(after))
    }

    /// The entry for a member whom the operator made an owner.
    #[must_use]
    pub fn owner_set(by: OperatedBy<'_>, before: &Member) -> Self {
        let role = |role: Role| Map::from_iter([("role".to_owned(), json!(role))]);
        let mut entry = operated(AuditAction::MemberRoleChanged, by, role(before.role), role(Role::Owner));
        entry.target = before.user.to_string();
        entry
    }

    /// The entry for the end of a suspension.
    #[must_use]
    pub fn unsuspended(by: OperatedBy<'_>, before: &Workspace) -> Self {
        operated(AuditAction::WorkspaceUnsuspended, by, suspension(before), Map::new())
    }

    /// The entry for differences that the operator had repaired.
    #[must_use]
    pub fn repaired_by(by: OperatedBy<'_>, differences: &[Difference]) -> Self {
        let Self { before, after, .. } = Self::repaired(by.workspace, differences);
        operated(AuditAction::WorkspaceRepaired, by, before, after)
    }

    /// The entry for a migration to another version of the plan.
    #[must_use]
    pub fn plan_migrated(by: OperatedBy<'_>, migration: &Migration) -> Self {
        let Migration { from, to, when } = migration;
        let before = Map::from_iter([("plan".to_owned(), json!(from))]);
        let after = Map::from_iter([("plan".to_owned(), json!(to.reference())), ("when".to_owned(), json!(when))]);
        operated(AuditAction::PlanMigrated, by, before, after)
    }

    /// The entry for returned usage of a meter.
    #[must_use]
    pub fn usage_returned(by: OperatedBy<'_>, command: &UsageCommand) -> Self {
        let returned = Map::from_iter([
            ("meter".to_owned(), json!(command.movement.meter)),
            ("amount".to_owned(), json!(command.movement.amount.get())),
            ("key".to_owned(), json!(command.key)),
        ]);
        operated(AuditAction::UsageReturned, by, Map::new(), returned)
    }
}

fn operated(
    action: AuditAction,
    by: OperatedBy<'_>,
    before: Map<String, Value>,
    mut after: Map<String, Value>,
) -> Entry {
    after.insert("operator".to_owned(), json!(by.operator));
    after.extend(by.reason.map(|reason| ("reason".to_owned(), json!(reason))));
    Entry::new(action, by.workspace, before, after)
}

fn agreed(billing: &Billing) -> Map<String, Value> {
    billing.contract.as_ref().map(|contract| ("contract".to_owned(), json!(contract))).into_iter().collect()
}

fn suspension(workspace: &Workspace) -> Map<String, Value> {
    let suspension = workspace.suspended.as_ref();
    suspension.map(|suspension| ("reason".to_owned(), json!(suspension.reason))).into_iter().collect()
}
