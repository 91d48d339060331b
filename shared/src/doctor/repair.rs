//! Examines a workspace and repairs differences.

use super::{
    deps::DoctorDeps,
    error::Error,
    examine::{self, CustomerRepair, Examination},
    view::ExaminationView,
};
use domain::{
    audit::record::Entry,
    billing::account::Billing,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    doctor::Difference,
    identity::access::Action,
    ids::WorkspaceId,
    outbox::RuntimeMessage,
    workspace::recount::Recounted,
};
use identity::Caller;
use store::{self, Change, OperatorScope, Scope};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Returns the differences found in `workspace`.
///
/// # Errors
/// [`Error`] if the caller may not see the doctor, the budget is used up, or a dependency fails.
pub async fn examine_workspace(
    with: &DoctorDeps,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<ExaminationView, Error> {
    let store = &with.store;
    let read = store.enter(caller, workspace, None).authorize_read::<Error>(Action::SeeDoctor);
    let (inside, taken) =
        store.read_and_take((caller, workspace), Action::SeeDoctor, Budget::Examinations, read).await?;
    taken?;
    examination(with, &inside.scope).await
}

/// Like [`examine_workspace`], for the operator.
///
/// # Errors
/// [`Error`] if the workspace does not exist or a dependency fails.
pub async fn examine_for_operator(with: &DoctorDeps, operator: &OperatorScope) -> Result<ExaminationView, Error> {
    examination(with, &operator.scope()).await
}

async fn examination(with: &DoctorDeps, scope: &Scope) -> Result<ExaminationView, Error> {
    let differences = examine::find_differences(with, scope).await?.differences.into_iter();
    let differences: Vec<_> = differences.map(|difference| Difference { repair: None, ..difference }).collect();
    Ok(ExaminationView { healthy: differences.is_empty(), differences })
}

/// Repairs the differences found in `workspace` and returns each with its repair.
///
/// # Errors
/// [`Error`] if the caller may not repair the workspace, the budget is used up, a dependency fails, or concurrent
/// changes exhaust the attempts. Completed repairs stay.
pub async fn repair_workspace(
    with: &DoctorDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    command: Option<&Fingerprint>,
) -> Result<Reply<ExaminationView>, Error> {
    let entry = with.store.enter(caller, workspace, command);
    let (inside, taken) = entry.authorize_and_take::<Error>(Action::Repair, Budget::Examinations).await?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    taken?;
    let repairer = Repairer { scope: &inside.scope, operator: None, extent: RepairExtent::Certain };
    repair_differences(with, repairer, command).await
}

/// Differences that a repair by the operator includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairExtent {
    /// Differences whose repair needs no decision.
    Certain,
    /// Also a customer that Stripe does not know: it is removed from the billing. The API key must be that of the right
    /// account.
    UnknownCustomer,
}

/// The person who repairs.
#[derive(Clone, Copy)]
struct Repairer<'a> {
    scope: &'a Scope,
    operator: Option<&'a OperatorScope>,
    extent: RepairExtent,
}

/// Like [`repair_workspace`], for the operator, whom the audit record names.
///
/// # Errors
/// [`Error`] if the workspace does not exist, a dependency fails, or concurrent changes exhaust the attempts. Completed
/// repairs stay.
pub async fn repair_for_operator(
    with: &DoctorDeps,
    operator: &OperatorScope,
    extent: RepairExtent,
) -> Result<ExaminationView, Error> {
    let repairer = Repairer { scope: &operator.scope(), operator: Some(operator), extent };
    match repair_differences(with, repairer, None).await? {
        Reply::First(view) => Ok(view),
        // Nothing can be replayed without an idempotency key.
        Reply::Again(_) => examine_for_operator(with, operator).await,
    }
}

async fn repair_differences(
    with: &DoctorDeps,
    repairer: Repairer<'_>,
    command: Option<&Fingerprint>,
) -> Result<Reply<ExaminationView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let mut seen = examine::find_differences(with, repairer.scope).await?;
        if repairer.extent == RepairExtent::UnknownCustomer {
            seen.include_unknown_customer();
        }
        let view = ExaminationView { healthy: seen.differences.is_empty(), differences: seen.differences.clone() };
        if !seen.differences.iter().any(Difference::is_repaired) {
            return Ok(with.store.record_answer(repairer.scope.actor(), command, view).await?);
        }
        write(with, repairer, &seen, view, command).await
    })
    .await
}

/// Writes all repairs in one transaction.
async fn write(
    with: &DoctorDeps,
    Repairer { scope, operator, .. }: Repairer<'_>,
    seen: &Examination,
    view: ExaminationView,
    command: Option<&Fingerprint>,
) -> Result<Reply<ExaminationView>, Error> {
    let now = with.store.ambient().now();
    let changed = || Error::ChangedMeanwhile;
    let entry = match operator {
        Some(operator) => Entry::repaired_by(operator.by(), &seen.differences),
        None => Entry::repaired(scope.workspace(), &seen.differences),
    };
    let mut change = Change::<Error>::begin(&with.store, scope, entry, now)?;
    change.repair(&seen.counters, &seen.repairs, changed)?;
    for integration in &seen.secretless {
        if let Some(next) = integration.removed(scope.actor(), now) {
            change.write_integration(Some(integration), &next, now, changed)?;
        }
    }
    for Recounted { user, before, next } in &seen.recounted {
        change.write_allowance(*user, before, next.clone(), changed())?;
    }
    for miscounted in &seen.miscounted {
        change.recount_inbox(miscounted, changed(), now)?;
    }
    let (named, holder) = (seen.counters.workspace.held_by, seen.counters.holder());
    if let Some(holder) = holder.filter(|holder| !seen.recounted.is_empty() && named != Some(*holder)) {
        change.replace_holder(named, holder, changed());
    }
    let changes_standing = matches!(seen.customer, CustomerRepair::Remove);
    if seen.runtime_differs || changes_standing {
        let generation = seen.runtime_facts.runtime.generation;
        change.enqueue(RuntimeMessage::Reconcile { workspace: scope.workspace(), generation }, now)?;
    }
    let before = &seen.runtime_facts.billing;
    match seen.customer {
        CustomerRepair::Remove => {
            let next = Billing { version: before.version.saturating_add(1), ..before.clone().without_customer() };
            change.write_billing(before, &next, changed())?;
            for occurrence in next.occurrences_since(with.store.plans(), before, now) {
                change.report(occurrence, now)?;
            }
        }
        // The sweeper compares the workspace with Stripe within a minute.
        CustomerRepair::Compare => {
            change.request_comparison(before, changed(), now)?;
        }
        CustomerRepair::Keep => {}
    }
    change.commit(command, view, now).await
}
