//! Notes of secrets that no integration refers to. Each is due; see `domain::integrations::orphan`.
//!
//! By construction a secret is referred to by an integration or noted here: taking one deletes its note in the same
//! transaction, and giving one up writes it.

use crate::scope::Scope;
use crate::{
    Store,
    table::calls::Outcome,
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
    integrations::orphan::{Fate, Orphan, PATIENCE},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredOrphan {
    fate: Fate,
}

impl Stored for StoredOrphan {
    const TYPE: &'static str = "orphan";
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

fn item(key: &keys::Key, id: SecretId, fate: Fate, due: Timestamp) -> Result<Item, Error> {
    let mut item = encode(key, &StoredOrphan { fate })?;
    item.extend(keys::due(id.ulid(), due));
    Ok(item)
}

fn is(fate: Fate) -> Condition {
    Condition::Equals("fate", text(fate.name()))
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Lets an integration take the secret `id`; `lost` if it was given up.
    pub(crate) fn adopt(&mut self, id: SecretId, lost: impl Into<E>) -> &mut Self {
        let key = keys::orphan(self.scope.workspace(), id);
        self.require(&key, is(Fate::Awaited), lost).delete(&key)
    }

    /// Notes that the secret `id`, which an integration gives up, is to be deleted.
    pub(crate) fn abandon(&mut self, id: SecretId, now: Timestamp) -> Result<&mut Self, Error> {
        let key = keys::orphan(self.scope.workspace(), id);
        let item = item(&key, id, Fate::Doomed, now)?;
        Ok(self.put(&key, item))
    }
}

impl Store {
    /// Notes that the secret `id` is about to be made, and takes one of the workspace's budget for secrets.
    ///
    /// # Errors
    /// `E`, made of [`Error`], or of [`Exhausted`] if the budget has none left.
    pub async fn await_secret<E: From<Error> + From<Exhausted>>(
        &self,
        scope: &Scope,
        id: SecretId,
        now: Timestamp,
    ) -> Result<(), E> {
        let key = keys::orphan(scope.workspace(), id);
        let due = now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
        let mut transaction = Transaction::default();
        transaction.put_new(&key, item(&key, id, Fate::Awaited, due)?, E::from(Error::Contended)).take(
            scope.workspace(),
            Budget::Secrets,
            now,
        );
        match self.transact(transaction).await? {
            Outcome::Done => Ok(()),
            Outcome::Refused(refusal) => Err(refusal),
        }
    }

    /// Gives up a secret that was awaited: no integration can take it from now on. False if one has.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn doom(&self, orphan: &Orphan) -> Result<bool, Error> {
        let key = keys::orphan(orphan.workspace, orphan.id);
        let mut transaction = Transaction::default();
        let doomed = [("fate".to_owned(), text(Fate::Doomed.name()))];
        transaction.require(&key, is(Fate::Awaited), ()).set(&key, doomed);
        match self.transact(transaction).await? {
            Outcome::Done => Ok(true),
            Outcome::Refused(()) => Ok(false),
        }
    }

    /// Forgets a secret that has been deleted. Doing so twice does nothing more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn deleted(&self, orphan: &Orphan) -> Result<(), Error> {
        self.delete(&keys::orphan(orphan.workspace, orphan.id)).await
    }
}
