//! Notifications that containers publish. A key is recorded with the notice, so that a request that comes twice publishes
//! once.

use super::notices;
use crate::{
    Store,
    partitions::ItemKind,
    runtime::runtimes::{self, RuntimeFacts},
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, number},
    table::keys::{self, Key},
    table::transaction::Transaction,
};
use domain::{
    bounds::budget::{Budget, Exhausted},
    identity::denied::Denied,
    ids::NotificationId,
    notifications::{
        happening::{Happening, Notice},
        published::{PublishKey, Published},
    },
    runtime::token::{Bearer, NotAContainer},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Time for which a key is recorded.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredPublication {
    id: NotificationId,
    digest: String,
}

impl Stored for StoredPublication {
    const KIND: ItemKind = ItemKind::Publication;
}

/// A notification that was published under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Id of the notification.
    pub id: NotificationId,
    /// Digest of its contents.
    pub digest: String,
}

/// Result of publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Members are going to be notified.
    Done,
    /// Another request with the same key came first.
    KeyTaken,
    /// The hour's budget is used up.
    Exhausted(Exhausted),
}

impl From<Exhausted> for Outcome {
    fn from(exhausted: Exhausted) -> Self {
        Self::Exhausted(exhausted)
    }
}

pub(crate) fn parse(item: &Item) -> Result<Publication, Corrupt> {
    let StoredPublication { id, digest } = decode(item)?;
    Ok(Publication { id, digest })
}

fn record(key: &Key, publication: &Publication, now: Timestamp) -> Result<Item, Error> {
    let Publication { id, digest } = publication.clone();
    let mut item = encode(key, &StoredPublication { id, digest })?;
    item.insert(TTL.to_owned(), number(now.saturating_add(KEPT).unwrap_or(Timestamp::MAX).as_second()));
    Ok(item)
}

impl Store {
    /// Reads whether the container with the token `bearer` may publish, and what it has published under `key`. It may not
    /// after the deletion of its workspace, after a later launch, and while the workspace is suspended.
    ///
    /// # Errors
    /// [`Error`] if the table fails, [`NotAContainer`] if the launch is not the current one, [`Denied::Suspended`] during a
    /// suspension; all converted to `E`.
    pub async fn published_by_container<E: From<Error> + From<NotAContainer> + From<Denied>>(
        &self,
        bearer: Bearer,
        key: &PublishKey,
    ) -> Result<Option<Publication>, E> {
        let workspace = bearer.workspace;
        let record = keys::publication(workspace, key);
        let wanted: Vec<_> = runtimes::runtime_fact_keys(workspace).into_iter().chain([record.clone()]).collect();
        let found = self.batch_get(&wanted).await?;
        let RuntimeFacts { live, suspended, runtime, .. } =
            runtimes::runtime_facts(self.plans(), workspace, &found).map_err(Error::from)?;
        if !live || !runtime.is_launch(bearer.attempt) {
            return Err(NotAContainer.into());
        }
        if suspended {
            return Err(Denied::Suspended.into());
        }
        let expired = Condition::absent_or_expired(self.ambient().now());
        let known = found.get(&record).filter(|item| !expired.holds(Some(item)));
        Ok(known.map(parse).transpose().map_err(Error::from)?)
    }

    /// Publishes a notification of the container with the token `bearer` under `key`: records both, uses one unit of the
    /// hour's budget, and notifies members.
    pub async fn publish(
        &self,
        bearer: Bearer,
        key: &PublishKey,
        publication: &Publication,
        published: Published,
    ) -> Result<Outcome, Error> {
        let (workspace, now) = (bearer.workspace, self.ambient().now());
        let happening = Happening::Published(Box::new(published));
        let (notice, item) = notices::item(publication.id, Notice { workspace, happening, actor: None }, now)?;
        let known = keys::publication(workspace, key);
        let mut transaction = Transaction::default();
        transaction.take(workspace, Budget::Publications, now).put(&notice, item).first(
            &known,
            record(&known, publication, now)?,
            Outcome::KeyTaken,
            now,
        );
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Outcome::Done),
            TransactionOutcome::Refused(outcome) => Ok(outcome),
        }
    }
}
