//! Records of secrets that no integration refers to. Each is due; see `domain::integrations::orphan`.
//!
//! Every secret is either referred to by an integration or recorded here: an integration that takes a secret deletes
//! its record in the same transaction, and one that gives up a secret writes it.

use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    bounds::budget::{Budget, Exhausted},
    identity::denied::Denied,
    ids::SecretId,
    integrations::orphan::{Orphan, OrphanState, PATIENCE},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredOrphan {
    fate: OrphanState,
}

impl Stored for StoredOrphan {
    const KIND: ItemKind = ItemKind::Orphan;
}

pub(crate) const TYPE: &str = StoredOrphan::TYPE;

pub(crate) fn parse(item: &Item) -> Result<Orphan, Corrupt> {
    let stored: StoredOrphan = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredOrphan::TYPE, version: StoredOrphan::VERSION };
    Ok(Orphan {
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        id: keys::id_of(item, keys::ORPHAN).ok_or_else(corrupt)?,
        fate: stored.fate,
    })
}

fn item(key: &keys::Key, id: SecretId, fate: OrphanState, due: Timestamp) -> Result<Item, Error> {
    let mut item = encode(key, &StoredOrphan { fate })?;
    item.extend(keys::due(id.ulid(), due));
    Ok(item)
}

fn is(fate: OrphanState) -> Condition {
    Condition::Equals("fate", text(fate.name()))
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Assigns the secret `id` to an integration; `lost` if the secret was scheduled for deletion.
    pub(crate) fn assign_secret(&mut self, id: SecretId, lost: impl Into<E>) -> &mut Self {
        let key = keys::orphan(self.scope.workspace(), id);
        self.require(&key, is(OrphanState::Awaited), lost).delete(&key)
    }

    /// Records that the secret `id`, which an integration gives up, is to be deleted.
    pub(crate) fn release_secret(&mut self, id: SecretId, now: Timestamp) -> Result<&mut Self, Error> {
        let key = keys::orphan(self.scope.workspace(), id);
        let item = item(&key, id, OrphanState::ScheduledForDeletion, now)?;
        Ok(self.put(&key, item))
    }
}

impl Store {
    /// Records that the secret `id` is about to be created, and uses one unit of the workspace's budget for secrets.
    ///
    /// # Errors
    /// [`Error`] if the table fails, [`Exhausted`] if the budget has none left; both converted to `E`.
    pub async fn record_pending_secret<E: From<Error> + From<Exhausted>>(
        &self,
        scope: &Scope,
        id: SecretId,
        now: Timestamp,
    ) -> Result<(), E> {
        let key = keys::orphan(scope.workspace(), id);
        let due = now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
        let mut transaction = Transaction::default();
        transaction.put_new(&key, item(&key, id, OrphanState::Awaited, due)?, E::from(Error::Contended)).take(
            scope.workspace(),
            Budget::Secrets,
            now,
        );
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(()),
            TransactionOutcome::Refused(refusal) => Err(refusal),
        }
    }

    /// Schedules an unused secret for deletion: no integration can take it afterwards. Returns false if one has.
    pub async fn schedule_secret_deletion(&self, orphan: &Orphan) -> Result<bool, Error> {
        let key = keys::orphan(orphan.workspace, orphan.id);
        let mut transaction = Transaction::default();
        let scheduled = [("fate".to_owned(), text(OrphanState::ScheduledForDeletion.name()))];
        transaction.require(&key, is(OrphanState::Awaited), ()).set(&key, scheduled);
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }

    /// Deletes the record of a secret that was deleted. Repeating it has no further effect.
    pub async fn delete_orphan(&self, orphan: &Orphan) -> Result<(), Error> {
        self.delete(&keys::orphan(orphan.workspace, orphan.id)).await
    }
}
