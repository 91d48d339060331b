//! Previews of the cost and the effects of a change of plan.

use super::{
    charge::{Charge, charge},
    usage::month::span,
    view::{ScheduledUpgrade, UpgradeDelay},
};
use domain::{
    billing::intent::PlanChange,
    billing::order::{self, OrderDecision},
    billing::subscription::Subscription,
    billing::trial::Trial,
    bounds::budget::Budget,
    identity::access::Action,
    ids::WorkspaceId,
    plans::{
        addon::HeldAddons,
        limits::Limits,
        meter::Meter,
        money::{Currency, Interval},
        names::{MeterName, PlanName},
        plan::Plan,
        price::PriceName,
        version::PlanVersion,
    },
    usage::{CurrentUsage, LimitEffect, total},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Authorized, usage::UsageKeys};
use workers::billing::{BillingDeps, Error};

/// Cost and effects of a change of plan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PlanPreview)]
pub struct PlanPreviewView {
    /// Plan after the change.
    pub plan: PlanName,
    /// Billing interval after the change; null for the plan that costs nothing.
    pub interval: Option<Interval>,
    /// Time at which the change would take effect (RFC 3339, UTC); null if it takes effect as soon as it is paid.
    pub effective_at: Option<Timestamp>,
    /// Reason for which an upgrade would take effect at the end of the period; absent if it would not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_delay: Option<UpgradeDelay>,
    /// Amount due immediately, in the currency's minor unit, for example cents, after credit for the rest of the current period.
    pub amount_due_now: i64,
    /// Price of each following period with all add-ons, in the currency's minor unit; of a plan that is paid by the seat, for all
    /// seats.
    pub next_amount: i64,
    /// Number of seats that are paid after the change; null if the price does not depend on the number of members.
    pub seats: Option<u64>,
    /// ISO 4217 currency code of both amounts, in lower case.
    pub currency: Currency,
    /// Resources whose current usage exceeds the limits of the new plan.
    pub over_limits: Vec<OverLimit>,
}

/// A resource whose usage exceeds the limit of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OverLimit {
    /// Name of the resource.
    pub resource: MeterName,
    /// Amount used.
    pub used: u64,
    /// Limit of the plan.
    pub limit: u64,
    /// Effect of the excess, for clients that show their own text.
    pub effect_code: LimitEffect,
    /// Effect of the excess, in English.
    pub effect: &'static str,
}

/// A change of plan to preview.
#[derive(Debug, Clone, Copy)]
pub struct PreviewRequest {
    /// New plan.
    pub plan: Plan,
    /// New billing interval; `None` keeps the current one.
    pub interval: Option<Interval>,
    /// Currency; `None` keeps the current one.
    pub currency: Option<Currency>,
}

/// Previews the cost and the effects of a change of the plan of `workspace`. Changes nothing.
///
/// # Errors
/// [`Error`] under the same conditions as the change itself.
pub async fn preview_plan(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    PreviewRequest { plan, interval, currency }: PreviewRequest,
) -> Result<PlanPreviewView, Error> {
    let now = with.store.ambient().now();
    let (store, action) = (&with.store, Action::PreviewPlan);
    let meters: Vec<_> = store.plans().consumed().collect();
    let read = store.enter(caller, workspace, None).usage::<Error>(action, &meters, now, UsageKeys::default());
    let ((inside, usage), taken) = store.read_and_take((caller, workspace), action, Budget::BillingReads, read).await?;
    let decision = order::change(inside.plans, &inside.billing, plan, interval, now)?;
    let paid = inside.billing.subscription.as_ref().filter(|paid| paid.is_payable());
    let interval = match decision {
        OrderDecision::Checkout(_, interval)
        | OrderDecision::Now(_, interval)
        | OrderDecision::AtPeriodEnd(_, interval) => Some(interval),
        OrderDecision::Cancel | OrderDecision::End => None,
        OrderDecision::Keep
        | OrderDecision::Expected
        | OrderDecision::AddonsNow(_)
        | OrderDecision::AddonsAtPeriodEnd(_) => {
            paid.map(|paid| paid.interval).filter(|_| plan != inside.plans.unpaid())
        }
    };
    let price = match decision {
        OrderDecision::Checkout(plan, interval) => {
            Some(order::first_price(inside.plans, &inside.billing, (plan, interval, currency))?)
        }
        OrderDecision::Now(plan, interval) | OrderDecision::AtPeriodEnd(plan, interval) => {
            Some(order::subscribed_price(inside.plans, &inside.billing, (plan, interval, currency))?)
        }
        // These stay as they were bought, also if that is no longer sold.
        OrderDecision::Keep | OrderDecision::AddonsNow(_) | OrderDecision::AddonsAtPeriodEnd(_) => {
            paid.filter(|_| interval.is_some()).map(|paid| bought(&inside, paid, paid_as(paid)))
        }
        OrderDecision::Expected => {
            paid.and_then(|paid| Some(bought(&inside, paid, paid.scheduled.filter(|_| interval.is_some())?)))
        }
        OrderDecision::Cancel | OrderDecision::End => None,
    };
    let plan = price.and_then(|price| inside.plans.version(price.plan)).unwrap_or(plan);
    let quantity = plan.quantity(inside.workspace.counts.members);
    let amount = price.and_then(|price| inside.plans.amount(price)).map(|amount| amount.saturating_mul(quantity));
    let next_amount = amount.map_or(0, |amount| i64::try_from(amount).unwrap_or(i64::MAX));
    let at_period_end = || paid.map(|paid| paid.ends().unwrap_or(paid.period.end));
    let members = inside.workspace.counts.members;
    let ordered = match paid {
        Some(_) => order::ordered_change(inside.plans, &inside.billing, members, &decision, currency)?,
        None => None,
    };
    let stays = paid.filter(|_| interval.is_some());
    let held: HeldAddons = match &decision {
        // What stays, and what is scheduled, was ordered before.
        OrderDecision::Keep => stays.map(|paid| paid.addons.clone()).unwrap_or_default(),
        OrderDecision::Expected => {
            stays.map(|paid| paid.scheduled_addons.as_ref().unwrap_or(&paid.addons).clone()).unwrap_or_default()
        }
        OrderDecision::Checkout(..)
        | OrderDecision::Now(..)
        | OrderDecision::AtPeriodEnd(..)
        | OrderDecision::AddonsNow(_)
        | OrderDecision::AddonsAtPeriodEnd(_)
        | OrderDecision::Cancel
        | OrderDecision::End => {
            let addons = ordered.as_ref().map(PlanChange::addons).unwrap_or_default();
            addons.iter().map(|addon| (addon.price.addon, addon.quantity)).collect()
        }
    };
    let of_addons = held.iter().filter_map(|(addon, quantity)| {
        let amount = inside.plans.addon(addon)?.price(interval?, price?.currency)?;
        Some(amount.saturating_mul(quantity))
    });
    let next_amount =
        i64::try_from(of_addons.fold(0, u64::saturating_add)).map_or(i64::MAX, |sum| next_amount.saturating_add(sum));
    let (effective_at, amount_due_now, upgrade_delay) = match decision {
        OrderDecision::Checkout(..) => {
            (None, if Trial::of(&inside.billing, plan.trial).is_some() { 0 } else { next_amount }, None)
        }
        OrderDecision::Now(..) => {
            taken?;
            match charge(with, &inside.scope, &inside.billing, ordered.as_ref()).await? {
                Charge::Now(amount) => (None, amount, None),
                Charge::AtRenewal => (paid.map(|paid| paid.period.end), 0, Some(UpgradeDelay::PaymentMethod)),
            }
        }
        OrderDecision::Expected => {
            let upgrade =
                ScheduledUpgrade::of(inside.plans, &inside.billing).filter(|upgrade| upgrade.plan == plan.name);
            (at_period_end(), 0, upgrade.map(|upgrade| upgrade.reason))
        }
        OrderDecision::AtPeriodEnd(..) | OrderDecision::Cancel => (at_period_end(), 0, None),
        OrderDecision::Keep
        | OrderDecision::End
        | OrderDecision::AddonsNow(_)
        | OrderDecision::AddonsAtPeriodEnd(_) => (None, 0, None),
    };
    let used = CurrentUsage::new(inside.plans, &inside.workspace.counts, |meter| {
        total(&usage.shards(span(meter, &inside, now), meter))
    });
    let over_limits = over(&used, &inside.plans.limits_with(plan, &held));
    Ok(PlanPreviewView {
        plan: plan.name,
        interval,
        effective_at,
        upgrade_delay,
        amount_due_now,
        next_amount,
        seats: price.filter(|_| plan.is_per_seat()).map(|_| quantity),
        currency: price
            .map(|price| price.currency)
            .or(inside.billing.currency())
            .unwrap_or_else(|| inside.plans.currency()),
        over_limits,
    })
}

/// The plan and the interval of a subscription.
const fn paid_as(paid: &Subscription) -> (PlanVersion, Interval) {
    (paid.paid_plan, paid.interval)
}

/// The price of a plan that was bought, now or from the next period on.
fn bought(inside: &Authorized<'_>, paid: &Subscription, (plan, interval): (PlanVersion, Interval)) -> PriceName {
    PriceName { plan, interval, currency: paid.currency.unwrap_or_else(|| inside.plans.currency()) }
}

/// Returns the resources whose usage exceeds `limits`. Nothing is ever deleted: the excess stays, and nothing can be
/// added.
pub(super) fn over(usage: &CurrentUsage, limits: &Limits) -> Vec<OverLimit> {
    let view = |(meter, used, limit): (Meter, u64, u64)| {
        let effect_code = meter.effect();
        OverLimit { resource: meter.name, used, limit, effect_code, effect: effect_code.text() }
    };
    usage.over(limits).map(view).collect()
}
