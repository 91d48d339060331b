//! Monthly budgets of keys: how much of a meter a key may consume in a month of UTC.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::fmt;

/// A month of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyMonth(Date);

impl KeyMonth {
    /// The month of `now`.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.to_zoned(TimeZone::UTC).date().first_of_month())
    }

    /// Beginning of the next month.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let next = self.0.saturating_add(1.month());
        next.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }
}

impl fmt::Display for KeyMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let of = |text: &str| KeyMonth::of(text.parse().unwrap());
        let november = of("2026-11-30T23:59:59Z");
        assert_eq!((november, november.to_string()), (of("2026-11-01T00:00:00Z"), "2026-11".to_owned()));
        assert_eq!(november.end().to_string(), "2026-12-01T00:00:00Z");
        assert_eq!(of("2026-12-31T12:00:00Z").end().to_string(), "2027-01-01T00:00:00Z");
    }
}
