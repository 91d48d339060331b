//! Billing periods. A period's ends are counted from the anchor, never from the period before: who subscribed on the
//! 31st pays on the last day of a shorter month and on the 31st again after it
//! (<https://docs.stripe.com/billing/subscriptions/billing-cycle>).

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

/// How often a price is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl Interval {
    /// Stripe's word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    const fn months(self) -> i64 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
        }
    }
}

/// A stretch of time, its end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl Period {
    pub(crate) const fn moment(at: Timestamp) -> Self {
        Self { start: at, end: at }
    }

    /// The share of the period that is left at that time, as parts of its whole: prorations are exact to the second
    /// (<https://docs.stripe.com/billing/subscriptions/prorations>).
    pub(crate) fn left(&self, at: Timestamp) -> (i64, i64) {
        let whole = self.end.duration_since(self.start).as_secs().max(1);
        let left = self.end.duration_since(at).as_secs().clamp(0, whole);
        (left, whole)
    }
}

/// The period of that anchor and interval in which the time lies.
pub(crate) fn period_at(anchor: Timestamp, interval: Interval, at: Timestamp) -> Period {
    let days = at.duration_since(anchor).as_hours() / 24;
    // Below the true count in every calendar, so that the search goes up only.
    let mut count = (days / (interval.months() * 31) - 1).max(0);
    while nth(anchor, interval, count + 1) <= at {
        count += 1;
    }
    Period { start: nth(anchor, interval, count), end: nth(anchor, interval, count + 1) }
}

/// The anchor, that many intervals later.
pub(crate) fn nth(anchor: Timestamp, interval: Interval, count: i64) -> Timestamp {
    let months = count.saturating_mul(interval.months());
    let moved = Span::new().try_months(months).and_then(|span| anchor.to_zoned(TimeZone::UTC).checked_add(span));
    // Beyond the calendar's end there is nothing to bill.
    moved.map_or(Timestamp::MAX, |time| time.timestamp())
}

/// The time, so many seconds later; the calendar's end if that lies beyond it.
pub(crate) fn later(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.saturating_add(duration).unwrap_or(Timestamp::MAX)
}

/// The whole second in which the time lies: Stripe's times have no fractions (<https://docs.stripe.com/api>, timestamps).
pub(crate) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(anchor: &str, interval: Interval, at: &str, expected: &str) {
        let found = period_at(anchor.parse().unwrap(), interval, at.parse().unwrap());
        let day = |at: Timestamp| at.to_string().get(..10).unwrap().to_owned();
        assert_eq!(format!("{} to {}", day(found.start), day(found.end)), expected, "{anchor} {at}");
    }

    #[test]
    fn periods() {
        use Interval::{Month, Year};
        check("2026-01-31T10:00:00Z", Month, "2026-01-31T10:00:00Z", "2026-01-31 to 2026-02-28");
        check("2026-01-31T10:00:00Z", Month, "2026-02-28T09:59:59Z", "2026-01-31 to 2026-02-28");
        check("2026-01-31T10:00:00Z", Month, "2026-02-28T10:00:00Z", "2026-02-28 to 2026-03-31");
        check("2026-01-31T10:00:00Z", Month, "2028-02-29T10:00:00Z", "2028-02-29 to 2028-03-31");
        check("2024-02-29T00:00:00Z", Year, "2025-06-01T00:00:00Z", "2025-02-28 to 2026-02-28");
        check("2024-02-29T00:00:00Z", Year, "2028-06-01T00:00:00Z", "2028-02-29 to 2029-02-28");
    }

    #[test]
    fn every_moment_of_ten_years_lies_in_its_period() {
        let anchor: Timestamp = "2026-03-30T12:00:00Z".parse().unwrap();
        for day in 0..3_650 {
            let at = later(anchor, SignedDuration::from_hours(24 * day));
            let found = period_at(anchor, Interval::Month, at);
            assert!(found.start <= at && at < found.end, "{at} {found:?}");
        }
    }

    #[test]
    fn shares() {
        let period = Period { start: Timestamp::UNIX_EPOCH, end: Timestamp::from_second(100).unwrap() };
        assert_eq!(period.left(Timestamp::from_second(25).unwrap()), (75, 100));
        assert_eq!(period.left(Timestamp::from_second(200).unwrap()), (0, 100));
    }
}
