//! What a workspace pays for, as facts, and its standing: the plan in force, computed from the facts and `now`.
//!
//! No clock has to write for a plan to lapse: what time changes is computed whenever it is asked.

use crate::{
    plans::contract::Contract,
    plans::plan::{Interval, Limits, Plan, Size},
    plans::shape::Shape,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a plan outlives the first invoice that stays open.
pub const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long facts are believed after the period they speak of.
pub const BELIEVED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What Stripe says of a subscription's state.
/// <https://docs.stripe.com/api/subscriptions/object#subscription_object-status>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Paid.
    Active,
    /// On trial.
    Trialing,
    /// The latest invoice could not be paid yet.
    PastDue,
    /// Stripe has given up collecting; new invoices stay drafts.
    Unpaid,
    /// A trial ended without a payment method.
    Paused,
    /// The first invoice is not paid yet.
    Incomplete,
    /// The first invoice was not paid in time.
    IncompleteExpired,
    /// It has ended.
    Canceled,
}

/// A stretch of time that is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its beginning.
    pub start: Timestamp,
    /// Its end, which is the beginning of the next.
    pub end: Timestamp,
}

/// What is known of a workspace's subscription. All of it comes from Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Stripe's id of it.
    pub id: String,
    /// The plan its price stands for.
    pub paid_plan: Plan,
    /// How often is paid.
    pub interval: Interval,
    /// Its state.
    pub status: Status,
    /// The present period.
    pub period: Period,
    /// When it will end, if it was cancelled for a time.
    pub cancel_at: Option<Timestamp>,
    /// Whether it will end with the present period.
    pub cancel_at_period_end: bool,
    /// When its trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// Until when the plan stays in force although an invoice is open.
    pub grace_until: Option<Timestamp>,
    /// What follows at the end of the period, if something else was ordered.
    pub scheduled: Option<(Plan, Interval)>,
}

/// What is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The plan whose limits hold, and whose size a runtime has.
    pub plan: Plan,
    /// Whether a runtime may run.
    pub may_run: bool,
    /// What was agreed in place of the plan's own limits and size.
    pub contract: Option<Contract>,
}

impl Standing {
    const FREE: Self = Self::paid(Plan::Free);
    const SUSPENDED: Self = Self { may_run: false, ..Self::FREE };

    /// The standing of a workspace that pays for `plan`.
    #[must_use]
    pub const fn paid(plan: Plan) -> Self {
        Self { plan, may_run: true, contract: None }
    }

    /// The standing of a workspace with a contract: what it pays for at Stripe beside it changes nothing.
    #[must_use]
    pub const fn agreed(contract: Contract) -> Self {
        Self { contract: Some(contract), ..Self::paid(Plan::Enterprise) }
    }

    /// Whether nothing is paid for: a subscription whose payment is overdue beyond its grace counts as none.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.plan == Plan::Free
    }

    /// What may be used.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.contract.map_or_else(|| self.plan.limits(), |contract| contract.limits)
    }

    /// How large the runtime is.
    #[must_use]
    pub fn size(&self) -> Size {
        self.contract.map_or_else(|| self.plan.size(), |contract| contract.runtime)
    }

    /// What its runtime's task is made as.
    #[must_use]
    pub fn shape(&self) -> Shape {
        Shape { plan: self.plan, size: self.size() }
    }

    /// The standing at `now` of a workspace with this subscription, or with none.
    #[must_use]
    pub fn at(now: Timestamp, subscription: Option<&Subscription>) -> Self {
        let Some(subscription) = subscription else { return Self::FREE };
        let paid = Self::paid(subscription.paid_plan);
        match subscription.status {
            Status::Active | Status::Trialing if subscription.ends().is_some_and(|end| end <= now) => Self::FREE,
            Status::Active | Status::Trialing if after(subscription.period.end, BELIEVED) <= now => Self::SUSPENDED,
            Status::Active | Status::Trialing => paid,
            Status::PastDue if subscription.grace_until.is_some_and(|until| now < until) => paid,
            Status::PastDue | Status::Unpaid | Status::Paused => Self::SUSPENDED,
            Status::Incomplete | Status::IncompleteExpired | Status::Canceled => Self::FREE,
        }
    }
}

impl Subscription {
    /// When a cancellation takes effect, if there is one.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        let at_period_end = self.cancel_at_period_end.then_some(self.period.end);
        self.cancel_at.into_iter().chain(at_period_end).min()
    }

    /// Whether it can still be paid for: a customer never has two of these.
    #[must_use]
    pub const fn lives(&self) -> bool {
        self.status.lives()
    }

    /// The moments at which its facts change by time alone, or something should be heard of it.
    pub fn changes_at(&self) -> impl Iterator<Item = Timestamp> {
        let trial = [self.trial_announced_at(), self.trial_end];
        [self.cancel_at, Some(self.period.end), self.grace_until].into_iter().chain(trial).flatten()
    }
}

impl Status {
    /// Whether a subscription of this status can still be paid for.
    #[must_use]
    pub const fn lives(self) -> bool {
        match self {
            Self::Active | Self::Trialing | Self::PastDue | Self::Unpaid | Self::Paused | Self::Incomplete => true,
            Self::IncompleteExpired | Self::Canceled => false,
        }
    }
}

/// `moment` and `time` more.
fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}T00:00:00Z").parse().unwrap()
    }

    fn pro(status: Status) -> Subscription {
        Subscription {
            id: "sub_1".to_owned(),
            paid_plan: Plan::Pro,
            interval: Interval::Month,
            status,
            period: Period { start: at("2026-11-01"), end: at("2026-12-01") },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
        }
    }

    #[track_caller]
    fn check(subscription: &Subscription, now: &str, wanted: Expect) {
        let Standing { plan, may_run, .. } = Standing::at(at(now), Some(subscription));
        wanted.assert_eq(&format!("{}, {}", plan.name(), if may_run { "may run" } else { "may not run" }));
    }

    #[test]
    fn standing_while_paid() {
        for status in [Status::Active, Status::Trialing] {
            check(&pro(status), "2026-11-15", expect!["pro, may run"]);
            // The renewal's event may be late.
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
        // Long unsynced, but it was known to end.
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
    fn standing_without_a_living_subscription() {
        for status in [Status::Incomplete, Status::IncompleteExpired, Status::Canceled] {
            check(&pro(status), "2026-11-15", expect!["free, may run"]);
        }
        assert_eq!(Standing::at(at("2026-11-15"), None), Standing::FREE);
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
        /// Whatever the facts and however late: without a new word from Stripe a paid plan ends.
        #[test]
        fn invariant_12_no_plan_outlives_what_was_paid_and_the_stated_grace(
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
            let standing = Standing::at(now, Some(&subscription));
            if standing.plan != Plan::Free {
                let stated = after(subscription.period.end, BELIEVED).max(subscription.grace_until.unwrap_or(start));
                prop_assert!(now < stated);
                prop_assert!(subscription.status == Status::PastDue || subscription.ends().is_none_or(|end| now < end));
            }
            // What time changes lies behind a moment that the subscription names, or where it is no longer believed.
            let known = subscription.changes_at().chain([after(subscription.period.end, BELIEVED)]);
            if !known.into_iter().any(|moment| start < moment && moment <= now) {
                prop_assert_eq!(standing, Standing::at(start.min(now), Some(&subscription)));
            }
        }
    }
}
