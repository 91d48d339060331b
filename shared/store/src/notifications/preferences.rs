//! Preferences of members for notifications.

use crate::{
    partitions::ItemKind,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys::Key,
};
use domain::notifications::{
    mailing::{mode::EmailMode, quiet_hours::QuietHours},
    preferences::Preferences,
    shelf::NotificationType,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredPreferences {
    version: u64,
    muted: Vec<NotificationType>,
    #[serde(default)]
    email: BTreeMap<NotificationType, EmailMode>,
    #[serde(default)]
    quiet: Option<QuietHours>,
}

impl Stored for StoredPreferences {
    const KIND: ItemKind = ItemKind::Preferences;
}

pub(crate) fn parse(item: &Item) -> Result<Preferences, Corrupt> {
    let StoredPreferences { version, muted, email, quiet } = decode(item)?;
    Ok(Preferences { version, muted: muted.into_iter().collect(), email, quiet })
}

pub(crate) fn item(key: &Key, preferences: &Preferences) -> Result<Item, Error> {
    let Preferences { version, muted, email, quiet } = preferences.clone();
    encode(key, &StoredPreferences { version, muted: muted.into_iter().collect(), email, quiet })
}
