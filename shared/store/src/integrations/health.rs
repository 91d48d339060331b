//! Health of integrations, in a partition of its own. The counters are spread over several items, so that the writes of
//! a busy integration conflict neither with each other nor with other writes of the workspace.

use crate::scope::Scope;
use crate::{
    Store,
    bounds::reservations::Reservation,
    partitions::ItemKind,
    table::calls::Query,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, stamp},
    table::keys::{self, HealthPart},
    table::transaction::Transaction,
    workspace::entry::{Authorized, Entry},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    command::Reply,
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::delivery::{Delivery, DeliveryAttempt, FAILURES},
    integrations::{Failing, Health, IntegrationType},
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

/// The failures since the last success.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredFailing {
    since: Timestamp,
    #[serde(default)]
    failures: u32,
}

impl Stored for StoredFailing {
    const KIND: ItemKind = ItemKind::Failing;
}

pub(crate) fn parse(item: &Item) -> Result<Health, Corrupt> {
    let StoredHealth { sent, errors, last_sync_at, last_error, last_check } = decode(item)?;
    Ok(Health { sent, errors, last_sync_at, last_error, last_check })
}

pub(crate) fn parse_failing(item: &Item) -> Result<Failing, Corrupt> {
    decode(item).map(|StoredFailing { since, failures }| Failing { since, failures })
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

/// Adds to `transaction` what an attempt of `delivery` means for the failures since the last success, which were read as
/// `failing`.
///
/// They are written when they change, not with each attempt, so that the deliveries of a receiver that keeps failing do
/// not conflict on them.
pub(crate) fn note_result<E>(
    transaction: &mut Transaction<E>,
    delivery: &Delivery,
    attempt: &DeliveryAttempt,
    failing: Option<Failing>,
    now: Timestamp,
) -> Result<(), Error> {
    let key = keys::health(delivery.workspace, delivery.integration, HealthPart::Failing);
    match failing {
        Some(_) if attempt.succeeded() => {
            transaction.delete(&key);
        }
        None if attempt.succeeded() => {}
        Some(Failing { failures, .. }) if failures >= FAILURES => {}
        // A success that came in between has deleted the item. The failures begin again then.
        None | Some(_) => {
            let since = [("since".to_owned(), value(&now)?)];
            transaction.set(&key, stamp::<StoredFailing>()).set_once(&key, since).add(&key, "failures", 1);
        }
    }
    Ok(())
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Requires that nothing has arrived at the integration of the type `kind` since `failing` was read.
    pub fn require_failing(
        &mut self,
        kind: IntegrationType,
        failing: &Failing,
        changed: E,
    ) -> Result<&mut Self, Error> {
        let key = keys::health(self.scope.workspace(), kind, HealthPart::Failing);
        Ok(self.require(&key, Condition::Equals("since", value(&failing.since)?), changed))
    }
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

    /// Records a test of the integration of the type `kind` as the answer to the command of `reservation`, and returns
    /// `answer`. A success clears the integration's failures.
    pub async fn record_test<T: Serialize>(
        &self,
        scope: &Scope,
        kind: IntegrationType,
        attempt: &DeliveryAttempt,
        reservation: Reservation,
        answer: T,
    ) -> Result<Reply<T>, Error> {
        let key = |part| keys::health(scope.workspace(), kind, part);
        let mut transaction = Transaction::default();
        let check = [("last_check".to_owned(), value(attempt)?)];
        transaction.set(&key(HealthPart::Check), stamp::<StoredHealth>().into_iter().chain(check));
        if attempt.succeeded() {
            transaction.delete(&key(HealthPart::Failing));
        }
        self.answer_reserved(transaction, reservation, answer).await
    }
}
