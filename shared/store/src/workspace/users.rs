//! A user's own head: the number of their workspaces, and whether their account is being deleted. Every seat that is
//! taken counts here, so that no seat is taken by an account that ends.

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
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{identity::denied::Denied, ids::UserId};
use serde::{Deserialize, Serialize};

/// Written by additions only, so that the first workspace creates the item.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredUser {
    workspace_count: u64,
    /// Present while the account is being deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ending: Option<bool>,
}

/// A user's own head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserHead {
    /// Number of their workspaces.
    pub workspaces: u64,
    /// True while their account is being deleted.
    pub is_ending: bool,
}

const ENDING: &str = "ending";

impl Stored for StoredUser {
    const KIND: ItemKind = ItemKind::User;
}

pub(crate) fn parse(item: &Item) -> Result<UserHead, Corrupt> {
    let stored: StoredUser = decode(item)?;
    Ok(UserHead { workspaces: stored.workspace_count, is_ending: stored.ending.is_some() })
}

/// Returns the attributes of a user whose account is being deleted.
pub(crate) fn ending() -> impl Iterator<Item = (String, AttributeValue)> {
    stamp::<StoredUser>().into_iter().chain([(ENDING.to_owned(), AttributeValue::Bool(true))])
}

impl Entry<'_> {
    /// Reads the number of workspaces of `user`, and whether their account is being deleted.
    pub fn user_head(&mut self, user: UserId) -> Slot<UserHead> {
        self.also_item(keys::user(user), parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Counts one more workspace of `user`, unless their account is being deleted.
    pub(crate) fn count_workspace(&mut self, user: UserId) -> &mut Self {
        let key = keys::user(user);
        self.require(&key, Condition::AbsentOrLacks(ENDING), Denied::AccountEnding);
        self.set(&key, stamp::<StoredUser>()).add(&key, "workspace_count", 1)
    }

    /// Counts one workspace of `user` less; `last` if they have no other.
    pub fn decrement_workspace_count(&mut self, user: UserId, last: impl Into<E>) -> &mut Self {
        let key = keys::user(user);
        self.require(&key, Condition::Above("workspace_count", 1), last).add(&key, "workspace_count", -1)
    }

    /// Counts one workspace of `user` less, whose account is being deleted; `changed` if it is not. They get no other.
    pub fn discount_workspace(&mut self, user: UserId, changed: impl Into<E>) -> &mut Self {
        let key = keys::user(user);
        let is_ending = Condition::Equals(ENDING, AttributeValue::Bool(true));
        self.require(&key, is_ending, changed).add(&key, "workspace_count", -1)
    }

    /// Requires that the workspace which `user` loses is their last one, to be replaced by another; `other` if it is
    /// not.
    pub(crate) fn exchange_workspace(&mut self, user: UserId, other: impl Into<E> + Copy) -> &mut Self {
        let key = keys::user(user);
        self.require(&key, Condition::AbsentOrLacks(ENDING), other).require(
            &key,
            Condition::Below("workspace_count", 2),
            other,
        )
    }
}
