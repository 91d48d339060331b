//! The months over which meters count. A paying workspace counts by its billing cycle, any other by the day on which it
//! was created.

use super::Meter;
use crate::{
    billing::account::Billing,
    billing::subscription::{Period, Status, Subscription},
};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};

/// The longest month. A billing period up to this length is one month, whichever day of the month it ends on: one that
/// begins on the last day of February may end on the last day of March.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The farthest that the start of a month lies before the time that is counted, with a day to spare.
pub const LOOK_BACK: SignedDuration = SignedDuration::from_hours(32 * 24);

/// The farthest that the start of a month lies after the time that is counted: Stripe's clock may be ahead, by seconds
/// or, in a test clock, by days. A period that begins later is not counted by.
pub const LOOK_AHEAD: SignedDuration = SignedDuration::from_hours(41 * 24);

/// The period over which a meter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The count never resets.
    Always,
    /// The count resets after this month.
    Month(Period),
}

impl Span {
    /// Time at which the count resets.
    #[must_use]
    pub const fn resets_at(self) -> Option<Timestamp> {
        match self {
            Self::Always => None,
            Self::Month(period) => Some(period.end),
        }
    }

    /// The month, if the count resets.
    #[must_use]
    pub const fn month(self) -> Option<Period> {
        match self {
            Self::Always => None,
            Self::Month(period) => Some(period),
        }
    }
}

/// The period over which `meter` counts at `now`, for a workspace with this billing that was created at `created_at`.
#[must_use]
pub fn span(meter: Meter, now: Timestamp, billing: &Billing, created_at: Timestamp) -> Span {
    if meter.is_monthly { Span::Month(month(now, billing, created_at)) } else { Span::Always }
}

/// The month that contains `now`, for a workspace with this billing that was created at `created_at`.
///
/// The boundaries are computed from a period's start, not from each other, so that a month that begins on the 31st does
/// not drift. A period that ends without an event from Stripe is followed by months from its end.
///
/// The month begins between [`LOOK_BACK`] before and [`LOOK_AHEAD`] after `now`, whatever the clocks say, so that
/// readers who do not know the billing yet find its counts.
#[must_use]
pub fn month(now: Timestamp, billing: &Billing, created_at: Timestamp) -> Period {
    match billing
        .subscription
        .as_ref()
        .filter(|subscription| is_billed(subscription, now) && is_near(subscription.period, now))
    {
        Some(Subscription { period, .. }) if period.end <= now => month_from(period.end, now),
        Some(Subscription { period, .. }) if period.end.duration_since(period.start) <= LONGEST => *period,
        Some(Subscription { period, .. }) => {
            let within = month_from(period.start, now);
            Period { end: within.end.min(period.end), ..within }
        }
        None => month_from(day_of(created_at), now),
    }
}

/// True if the workspace counts by the cycle of `subscription`. A subscription whose first invoice is unpaid does not
/// count, so that opening one does not reset the usage.
fn is_billed(subscription: &Subscription, now: Timestamp) -> bool {
    let billed = match subscription.status {
        Status::Active | Status::Trialing | Status::PastDue | Status::Unpaid | Status::Paused => true,
        Status::Incomplete | Status::IncompleteExpired | Status::Canceled => false,
    };
    billed && subscription.first_payment.is_none() && subscription.ends().is_none_or(|end| now < end)
}

/// True if `period` has begun at `now`, or begins soon enough to be found.
fn is_near(period: Period, now: Timestamp) -> bool {
    period.start.duration_since(now) <= LOOK_AHEAD
}

/// The month, counted from `anchor`, that contains `now`; the first one if `now` is before `anchor`.
fn month_from(anchor: Timestamp, now: Timestamp) -> Period {
    let [from, to] = [anchor, now].map(|moment| moment.to_zoned(TimeZone::UTC));
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
    let begun = if months_after(anchor, months) <= now { months } else { months - 1 }.max(0);
    Period { start: months_after(anchor, begun), end: months_after(anchor, begun + 1) }
}

fn months_after(anchor: Timestamp, months: i32) -> Timestamp {
    let moved = anchor.to_zoned(TimeZone::UTC).checked_add(months.months());
    moved.map_or(Timestamp::MAX, |moved| moved.timestamp())
}

/// The beginning of the day in UTC.
fn day_of(moment: Timestamp) -> Timestamp {
    moment.to_zoned(TimeZone::UTC).start_of_day().map_or(moment, |day| day.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::{money::Interval, samples::plan};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
        text.parse().unwrap()
    }

    fn paying(status: Status, start: &str, end: &str) -> Billing {
        let subscription = Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan("pro").reference(),
            interval: Interval::Month,
            currency: None,
            status,
            period: Period { start: at(start), end: at(end) },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
            first_payment: None,
            seats: None,
            addons: crate::plans::addon::HeldAddons::default(),
            scheduled_addons: None,
            collection_paused: false,
            pending_change: None,
        };
        Billing { subscription: Some(subscription), ..Billing::default() }
    }

    #[track_caller]
    fn check(billing: &Billing, rows: &[(&str, &str, &str)]) {
        for (now, start, end) in rows {
            let found = month(at(now), billing, at("2026-01-31T15:00:00Z"));
            assert_eq!(found, Period { start: at(start), end: at(end) }, "at {now}");
        }
    }

    #[test]
    fn free_workspaces_count_from_their_creation_day() {
        let rows = [
            ("2026-01-31T15:00:00Z", "2026-01-31", "2026-02-28"),
            ("2026-02-27T23:59:59Z", "2026-01-31", "2026-02-28"),
            ("2026-02-28", "2026-02-28", "2026-03-31"),
            ("2026-03-30", "2026-02-28", "2026-03-31"),
            ("2026-03-31", "2026-03-31", "2026-04-30"),
            ("2028-02-29", "2028-02-29", "2028-03-31"),
        ];
        check(&Billing::default(), &rows);
        // An incomplete or ended subscription is not a cycle.
        for status in [Status::Incomplete, Status::IncompleteExpired, Status::Canceled] {
            check(&paying(status, "2026-02-10", "2026-03-10"), &rows[..3]);
        }
        let mut cancelled = paying(Status::Active, "2026-02-10", "2026-03-10");
        cancelled.subscription.as_mut().unwrap().cancel_at_period_end = true;
        check(&cancelled, &[("2026-03-09", "2026-02-10", "2026-03-10"), ("2026-03-10", "2026-02-28", "2026-03-31")]);
    }

    #[test]
    fn monthly_payers_count_by_the_billing_cycle() {
        let rows = [
            ("2026-02-28", "2026-02-28", "2026-03-31"),
            ("2026-03-30T23:00:00Z", "2026-02-28", "2026-03-31"),
            // The clocks of Stripe and Berth differ slightly.
            ("2026-02-27T23:59:59Z", "2026-02-28", "2026-03-31"),
            // Stripe's event is late.
            ("2026-03-31", "2026-03-31", "2026-04-30"),
        ];
        for status in [Status::Active, Status::Trialing, Status::PastDue, Status::Unpaid, Status::Paused] {
            check(&paying(status, "2026-02-28", "2026-03-31"), &rows);
        }
    }

    #[test]
    fn yearly_payers_count_by_months_of_the_period() {
        let yearly = paying(Status::Active, "2025-12-31T10:30:00Z", "2026-12-31T10:30:00Z");
        let rows = [
            ("2025-12-31T10:30:00Z", "2025-12-31T10:30:00Z", "2026-01-31T10:30:00Z"),
            ("2026-02-28T10:29:59Z", "2026-01-31T10:30:00Z", "2026-02-28T10:30:00Z"),
            ("2026-02-28T10:30:00Z", "2026-02-28T10:30:00Z", "2026-03-31T10:30:00Z"),
            ("2026-12-31T10:29:59Z", "2026-11-30T10:30:00Z", "2026-12-31T10:30:00Z"),
            ("2026-12-31T10:30:00Z", "2026-12-31T10:30:00Z", "2027-01-31T10:30:00Z"),
        ];
        check(&yearly, &rows);
        // A trial that ends within a month.
        let trial = paying(Status::Trialing, "2026-02-10", "2026-03-27");
        check(&trial, &[("2026-03-15", "2026-03-10", "2026-03-27")]);
    }

    proptest! {
        #[test]
        fn months_follow_one_another_without_gaps(anchor in 0..4_000_000_000_i64, days in 0..2_000_i64) {
            let anchor = Timestamp::from_second(anchor).unwrap();
            let now = anchor + SignedDuration::from_hours(24 * days);
            let present = month_from(anchor, now);
            prop_assert!(present.start <= now && now < present.end);
            prop_assert!(present.end.duration_since(present.start) <= LONGEST);
            prop_assert_eq!(month_from(anchor, present.end).start, present.end);
        }

        /// Stripe's clock is ahead by `skew`: its period counts from the time at which it is known, and every count lies
        /// where readers look.
        #[test]
        fn months_are_found_whatever_the_clocks_say(
            skew in prop_oneof![-5..40 * 86_400_i64, -400 * 86_400..4_000 * 86_400_i64],
            yearly: bool,
            later in 0..500 * 86_400_i64,
        ) {
            let known = at("2026-11-21T12:00:00Z");
            let [start, now] = [skew, later].map(|seconds| known + SignedDuration::from_secs(seconds));
            let end = months_after(start, if yearly { 12 } else { 1 });
            let mut billing = paying(Status::Active, "2026-11-21", "2026-12-21");
            billing.subscription.as_mut().unwrap().period = Period { start, end };
            let found = month(now, &billing, at("2026-01-31T15:00:00Z"));
            prop_assert!(now - LOOK_BACK <= found.start && found.start <= now + LOOK_AHEAD, "{found:?}");
            prop_assert!(now < found.end);
            if (-5..40 * 86_400).contains(&skew) && now < end && !yearly {
                prop_assert_eq!(found, Period { start, end });
            }
        }
    }
}
