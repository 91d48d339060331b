//! Usage of a month by day, summed over all shards of a count.

use super::{Shard, day_of};
use crate::billing::subscription::Period;
use jiff::{Timestamp, ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Usage of a month by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByDay {
    /// Time from which days are counted.
    pub since: Timestamp,
    /// Usage of each day from then until the end of the month or now, oldest first.
    pub days: BTreeMap<Date, u64>,
}

/// Sums the usage of `month` by day over `shards`, as counted at `now`. `None` if the shards were last written before
/// days were counted.
///
/// A return that exceeds the usage of its day reduces the days before it. No day is below zero, and the days of a month
/// that was counted by day from its start add up to its total.
#[must_use]
pub fn by_day(shards: &[Shard], month: Period, now: Timestamp) -> Option<ByDay> {
    let counted = shards.iter().map(|shard| shard.days.as_ref()).collect::<Option<Vec<_>>>()?;
    let since = counted.iter().map(|days| days.since).max().unwrap_or(month.start).max(month.start);
    let last = now.min(month.end.saturating_sub(1.nanosecond()).unwrap_or(month.end));
    let mut sums: BTreeMap<Date, i64> = BTreeMap::new();
    let mut next = Some(day_of(since));
    while let Some(day) = next.filter(|day| *day <= day_of(last)) {
        sums.insert(day, 0);
        next = day.tomorrow().ok();
    }
    for (day, amount) in counted.iter().flat_map(|days| &days.used) {
        // Stripe's clock may begin a month slightly before ours.
        if since == month.start || *day >= day_of(since) {
            *sums.entry(*day).or_default() += amount;
        }
    }
    let excess = carry(sums.values_mut().rev(), 0);
    carry(sums.values_mut(), excess);
    let days = sums.into_iter().map(|(day, sum)| (day, u64::try_from(sum).unwrap_or_default())).collect();
    Some(ByDay { since, days })
}

/// Raises negative sums to zero by reducing the sums that follow; returns the remainder.
fn carry<'a>(sums: impl Iterator<Item = &'a mut i64>, excess: i64) -> i64 {
    sums.fold(excess, |excess, sum| {
        let rest = *sum + excess;
        *sum = rest.max(0);
        rest.min(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::{Days, Terms};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn month() -> Period {
        Period { start: at("2026-11-21T12:00:00Z"), end: at("2026-12-21T12:00:00Z") }
    }

    fn shard(since: &str, used: &[(&str, i64)]) -> Shard {
        let terms = Terms { deal: 1, limit: None, billing: 1, resets_at: Some(month().end) };
        let days = used.iter().map(|(day, sum)| (day.parse().unwrap(), *sum)).collect();
        let days = Some(Days { since: at(since), used: days });
        Shard {
            number: 0,
            used: used.iter().map(|(_, sum)| sum).sum(),
            left: 0,
            version: 1,
            terms,
            limit_reported_at: None,
            near_reported_at: None,
            days,
        }
    }

    #[track_caller]
    fn check(shards: &[Shard], now: &str, expected: &[(&str, u64)]) {
        let found = by_day(shards, month(), at(now)).unwrap();
        let expected: BTreeMap<_, _> = expected.iter().map(|(day, used)| (day.parse().unwrap(), *used)).collect();
        assert_eq!(found.days, expected);
    }

    #[test]
    fn every_day_since_counting_began_is_listed() {
        let (start, now) = ("2026-11-21T12:00:00Z", "2026-11-23T01:00:00Z");
        check(&[], now, &[("2026-11-21", 0), ("2026-11-22", 0), ("2026-11-23", 0)]);
        let two = [shard(start, &[("2026-11-21", 5)]), shard(start, &[("2026-11-21", -2), ("2026-11-23", 1)])];
        check(&two, now, &[("2026-11-21", 3), ("2026-11-22", 0), ("2026-11-23", 1)]);
        let late = shard("2026-11-22T08:00:00Z", &[("2026-11-21", -2), ("2026-11-22", 4)]);
        check(&[late], now, &[("2026-11-22", 4), ("2026-11-23", 0)]);
        let uncounted = Shard { days: None, ..shard(start, &[]) };
        assert_eq!(by_day(&[uncounted, shard(start, &[])], month(), at(now)), None);
        // A month of 31 times 24 hours touches 32 days, and none after its end.
        let long = Period { start: at("2026-12-21T12:00:00Z"), end: at("2027-01-21T12:00:00Z") };
        assert_eq!(by_day(&[], long, at("2027-03-01T00:00:00Z")).unwrap().days.len(), 32);
    }

    #[test]
    fn no_day_is_below_zero_and_the_total_is_kept() {
        let (start, now) = ("2026-11-21T12:00:00Z", "2026-11-23T01:00:00Z");
        let returned = |day: &str| shard(start, &[("2026-11-21", 3), ("2026-11-22", 5), (day, -6)]);
        check(&[returned("2026-11-23")], now, &[("2026-11-21", 2), ("2026-11-22", 0), ("2026-11-23", 0)]);
        let early = shard(start, &[("2026-11-21", -6), ("2026-11-22", 5), ("2026-11-23", 4)]);
        check(&[early], now, &[("2026-11-21", 0), ("2026-11-22", 0), ("2026-11-23", 3)]);
    }
}
