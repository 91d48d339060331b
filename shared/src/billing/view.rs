//! How what is paid for is shown.

use crate::domain::{
    billing::Billing,
    page::{Page, PageRequest},
    plan::{Interval, Limits, Plan, Size},
    subscription::{Status, Subscription},
};
use jiff::Timestamp;
use serde::Serialize;

/// A page at Stripe.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Checkout)]
pub struct CheckoutView {
    /// Its address.
    pub url: String,
}

/// What a workspace pays for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Subscription)]
pub struct SubscriptionView {
    /// The plan in force.
    pub plan: Plan,
    /// How it stands at Stripe; active for a workspace that pays for nothing.
    pub status: Status,
    /// How often is paid.
    pub interval: Option<Interval>,
    /// When the present period began.
    pub current_period_start: Option<Timestamp>,
    /// When it ends.
    pub current_period_end: Option<Timestamp>,
    /// Whether it was cancelled for the end of the period.
    pub cancel_at_period_end: bool,
    /// When it ends, if it was cancelled.
    pub cancel_at: Option<Timestamp>,
    /// The plan that follows at the end of the period, if another one was ordered.
    pub scheduled_plan: Option<Plan>,
    /// Until when the plan stays in force although a payment has failed.
    pub grace_until: Option<Timestamp>,
    /// When the trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// What the plan in force allows.
    pub limits: Limits,
}

impl SubscriptionView {
    /// What `billing` says at `now`. What has ended is not shown: the workspace is on free, as if it had never paid.
    #[must_use]
    pub fn new(billing: &Billing, now: Timestamp) -> Self {
        let plan = billing.standing(now).plan;
        let paid = billing.subscription.as_ref().filter(|paid| paid.lives() && paid.ends().is_none_or(|end| now < end));
        Self {
            plan,
            status: paid.map_or(Status::Active, |paid| paid.status),
            interval: paid.map(|paid| paid.interval),
            current_period_start: paid.map(|paid| paid.period.start),
            current_period_end: paid.map(|paid| paid.period.end),
            cancel_at_period_end: paid.is_some_and(|paid| paid.cancel_at_period_end),
            cancel_at: paid.and_then(Subscription::ends),
            scheduled_plan: paid.and_then(|paid| paid.scheduled_plan),
            grace_until: paid.and_then(|paid| paid.grace_until),
            trial_end: paid.and_then(|paid| paid.trial_end),
            limits: plan.limits(),
        }
    }
}

/// A plan, as it is offered.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Plan offered")]
pub struct PlanView {
    /// Its name.
    pub plan: Plan,
    /// What a month costs, in whole USD; null is by contract.
    pub monthly_price_usd: Option<u32>,
    /// What a year costs, in whole USD.
    pub yearly_price_usd: Option<u32>,
    /// What it allows; null is no limit.
    pub limits: Limits,
    /// How large its runtime is.
    pub runtime: Size,
    /// After how many minutes an idle runtime stops; null is never.
    pub idle_stop_minutes: Option<i64>,
}

/// A page of the catalogue, smallest plan first.
#[must_use]
pub fn plans(page: PageRequest<Plan>) -> Page<PlanView, Plan> {
    let offer = |plan: Plan| PlanView {
        plan,
        monthly_price_usd: plan.price_usd(Interval::Month),
        yearly_price_usd: plan.price_usd(Interval::Year),
        limits: plan.limits(),
        runtime: plan.size(),
        idle_stop_minutes: plan.idle_stop().map(|time| time.as_mins()),
    };
    let mut items: Vec<_> =
        Plan::ALL.into_iter().filter(|plan| page.after.is_none_or(|after| *plan > after)).map(offer).collect();
    let more = items.len() > page.limit.get();
    items.truncate(page.limit.get());
    Page { next: items.last().map(|last| last.plan).filter(|_| more), items }
}
