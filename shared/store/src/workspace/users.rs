//! A user's own head: the number of their workspaces.

use crate::{
    partitions::ItemKind,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, stamp},
    table::keys,
    table::slot::Slot,
    workspace::entry::Entry,
};
use domain::{identity::denied::Denied, ids::UserId};
use serde::{Deserialize, Serialize};

/// Written by additions only, so that the first workspace creates the item.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredUser {
    workspace_count: u64,
}

impl Stored for StoredUser {
    const KIND: ItemKind = ItemKind::User;
}

pub(crate) fn parse(item: &Item) -> Result<u64, Corrupt> {
    decode::<StoredUser>(item).map(|stored| stored.workspace_count)
}

impl Entry<'_> {
    /// Reads the number of workspaces of `user`.
    pub fn workspace_count(&mut self, user: UserId) -> Slot<u64> {
        self.also_item(keys::user(user), parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Counts one more workspace of `user`.
    pub(crate) fn count_workspace(&mut self, user: UserId) -> &mut Self {
        let key = keys::user(user);
        self.set(&key, stamp::<StoredUser>()).add(&key, "workspace_count", 1)
    }

    /// Counts one workspace of `user` less; `last` if they have no other.
    pub fn decrement_workspace_count(&mut self, user: UserId, last: impl Into<E>) -> &mut Self {
        let key = keys::user(user);
        self.require(&key, Condition::Above("workspace_count", 1), last).add(&key, "workspace_count", -1)
    }

    /// Requires that the workspace which `user` loses is their last one, to be replaced by another; `other` if it is
    /// not.
    pub(crate) fn exchange_workspace(&mut self, user: UserId, other: impl Into<E>) -> &mut Self {
        self.require(&keys::user(user), Condition::Below("workspace_count", 2), other)
    }
}
