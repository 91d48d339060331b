//! Preferences of members for notifications.

use crate::{
    partitions::ItemKind,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys::Key,
};
use domain::notifications::{preferences::Preferences, shelf::NotificationType};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredPreferences {
    version: u64,
    muted: Vec<NotificationType>,
}

impl Stored for StoredPreferences {
    const KIND: ItemKind = ItemKind::Preferences;
}

pub(crate) fn parse(item: &Item) -> Result<Preferences, Corrupt> {
    let StoredPreferences { version, muted } = decode(item)?;
    Ok(Preferences { version, muted: muted.into_iter().collect() })
}

pub(crate) fn item(key: &Key, preferences: &Preferences) -> Result<Item, Error> {
    let muted = preferences.muted.iter().copied().collect();
    encode(key, &StoredPreferences { version: preferences.version, muted })
}
