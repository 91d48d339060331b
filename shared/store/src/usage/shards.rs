//! The shards of each meter's counts.

use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::calls::Query,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
    table::transaction::Number,
};
use domain::{
    ids::WorkspaceId,
    plans::names::MeterName,
    usage::{Days, LOOK_AHEAD, LOOK_BACK, Meter, Shard, Span, Terms},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredShard {
    number: u8,
    used: i64,
    left: i64,
    version: u64,
    deal: u64,
    limit: Option<u64>,
    billing: u64,
    resets_at: Option<Timestamp>,
    #[serde(default, rename = "told", skip_serializing_if = "Option::is_none")]
    limit_reported_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    near_reported_at: Option<Timestamp>,
    /// This and the following field are missing in shards last dealt before days were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<BTreeMap<Date, i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days_since: Option<Timestamp>,
}

/// The sum of a day in a shard. A month has at most 32 days, which keep a shard below 1 KB: one write unit.
pub(super) fn day(day: Date) -> Number {
    Number::Member { map: "days", name: day.to_string() }
}

impl Stored for StoredShard {
    const KIND: ItemKind = ItemKind::Usage;
}

pub(crate) fn parse(item: &Item) -> Result<Shard, Corrupt> {
    let stored: StoredShard = decode(item)?;
    let StoredShard {
        number,
        used,
        left,
        version,
        deal,
        limit,
        billing,
        resets_at,
        limit_reported_at,
        near_reported_at,
        days,
        days_since,
    } = stored;
    let days = days.zip(days_since).map(|(used, since)| Days { since, used });
    let terms = Terms { deal, limit, billing, resets_at };
    Ok(Shard { number, used, left, version, terms, limit_reported_at, near_reported_at, days })
}

pub(super) fn item(key: &keys::Key, shard: &Shard) -> Result<Item, Error> {
    let Shard {
        number,
        used,
        left,
        version,
        terms: Terms { deal, limit, billing, resets_at },
        limit_reported_at,
        near_reported_at,
        days,
    } = shard.clone();
    let (days, days_since) = days.map(|Days { since, used }| (used, since)).unzip();
    encode(
        key,
        &StoredShard {
            number,
            used,
            left,
            version,
            deal,
            limit,
            billing,
            resets_at,
            limit_reported_at,
            near_reported_at,
            days,
            days_since,
        },
    )
}

/// Keys of the shards of those of `meters` that are never reset.
pub(super) fn lasting(workspace: WorkspaceId, meters: &[Meter]) -> impl Iterator<Item = (Meter, keys::Key)> {
    let shards = |meter: Meter| (0..meter.shards).map(move |number| (meter, number));
    let lasting = meters.iter().copied().filter(|meter| !meter.is_monthly).flat_map(shards);
    lasting.map(move |(meter, number)| (meter, keys::shard(workspace, Span::Always, meter, number)))
}

impl Store {
    /// Reads the shards of all months in which `moment` may lie, if any of `meters` is monthly.
    pub(super) async fn months(
        &self,
        workspace: WorkspaceId,
        meters: &[Meter],
        moment: Timestamp,
    ) -> Result<Vec<(Timestamp, MeterName, Shard)>, Error> {
        if !meters.iter().any(|meter| meter.is_monthly) {
            return Ok(Vec::new());
        }
        let from = moment.saturating_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
        let to = moment.saturating_add(LOOK_AHEAD).unwrap_or(Timestamp::MAX);
        let [first, last] = keys::months(from, to);
        // A page ends after 1 MB, which is reached by catalogues with many meters or shards only.
        let mut items = Vec::new();
        let mut next = None;
        loop {
            let months = Query::table(keys::usage_partition(workspace)).between(first.clone(), last.clone());
            let page = self.query(months.after(next)).await?;
            items.extend(page.items.unwrap_or_default());
            next = page.last_evaluated_key;
            if next.is_none() {
                break;
            }
        }
        let corrupt = Corrupt { wanted: StoredShard::TYPE, version: StoredShard::VERSION };
        let read = |item: &Item| {
            let (start, meter) = keys::month_and_meter(item).ok_or_else(|| corrupt.clone())?;
            Ok::<_, Corrupt>((start, meter, parse(item)?))
        };
        Ok(items.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Reads the current shards of `meter`'s count over `span`.
    pub async fn shards(&self, scope: &Scope, span: Span, meter: Meter) -> Result<Vec<Shard>, Error> {
        let keys: Vec<_> =
            (0..meter.shards).map(|number| keys::shard(scope.workspace(), span, meter, number)).collect();
        let found = self.batch_get(&keys).await?;
        Ok(keys.iter().filter_map(|key| found.get(key)).map(parse).collect::<Result<_, _>>()?)
    }

    /// Returns true if `shards`, which were not read at one moment, all existed at the same time: none has changed
    /// since the last of them was read. A refusal depends on it; otherwise it could rest on a sum that never existed.
    pub async fn shards_are_consistent(
        &self,
        scope: &Scope,
        span: Span,
        meter: Meter,
        shards: &[Shard],
    ) -> Result<bool, Error> {
        if meter.shards == 1 {
            return Ok(true);
        }
        let mut seen = shards.to_vec();
        seen.sort_unstable_by_key(|shard| shard.number);
        Ok(self.shards(scope, span, meter).await? == seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::item::Item;
    use aws_sdk_dynamodb::types::AttributeValue;
    use jiff::SignedDuration;

    /// Returns the size of an item in bytes as the table counts it, numbers at their longest.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
    fn size(item: &Item) -> usize {
        let of = |value: &AttributeValue| match (value.as_s(), value.as_n(), value.as_m()) {
            (Ok(text), ..) => text.len(),
            (_, Ok(number), _) => number.len().div_ceil(2) + 2,
            (.., Ok(map)) => 3 + size(map) + map.len(),
            (Err(_), Err(_), Err(_)) => panic!("{value:?}"),
        };
        item.iter().map(|(name, value)| name.len() + of(value)).sum()
    }

    #[test]
    fn shard_with_all_days_is_one_write_unit() {
        let month: [Timestamp; 2] = ["2026-12-21T12:00:00Z", "2027-01-21T12:00:00Z"].map(|at| at.parse().unwrap());
        let days = (0..32).map(|day| month[0] + SignedDuration::from_hours(24 * day));
        let used = days.map(|day| (domain::usage::day_of(day), 999_999_999_999)).collect();
        let terms = Terms { deal: 99, limit: Some(999_999_999_999), billing: 99_999, resets_at: Some(month[1]) };
        let days = Some(Days { since: month[0], used });
        let used = 32 * 999_999_999_999;
        let shard = Shard {
            number: 7,
            used,
            left: used,
            version: 999_999_999,
            terms,
            limit_reported_at: Some(month[0]),
            near_reported_at: Some(month[0]),
            days,
        };
        let period = domain::billing::subscription::Period { start: month[0], end: month[1] };
        let key = keys::shard(WorkspaceId::NIL, Span::Month(period), testkit::meter("executions"), 7);
        let item = item(&key, &shard).unwrap();
        assert_eq!(parse(&item).unwrap(), shard);
        assert!(size(&item) <= 1_024, "{}", size(&item));
    }
}
