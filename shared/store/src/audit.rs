//! Audit records, each in the transaction of the change it describes. Erasing personal data from them is the only change
//! that is ever made to one; see `domain::audit::seal`.

use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::calls::{Query, TransactionOutcome},
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Json, Stored, TTL, decode, encode, number, place, text},
    table::keys,
    table::list::{Entries, List, Order},
    table::transaction::Transaction,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    audit::record::{AuditAction, Entry, Filter, Record, kept_until, shown_fields},
    audit::seal::SealedRecord,
    identity::denied::Denied,
    identity::origin::Origin,
    ids::{AuditId, UserId},
    page::PageRequest,
    team::member::Member,
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use system_scope::SystemScope;

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
    /// Absent in records of an earlier version.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    salts: BTreeMap<String, String>,
    /// Absent as long as nothing was erased.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    digests: BTreeMap<String, String>,
}

impl Stored for StoredRecord {
    const KIND: ItemKind = ItemKind::Audit;
}

pub(crate) fn item(key: &keys::Key, record: Record, store: &Store) -> Result<Item, Error> {
    let kept_until = kept_until(store.plans(), record.at);
    let mut item = encoded(key, SealedRecord::new(record, || store.ambient().salt()))?;
    item.extend(kept_until.map(|until| (TTL.to_owned(), number(until.as_second()))));
    Ok(item)
}

fn encoded(key: &keys::Key, sealed: SealedRecord) -> Result<Item, Error> {
    let SealedRecord { record: Record { at, actor, actor_name, origin, entry, .. }, salts, digests } = sealed;
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
        salts,
        digests,
    };
    encode(key, &stored)
}

pub(crate) fn parse(item: &Item) -> Result<Record, Corrupt> {
    parse_sealed(item).map(SealedRecord::shown)
}

pub(crate) fn parse_sealed(item: &Item) -> Result<SealedRecord, Corrupt> {
    let stored: StoredRecord = decode(item)?;
    let corrupt = Corrupt { wanted: StoredRecord::TYPE, version: StoredRecord::VERSION };
    let StoredRecord { at, actor, actor_name, action, target, before, after, request_id, ip_address, .. } = stored;
    let record = Record {
        id: keys::id_of(item, "").ok_or(corrupt)?,
        at,
        actor,
        actor_name,
        origin: Origin { request_id, ip_address },
        entry: Entry { action, target, before: before.0, after: after.0 },
    };
    Ok(SealedRecord { record, salts: stored.salts, digests: stored.digests })
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
        let item = item(&key, record, store)?;
        change.put(&key, item);
        Ok(change)
    }

    /// Adds a record of what the change does to `member`, in their workspace: on their own behalf, and without the IP
    /// address of the actual caller.
    pub(crate) fn record_for(&mut self, member: &Member, entry: Entry, now: Timestamp) -> Result<&mut Self, Error> {
        let id = self.store.ambient().fresh();
        let origin = Origin { request_id: self.scope.origin().request_id.clone(), ip_address: None };
        let (actor, actor_name) = (member.user, member.shown_name().cloned());
        let key = keys::audit(member.workspace, id);
        let item = item(&key, Record { id, at: now, actor, actor_name, origin, entry }, self.store)?;
        Ok(self.put(&key, item))
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

/// Number of records read together.
const PAGE: usize = 25;

impl Store {
    /// Reads some of a workspace's records after the record `after`, oldest first, for a worker that erases from them.
    pub async fn sealed_records(
        &self,
        scope: &SystemScope,
        after: Option<AuditId>,
    ) -> Result<Vec<SealedRecord>, Error> {
        let workspace = scope.workspace();
        let after = after.map(|id| Item::from(place(&keys::audit(workspace, id))));
        let output = self.query(Query::table(keys::audit_partition(workspace)).after(after).limit(PAGE)).await?;
        Ok(output.items().iter().map(parse_sealed).collect::<Result<_, _>>()?)
    }

    /// Writes what was erased from `before`. Returns false if something else was erased from it meanwhile. A record that
    /// has expired stays deleted.
    pub async fn erase_from_record(
        &self,
        scope: &SystemScope,
        before: &SealedRecord,
        erased: SealedRecord,
    ) -> Result<bool, Error> {
        let key = keys::audit(scope.workspace(), before.record.id);
        let digests = |sealed: &SealedRecord| -> Result<_, Error> {
            serde_dynamo::to_attribute_value(&sealed.digests).map_err(|error| Error::Defect(error.into()))
        };
        let as_read = if before.digests.is_empty() {
            Condition::Lacks("digests")
        } else {
            Condition::Equals("digests", digests(before)?)
        };
        let written = digests(&erased)?;
        let mut item = encoded(&key, erased)?;
        item.retain(|name, _| ["actor_name", "before", "after", "ip_address", "salts"].contains(&name.as_str()));
        item.entry("salts".to_owned()).or_insert_with(|| AttributeValue::M(HashMap::new()));
        item.insert("digests".to_owned(), written);
        let mut transaction = Transaction::default();
        transaction.require(&key, as_read, ()).set(&key, item);
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }
}
