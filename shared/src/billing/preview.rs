//! Previews of the cost and the effects of a change of plan.

use super::{
    usage::span,
    view::{ScheduledUpgrade, UpgradeDelay},
};
use domain::{
    billing::order::{self, OrderDecision, OrderError},
    billing::trial::Trial,
    bounds::budget::Budget,
    identity::access::Action,
    ids::WorkspaceId,
    integrations::Resource,
    plans::plan::{Interval, Limits, Plan},
    usage::{LimitEffect, Meter, total},
    workspace::head::Workspace,
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::Scope;
use stripe::PendingUpdates;
use workers::billing::{BillingDeps, ComparisonCause, Error, compare_with_stripe, explain_absence};

/// Cost and effects of a change of plan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PlanPreview)]
pub struct PlanPreviewView {
    /// Plan after the change.
    pub plan: Plan,
    /// Billing interval after the change; null for the free plan.
    pub interval: Option<Interval>,
    /// Time at which the change would take effect (RFC 3339, UTC); null if it takes effect as soon as it is paid.
    pub effective_at: Option<Timestamp>,
    /// Reason for which an upgrade would take effect at the end of the period; absent if it would not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_delay: Option<UpgradeDelay>,
    /// Amount due immediately, in cents, after credit for the rest of the current period.
    pub amount_due_now: i64,
    /// Price of each following period, in cents.
    pub next_amount: i64,
    /// ISO 4217 currency code of both amounts, in lower case.
    pub currency: &'static str,
    /// Resources whose current usage exceeds the limits of the new plan.
    pub over_limits: Vec<OverLimit>,
}

/// A resource whose usage exceeds the limit of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OverLimit {
    /// Name of the resource.
    pub resource: &'static str,
    /// Amount used.
    pub used: u64,
    /// Limit of the plan.
    pub limit: u64,
    /// Effect of the excess, for clients that show their own text.
    pub effect_code: LimitEffect,
    /// Effect of the excess, in English.
    pub effect: &'static str,
}

/// Previews the cost and the effects of changing `workspace` to `plan`. Changes nothing.
///
/// # Errors
/// [`Error`] under the same conditions as the change itself.
pub async fn preview_plan(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    plan: Plan,
    interval: Option<Interval>,
) -> Result<PlanPreviewView, Error> {
    let now = with.store.ambient().now();
    let (store, action) = (&with.store, Action::PreviewPlan);
    let (read, taken) = tokio::join!(
        store.enter(caller, workspace, None).usage::<Error>(action, &Meter::ALL, now, None),
        store.take::<Error>(caller, workspace, action, Budget::BillingReads)
    );
    let (inside, usage) = read?;
    let decision = order::change(&inside.billing, plan, interval, now)?;
    let paid = inside.billing.subscription.as_ref().filter(|paid| paid.is_payable());
    let interval = match decision {
        OrderDecision::Checkout(_, interval)
        | OrderDecision::Now(_, interval)
        | OrderDecision::AtPeriodEnd(_, interval) => Some(interval),
        OrderDecision::Cancel | OrderDecision::End => None,
        OrderDecision::Keep | OrderDecision::Expected => paid.map(|paid| paid.interval).filter(|_| plan != Plan::Free),
    };
    let next_amount = interval.and_then(|interval| plan.price_usd(interval)).map_or(0, |usd| i64::from(usd) * 100);
    let at_period_end = || paid.map(|paid| paid.ends().unwrap_or(paid.period.end));
    let (effective_at, amount_due_now, upgrade_delay) = match decision {
        OrderDecision::Checkout(..) => {
            (None, if Trial::of(&inside.billing, with.trial).is_some() { 0 } else { next_amount }, None)
        }
        OrderDecision::Now(plan, interval) => {
            taken?;
            let subscription = paid.map(|paid| paid.id.as_str());
            let charge = Charge { customer: inside.billing.customer.as_deref(), subscription, plan, interval };
            match difference(with, &inside.scope, charge).await? {
                Difference::Now(amount) => (None, amount, None),
                Difference::AtRenewal => (paid.map(|paid| paid.period.end), 0, Some(UpgradeDelay::PaymentMethod)),
            }
        }
        OrderDecision::Expected => {
            let upgrade = ScheduledUpgrade::of(&inside.billing).filter(|upgrade| upgrade.plan == plan);
            (at_period_end(), 0, upgrade.map(|upgrade| upgrade.reason))
        }
        OrderDecision::AtPeriodEnd(..) | OrderDecision::Cancel => (at_period_end(), 0, None),
        OrderDecision::Keep | OrderDecision::End => (None, 0, None),
    };
    let meters = Meter::ALL.map(|meter| (meter, total(&usage.shards(span(meter, &inside, now), meter))));
    let over_limits = over(&inside.workspace, &meters, &plan.limits());
    Ok(PlanPreviewView {
        plan,
        interval,
        effective_at,
        upgrade_delay,
        amount_due_now,
        next_amount,
        currency: "usd",
        over_limits,
    })
}

/// An immediate change of plan.
struct Charge<'a> {
    customer: Option<&'a str>,
    subscription: Option<&'a str>,
    plan: Plan,
    interval: Interval,
}

/// Time and amount of the charge for an upgrade.
enum Difference {
    /// This amount is charged immediately, in cents.
    Now(i64),
    /// The upgrade is charged when the period ends, because of the payment method.
    AtRenewal,
}

/// Returns the charge that Stripe would make for an upgrade. An upgrade that is pending is charged as its invoice says.
async fn difference(with: &BillingDeps, scope: &Scope, charge: Charge<'_>) -> Result<Difference, Error> {
    let price = with.catalogue.price(charge.plan, charge.interval);
    let Some((subscription, price)) = charge.subscription.zip(price) else { return Ok(Difference::Now(0)) };
    let account = with.payments.stripe_account::<Error>().await?;
    let cause = ComparisonCause::of(scope.origin().clone());
    let asked = async {
        let present = account.current_subscription(subscription).await?;
        if !present.lives {
            return Ok(None);
        }
        if let Some(pending) =
            present.pending.as_ref().filter(|pending| pending.prices.iter().any(|next| next == price))
        {
            return Ok(Some(Difference::Now(pending.amount_due)));
        }
        if account.pending_updates(subscription).await? == PendingUpdates::Unsupported {
            return Ok(Some(Difference::AtRenewal));
        }
        match present.plan_item(&with.catalogue) {
            Some(item) => account.preview_price_change(&present, item, price).await.map(Difference::Now).map(Some),
            None => Ok(Some(Difference::Now(0))),
        }
    };
    match asked.await {
        Ok(Some(difference)) => Ok(difference),
        Ok(None) => {
            // The stored subscription was outdated.
            compare_with_stripe(with, &scope.system(), cause).await?;
            Err(OrderError::NotSubscribed.into())
        }
        Err(stripe::Error::Refused(_)) => {
            let differs = match charge.customer {
                Some(customer) => account.currency_differs(customer, price).await?,
                None => false,
            };
            Err(if differs { OrderError::CurrencyMismatch } else { OrderError::Refused }.into())
        }
        Err(error) => {
            let error = explain_absence(with, &scope.system(), &cause, error).await;
            // The customer and the subscription exist, so the price does not.
            let price_unknown = matches!(error, Error::Stripe(stripe::Error::Absent(_)));
            Err(if price_unknown { OrderError::PriceUnknown.into() } else { error })
        }
    }
}

/// Returns the resources whose usage exceeds `limits`. Nothing is ever deleted: the excess stays, and nothing can be
/// added.
fn over(workspace: &Workspace, meters: &[(Meter, u64)], limits: &Limits) -> Vec<OverLimit> {
    let made = [(Resource::Members, workspace.counts.seats), (Resource::Integrations, workspace.counts.integrations)];
    made.into_iter()
        .chain(meters.iter().map(|(meter, used)| (meter.resource(), *used)))
        .filter_map(|(resource, used)| {
            let effect_code = resource.effect();
            let limit = resource.limit(limits)?;
            Some(OverLimit { resource: resource.name(), used, limit, effect_code, effect: effect_code.text() })
        })
        .filter(|over| over.used > over.limit)
        .collect()
}
