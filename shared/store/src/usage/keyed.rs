//! The usage keys that were counted. They are kept for longer than a month, so that a key sent again after a counter
//! was reset does not count twice.

use crate::{
    partitions::ItemKind,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, number},
    table::keys::{self, Key},
    table::slot::Slot,
    workspace::entry::Entry,
};
use domain::{
    billing::subscription::Period,
    usage::{Movement, RETURNABLE, Recorded, RecordedMovement, UsageCommand, UsageKey},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Time for which a usage key is recorded.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

/// The attribute that marks a consumption as returned. It holds the key of the release.
pub(super) const RETURNED: &str = "returned";

/// The time of a movement in milliseconds, for conditions.
const COUNTED_AT: &str = "counted_at";

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredKey {
    #[serde(flatten)]
    movement: RecordedMovement,
    at: Timestamp,
    /// This and the following fields are missing in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    month: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consumption: Option<UsageKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    returned: Option<UsageKey>,
}

impl Stored for StoredKey {
    const KIND: ItemKind = ItemKind::UsageKey;
}

/// True if `recorded` is still valid at `now`; the table deletes it later.
pub(super) fn holds(recorded: &Recorded, now: Timestamp) -> bool {
    now.as_second() < kept_until(recorded.at)
}

fn kept_until(at: Timestamp) -> i64 {
    at.saturating_add(KEPT).unwrap_or(Timestamp::MAX).as_second()
}

pub(super) fn item(key: &Key, command: &UsageCommand, month: Option<Period>, now: Timestamp) -> Result<Item, Error> {
    let stored = StoredKey {
        movement: command.movement.into(),
        at: now,
        counted_at: Some(now.as_millisecond()),
        month,
        consumption: command.consumption.clone(),
        returned: None,
    };
    let mut item = encode(key, &stored)?;
    item.insert(TTL.to_owned(), number(kept_until(now)));
    Ok(item)
}

pub(crate) fn parse(item: &Item) -> Result<Recorded, Corrupt> {
    let StoredKey { movement, at, counted_at: _, month, consumption, returned } = decode(item)?;
    Ok(Recorded { movement, at, month, consumption, returned: returned.is_some() })
}

/// Returns the conditions under which a consumption can be returned at `now`.
pub(super) fn returnable(movement: Movement, now: Timestamp) -> impl Iterator<Item = Condition> {
    let since = now.saturating_sub(RETURNABLE).unwrap_or(Timestamp::MIN).as_millisecond();
    let in_time = Condition::Above(COUNTED_AT, since.saturating_sub(1));
    [Condition::Lacks(RETURNED)].into_iter().chain(Some(in_time).filter(|_| movement.meter.is_monthly))
}

impl Entry<'_> {
    /// Reads the record of the usage counted under `key`.
    pub(super) fn recorded(&mut self, key: &UsageKey) -> Slot<Recorded> {
        self.also_item(keys::counted(self.workspace, key), parse)
    }
}
