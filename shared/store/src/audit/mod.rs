//! Audit records, each in the transaction of the change it describes, and the chain that they are. Erasing personal data from
//! a record is the only change that is ever made to one; see `domain::audit::seal`.

pub(crate) mod checkpoints;
pub(crate) mod head;
mod link;
pub(crate) mod linking;
mod pages;
pub(crate) mod records;

pub use checkpoints::{LogState, Taken, checkpoints};
pub use link::LinkStep;
pub use pages::{LogEnds, RecordPage, is_before};
pub use records::StoredAudit;

use crate::scope::Scope;
use crate::{
    Store,
    table::calls::{Query, TransactionOutcome},
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, place, text},
    table::keys,
    table::list::{Entries, List, Order},
    table::slot::Slot,
    table::transaction::Transaction,
    workspace::entry::Entry,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    audit::chain::{Head, LinkedRecord, Linking},
    audit::record::{AuditAction, Entry as AuditEntry, Filter, Record, shown_fields},
    identity::denied::Denied,
    identity::origin::Origin,
    ids::AuditId,
    page::PageRequest,
    team::member::Member,
};
use head::KnownHead;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::HashMap;
use system_scope::SystemScope;

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
    pub fn begin(store: &'a Store, scope: &'a Scope, entry: AuditEntry, now: Timestamp) -> Result<Self, Error> {
        let mut change = Self::with_scope_conditions(store, scope, now);
        let id = store.ambient().fresh();
        let (actor, key) = (scope.actor(), scope.key().map(|proof| proof.id));
        let (actor_name, origin) = (scope.name().cloned(), scope.origin().clone());
        let record = Record { id, at: now, actor, actor_name, key, origin, entry };
        change.record(scope.workspace(), scope.known_head().clone(), record);
        Ok(change)
    }

    /// Adds a record of what the change does to `member`, in their workspace: on their own behalf, and without the IP
    /// address of the actual caller.
    pub(crate) fn record_for(&mut self, member: &Member, entry: AuditEntry, now: Timestamp) -> &mut Self {
        let id = self.store.ambient().fresh();
        let origin = Origin { request_id: self.scope.origin().request_id.clone(), ip_address: None };
        let (actor, actor_name) = (member.user, member.shown_name().cloned());
        // Another workspace than that of the change is one that it founds.
        self.record(
            member.workspace,
            KnownHead::Founding,
            Record { id, at: now, actor, actor_name, key: None, origin, entry },
        )
    }
}

/// Lists a workspace's audit records, newest first.
#[must_use]
pub fn list(filter: &Filter, page: PageRequest<AuditId>) -> List<Record, AuditId> {
    listed(filter, page, records::parse, |record| record.id)
}

/// Like [`list`], with the places of the records.
#[must_use]
pub fn list_stored(filter: &Filter, page: PageRequest<AuditId>) -> List<StoredAudit, AuditId> {
    listed(filter, page, records::parse_stored, |stored| stored.sealed.record.id)
}

fn listed<T>(
    filter: &Filter,
    page: PageRequest<AuditId>,
    parse: fn(&Item) -> Result<T, Corrupt>,
    id: fn(&T) -> AuditId,
) -> List<T, AuditId> {
    let Filter { actor, action, target, range } = filter;
    let actor = actor.map(|actor| ("actor", text(actor.to_string())));
    let action = action.map(|action| ("action", text(action.name())));
    let target = target.as_ref().map(|target| ("target", text(target.as_str())));
    List {
        partition: keys::audit_partition,
        entries: Entries { prefix: "", order: Order::NewestFirst, parse, id, parse_id: |id| id.parse().ok() },
        within: range.map(pages::keys_of),
        page,
        filter: actor.into_iter().chain(action).chain(target).collect(),
    }
}

/// Number of records read together.
const PAGE: usize = 25;

impl Entry<'_> {
    /// Also reads the head of the audit log.
    pub fn audit_head(&mut self) -> Slot<Head> {
        let key = keys::chain_head(self.workspace);
        self.also_item(key, head::parse)
    }

    /// Also reads how far the records from before the log was chained have places. The slot is empty when all of them have.
    pub fn audit_linking(&mut self) -> Slot<Linking> {
        let key = keys::chain_linking(self.workspace);
        self.also_item(key, linking::parse)
    }
}

impl Store {
    /// Reads some of a workspace's records after the record `after`, oldest first, for a worker that erases from them.
    pub async fn sealed_records(&self, scope: &SystemScope, after: Option<AuditId>) -> Result<Vec<StoredAudit>, Error> {
        let workspace = scope.workspace();
        let after = after.map(|id| Item::from(place(&keys::audit(workspace, id))));
        let output = self.query(Query::table(keys::audit_partition(workspace)).after(after).limit(PAGE)).await?;
        Ok(output.items().iter().map(records::parse_stored).collect::<Result<_, _>>()?)
    }

    /// Reads the record `id`, if it has a place.
    pub async fn linked_record(&self, scope: &SystemScope, id: AuditId) -> Result<Option<LinkedRecord>, Error> {
        let stored = self.read_item(&keys::audit(scope.workspace(), id), records::parse_stored).await?;
        Ok(stored.and_then(StoredAudit::linked))
    }

    /// Writes what was erased from `before`. Returns false if something else was erased from it meanwhile, or it got its
    /// place. A record that has expired stays deleted.
    pub async fn erase_from_record(
        &self,
        scope: &SystemScope,
        before: &StoredAudit,
        erased: domain::audit::seal::SealedRecord,
    ) -> Result<bool, Error> {
        let key = keys::audit(scope.workspace(), before.sealed.record.id);
        let mut transaction = Transaction::default();
        for condition in records::unchanged(before)? {
            transaction.require(&key, condition, ());
        }
        let written = records::digests(&erased.digests)?;
        let mut item = records::encoded(&key, StoredAudit { sealed: erased, ..before.clone() })?;
        item.retain(|name, _| ["actor_name", "before", "after", "ip_address", "salts"].contains(&name.as_str()));
        item.entry("salts".to_owned()).or_insert_with(|| AttributeValue::M(HashMap::new()));
        item.insert("digests".to_owned(), written);
        transaction.set(&key, item);
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }
}
