//! Audit records, each in the transaction of the change it describes.

use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, Json, Stored, TTL, decode, encode, number, text},
    table::keys,
    table::list::{Entries, List, Order},
};
use domain::{
    audit::record::{AuditAction, Entry, Filter, Record, kept_until, shown_fields},
    identity::denied::Denied,
    identity::origin::Origin,
    ids::{AuditId, UserId},
    page::PageRequest,
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRecord {
    at: Timestamp,
    actor: UserId,
    #[serde(default)]
    actor_name: Option<PersonName>,
    action: AuditAction,
    target: String,
    before: Json<Map<String, Value>>,
    after: Json<Map<String, Value>>,
    request_id: String,
    ip_address: Option<String>,
}

impl Stored for StoredRecord {
    const KIND: ItemKind = ItemKind::Audit;
}

pub(crate) fn item(key: &keys::Key, record: &Record) -> Result<Item, Error> {
    let Record { at, actor, actor_name, origin, entry, .. } = record.clone();
    let stored = StoredRecord {
        at,
        actor,
        actor_name,
        action: entry.action,
        target: entry.target,
        before: Json(entry.before),
        after: Json(entry.after),
        request_id: origin.request_id,
        ip_address: origin.ip_address,
    };
    let mut item = encode(key, &stored)?;
    item.extend(kept_until(at).map(|until| (TTL.to_owned(), number(until.as_second()))));
    Ok(item)
}

pub(crate) fn parse(item: &Item) -> Result<Record, Corrupt> {
    let stored: StoredRecord = decode(item)?;
    let corrupt = Corrupt { wanted: StoredRecord::TYPE, version: StoredRecord::VERSION };
    let StoredRecord { at, actor, actor_name, action, target, before, after, request_id, ip_address } = stored;
    Ok(Record {
        id: keys::id_of(item, "").ok_or(corrupt)?,
        at,
        actor,
        actor_name,
        origin: Origin { request_id, ip_address },
        entry: Entry { action, target, before: before.0, after: after.0 },
    })
}

/// Returns the fields of an exported record as they are shown.
pub(crate) fn shown(mut fields: Map<String, Value>) -> Map<String, Value> {
    let action = fields.get("action").and_then(Value::as_str).and_then(|action| action.parse::<AuditAction>().ok());
    for part in ["before", "after"] {
        if let (Some(action), Some(Value::Object(values))) = (action, fields.get_mut(part)) {
            *values = shown_fields(action, std::mem::take(values));
        }
    }
    fields
}

impl<'a, E: From<Error> + From<Denied>> Change<'a, E> {
    /// Begins the change that `entry` describes. Every change has exactly one audit record.
    ///
    /// The conditions of the scope are required again: a member who was removed or got another role in the meantime
    /// changes nothing.
    pub fn begin(store: &'a Store, scope: &'a Scope, entry: Entry, now: Timestamp) -> Result<Self, Error> {
        let mut change = Self::with_scope_conditions(store, scope, now);
        let id = store.ambient().fresh();
        let (actor, actor_name, origin) = (scope.actor(), scope.name().cloned(), scope.origin().clone());
        let record = Record { id, at: now, actor, actor_name, origin, entry };
        let key = keys::audit(scope.workspace(), id);
        let item = item(&key, &record)?;
        change.put(&key, item);
        Ok(change)
    }
}

/// Lists a workspace's audit records, newest first.
#[must_use]
pub fn list(filter: Filter, page: PageRequest<AuditId>) -> List<Record, AuditId> {
    let actor = filter.actor.map(|actor| ("actor", text(actor.to_string())));
    let action = filter.action.map(|action| ("action", text(action.name())));
    List {
        partition: keys::audit_partition,
        entries: Entries {
            prefix: "",
            order: Order::NewestFirst,
            parse,
            id: |record| record.id,
            parse_id: |id| id.parse().ok(),
        },
        page,
        filter: actor.into_iter().chain(action).collect(),
    }
}
