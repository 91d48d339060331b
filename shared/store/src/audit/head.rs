//! The head of a workspace's audit log: the end that the next record continues. Each change moves it under the condition that
//! nobody else has, so the log cannot fork.

use crate::{
    Store,
    audit::records,
    partitions::ItemKind,
    table::calls::failed,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, number, stamp, text},
    table::keys,
    table::transaction::{Failed, Transaction},
};
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, TransactWriteItem};
use domain::{
    audit::{
        chain::{End, Head, LinkedRecord, Linking, Place, Sequence, id_after},
        checkpoint::next_due,
        digest::Digest,
        record::{AuditAction, Record, kept_until},
        seal::SealedRecord,
    },
    ids::{AuditId, WorkspaceId},
    integrations::{Event, IntegrationType, Occurrence},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

/// Time after the log began at which the records from before get their places. Until then functions of the earlier version,
/// which a deployment replaces one by one, may still store some.
const LINKED_AFTER: SignedDuration = SignedDuration::from_hours(24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredHead {
    number: u64,
    digest: Digest,
    last: AuditId,
    kept_until: Timestamp,
    at: Timestamp,
    #[serde(default)]
    checkpointed: u64,
    /// The events of the log that the webhook has selected.
    #[serde(default)]
    of_webhook: Vec<Event>,
    /// Those that Datadog has selected.
    #[serde(default)]
    of_datadog: Vec<Event>,
    #[serde(default)]
    ttl: Option<i64>,
}

impl Stored for StoredHead {
    const KIND: ItemKind = ItemKind::AuditHead;
}

/// Stored type of a head.
pub(crate) const TYPE: &str = StoredHead::TYPE;

pub(crate) fn parse(item: &Item) -> Result<Head, Corrupt> {
    let StoredHead { number, digest, last, kept_until, at, checkpointed, of_webhook, of_datadog, ttl } = decode(item)?;
    let expires = ttl.and_then(|ttl| Timestamp::from_second(ttl).ok());
    let end = End { number, digest, id: last, kept_until };
    let selected = of_webhook.into_iter().chain(of_datadog).collect();
    Ok(Head { end, at, checkpointed, selected, expires })
}

/// Returns the workspace of a head whose checkpoint is due.
pub(crate) fn due(item: &Item) -> Result<WorkspaceId, Corrupt> {
    keys::workspace_of(item).ok_or(Corrupt { wanted: StoredHead::TYPE, version: StoredHead::VERSION })
}

/// What is known of the head when a change is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownHead {
    /// It was not read.
    Unread,
    /// The change founds the workspace, so there is none.
    Founding,
    /// It was read; `None` if the log is not chained yet.
    Read(Option<Box<Head>>),
}

impl KnownHead {
    /// A head that was read with other items.
    pub(crate) fn read(item: Option<&Item>) -> Result<Self, Corrupt> {
        Ok(Self::Read(item.map(parse).transpose()?.map(Box::new)))
    }
}

/// The records of a change in one workspace, which continue its log.
#[derive(Debug)]
pub(crate) struct Continuation {
    workspace: WorkspaceId,
    head: KnownHead,
    records: Vec<SealedRecord>,
    /// The events of the log that an integration selects with this change, and the attribute that names them.
    selects: Option<(&'static str, Vec<Event>)>,
}

impl Continuation {
    pub(crate) const fn new(workspace: WorkspaceId, head: KnownHead) -> Self {
        Self { workspace, head, records: Vec::new(), selects: None }
    }

    pub(crate) const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(crate) fn add(&mut self, record: Record, store: &Store) {
        self.records.push(SealedRecord::new(record, || store.ambient().salt()));
    }

    /// Records with the head which events of the log an integration gets.
    pub(crate) fn select(&mut self, kind: IntegrationType, events: Vec<Event>) {
        self.selects = match kind {
            IntegrationType::Webhook => Some(("of_webhook", events)),
            IntegrationType::Datadog => Some(("of_datadog", events)),
            IntegrationType::Discord
            | IntegrationType::Github
            | IntegrationType::MicrosoftTeams
            | IntegrationType::Pagerduty
            | IntegrationType::Sentry
            | IntegrationType::Slack => None,
        };
    }

    /// Reads the head, unless it is known.
    pub(crate) async fn read_head(&mut self, store: &Store) -> Result<(), Error> {
        if self.head == KnownHead::Unread {
            let head = store.read_item(&keys::chain_head(self.workspace), parse).await?;
            self.head = KnownHead::Read(head.map(Box::new));
        }
        Ok(())
    }

    /// Returns the actions that continue the log after the head that is known: the records, and the head, which comes last.
    pub(crate) fn actions(&self, store: &Store) -> Result<Vec<TransactWriteItem>, Error> {
        let mut transaction = Transaction::<()>::default();
        let head = match &self.head {
            KnownHead::Read(Some(head)) => Some(&**head),
            KnownHead::Read(None) | KnownHead::Unread | KnownHead::Founding => None,
        };
        let mut end = head.map(|head| head.end);
        for sealed in &self.records {
            let linked = self.link(sealed.clone(), end.as_ref(), store);
            end = Some(linked.end());
            if head.is_some_and(|head| head.selected.contains(&Event::AuditRecorded)) {
                let occurrence = Occurrence::AuditRecorded { record: linked.sealed.record.id };
                let at = linked.sealed.record.at;
                let (key, item) = store.outbox_item(store.event(self.workspace, occurrence, at), at)?;
                transaction.put(&key, item);
            }
            let key = keys::audit(self.workspace, linked.sealed.record.id);
            transaction.put(&key, records::item(&key, linked)?);
        }
        let (Some(end), Some(last)) = (end, self.records.last()) else { return Ok(Vec::new()) };
        if self.head == KnownHead::Read(None) {
            // The workspace is older than the chain. Nobody else puts this item: the head is moved with it.
            let linking = Linking { workspace: self.workspace, end: None, after: None, step: 0 };
            let due_at = store.ambient().now().saturating_add(LINKED_AFTER).unwrap_or(Timestamp::MAX);
            let key = keys::chain_linking(self.workspace);
            transaction.put(&key, super::linking::item(&key, &linking, due_at)?);
        }
        self.move_head(&mut transaction, head, &end, last.record.at);
        transaction.items(store.table_name())
    }

    fn link(&self, mut sealed: SealedRecord, end: Option<&End>, store: &Store) -> LinkedRecord {
        sealed.record.id = id_after(end.map(|end| end.id), sealed.record.id);
        // It never descends within a log, so that the records whose time is over are its beginning.
        let until = kept_until(store.plans(), sealed.record.at);
        let until = end.map_or(until, |end| until.max(end.kept_until));
        LinkedRecord::new(self.workspace, sealed, until, Place::after(Sequence::Log, end))
    }

    fn move_head(&self, transaction: &mut Transaction<()>, head: Option<&Head>, end: &End, at: Timestamp) {
        let key = keys::chain_head(self.workspace);
        let is_deleted = self.records.iter().any(|sealed| sealed.record.entry.action == AuditAction::WorkspaceDeleted);
        let expires = (is_deleted || head.is_some_and(|head| head.expires.is_some())).then_some(end.kept_until);
        let known = match head {
            Some(head) => Condition::Equals("digest", text(head.end.digest.to_string())),
            None => Condition::Absent,
        };
        let moved = [
            ("number".to_owned(), number(end.number)),
            ("digest".to_owned(), text(end.digest.to_string())),
            ("last".to_owned(), text(end.id.to_string())),
            ("kept_until".to_owned(), text(end.kept_until.to_string())),
            ("at".to_owned(), text(at.to_string())),
        ];
        let selects = self.selects.as_ref().map(|(name, events)| ((*name).to_owned(), stored_events(events)));
        let expires = expires.map(|until| (TTL.to_owned(), number(until.as_second())));
        transaction
            .require(&key, known, ())
            .set(&key, moved.into_iter().chain(stamp::<StoredHead>()).chain(expires).chain(selects))
            .set_once(&key, keys::due(self.workspace.ulid(), next_due(self.workspace, at)));
    }

    /// Takes the head that refused the actions, whose `reasons` the table gave; false if they held.
    pub(crate) fn moved(&mut self, reasons: &[CancellationReason]) -> Result<bool, Error> {
        match failed(reasons).last() {
            Some(Failed::With(item)) => {
                self.head = KnownHead::read(*item)?;
                Ok(true)
            }
            Some(Failed::No) | None => Ok(false),
        }
    }
}

impl Store {
    /// Reads the head of the workspace's audit log.
    pub async fn audit_head(&self, scope: &SystemScope) -> Result<Option<Head>, Error> {
        self.read_item(&keys::chain_head(scope.workspace()), parse).await
    }
}

fn stored_events(events: &[Event]) -> AttributeValue {
    AttributeValue::L(events.iter().map(|event| text(event.name())).collect())
}
