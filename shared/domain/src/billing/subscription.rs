//! A workspace's subscription, as facts, and its standing: the plan in force, computed from the facts and `now`.
//!
//! No scheduled write is needed for a plan to lapse: changes over time are computed on every read.

use crate::{
    billing::pending::PendingChange,
    plans::{
        addon::HeldAddons,
        catalogue::Plans,
        contract::Contract,
        limits::Limits,
        meter::Meter,
        money::{Currency, Interval},
        names::{FeatureName, PlanName},
        plan::Plan,
        shape::Shape,
        size::Size,
        version::PlanVersion,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Time for which a plan stays in force after its first unpaid invoice.
pub const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Time for which facts are trusted after the end of their period.
pub const TRUSTED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// State of a subscription at Stripe. <https://docs.stripe.com/api/subscriptions/object#subscription_object-status>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SubscriptionStatus))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The subscription is paid.
    Active,
    /// The subscription is on trial.
    Trialing,
    /// The latest invoice is not paid yet.
    PastDue,
    /// Stripe has stopped collecting; new invoices stay drafts.
    Unpaid,
    /// The trial ended without a payment method.
    Paused,
    /// The first invoice is not paid yet.
    Incomplete,
    /// The first invoice was not paid in time.
    IncompleteExpired,
    /// The subscription has ended.
    Canceled,
}

/// State of a subscription's first payment, for as long as it has not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstPayment {
    /// It is on its way: a delayed payment method, such as a bank debit, succeeds or fails days later.
    /// <https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification>
    Pending,
    /// It failed or was not made.
    Failed,
}

/// A billing period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Start of the period.
    pub start: Timestamp,
    /// End of the period, which is the start of the next one.
    pub end: Timestamp,
}

/// The facts about a workspace's subscription, all from Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Stripe's id of the subscription.
    pub id: String,
    /// The plan and version of its price.
    pub paid_plan: PlanVersion,
    /// The billing interval.
    pub interval: Interval,
    /// The currency; `None` if it was not read yet. Subscriptions that were stored before currencies were read have none.
    pub currency: Option<Currency>,
    /// Number of seats that are paid; `None` if the price does not depend on the number of members, or if it was not read
    /// yet.
    pub seats: Option<u64>,
    /// The add-ons that are paid.
    pub addons: HeldAddons,
    /// The state at Stripe.
    pub status: Status,
    /// The current period.
    pub period: Period,
    /// Time at which it ends, if it was cancelled for a given time.
    pub cancel_at: Option<Timestamp>,
    /// True if it ends with the current period.
    pub cancel_at_period_end: bool,
    /// Time at which its trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// Time until which the plan stays in force although an invoice is unpaid.
    pub grace_until: Option<Timestamp>,
    /// The plan and interval from the next period on, if a change is scheduled.
    pub scheduled: Option<(PlanVersion, Interval)>,
    /// The add-ons from the next period on, if a change of them is scheduled.
    pub scheduled_addons: Option<HeldAddons>,
    /// State of the first payment, until it has arrived. The subscription gives nothing before.
    pub first_payment: Option<FirstPayment>,
    /// True if the operator has paused the collection of payments at Stripe. The plan stays in force.
    /// <https://docs.stripe.com/billing/subscriptions/pause-payment>
    pub collection_paused: bool,
    /// A change that takes effect once it is paid.
    pub pending_change: Option<PendingChange>,
}

/// The plan in force, and the permission to run a runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The plans of the company.
    pub plans: Plans,
    /// The plan that sets the limits and the size of the runtime.
    pub plan: Plan,
    /// True if a runtime may run.
    pub may_run: bool,
    /// The contract that replaces the plan's own limits and size.
    pub contract: Option<Contract>,
    /// The add-ons that raise the plan's limits.
    pub addons: HeldAddons,
}

impl Standing {
    /// The standing of a workspace that pays for `plan`.
    #[must_use]
    pub fn paid(plans: Plans, plan: Plan) -> Self {
        Self { plans, plan, may_run: true, contract: None, addons: HeldAddons::default() }
    }

    /// The standing of a workspace that pays for nothing.
    #[must_use]
    pub fn unpaid(plans: Plans) -> Self {
        Self::paid(plans, plans.unpaid())
    }

    /// The standing of a workspace whose payment is overdue.
    #[must_use]
    pub fn suspended(plans: Plans) -> Self {
        Self { may_run: false, ..Self::unpaid(plans) }
    }

    /// The standing of a workspace with a contract. A Stripe subscription next to it changes nothing.
    #[must_use]
    pub fn under_contract(plans: Plans, contract: Contract) -> Self {
        Self { contract: Some(contract.clone()), ..Self::paid(plans, contract.base(plans)) }
    }

    /// True if the workspace is on the plan that costs nothing. A subscription that is overdue beyond its grace period
    /// counts as none.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.contract.is_none() && self.plan.name == self.plans.unpaid().name
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> Limits {
        match &self.contract {
            Some(contract) => contract.limits(self.plans),
            None => self.plans.limits_with(self.plan, &self.addons),
        }
    }

    /// The limit of `meter` in force; `None` is unlimited.
    #[must_use]
    pub fn limit(&self, meter: Meter) -> Option<u64> {
        self.limits().of(meter)
    }

    /// True if `feature` is in force: the plan has it, or the contract adds it.
    #[must_use]
    pub fn includes(&self, feature: FeatureName) -> bool {
        let added = self.contract.as_ref().is_some_and(|contract| contract.features.contains(&feature));
        added || self.plan.features.contains(&feature)
    }

    /// The smallest larger plan that has `feature`; `None` if there is none.
    #[must_use]
    pub fn next_with(&self, feature: FeatureName) -> Option<PlanName> {
        self.plans.next_with(self.plan, feature)
    }

    /// The smallest larger plan with a higher limit of `meter`; `None` if there is none.
    #[must_use]
    pub fn next_with_more(&self, meter: Meter) -> Option<PlanName> {
        self.plans.next_with_more(self.plan, meter, self.limit(meter)?)
    }

    /// The size of the runtime; `None` if the plan has none.
    #[must_use]
    pub fn size(&self) -> Option<Size> {
        self.contract.as_ref().and_then(|contract| contract.runtime).or(self.plan.size)
    }

    /// The shape of the runtime's task; `None` if the plan has none.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        Some(Shape { plan: self.plan.reference(), size: Some(self.size()?) })
    }

    /// The standing at `now` of a workspace with this subscription, or without one.
    #[must_use]
    pub fn at(now: Timestamp, plans: Plans, subscription: Option<&Subscription>) -> Self {
        let unpaid = Self::unpaid(plans);
        let Some(subscription) = subscription else { return unpaid };
        // The catalogue has every version that was sold. One that it does not have gives nothing.
        let Some(plan) = plans.version(subscription.paid_plan) else { return unpaid };
        let paid = Self { addons: subscription.addons.clone(), ..Self::paid(plans, plan) };
        if subscription.first_payment.is_some() {
            return unpaid;
        }
        match subscription.status {
            Status::Active | Status::Trialing if subscription.ends().is_some_and(|end| end <= now) => unpaid,
            Status::Active | Status::Trialing if after(subscription.period.end, TRUSTED) <= now => {
                Self::suspended(plans)
            }
            Status::Active | Status::Trialing => paid,
            Status::PastDue if subscription.grace_until.is_some_and(|until| now < until) => paid,
            Status::PastDue | Status::Unpaid | Status::Paused => Self::suspended(plans),
            Status::Incomplete | Status::IncompleteExpired | Status::Canceled => unpaid,
        }
    }
}

impl Subscription {
    /// The subscription without its currency, if the `stored` one is from before currencies were read.
    #[must_use]
    pub fn without_unread_currency(self, stored: Option<&Self>) -> Self {
        let is_read = stored.is_none_or(|stored| stored.currency.is_some());
        Self { currency: self.currency.filter(|_| is_read), ..self }
    }

    /// Time at which a cancellation takes effect, if there is one.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let at_period_end = self.cancel_at_period_end.then_some(self.period.end);
        self.cancel_at.into_iter().chain(at_period_end).min()
    }

    /// True if the subscription can still be paid. A customer has at most one of these.
    #[must_use]
    pub const fn is_payable(&self) -> bool {
        self.status.is_payable()
    }

    /// True if the subscription gives nothing until a payment is made, and none is on its way. A new purchase replaces
    /// it.
    #[must_use]
    pub const fn is_replaceable(&self) -> bool {
        self.status.is_replaceable(self.first_payment)
    }

    /// Times at which the facts change by time alone, or an event from Stripe is expected.
    pub fn next_change_times(&self) -> impl Iterator<Item = Timestamp> {
        let trial = [self.trial_announced_at(), self.trial_end];
        let expiry = self.pending_change.as_ref().map(|change| change.expires_at);
        [self.cancel_at, Some(self.period.end), self.grace_until, expiry].into_iter().chain(trial).flatten()
    }

    /// The change that takes effect once it is paid, unless it has expired at `now`.
    #[must_use]
    pub fn pending_at(&self, now: Timestamp) -> Option<&PendingChange> {
        self.pending_change.as_ref().filter(|change| now < change.expires_at)
    }
}

impl Status {
    /// True if a subscription with this status can still be paid.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        match self {
            Self::Active | Self::Trialing | Self::PastDue | Self::Unpaid | Self::Paused | Self::Incomplete => true,
            Self::IncompleteExpired | Self::Canceled => false,
        }
    }

    /// True if a subscription with this status gives nothing, or not for long, until a payment is made.
    #[must_use]
    pub const fn awaits_payment(self) -> bool {
        match self {
            Self::PastDue | Self::Unpaid | Self::Paused | Self::Incomplete => true,
            Self::Active | Self::Trialing | Self::IncompleteExpired | Self::Canceled => false,
        }
    }

    /// True if a new purchase replaces a subscription with this status and first payment.
    #[must_use]
    pub const fn is_replaceable(self, first: Option<FirstPayment>) -> bool {
        match (self, first) {
            (_, Some(FirstPayment::Pending)) => false,
            (Self::Unpaid | Self::Paused | Self::Incomplete, _) | (Self::PastDue, Some(FirstPayment::Failed)) => true,
            (Self::PastDue, None)
            | (
                Self::Active | Self::Trialing | Self::IncompleteExpired | Self::Canceled,
                Some(FirstPayment::Failed) | None,
            ) => false,
        }
    }

    /// True if a payment of a subscription with this status is overdue.
    #[must_use]
    pub const fn owes(self) -> bool {
        match self {
            Self::PastDue | Self::Unpaid => true,
            Self::Active
            | Self::Trialing
            | Self::Paused
            | Self::Incomplete
            | Self::IncompleteExpired
            | Self::Canceled => false,
        }
    }
}

/// Adds `time` to `moment`, without overflow.
fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::{plan, plans};
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}T00:00:00Z").parse().unwrap()
    }

    fn pro(status: Status) -> Subscription {
        Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan("pro").reference(),
            interval: Interval::Month,
            currency: Some(Currency::USD),
            status,
            period: Period { start: at("2026-11-01"), end: at("2026-12-01") },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
            first_payment: None,
            seats: None,
            addons: HeldAddons::default(),
            scheduled_addons: None,
            collection_paused: false,
            pending_change: None,
        }
    }

    #[track_caller]
    fn check(subscription: &Subscription, now: &str, wanted: Expect) {
        let Standing { plan, may_run, .. } = Standing::at(at(now), plans(), Some(subscription));
        wanted.assert_eq(&format!("{}, {}", plan.name, if may_run { "may run" } else { "may not run" }));
    }

    #[test]
    fn standing_while_paid() {
        for status in [Status::Active, Status::Trialing] {
            check(&pro(status), "2026-11-15", expect!["pro, may run"]);
            // The renewal event may be late.
            check(&pro(status), "2026-12-07", expect!["pro, may run"]);
            check(&pro(status), "2026-12-08", expect!["free, may not run"]);
        }
    }

    #[test]
    fn standing_after_a_cancellation() {
        let at_period_end = Subscription { cancel_at_period_end: true, ..pro(Status::Active) };
        check(&at_period_end, "2026-11-30", expect!["pro, may run"]);
        check(&at_period_end, "2026-12-01", expect!["free, may run"]);
        let before = Subscription { cancel_at: Some(at("2026-11-10")), ..at_period_end };
        check(&before, "2026-11-09", expect!["pro, may run"]);
        check(&before, "2026-11-10", expect!["free, may run"]);
        // The facts are outdated, but the end was known.
        check(&before, "2027-06-01", expect!["free, may run"]);
    }

    #[test]
    fn standing_while_an_invoice_is_open() {
        let graced = Subscription { grace_until: Some(at("2026-11-08")), ..pro(Status::PastDue) };
        check(&graced, "2026-11-07", expect!["pro, may run"]);
        check(&graced, "2026-11-08", expect!["free, may not run"]);
        check(&pro(Status::PastDue), "2026-11-02", expect!["free, may not run"]);
        for status in [Status::Unpaid, Status::Paused] {
            check(&Subscription { status, ..graced.clone() }, "2026-11-02", expect!["free, may not run"]);
        }
    }

    #[test]
    fn standing_without_a_payable_subscription() {
        for status in [Status::Incomplete, Status::IncompleteExpired, Status::Canceled] {
            check(&pro(status), "2026-11-15", expect!["free, may run"]);
        }
        assert_eq!(Standing::at(at("2026-11-15"), plans(), None), Standing::unpaid(plans()));
    }

    #[test]
    fn no_plan_before_the_first_payment_has_arrived() {
        for first in [FirstPayment::Pending, FirstPayment::Failed] {
            for status in [Status::Active, Status::PastDue, Status::Unpaid, Status::Incomplete] {
                let waiting = Subscription { first_payment: Some(first), ..pro(status) };
                check(&waiting, "2026-11-15", expect!["free, may run"]);
                // The plan can be bought again once the payment has failed.
                let failed = first == FirstPayment::Failed && status != Status::Active;
                assert_eq!(waiting.is_replaceable(), failed, "{first:?} {status:?}");
            }
        }
    }

    fn any_status() -> impl Strategy<Value = Status> {
        prop::sample::select(vec![
            Status::Active,
            Status::Trialing,
            Status::PastDue,
            Status::Unpaid,
            Status::Paused,
            Status::Incomplete,
            Status::IncompleteExpired,
            Status::Canceled,
        ])
    }

    proptest! {
        /// Whatever the facts and however late: without new facts from Stripe, a paid plan ends.
        ///
        /// Invariant 12.
        #[test]
        fn no_plan_outlives_its_payment_and_grace(
            status in any_status(),
            grace in proptest::option::of(0..40_i64),
            cancel in proptest::option::of(0..40_i64),
            cancel_at_period_end: bool,
            day in 0..400_i64,
        ) {
            let start = at("2026-11-01");
            let days = |n: i64| after(start, SignedDuration::from_hours(24 * n));
            let subscription = Subscription {
                grace_until: grace.map(days),
                cancel_at: cancel.map(days),
                cancel_at_period_end,
                ..pro(status)
            };
            let now = days(day);
            let standing = Standing::at(now, plans(), Some(&subscription));
            if standing.plan != plan("free") {
                let stated = after(subscription.period.end, TRUSTED).max(subscription.grace_until.unwrap_or(start));
                prop_assert!(now < stated);
                prop_assert!(subscription.status == Status::PastDue || subscription.ends().is_none_or(|end| now < end));
            }
            // The standing only changes at a time that the subscription names, or when the facts are no longer trusted.
            let known = subscription.next_change_times().chain([after(subscription.period.end, TRUSTED)]);
            if !known.into_iter().any(|moment| start < moment && moment <= now) {
                prop_assert_eq!(standing, Standing::at(start.min(now), plans(), Some(&subscription)));
            }
        }
    }
}
