//! Looking at everything that is kept of a workspace. Nothing is changed.

use super::{deps::Doctor, error::Error};
use domain::{
    billing::account::Billing,
    billing::subscription::Subscription,
    doctor::{Books, Difference, DifferenceCode, Mending, Repair},
    identity::denied::Denied,
    ids::UserId,
    integrations::Integration,
    runtime::reconcile::{Phase, Task, steps},
    runtime::record::Wanted,
    workspace::allowance::Allowance,
    workspace::recount::{Recount, Recounted},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Scope;
use store::{self, runtime::runtimes::Tended};

/// What was seen.
#[derive(Debug)]
pub(super) struct Seen {
    /// In what it differs.
    pub(super) differences: Vec<Difference>,
    /// What is counted and guarded.
    pub(super) books: Books,
    /// What puts that right.
    pub(super) mending: Mending,
    /// What the workspace pays for, and its runtime.
    pub(super) tended: Tended,
    /// Integrations whose secrets are not there.
    pub(super) secretless: Vec<Integration>,
    /// The allowances whose lists differ.
    pub(super) recounted: Vec<Recounted>,
    /// Whether the runtime's record and ECS differ.
    pub(super) runtime_differs: bool,
    /// Whether the billing and Stripe differ.
    pub(super) billing_differs: bool,
}

/// Looks at all of it, at everything at once.
pub(super) async fn at(with: &Doctor, scope: &Scope) -> Result<Seen, Error> {
    let (books, (tended, mut allowances)) =
        tokio::try_join!(with.store.books(scope), tended_with_allowances(with, scope))?;
    let books = books.ok_or(Denied::Stranger)?;
    if let Some(holder) = books.holder().filter(|holder| !allowances.contains_key(holder)) {
        // Whom the head names is no owner any more.
        allowances.extend(with.store.allowances([holder]).await?);
    }
    let (runtime, subscription, secretless) = tokio::try_join!(
        of_runtime(with, scope, &tended),
        of_billing(with, &tended.billing),
        secretless(with, &books)
    )?;
    let (mut differences, mending) = books.examined();
    let standing = tended.billing.standing(with.store.ambient().now());
    let recount = Recount { books: &books, standing, runtime: &tended.runtime, allowances: &allowances };
    let (uncounted, recounted) = recount.examined();
    differences.extend(uncounted);
    differences.extend(secretless.iter().map(|integration| Difference::secret_missing(integration.config.kind())));
    let (runtime_differs, billing_differs) = (runtime.is_some(), subscription.is_some());
    differences.extend(runtime.into_iter().chain(subscription));
    Ok(Seen { differences, books, mending, tended, secretless, recounted, runtime_differs, billing_differs })
}

/// What decides on the runtime, then the allowances of the caller and of the persons that the workspace and its runtime name: both
/// while the workspace's items are read twice.
async fn tended_with_allowances(
    with: &Doctor,
    scope: &Scope,
) -> Result<(Tended, BTreeMap<UserId, Allowance>), store::Error> {
    let tended = with.store.tended(&scope.system()).await?;
    let starter = tended.runtime.held_by.or(tended.runtime.requested_by);
    let people = [Some(scope.actor()), tended.held_by, starter];
    let allowances = with.store.allowances(people.into_iter().flatten()).await?;
    Ok((tended, allowances))
}

/// The runtime, if ECS shows something that is not on record, or something else is wanted. What is on its way, and not late, is no
/// difference.
async fn of_runtime(with: &Doctor, scope: &Scope, tended: &Tended) -> Result<Option<Difference>, Error> {
    let runtime = &tended.runtime;
    let shown = with.cluster.of(scope.workspace(), &runtime.tasks()).await?;
    let now = with.store.ambient().now();
    let wanted = tended.wanted(now);
    let named = runtime.tasks();
    let stray = shown.iter().any(|task| !named.contains(&&task.arn) && !matches!(task.phase, Phase::Stopped(_)));
    let under_way = runtime.state.due().is_some_and(|due| now < due);
    if !stray && (under_way || steps(wanted, runtime, &shown, now).is_empty()) {
        return Ok(None);
    }
    let recorded = json!({
        "status": runtime.state.status(),
        "tasks": named.iter().map(|task| task.id()).collect::<Vec<_>>(),
    });
    let tasks: Vec<_> = shown.iter().map(task).collect();
    let found = json!({ "wanted": wanted_in_words(wanted), "tasks": tasks });
    let (code, subject, repair) = (DifferenceCode::Runtime, scope.workspace().to_string(), Some(Repair::UnderWay));
    Ok(Some(Difference { code, subject, recorded, found, repair }))
}

fn task(task: &Task) -> Value {
    let phase = match task.phase {
        Phase::Pending => "pending",
        Phase::Running { .. } => "running",
        Phase::Stopping => "stopping",
        Phase::Stopped(_) => "stopped",
    };
    json!({ "task": task.arn.id(), "status": phase })
}

fn wanted_in_words(wanted: Wanted) -> Value {
    match wanted {
        Wanted::Running(shape) => json!({ "status": "running", "plan": shape.plan, "size": shape.size }),
        Wanted::Stopped(_) => json!({ "status": "stopped" }),
    }
}

/// The billing, if Stripe says otherwise.
async fn of_billing(with: &Doctor, billing: &Billing) -> Result<Option<Difference>, Error> {
    let Some(customer) = &billing.customer else { return Ok(None) };
    let held = with.payments.account::<Error>().await?.held(customer).await;
    let found = held?.subscription(&with.catalogue);
    if found == billing.subscription {
        return Ok(None);
    }
    let facts = |subscription: Option<&Subscription>| subscription.map_or(Value::Null, facts);
    let (recorded, found) = (facts(billing.subscription.as_ref()), facts(found.as_ref()));
    let (code, subject, repair) = (DifferenceCode::Subscription, customer.clone(), Some(Repair::UnderWay));
    Ok(Some(Difference { code, subject, recorded, found, repair }))
}

fn facts(subscription: &Subscription) -> Value {
    let end: Timestamp = subscription.period.end;
    json!({
        "id": subscription.id,
        "plan": subscription.paid_plan,
        "interval": subscription.interval,
        "status": subscription.status,
        "current_period_end": end,
        "cancel_at": subscription.ends(),
        "grace_until": subscription.grace_until,
    })
}

/// The integrations that refer to a secret which is not there.
async fn secretless(with: &Doctor, books: &Books) -> Result<Vec<Integration>, Error> {
    let mut missing = Vec::new();
    for integration in books.with_secrets() {
        if let Some(kept) = integration.kept()
            && !with.secrets.is_there(kept.id).await?
        {
            missing.push(integration.clone());
        }
    }
    Ok(missing)
}
