//! The guard of an address: one item for each seated or invited address of a workspace, so that none is used twice.

use crate::{
    partitions::ItemKind,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
    table::slot::Slot,
    workspace::entry::Entry,
};
use domain::{
    email::Email,
    identity::denied::Denied,
    ids::{InvitationId, WorkspaceId},
};
use serde::{Deserialize, Serialize};

pub use domain::doctor::Holder;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredAddress {
    #[serde(flatten)]
    holder: Holder,
}

impl Stored for StoredAddress {
    const KIND: ItemKind = ItemKind::Address;
}

pub(crate) fn parse(item: &Item) -> Result<Holder, Corrupt> {
    decode::<StoredAddress>(item).map(|stored| stored.holder)
}

impl Entry<'_> {
    /// Reads the holder of `email` in this workspace.
    pub fn holder_of(&mut self, email: &Email) -> Slot<Holder> {
        let key = keys::address(self.workspace, email);
        self.also_item(key, parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Takes `email` for `holder`; `taken` if somebody holds it.
    pub fn take_address(&mut self, email: &Email, holder: Holder, taken: impl Into<E>) -> Result<&mut Self, Error> {
        self.take_address_in(self.scope.workspace(), email, holder, taken)
    }

    /// Like [`Self::take_address`], in a workspace that this change creates.
    pub(crate) fn take_address_in(
        &mut self,
        workspace: WorkspaceId,
        email: &Email,
        holder: Holder,
        taken: impl Into<E>,
    ) -> Result<&mut Self, Error> {
        let key = keys::address(workspace, email);
        let item = encode(&key, &StoredAddress { holder })?;
        Ok(self.put_new(&key, item, taken))
    }

    /// Transfers `email` from an invitation to another holder; `lost` if the invitation does not hold it.
    pub fn transfer_address(
        &mut self,
        email: &Email,
        from: InvitationId,
        to: Holder,
        lost: impl Into<E>,
    ) -> Result<&mut Self, Error> {
        self.replace_holder_of(email, Holder::Invitation(from), to, lost)
    }

    /// Transfers `email` to another holder; `lost` if `from` does not hold it.
    pub(crate) fn replace_holder_of(
        &mut self,
        email: &Email,
        from: Holder,
        to: Holder,
        lost: impl Into<E>,
    ) -> Result<&mut Self, Error> {
        let key = keys::address(self.scope.workspace(), email);
        let item = encode(&key, &StoredAddress { holder: to })?;
        Ok(self.require(&key, is_of(from), lost).put(&key, item))
    }

    /// Frees `email` of its holder; `lost` if `from` does not hold it.
    pub(crate) fn free_address(&mut self, email: &Email, from: Holder, lost: impl Into<E>) -> &mut Self {
        let key = keys::address(self.scope.workspace(), email);
        self.free_address_at(&key, from, lost)
    }

    /// Like [`Self::free_address`], for an address of which only the key is known.
    pub(crate) fn free_address_at(&mut self, key: &keys::Key, from: Holder, lost: impl Into<E>) -> &mut Self {
        self.require(key, is_of(from), lost).delete(key)
    }
}

/// Condition: `holder` holds the address.
fn is_of(holder: Holder) -> Condition {
    let id = match holder {
        Holder::Member(user) => user.to_string(),
        Holder::Invitation(invitation) => invitation.to_string(),
    };
    Condition::Equals("id", text(id))
}
