//! How integrations do, in a partition of its own: counters that are spread over several items, so that a busy integration
//! neither waits for itself nor touches what the workspace's other writes name.

use crate::scope::Scope;
use crate::{
    Store,
    table::calls::Outcome,
    table::condition::{Condition, Terms},
    table::error::{Corrupt, Error},
    table::idempotency,
    table::item::{Item, Stored, decode, encode, stamp, text},
    table::keys::{self, HealthPart, Key},
    table::transaction::Transaction,
    workspace::entry::{Entry, Inside},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::delivery::{Attempt, Delivery},
    integrations::{Health, IntegrationType},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How integrations do, by type. One that is not there was never heard of.
pub type Healths = BTreeMap<IntegrationType, Health>;

/// A share of what was counted, or the last test.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredHealth {
    #[serde(default)]
    sent: u64,
    #[serde(default)]
    errors: u64,
    #[serde(default)]
    last_sync_at: Option<Timestamp>,
    #[serde(default)]
    last_error: Option<Attempt>,
    #[serde(default)]
    last_check: Option<Attempt>,
}

impl Stored for StoredHealth {
    const TYPE: &'static str = "health";
}

/// Since when nothing has arrived.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredFailing {
    pub(crate) since: Timestamp,
}

impl Stored for StoredFailing {
    const TYPE: &'static str = "failing";
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

/// Counts how an attempt of `delivery` went, beside what else `transaction` does.
pub(crate) fn count<E>(
    transaction: &mut Transaction<E>,
    delivery: &Delivery,
    attempt: &Attempt,
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
    /// Reads, and how the integrations do in the same round trip, or the one of the type `kind`; opened to members who may
    /// do `action`.
    ///
    /// # Errors
    /// `E`, made of [`Error`] or [`Denied`].
    pub async fn with_health<E>(self, action: Action, of: &[IntegrationType]) -> Result<(Inside<'a>, Healths), E>
    where
        E: From<Error> + From<Denied>,
    {
        let (store, workspace) = (self.store(), self.workspace);
        let (read, healths) = tokio::join!(self.read(), store.healths(workspace, of));
        Ok((read?.as_member(action)?, healths?))
    }
}

impl Store {
    async fn healths(&self, workspace: WorkspaceId, of: &[IntegrationType]) -> Result<Healths, Error> {
        let mut terms = Terms::default();
        let within = Condition::Equals("pk", text(keys::health_partition(workspace))).expression(&mut terms);
        let within = match of {
            [one] => {
                format!("{within} AND begins_with({}, {})", terms.name("sk"), terms.value(text(format!("{one}#"))))
            }
            _ => within,
        };
        // A few small items for each type: all of them are less than one page.
        let output = self
            .query(|query| {
                query
                    .key_condition_expression(within)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .consistent_read(true)
            })
            .await?;
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

    /// Notes how a test of the integration of the type `kind` went, and gives `answer`; if `command` was done in the meantime
    /// by another request, the answer of that one.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn tested<T: Serialize>(
        &self,
        scope: &Scope,
        kind: IntegrationType,
        attempt: &Attempt,
        (command, answer): (Option<&Fingerprint>, T),
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
            Outcome::Done => Ok(Reply::First(answer)),
            Outcome::Refused(()) => self.earlier_answer(scope.actor(), command).await?.ok_or(Error::Contended),
        }
    }
}

/// The item that says since when nothing has arrived.
pub(crate) fn failing(key: &Key, since: Timestamp) -> Result<Item, Error> {
    encode(key, &StoredFailing { since })
}
