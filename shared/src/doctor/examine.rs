//! Reads everything that is stored about a workspace and finds differences. Changes nothing.

use super::{deps::DoctorDeps, error::Error};
use domain::{
    billing::account::Billing,
    billing::subscription::Subscription,
    doctor::{Difference, DifferenceCode, Repair, Repairs, WorkspaceSnapshot},
    identity::access::Role,
    identity::denied::Denied,
    ids::UserId,
    integrations::Integration,
    notifications::inbox::InboxHead,
    runtime::reconcile::{Phase, Task, steps},
    runtime::record::WantedState,
    workspace::allowance::Allowance,
    workspace::recount::{Recount, Recounted},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use store::Scope;
use store::{self, audit::LogEnds, notifications::inboxes::Miscounted, runtime::runtimes::RuntimeFacts};
use stripe::CustomerState;

/// The result of an examination.
#[derive(Debug)]
pub(super) struct Examination {
    /// Differences found.
    pub(super) differences: Vec<Difference>,
    /// Counters, and the items that they count.
    pub(super) counters: WorkspaceSnapshot,
    /// Changes that repair the counters.
    pub(super) repairs: Repairs,
    /// Billing and runtime of the workspace.
    pub(super) runtime_facts: RuntimeFacts,
    /// Integrations whose secrets are missing.
    pub(super) secretless: Vec<Integration>,
    /// Allowances whose lists differ.
    pub(super) recounted: Vec<Recounted>,
    /// Inboxes whose counts differ.
    pub(super) miscounted: Vec<Miscounted>,
    /// True if the runtime's record differs from ECS.
    pub(super) runtime_differs: bool,
    /// Repair of the billing.
    pub(super) customer: CustomerRepair,
}

/// Maximum number of inboxes in one repair. A repair is one transaction, which has other parts, too.
const MOST_INBOXES: usize = 10;

/// Repair of a billing that differs from Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CustomerRepair {
    /// Nothing differs, or the operator has to decide.
    Keep,
    /// Compare the billing with Stripe.
    Compare,
    /// Remove the customer, whom Stripe does not know.
    Remove,
}

impl Examination {
    /// Includes the removal of a customer that Stripe does not know.
    pub(super) fn include_unknown_customer(&mut self) {
        for difference in &mut self.differences {
            if (difference.code, difference.repair) == (DifferenceCode::Customer, Some(Repair::ByHand)) {
                difference.repair = Some(Repair::Done);
                self.customer = CustomerRepair::Remove;
            }
        }
    }
}

/// Time within which Stripe must say what it sells. The console has 29 seconds for this and a first workspace.
const PRICES_WITHIN: Duration = Duration::from_secs(5);

/// Returns the prices of the catalogue that Stripe does not sell, or sells for another amount; `None` if Stripe is slow.
///
/// # Errors
/// [`Error`] if Stripe fails.
pub async fn compare_prices(with: &DoctorDeps) -> Result<Option<Vec<Difference>>, Error> {
    let compared = workers::billing::price_differences(&with.payments, with.store.plans());
    tokio::time::timeout(PRICES_WITHIN, compared).await.ok().transpose()
}

/// Examines the workspace of `scope`, reading all sources concurrently.
pub(super) async fn find_differences(with: &DoctorDeps, scope: &Scope) -> Result<Examination, Error> {
    let system = scope.system();
    let (counters, (runtime_facts, mut allowances), miscounted, log) = tokio::try_join!(
        with.store.workspace_snapshot(scope),
        runtime_facts_with_allowances(with, scope),
        with.store.miscounted_inboxes(&system),
        with.store.differing_log_ends(&system)
    )?;
    let counters = counters.ok_or(Denied::Stranger)?;
    if let Some(holder) = counters.holder().filter(|holder| !allowances.contains_key(holder)) {
        // The holder named by the head is no longer an owner.
        allowances.extend(with.store.allowances([holder]).await?);
    }
    let (runtime, subscription, secretless) = tokio::try_join!(
        of_runtime(with, scope, &runtime_facts),
        of_billing(with, &runtime_facts.billing),
        secretless(with, &counters)
    )?;
    let (mut differences, repairs) = counters.differences();
    let standing = runtime_facts.billing.standing(runtime_facts.plans, with.store.ambient().now());
    let recount = Recount { stored: &counters, standing, runtime: &runtime_facts.runtime, allowances: &allowances };
    let (uncounted, recounted) = recount.examined();
    differences.extend(uncounted);
    differences.extend(secretless.iter().map(|integration| Difference::secret_missing(integration.config.kind())));
    let runtime_differs = runtime.is_some();
    let compares = subscription.iter().any(Difference::is_repaired);
    let customer = if compares { CustomerRepair::Compare } else { CustomerRepair::Keep };
    differences.extend(runtime.into_iter().chain(subscription));
    differences.extend(log.map(|LogEnds { head, last }| Difference::audit_log(head, last)));
    let now = with.store.ambient().now();
    let counts = |head: &InboxHead| head.badge(Role::Owner, now).unread;
    differences.extend(miscounted.iter().enumerate().map(|(at, Miscounted { user, before, next })| {
        let repair = if at < MOST_INBOXES { Repair::Done } else { Repair::AskAgain };
        Difference::unread_count(*user, counts(before), counts(next), repair)
    }));
    Ok(Examination {
        differences,
        counters,
        repairs,
        runtime_facts,
        secretless,
        recounted,
        miscounted: miscounted.into_iter().take(MOST_INBOXES).collect(),
        runtime_differs,
        customer,
    })
}

/// Reads the facts for the reconciler, then the allowances of the caller and of the users named by the workspace and
/// its runtime. Both reads run while the workspace's items are read twice.
async fn runtime_facts_with_allowances(
    with: &DoctorDeps,
    scope: &Scope,
) -> Result<(RuntimeFacts, BTreeMap<UserId, Allowance>), store::Error> {
    let runtime_facts = with.store.runtime_facts(&scope.system()).await?;
    let starter = runtime_facts.runtime.held_by.or(runtime_facts.runtime.requested_by);
    let people = [Some(scope.actor()), runtime_facts.held_by, starter];
    let allowances = with.store.allowances(people.into_iter().flatten()).await?;
    Ok((runtime_facts, allowances))
}

/// Returns the difference of the runtime, if ECS shows a task that is not recorded or the state is not as wanted. A
/// pending transition within its deadline is not a difference.
async fn of_runtime(
    with: &DoctorDeps,
    scope: &Scope,
    runtime_facts: &RuntimeFacts,
) -> Result<Option<Difference>, Error> {
    let runtime = &runtime_facts.runtime;
    let shown = with.cluster.tasks_of(scope.workspace(), &runtime.tasks()).await?;
    let now = with.store.ambient().now();
    let wanted = runtime_facts.wanted(now);
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
    let found = json!({ "wanted": wanted_as_json(wanted), "tasks": tasks });
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

fn wanted_as_json(wanted: WantedState) -> Value {
    match wanted {
        WantedState::Running(shape) => json!({ "status": "running", "plan": shape.plan, "size": shape.size }),
        WantedState::Stopped(_) => json!({ "status": "stopped" }),
    }
}

/// Returns the differences of the billing, if Stripe holds another subscription, or further ones.
async fn of_billing(with: &DoctorDeps, billing: &Billing) -> Result<Vec<Difference>, Error> {
    let Some(customer) = &billing.customer else { return Ok(Vec::new()) };
    let account = with.payments.stripe_account::<Error>().await?;
    let lost = |status: &str, repair: Repair| {
        let (recorded, found) = (json!({ "status": "present" }), json!({ "status": status }));
        let (code, subject, repair) = (DifferenceCode::Customer, customer.clone(), Some(repair));
        Ok(vec![Difference { code, subject, recorded, found, repair }])
    };
    let held = match account.customer_at_stripe(customer).await {
        Ok(held) => held,
        Err(error @ stripe::Error::Absent(_)) => match account.customer_state(customer).await? {
            CustomerState::Present => return Err(error.into()),
            CustomerState::Deleted => return lost("deleted", Repair::UnderWay),
            CustomerState::Unknown => return lost("unknown", Repair::ByHand),
        },
        Err(error) => return Err(error.into()),
    };
    let plans = with.store.plans();
    let found = held.current(plans, billing.subscription.as_ref());
    let others = held.others(plans, found.as_ref()).into_iter().map(|other| {
        let (recorded, found) = (json!({ "counts": found.as_ref().map(|paid| &paid.id) }), json!({ "renews": other }));
        let (code, repair) = (DifferenceCode::SecondSubscription, Some(Repair::ByHand));
        Difference { code, subject: customer.clone(), recorded, found, repair }
    });
    let mut differences: Vec<_> = others.collect();
    let stored = billing.subscription.as_ref();
    if found.clone().map(|found| found.without_unread_currency(stored)).as_ref() == stored {
        return Ok(differences);
    }
    let facts = |subscription: Option<&Subscription>| subscription.map_or(Value::Null, facts);
    let (recorded, found) = (facts(billing.subscription.as_ref()), facts(found.as_ref()));
    let (code, subject, repair) = (DifferenceCode::Subscription, customer.clone(), Some(Repair::UnderWay));
    differences.push(Difference { code, subject, recorded, found, repair });
    Ok(differences)
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

/// Returns the integrations that refer to a missing secret.
async fn secretless(with: &DoctorDeps, counters: &WorkspaceSnapshot) -> Result<Vec<Integration>, Error> {
    let mut missing = Vec::new();
    for integration in counters.with_secrets() {
        if let Some(kept) = integration.kept()
            && !with.secrets.exists(kept.id).await?
        {
            missing.push(integration.clone());
        }
    }
    Ok(missing)
}
