//! How far the records from before the log was chained have places.

use crate::{
    partitions::ItemKind,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys::{self, Key},
};
use domain::{
    audit::{
        chain::{End, Linking},
        digest::Digest,
    },
    ids::AuditId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredLinking {
    end: Option<StoredEnd>,
    after: Option<AuditId>,
    /// Differs in each step, so that of two workers one makes it.
    step: u64,
}

#[derive(Serialize, Deserialize)]
struct StoredEnd {
    number: u64,
    digest: Digest,
    id: AuditId,
    kept_until: Timestamp,
}

impl Stored for StoredLinking {
    const KIND: ItemKind = ItemKind::AuditLinking;
}

/// Stored type of a linking.
pub(crate) const TYPE: &str = StoredLinking::TYPE;

pub(crate) fn parse(item: &Item) -> Result<Linking, Corrupt> {
    let corrupt = Corrupt { wanted: StoredLinking::TYPE, version: StoredLinking::VERSION };
    let stored: StoredLinking = decode(item)?;
    let end = stored.end.map(|StoredEnd { number, digest, id, kept_until }| End { number, digest, id, kept_until });
    Ok(Linking { workspace: keys::workspace_of(item).ok_or(corrupt)?, end, after: stored.after, step: stored.step })
}

pub(super) fn item(key: &Key, linking: &Linking, due_at: Timestamp) -> Result<Item, Error> {
    let end = linking.end.map(|End { number, digest, id, kept_until }| StoredEnd { number, digest, id, kept_until });
    let mut item = encode(key, &StoredLinking { end, after: linking.after, step: linking.step })?;
    item.extend(keys::due(linking.workspace.ulid(), due_at));
    Ok(item)
}
