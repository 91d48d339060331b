//! Notes of people whose invitations are to be looked at. Each is due; see `domain::revocation`.

use super::{
    Store,
    calls::Outcome,
    change::Change,
    condition::Condition,
    error::{Corrupt, Error},
    item::{Item, Stored, decode, encode, text},
    keys,
    transaction::Transaction,
};
use crate::domain::{
    ids::{RevocationId, UserId},
    member::Member,
    revocation::Revocation,
    scope::{Denied, SystemScope},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredRevocation {
    id: RevocationId,
    by: UserId,
}

impl Stored for StoredRevocation {
    const TYPE: &'static str = "revocation";
}

pub(super) const TYPE: &str = StoredRevocation::TYPE;

pub(super) fn parse(item: &Item) -> Result<Revocation, Corrupt> {
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
    /// Notes that the invitations of `inviter` are to be looked at once the change is made.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn look_at_offers_of(&mut self, inviter: UserId, now: Timestamp) -> Result<&mut Self, Error> {
        let id: RevocationId = self.store.ambient().fresh();
        let key = keys::revocation(self.scope.workspace(), inviter);
        let mut item = encode(&key, &StoredRevocation { id, by: self.scope.actor() })?;
        item.extend(keys::due(id.ulid(), now));
        Ok(self.put(&key, item))
    }
}

impl Store {
    /// The member `user` of a workspace, for a worker.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn member(&self, scope: &SystemScope, user: UserId) -> Result<Option<Member>, Error> {
        let key = keys::member(scope.workspace(), user);
        let found = self.batch_get(std::slice::from_ref(&key)).await?;
        Ok(found.get(&key).map(super::members::parse).transpose()?)
    }

    /// Forgets a note that has been seen to; one that came in its place stays.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn seen_to(&self, revocation: &Revocation) -> Result<(), Error> {
        let key = keys::revocation(revocation.workspace, revocation.inviter);
        let mut transaction = Transaction::default();
        let same = Condition::Equals("id", text(revocation.id.to_string()));
        transaction.require(&key, same, ()).delete(&key);
        match self.transact(transaction).await? {
            Outcome::Done | Outcome::Refused(()) => Ok(()),
        }
    }
}
