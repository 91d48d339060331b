//! The days of a shard, in UTC.
//!
//! Each shard counts its days next to its total, in the same write. A release counts against the day of the consumption that it
//! returns, whichever shard it is given back at, so a shard's day may be below zero. The sum over all shards is not, unless the operator
//! returns more on a day than was used on it.

use super::Span;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::BTreeMap;

/// The days of a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// The time from which days are counted. What was counted before is in the total only.
    pub since: Timestamp,
    /// The sum of what was counted on each day.
    pub used: BTreeMap<Date, i64>,
}

impl Days {
    /// No days yet, of a count over `span` that begins now or, as `begun` says, began without days.
    pub(super) fn begin(span: Span, begun: bool, now: Timestamp) -> Self {
        let since = span.month().filter(|_| !begun).map_or(now, |month| month.start);
        Self { since, used: BTreeMap::new() }
    }

    /// The same with `amount` more on `day`.
    #[must_use]
    pub(super) fn plus(mut self, day: Date, amount: i64) -> Self {
        if amount != 0 {
            *self.used.entry(day).or_default() += amount;
        }
        self
    }
}

/// The day in UTC of `moment`.
#[must_use]
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}
