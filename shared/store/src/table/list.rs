//! Lists: one query for a page, and the position of the next page.
//!
//! The position of the next page is an id, not a key of the table. The key is built here, so that the query stays
//! within its partition and its prefix whatever cursor a client sends.

use crate::{
    Store,
    table::calls::Query,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, place},
    table::keys::Key,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    ids::WorkspaceId,
    page::{Page, PageRequest},
};
use std::collections::HashMap;

/// A list of `T` in one partition, ordered by ids of the type `Id`.
#[derive(Debug)]
pub struct List<T, Id> {
    pub(crate) partition: fn(WorkspaceId) -> String,
    pub(crate) entries: Entries<T, Id>,
    /// The first and the last sort key, if the list is only a part of what the prefix has.
    pub(crate) within: Option<(String, String)>,
    pub(crate) page: PageRequest<Id>,
    pub(crate) filter: Vec<(&'static str, AttributeValue)>,
}

/// The shape of the entries of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entries<T, Id> {
    /// Prefix of their sort keys, followed by the id.
    pub(crate) prefix: &'static str,
    /// Direction of the list.
    pub(crate) order: Order,
    pub(crate) parse: fn(&Item) -> Result<T, Corrupt>,
    pub(crate) id: fn(&T) -> Id,
    pub(crate) parse_id: fn(&str) -> Option<Id>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Smallest id first.
    Ascending,
    /// Largest id first: for ids that begin with a time, the newest.
    NewestFirst,
}

// A derived implementation would require that `T` can be cloned.
impl<T, Id: Copy> Clone for List<T, Id> {
    fn clone(&self) -> Self {
        let Entries { prefix, order, parse, id, parse_id } = self.entries;
        let entries = Entries { prefix, order, parse, id, parse_id };
        let (within, filter) = (self.within.clone(), self.filter.clone());
        Self { partition: self.partition, entries, within, page: self.page, filter }
    }
}

impl Store {
    pub(crate) async fn page<T, Id: Copy + std::fmt::Display>(
        &self,
        partition: String,
        list: List<T, Id>,
    ) -> Result<Page<T, Id>, Error> {
        let List { entries, within, page, filter, .. } = list;
        let limit = page.limit.get();
        // The table refuses a start outside the part that is asked for. Only an invented cursor has one.
        let outside = |id: &Id| {
            let sk = format!("{}{id}", entries.prefix);
            within.as_ref().is_some_and(|(first, last)| sk < *first || sk > *last)
        };
        if page.after.as_ref().is_some_and(outside) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let query = Query::table(&partition);
        let query = match within {
            Some((first, last)) => query.between(first, last),
            None => query.starting_with(entries.prefix),
        };
        let query =
            filter.into_iter().fold(query, |query, (name, value)| query.filter(&Condition::Equals(name, value)));
        let start =
            page.after.map(|id| HashMap::from(place(&Key { pk: partition, sk: format!("{}{id}", entries.prefix) })));
        // One entry more than requested shows whether anything follows.
        let query = query.after(start).limit(limit.saturating_add(1));
        let query = match entries.order {
            Order::Ascending => query,
            Order::NewestFirst => query.newest_first(),
        };
        let output = self.query(query).await?;
        let mut items = output.items().iter().map(entries.parse).collect::<Result<Vec<_>, _>>()?;
        if items.len() > limit {
            items.truncate(limit);
            return Ok(Page { next: items.last().map(entries.id), items });
        }
        // The filter left entries out, so the next page begins after the last one it examined.
        let last = output.last_evaluated_key().and_then(|key| key.get("sk")?.as_s().ok()?.strip_prefix(entries.prefix));
        let next =
            last.map(|id| (entries.parse_id)(id).ok_or(Corrupt { wanted: "sort key", version: 1 })).transpose()?;
        Ok(Page { items, next })
    }
}
