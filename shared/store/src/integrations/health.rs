//! Health of integrations, in a partition of its own. The counters are spread over several items, so that the writes of
//! a busy integration conflict neither with each other nor with other writes of the workspace.

use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::calls::{Query, TransactionOutcome},
    table::error::{Corrupt, Error},
    table::idempotency,
    table::item::{Item, Stored, decode, encode, stamp},
    table::keys::{self, HealthPart, Key},
    table::transaction::Transaction,
    workspace::entry::{Authorized, Entry},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::delivery::{Delivery, DeliveryAttempt},
    integrations::{Health, IntegrationType},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Health of integrations by type. A type without deliveries and tests is missing.
pub type Healths = BTreeMap<IntegrationType, Health>;

/// A shard of the counters, or the last test.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredHealth {
    #[serde(default)]
    sent: u64,
    #[serde(default)]
    errors: u64,
    #[serde(default)]
    last_sync_at: Option<Timestamp>,
    #[serde(default)]
    last_error: Option<DeliveryAttempt>,
    #[serde(default)]
    last_check: Option<DeliveryAttempt>,
}

impl Stored for StoredHealth {
    const KIND: ItemKind = ItemKind::Health;
}

/// The time since which no delivery has succeeded.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredFailing {
    pub(crate) since: Timestamp,
}

impl Stored for StoredFailing {
    const KIND: ItemKind = ItemKind::Failing;
}

pub(crate) fn parse(item: &Item) -> Result<Health, Corrupt> {
    let StoredHealth { sent, errors, last_sync_at, last_error, last_check } = decode(item)?;
    Ok(Health { sent, errors, last_sync_at, last_error, last_check })
}

pub(crate) fn parse_failing(item: &Item) -> Result<Timestamp, Corrupt> {
    decode(item).map(|StoredFailing { since }| since)
}

fn value<T: Serialize>(value: &T) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(value).map_err(|error| Error::Defect(error.into()))
}

/// Adds to `transaction` the count of an attempt of `delivery`.
pub(crate) fn count<E>(
    transaction: &mut Transaction<E>,
    delivery: &Delivery,
    attempt: &DeliveryAttempt,
    now: Timestamp,
) -> Result<(), Error> {
    let shard = u8::try_from(delivery.id.ulid().random() % u128::from(keys::HEALTH_SHARDS)).unwrap_or_default();
    let key = keys::health(delivery.workspace, delivery.integration, HealthPart::Shard(shard));
    let (counter, latest) = if attempt.succeeded() {
        ("sent", ("last_sync_at".to_owned(), value(&now)?))
    } else {
        ("errors", ("last_error".to_owned(), value(attempt)?))
    };
    transaction.set(&key, stamp::<StoredHealth>().into_iter().chain([latest])).add(&key, counter, 1);
    Ok(())
}

impl<'a> Entry<'a> {
    /// Reads, with the health of the integrations in the same round trip; only of one if `of` names a single type.
    /// Opened to members who may do `action`.
    pub async fn with_health<E>(self, action: Action, of: &[IntegrationType]) -> Result<(Authorized<'a>, Healths), E>
    where
        E: From<Error> + From<Denied>,
    {
        let (store, workspace) = (self.store(), self.workspace);
        let (read, healths) = tokio::join!(self.load(), store.healths(workspace, of));
        Ok((read?.authorize(action)?, healths?))
    }
}

impl Store {
    async fn healths(&self, workspace: WorkspaceId, of: &[IntegrationType]) -> Result<Healths, Error> {
        let query = Query::table(keys::health_partition(workspace));
        let query = match of {
            [one] => query.starting_with(&format!("{one}#")),
            _ => query,
        };
        // Each type has a few small items, so that all of them fit into one page.
        let output = self.query(query).await?;
        let corrupt = Corrupt { wanted: StoredHealth::TYPE, version: StoredHealth::VERSION };
        let mut healths = Healths::new();
        for item in output.items() {
            let (kind, part) = keys::health_of(item).ok_or(corrupt.clone())?;
            if part != HealthPart::Failing {
                let health = healths.remove(&kind).unwrap_or_default().and(parse(item)?);
                healths.insert(kind, health);
            }
        }
        Ok(healths)
    }

    /// Records a test of the integration of the type `kind`, and returns `answer`. If another request executed
    /// `command` in the meantime, its answer is returned.
    pub async fn record_test<T: Serialize>(
        &self,
        scope: &Scope,
        kind: IntegrationType,
        attempt: &DeliveryAttempt,
        command: Option<&Fingerprint>,
        answer: T,
        now: Timestamp,
    ) -> Result<Reply<T>, Error> {
        let key = keys::health(scope.workspace(), kind, HealthPart::Check);
        let mut transaction = Transaction::default();
        let check = [("last_check".to_owned(), value(attempt)?)];
        transaction.set(&key, stamp::<StoredHealth>().into_iter().chain(check));
        if let Some(command) = command {
            let key = keys::idempotency(scope.actor(), &command.command);
            transaction.first(&key, idempotency::item(&key, command, &answer, now)?, (), now);
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Reply::First(answer)),
            TransactionOutcome::Refused(()) => {
                self.earlier_answer(scope.actor(), command).await?.ok_or(Error::Contended)
            }
        }
    }
}

/// Returns the item with the time since which no delivery has succeeded.
pub(crate) fn failing(key: &Key, since: Timestamp) -> Result<Item, Error> {
    encode(key, &StoredFailing { since })
}
