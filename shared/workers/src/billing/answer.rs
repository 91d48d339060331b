//! The answers to commands, which are stored with the commands' keys.

use domain::{
    billing::{
        account::Billing,
        subscription::{Status, Subscription},
    },
    plans::plan::{Interval, Limits, Plan},
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
        let standing = billing.standing(now);
        let paid = billing.subscription.as_ref().filter(|paid| paid.lives() && paid.ends().is_none_or(|end| now < end));
        Self {
            plan: standing.plan,
            status: paid.map_or(Status::Active, |paid| paid.status),
            interval: standing.contract.map_or_else(|| paid.map(|paid| paid.interval), |agreed| agreed.interval),
            current_period_start: paid.map(|paid| paid.period.start),
            current_period_end: paid.map(|paid| paid.period.end),
            cancel_at_period_end: paid.is_some_and(|paid| paid.cancel_at_period_end),
            cancel_at: paid.and_then(Subscription::ends),
            scheduled_plan: paid.and_then(|paid| Some(paid.scheduled?.0)),
            grace_until: paid.and_then(|paid| paid.grace_until),
            trial_end: paid.and_then(|paid| paid.trial_end),
            limits: standing.limits(),
        }
    }
}
