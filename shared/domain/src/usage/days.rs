//! Usage of a shard by day, in UTC.
//!
//! Each shard counts its days in the same write as its total. A release counts against the day of the consumption that
//! it returns, whichever shard receives it, so a day of a shard may be negative. The sum over all shards is not, unless
//! the operator returns more on a day than was used on it.

use super::Span;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::BTreeMap;

/// Usage of a shard by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// Time from which days are counted. Earlier usage is in the total only.
    pub since: Timestamp,
    /// Usage of each day.
    pub used: BTreeMap<Date, i64>,
}

impl Days {
    /// Begins counting days over `span`: from the start of the month or, if the count has `begun` without days or has no
    /// month, from now.
    pub(super) fn begin(span: Span, begun: bool, now: Timestamp) -> Self {
        let since = span.month().filter(|_| !begun).map_or(now, |month| month.start);
        Self { since, used: BTreeMap::new() }
    }

    /// Adds `amount` to `day`.
    #[must_use]
    pub(super) fn plus(mut self, day: Date, amount: i64) -> Self {
        if amount != 0 {
            *self.used.entry(day).or_default() += amount;
        }
        self
    }
}

/// The day of `moment` in UTC.
#[must_use]
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}
