//! Slots: additional keys of a read, and access to the items it finds there.

use crate::{
    table::error::Corrupt,
    table::item::{Item, Key},
};
use std::{collections::HashMap, marker::PhantomData};

/// The key of an item that a read requests in addition to its usual items.
#[derive(Debug)]
pub struct Slot<T> {
    key: Key,
    parse: fn(&Item) -> Result<T, Corrupt>,
    of: PhantomData<T>,
}

impl<T> Slot<T> {
    /// The item at `key`, parsed with `parse`.
    pub(crate) const fn new(key: Key, parse: fn(&Item) -> Result<T, Corrupt>) -> Self {
        Self { key, parse, of: PhantomData }
    }

    /// Returns the value among the items that were `found`, if there is one.
    pub(crate) fn take(&self, found: &HashMap<Key, Item>) -> Result<Option<T>, Corrupt> {
        found.get(&self.key).map(self.parse).transpose()
    }
}
