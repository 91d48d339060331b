//! Contracts and granted trials. A change takes effect with the next read of the billing and triggers the reconciler.

use super::{actor::ActingOperator, error::Error};
use crate::decisions::{MAX_DECISIONS, decide_again};
use domain::{
    audit::record::Entry,
    billing::account::{Billing, Grant},
    billing::trial::{Trial, TrialDays},
    command::Seen,
    ids::WorkspaceId,
    outbox::RuntimeMessage,
    plans::contract::Contract,
};
use jiff::Timestamp;
use store::OperatorScope;
use store::{Change, Store, operator::WorkspaceFacts};

/// Sets the contract of `workspace` and replaces the previous one. Writes nothing if the contract is the same.
///
/// # Errors
/// [`Error::ContractChanged`] if the previous one is not the one that `replaces` names. Any other [`Error`] if the workspace
/// does not exist, the table fails, or concurrent changes exhaust the attempts.
pub async fn set_contract(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    contract: Contract,
    replaces: Option<Seen<Contract>>,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), |scope, before, now| {
        if before.contract.as_ref() == Some(&contract) {
            return Ok(None);
        }
        require_seen(replaces.as_ref(), before)?;
        // The comparison closes pages on which a plan could still be paid.
        let due_at = before.customer.as_ref().map_or(before.due_at, |_| Some(now));
        let next = Billing { contract: Some(contract.clone()), due_at, ..before.clone() };
        Ok(Some((Entry::contract_set(scope.by(), before, &next), next)))
    })
    .await
}

/// Ends the contract of `workspace`. Its subscription determines the plan again. Writes nothing if `replaces` names a contract and
/// there is none any more.
///
/// # Errors
/// [`Error::NoContract`] if there is no contract, and `replaces` does not name one; [`Error::ContractChanged`] if it is not the
/// one that `replaces` names. Any other [`Error`] if the workspace does not exist, the table fails, or concurrent changes
/// exhaust the attempts.
pub async fn remove_contract(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    replaces: Option<Seen<Contract>>,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), |scope, before, _| {
        if before.contract.is_none() {
            return if replaces.as_ref().is_some_and(Seen::is_some) { Ok(None) } else { Err(Error::NoContract) };
        }
        require_seen(replaces.as_ref(), before)?;
        let next = Billing { contract: None, ..before.clone() };
        Ok(Some((Entry::contract_removed(scope.by(), before), next)))
    })
    .await
}

/// Requires that the contract in force is the one that the person saw, if they say which.
fn require_seen(seen: Option<&Seen<Contract>>, before: &Billing) -> Result<(), Error> {
    let is_seen = seen.is_none_or(|seen| seen.is(before.contract.as_ref()));
    is_seen.then_some(()).ok_or(Error::ContractChanged)
}

/// Grants a trial of `days` for the next subscription of `workspace`, even if the workspace has had a trial. Writes nothing if
/// the same days are granted and unused.
///
/// # Errors
/// [`Error::AlreadySubscribed`] if the workspace has a subscription. Any other [`Error`] if the workspace does not
/// exist, the table fails, or concurrent changes exhaust the attempts.
pub async fn grant_trial(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    days: TrialDays,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), |scope, before, now| {
        if before.subscription.as_ref().is_some_and(|paid| paid.is_payable()) {
            return Err(Error::AlreadySubscribed);
        }
        if Trial::of(before, None).is_some_and(|granted| granted.days == days) {
            return Ok(None);
        }
        // Stripe's times are whole seconds. A trial that begins within the current second counts as later than the
        // grant.
        let at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let next = Billing { granted: Some(Grant { days, at }), ..before.clone() };
        Ok(Some((Entry::trial_granted(scope.by(), &next), next)))
    })
    .await
}

/// Writes the billing that `decide` returns, if it returns one. Decides again after concurrent changes.
async fn change(
    store: &Store,
    scope: &OperatorScope,
    decide: impl Fn(&OperatorScope, &Billing, Timestamp) -> Result<Option<(Entry, Billing)>, Error>,
) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let now = store.ambient().now();
        let WorkspaceFacts { workspace, billing: before, runtime } = store.workspace_facts(scope).await?;
        workspace.filter(|workspace| workspace.live).ok_or(Error::NoWorkspace)?;
        let Some((entry, next)) = decide(scope, &before, now)? else { return Ok(()) };
        let next = Billing { version: next.version.saturating_add(1), ..next };
        let acting = scope.scope();
        let mut change = Change::<Error>::begin(store, &acting, entry, now)?;
        change.require_live(Error::NoWorkspace).write_billing(&before, &next, Error::ChangedMeanwhile)?;
        for occurrence in next.occurrences_since(store.plans(), &before, now) {
            change.report(occurrence, now)?;
        }
        let (from, to) = (before.standing(store.plans(), now), next.standing(store.plans(), now));
        if let Some(runtime) = runtime.filter(|_| from != to) {
            let generation = runtime.generation;
            change.enqueue(RuntimeMessage::Reconcile { workspace: acting.workspace(), generation }, now)?;
        }
        change.commit(None, (), now).await.map(drop)
    })
    .await
}
