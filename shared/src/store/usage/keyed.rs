//! Under which keys something was counted, for longer than a month: what is sent again after the count began anew has counted.

use crate::{
    domain::usage::{Movement, UsageKey},
    store::{
        entry::{Entry, Slot},
        error::{Corrupt, Error},
        item::{Item, Stored, TTL, decode, encode, number},
        keys::{self, Key},
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a key is known.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

#[derive(Serialize, Deserialize)]
struct StoredKey {
    #[serde(flatten)]
    movement: Movement,
    at: Timestamp,
}

impl Stored for StoredKey {
    const TYPE: &'static str = "usage key";
}

/// What was counted under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// What it was.
    pub movement: Movement,
    at: Timestamp,
}

impl Recorded {
    /// Whether it is still known at `now`; the table deletes it later.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        now.as_second() < kept_until(self.at)
    }
}

fn kept_until(at: Timestamp) -> i64 {
    at.saturating_add(KEPT).unwrap_or(Timestamp::MAX).as_second()
}

pub(super) fn item(key: &Key, movement: Movement, now: Timestamp) -> Result<Item, Error> {
    let mut item = encode(key, &StoredKey { movement, at: now })?;
    item.insert(TTL.to_owned(), number(kept_until(now)));
    Ok(item)
}

pub(super) fn parse(item: &Item) -> Result<Recorded, Corrupt> {
    let StoredKey { movement, at } = decode(item)?;
    Ok(Recorded { movement, at })
}

impl Entry<'_> {
    /// What was counted under `key`.
    pub(super) fn recorded(&mut self, key: &UsageKey) -> Slot<Recorded> {
        self.also(keys::counted(self.workspace, key), parse)
    }
}
