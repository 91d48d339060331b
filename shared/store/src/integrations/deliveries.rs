//! Deliveries, in a partition of their own. Their transactions name neither the workspace's head nor its subscription,
//! so that a busy integration blocks no other write. The facts that a delivery depends on are read before. The table
//! deletes a delivery some time after its end.

use crate::{
    Store,
    integrations::health::{count, note_result, parse_failing},
    integrations::records,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, number, text},
    table::keys::{self, HealthPart},
    table::list::{Entries, List, Order},
    table::slot::Slot,
    table::transaction::Transaction,
    workspace::entry::Entry,
    workspace::workspaces,
};
use domain::{
    identity::denied::Denied,
    ids::{DeliveryId, EventId},
    integrations::delivery::{Delivery, DeliveryAttempt, DeliveryStatus, KEPT},
    integrations::{Failing, Integration, IntegrationType, Occurrence},
    page::PageRequest,
    text::WorkspaceName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDelivery {
    integration: IntegrationType,
    #[serde(default)]
    setup: Option<u64>,
    event: EventId,
    occurrence: Occurrence,
    at: Timestamp,
    attempts: u32,
    state: DeliveryStatus,
    last: Option<DeliveryAttempt>,
}

impl Stored for StoredDelivery {
    const KIND: ItemKind = ItemKind::Delivery;
}

pub(crate) const TYPE: &str = StoredDelivery::TYPE;

pub(crate) fn parse(item: &Item) -> Result<Delivery, Corrupt> {
    let stored: StoredDelivery = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredDelivery::TYPE, version: StoredDelivery::VERSION };
    Ok(Delivery {
        id: keys::id_of(item, "").ok_or_else(corrupt)?,
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        integration: stored.integration,
        setup: stored.setup,
        event: stored.event,
        occurrence: stored.occurrence,
        at: stored.at,
        attempts: stored.attempts,
        state: stored.state,
        last: stored.last,
    })
}

fn item(key: &keys::Key, delivery: &Delivery) -> Result<Item, Error> {
    let stored = StoredDelivery {
        integration: delivery.integration,
        setup: delivery.setup,
        event: delivery.event,
        occurrence: delivery.occurrence,
        at: delivery.at,
        attempts: delivery.attempts,
        state: delivery.state,
        last: delivery.last,
    };
    let mut item = encode(key, &stored)?;
    match delivery.state {
        DeliveryStatus::UnderWay { until } | DeliveryStatus::Waiting { until } => {
            item.extend(keys::due(delivery.id.ulid(), until));
        }
        DeliveryStatus::Delivered { at } | DeliveryStatus::Failed { at } => {
            let until = at.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
            item.insert(TTL.to_owned(), number(until.as_second()));
        }
    }
    Ok(item)
}

/// Conditions: the delivery is as it was read. No attempt has begun since, and it was neither postponed nor ended.
fn is_still(before: &Delivery) -> [Condition; 2] {
    let state = match before.state.due() {
        Some(due) => Condition::Equals("due_at", number(due.as_millisecond())),
        None => Condition::Above(TTL, 0),
    };
    [Condition::Equals("attempts", number(before.attempts)), state]
}

/// Facts about a workspace that a worker needs for a delivery.
#[derive(Debug)]
pub struct DeliveryFacts {
    /// Name of the workspace, if it exists and its deletion was not requested.
    pub workspace: Option<WorkspaceName>,
    /// True if the operator has suspended the workspace.
    pub suspended: bool,
    /// Integrations of the workspace, each with its failures since the last success.
    pub integrations: Vec<(Integration, Option<Failing>)>,
}

/// Lists the deliveries to the integration of the type `kind`, newest first.
#[must_use]
pub fn list(kind: IntegrationType, page: PageRequest<DeliveryId>) -> List<Delivery, DeliveryId> {
    List {
        partition: keys::delivery_partition,
        entries: Entries {
            prefix: "",
            order: Order::NewestFirst,
            parse,
            id: |delivery| delivery.id,
            parse_id: |id| id.parse().ok(),
        },
        within: None,
        page,
        filter: vec![("integration", text(kind.name()))],
    }
}

impl Entry<'_> {
    /// Reads the delivery `id`, if there is one.
    pub fn delivery(&mut self, id: DeliveryId) -> Slot<Delivery> {
        let key = keys::delivery(self.workspace, id);
        self.also_item(key, parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes `next` in place of `before`, and enqueues its attempt; `changed` if another change came first.
    pub fn retry(
        &mut self,
        before: &Delivery,
        next: &Delivery,
        changed: fn() -> E,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let key = keys::delivery(before.workspace, before.id);
        let item = item(&key, next)?;
        for condition in is_still(before) {
            self.require(&key, condition, changed());
        }
        self.put(&key, item).enqueue(next.message(), now)
    }
}

impl Store {
    /// Reads the facts needed for a delivery to the workspace's integrations of these types, for a worker.
    pub async fn delivery_facts(&self, scope: &SystemScope, kinds: &[IntegrationType]) -> Result<DeliveryFacts, Error> {
        let workspace = scope.workspace();
        let head = keys::workspace(workspace);
        let keys = kinds.iter().flat_map(|kind| {
            [keys::integration(workspace, *kind), keys::health(workspace, *kind, HealthPart::Failing)]
        });
        let found = self.batch_get(&keys.chain([head.clone()]).collect::<Vec<_>>()).await?;
        let head = found.get(&head).map(workspaces::parse).transpose()?;
        let integrations = kinds.iter().filter_map(|kind| {
            let integration = records::parse(found.get(&keys::integration(workspace, *kind))?);
            let failing =
                found.get(&keys::health(workspace, *kind, HealthPart::Failing)).map(parse_failing).transpose();
            Some(integration.and_then(|integration| Ok((integration, failing?))))
        });
        Ok(DeliveryFacts {
            suspended: head.as_ref().is_some_and(|head| head.suspended.is_some()),
            workspace: head.filter(|head| head.live).map(|head| head.name),
            integrations: integrations.collect::<Result<_, _>>()?,
        })
    }

    /// Reads the delivery `id`, for a worker, if there is one.
    pub async fn delivery(&self, scope: &SystemScope, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        let key = keys::delivery(scope.workspace(), id);
        self.read_item(&key, parse).await
    }

    /// Writes the deliveries of one event before they are attempted. Returns false if they were already written.
    pub async fn begin_deliveries(&self, deliveries: &[Delivery]) -> Result<bool, Error> {
        let mut transaction = Transaction::default();
        for delivery in deliveries {
            let key = keys::delivery(delivery.workspace, delivery.id);
            transaction.put_new(&key, item(&key, delivery)?, ());
        }
        self.done(transaction).await
    }

    /// Writes `next` in place of `before`. Returns false if another change came first.
    pub async fn move_delivery(&self, before: &Delivery, next: &Delivery) -> Result<bool, Error> {
        self.done(replacing(before, next)?).await
    }

    /// Records an attempt, which changed `before` to `next`, and counts it. `failing` are the integration's failures as
    /// read before. Returns false if another change came first.
    pub async fn end_attempt(
        &self,
        before: &Delivery,
        next: &Delivery,
        attempt: &DeliveryAttempt,
        failing: Option<Failing>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut transaction = replacing(before, next)?;
        count(&mut transaction, next, attempt, now)?;
        note_result(&mut transaction, next, attempt, failing, now)?;
        self.done(transaction).await
    }

    async fn done(&self, transaction: Transaction<()>) -> Result<bool, Error> {
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }
}

fn replacing(before: &Delivery, next: &Delivery) -> Result<Transaction<()>, Error> {
    let key = keys::delivery(before.workspace, before.id);
    let mut transaction = Transaction::default();
    for condition in is_still(before) {
        transaction.require(&key, condition, ());
    }
    transaction.put(&key, item(&key, next)?);
    Ok(transaction)
}
