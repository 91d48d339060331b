//! Slots: what a read adds to its keys, and what it finds there.

use crate::{
    table::error::Corrupt,
    table::item::{Item, Key},
};
use std::{collections::HashMap, marker::PhantomData};

/// The place of something that a read asks for in addition to what every read does.
#[derive(Debug)]
pub struct Slot<T> {
    key: Key,
    parse: fn(&Item) -> Result<T, Corrupt>,
    of: PhantomData<T>,
}

impl<T> Slot<T> {
    /// The item at `key`, as `parse` reads it.
    pub(crate) const fn new(key: Key, parse: fn(&Item) -> Result<T, Corrupt>) -> Self {
        Self { key, parse, of: PhantomData }
    }

    /// The value among the items that were `found`, if there is one.
    pub(crate) fn take(&self, found: &HashMap<Key, Item>) -> Result<Option<T>, Corrupt> {
        found.get(&self.key).map(self.parse).transpose()
    }
}
