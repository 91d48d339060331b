//! Examines a workspace and repairs differences.

use super::{
    deps::DoctorDeps,
    error::Error,
    examine::{self, Examination},
    view::ExaminationView,
};
use domain::{
    audit::record::Entry,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    doctor::Difference,
    identity::access::Action,
    ids::WorkspaceId,
    outbox::RuntimeMessage,
    text::PersonName,
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
    let (inside, taken) = tokio::join!(
        store.enter(caller, workspace, None).authorize_read::<Error>(Action::SeeDoctor),
        store.take::<Error>(caller, workspace, Action::SeeDoctor, Budget::Examinations)
    );
    let inside = inside?;
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
    repair_differences(with, &inside.scope, None, command).await
}

/// Like [`repair_workspace`], for the operator, whom the audit record names.
///
/// # Errors
/// [`Error`] if the workspace does not exist, a dependency fails, or concurrent changes exhaust the attempts. Completed
/// repairs stay.
pub async fn repair_for_operator(with: &DoctorDeps, operator: &OperatorScope) -> Result<ExaminationView, Error> {
    match repair_differences(with, &operator.scope(), Some(operator.operator()), None).await? {
        Reply::First(view) => Ok(view),
        // Nothing can be replayed without an idempotency key.
        Reply::Again(_) => examine_for_operator(with, operator).await,
    }
}

async fn repair_differences(
    with: &DoctorDeps,
    scope: &Scope,
    operator: Option<&PersonName>,
    command: Option<&Fingerprint>,
) -> Result<Reply<ExaminationView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let seen = examine::find_differences(with, scope).await?;
        let view = ExaminationView { healthy: seen.differences.is_empty(), differences: seen.differences.clone() };
        if !seen.differences.iter().any(Difference::is_repaired) {
            return Ok(with.store.record_answer(scope.actor(), command, view).await?);
        }
        write(with, (scope, operator), &seen, view, command).await
    })
    .await
}

/// Writes all repairs in one transaction.
async fn write(
    with: &DoctorDeps,
    (scope, operator): (&Scope, Option<&PersonName>),
    seen: &Examination,
    view: ExaminationView,
    command: Option<&Fingerprint>,
) -> Result<Reply<ExaminationView>, Error> {
    let now = with.store.ambient().now();
    let changed = || Error::ChangedMeanwhile;
    let entry = Entry::repaired(scope.workspace(), &seen.differences, operator);
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
    let (named, holder) = (seen.counters.workspace.held_by, seen.counters.holder());
    if let Some(holder) = holder.filter(|holder| !seen.recounted.is_empty() && named != Some(*holder)) {
        change.replace_holder(named, holder, changed());
    }
    if seen.runtime_differs {
        let generation = seen.runtime_facts.runtime.generation;
        change.enqueue(RuntimeMessage::Reconcile { workspace: scope.workspace(), generation }, now)?;
    }
    if seen.billing_differs {
        // The sweeper compares the workspace with Stripe within a minute.
        change.request_comparison(&seen.runtime_facts.billing, changed(), now)?;
    }
    change.commit(command, view, now).await
}
