//! Objects of one kind in the order of their creation, found by id.

use crate::{
    error::{ApiError, Result},
    ids::Id,
};
use std::collections::BTreeMap;

/// Objects of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Shelf<I, T> {
    order: Vec<I>,
    items: BTreeMap<I, T>,
}

impl<I, T> Default for Shelf<I, T> {
    fn default() -> Self {
        Self { order: Vec::new(), items: BTreeMap::new() }
    }
}

impl<I: Id, T> Shelf<I, T> {
    /// Adds the object, or replaces the one with the same id.
    pub(crate) fn put(&mut self, id: I, item: T) {
        if self.items.insert(id.clone(), item).is_none() {
            self.order.push(id);
        }
    }

    pub(crate) fn get(&self, id: &I) -> Option<&T> {
        self.items.get(id)
    }

    /// Finds the object that a request names, or returns Stripe's error for a missing one
    /// (<https://docs.stripe.com/error-codes>, `resource_missing`).
    pub(crate) fn find(&self, id: &I, param: &str) -> Result<&T> {
        self.get(id).ok_or_else(|| ApiError::missing(I::NOUN, id.to_string(), param))
    }

    /// Finds the object of a reference within the state, which always exists.
    pub(crate) fn known(&self, id: &I) -> Result<&T> {
        self.get(id).ok_or_else(|| ApiError::broken(format!("{} {id} is referred to, but unknown", I::NOUN)))
    }

    /// Finds the object like `known`, for a change.
    pub(crate) fn known_mut(&mut self, id: &I) -> Result<&mut T> {
        self.items.get_mut(id).ok_or_else(|| ApiError::broken(format!("{} {id} is referred to, but unknown", I::NOUN)))
    }

    /// Returns the objects, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.order.iter().filter_map(|id| self.items.get(id))
    }

    /// Returns the objects, newest first, which is the order of every list (<https://docs.stripe.com/api/pagination>).
    pub(crate) fn newest(&self) -> impl Iterator<Item = &T> {
        self.iter().rev()
    }

    /// Returns the objects with their ids, newest first.
    pub(crate) fn newest_entries(&self) -> impl Iterator<Item = (&I, &T)> {
        self.order.iter().rev().filter_map(|id| Some((id, self.items.get(id)?)))
    }

    /// Copies parts of an object, such as its lines, so that a list shows them in their own order.
    pub(crate) fn listing(parts: &[T], id: impl Fn(&T) -> &I) -> Self
    where
        T: Clone,
    {
        let mut listing = Self::default();
        for part in parts.iter().rev() {
            listing.put(id(part).clone(), part.clone());
        }
        listing
    }

    /// Copies the wanted objects.
    pub(crate) fn part(&self, wanted: impl Fn(&T) -> bool) -> Self
    where
        T: Clone,
    {
        let mut part = Self::default();
        for id in &self.order {
            if let Some(item) = self.items.get(id).filter(|item| wanted(item)) {
                part.put(id.clone(), item.clone());
            }
        }
        part
    }

    /// Removes all objects that are no longer wanted.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&T) -> bool) {
        self.items.retain(|_, item| wanted(item));
        self.order.retain(|id| self.items.contains_key(id));
    }
}
