//! The stored shape of audit records.

use crate::{
    partitions::ItemKind,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Json, Stored, decode, encode},
    table::keys,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    audit::{
        chain::{LinkedRecord, Place, Sequence},
        digest::Digest,
        record::{AuditAction, Entry, Record},
        seal::SealedRecord,
    },
    identity::origin::Origin,
    ids::{KeyId, UserId},
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRecord {
    at: Timestamp,
    actor: UserId,
    #[serde(default)]
    actor_name: Option<PersonName>,
    /// Absent if a person made the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<KeyId>,
    action: AuditAction,
    target: String,
    before: Json<Map<String, Value>>,
    after: Json<Map<String, Value>>,
    request_id: String,
    ip_address: Option<String>,
    /// Absent in records of an earlier version.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    salts: BTreeMap<String, String>,
    /// Absent as long as nothing was erased.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    digests: BTreeMap<String, String>,
    /// Absent in records of an earlier version, until they have a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<StoredPlace>,
    #[serde(default)]
    ttl: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace {
    sequence: Sequence,
    number: u64,
    previous: Digest,
    previous_until: Option<Timestamp>,
    digest: Digest,
}

impl Stored for StoredRecord {
    const KIND: ItemKind = ItemKind::Audit;
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAudit {
    /// The record.
    pub sealed: SealedRecord,
    /// Time until which it is kept.
    pub kept_until: Timestamp,
    /// Its place and its digest; `None` in records of an earlier version.
    pub place: Option<(Place, Digest)>,
}

impl StoredAudit {
    /// Returns the linked record, if it has a place.
    #[must_use]
    pub fn linked(self) -> Option<LinkedRecord> {
        let Self { sealed, kept_until, place } = self;
        place.map(|(place, digest)| LinkedRecord { sealed, kept_until, place, digest })
    }
}

pub(super) fn item(key: &keys::Key, linked: LinkedRecord) -> Result<Item, Error> {
    let LinkedRecord { sealed, kept_until, place, digest } = linked;
    encoded(key, StoredAudit { sealed, kept_until, place: Some((place, digest)) })
}

pub(super) fn encoded(key: &keys::Key, record: StoredAudit) -> Result<Item, Error> {
    let StoredAudit { sealed: SealedRecord { record, salts, digests }, kept_until, place } = record;
    let Record { at, actor, actor_name, key: presented, origin, entry, .. } = record;
    let place = place.map(|(Place { sequence, number, previous, previous_until }, digest)| StoredPlace {
        sequence,
        number,
        previous,
        previous_until,
        digest,
    });
    let stored = StoredRecord {
        at,
        actor,
        actor_name,
        key: presented,
        action: entry.action,
        target: entry.target,
        before: Json(entry.before),
        after: Json(entry.after),
        request_id: origin.request_id,
        ip_address: origin.ip_address,
        salts,
        digests,
        place,
        ttl: Some(kept_until.as_second()),
    };
    encode(key, &stored)
}

pub(crate) fn parse(item: &Item) -> Result<Record, Corrupt> {
    parse_stored(item).map(|stored| stored.sealed.shown())
}

pub(crate) fn parse_stored(item: &Item) -> Result<StoredAudit, Corrupt> {
    let stored: StoredRecord = decode(item)?;
    let corrupt = Corrupt { wanted: StoredRecord::TYPE, version: StoredRecord::VERSION };
    let StoredRecord { at, actor, actor_name, key, action, target, before, after, request_id, ip_address, .. } = stored;
    let record = Record {
        id: keys::id_of(item, "").ok_or(corrupt)?,
        at,
        actor,
        actor_name,
        key,
        origin: Origin { request_id, ip_address },
        entry: Entry { action, target, before: before.0, after: after.0 },
    };
    let place = stored.place.map(|StoredPlace { sequence, number, previous, previous_until, digest }| {
        (Place { sequence, number, previous, previous_until }, digest)
    });
    let kept_until = stored.ttl.and_then(|ttl| Timestamp::from_second(ttl).ok()).unwrap_or(Timestamp::MAX);
    let sealed = SealedRecord { record, salts: stored.salts, digests: stored.digests };
    Ok(StoredAudit { sealed, kept_until, place })
}

/// Conditions: nothing else was erased from a record since it was read, and it got no place.
pub(super) fn unchanged(read: &StoredAudit) -> Result<[Condition; 2], Error> {
    let erased = if read.sealed.digests.is_empty() {
        Condition::Lacks("digests")
    } else {
        Condition::Equals("digests", digests(&read.sealed.digests)?)
    };
    let linked = if read.place.is_none() { Condition::Lacks("place") } else { Condition::Has("place") };
    Ok([erased, linked])
}

pub(super) fn digests(digests: &BTreeMap<String, String>) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(digests).map_err(|error| Error::Defect(error.into()))
}
