//! Requests to check a person's invitations. Each is due; see `domain::team::revocation`.

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
    identity::denied::Denied,
    ids::{RevocationId, UserId},
    team::member::Member,
    team::revocation::Revocation,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRevocation {
    id: RevocationId,
    by: UserId,
}

impl Stored for StoredRevocation {
    const KIND: ItemKind = ItemKind::Revocation;
}

pub(crate) const TYPE: &str = StoredRevocation::TYPE;

pub(crate) fn parse(item: &Item) -> Result<Revocation, Corrupt> {
    let stored: StoredRevocation = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredRevocation::TYPE, version: StoredRevocation::VERSION };
    Ok(Revocation {
        id: stored.id,
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        inviter: keys::id_of(item, keys::REVOCATION).ok_or_else(corrupt)?,
        by: stored.by,
    })
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Requests a check of the invitations of `inviter` after this change.
    pub fn request_revocation_check(&mut self, inviter: UserId, now: Timestamp) -> Result<&mut Self, Error> {
        let id: RevocationId = self.store.ambient().fresh();
        let key = keys::revocation(self.scope.workspace(), inviter);
        let mut item = encode(&key, &StoredRevocation { id, by: self.scope.actor() })?;
        item.extend(keys::due(id.ulid(), now));
        Ok(self.put(&key, item))
    }
}

impl Store {
    /// Reads the member `user` of a workspace, for a worker.
    pub async fn member(&self, scope: &SystemScope, user: UserId) -> Result<Option<Member>, Error> {
        let key = keys::member(scope.workspace(), user);
        self.read_item(&key, crate::team::members::parse).await
    }

    /// Deletes a request that was handled. A request that has replaced it stays.
    pub async fn delete_revocation(&self, revocation: &Revocation) -> Result<(), Error> {
        let key = keys::revocation(revocation.workspace, revocation.inviter);
        let mut transaction = Transaction::default();
        let same = Condition::Equals("id", text(revocation.id.to_string()));
        transaction.require(&key, same, ()).delete(&key);
        match self.transact(transaction).await? {
            TransactionOutcome::Done | TransactionOutcome::Refused(()) => Ok(()),
        }
    }
}
