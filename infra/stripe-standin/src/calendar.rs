//! Billing periods. The ends of periods are counted from the anchor, never from the previous period: a subscription from
//! the 31st is renewed on the last day of a shorter month and on the 31st again after it
//! (<https://docs.stripe.com/billing/subscriptions/billing-cycle>).

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

/// Billing interval of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl Interval {
    /// Returns Stripe's name of the interval.
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

/// Period of time, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl Period {
    pub(crate) const fn moment(at: Timestamp) -> Self {
        Self { start: at, end: at }
    }

    /// Returns the remaining share of the period at this time, as parts and whole. Prorations are exact to the second
    /// (<https://docs.stripe.com/billing/subscriptions/prorations>).
    pub(crate) fn left(&self, at: Timestamp) -> (i64, i64) {
        let whole = self.end.duration_since(self.start).as_secs().max(1);
        let left = self.end.duration_since(at).as_secs().clamp(0, whole);
        (left, whole)
    }
}

/// Returns the period of this anchor and interval that contains the time.
pub(crate) fn period_at(anchor: Timestamp, interval: Interval, at: Timestamp) -> Period {
    let days = at.duration_since(anchor).as_hours() / 24;
    // A lower bound of the count in every calendar, so that the search only counts up.
    let mut count = (days / (interval.months() * 31) - 1).max(0);
    while nth(anchor, interval, count + 1) <= at {
        count += 1;
    }
    Period { start: nth(anchor, interval, count), end: nth(anchor, interval, count + 1) }
}

/// Returns the time of `count` intervals after the anchor.
pub(crate) fn nth(anchor: Timestamp, interval: Interval, count: i64) -> Timestamp {
    let months = count.saturating_mul(interval.months());
    let moved = Span::new().try_months(months).and_then(|span| anchor.to_zoned(TimeZone::UTC).checked_add(span));
    // Nothing is billed after the end of the calendar.
    moved.map_or(Timestamp::MAX, |time| time.timestamp())
}

/// Adds a duration, limited to the end of the calendar.
pub(crate) fn later(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.saturating_add(duration).unwrap_or(Timestamp::MAX)
}

/// Rounds down to a whole second, because Stripe's times have no fractions (<https://docs.stripe.com/api>, timestamps).
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
