//! The events of Stripe's that were handled. They are recorded for longer than Stripe lists them.

use crate::{
    Store,
    partitions::ItemKind,
    table::change::Change,
    table::error::Error,
    table::item::{Item, Stored, TTL, encode, number},
    table::keys::{self, Key},
};
use domain::{identity::denied::Denied, ids::WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Stripe lists events for 30 days. <https://docs.stripe.com/api/events>
const KEPT: SignedDuration = SignedDuration::from_hours(40 * 24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredEvent {
    workspace: WorkspaceId,
    at: Timestamp,
}

impl Stored for StoredEvent {
    const KIND: ItemKind = ItemKind::StripeEvent;
}

/// Result of looking up an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventStatus {
    /// The event was handled.
    Handled,
    /// The event was not handled.
    New,
}

/// Returns the record of an event that concerned `workspace`.
pub(super) fn item(key: &Key, workspace: WorkspaceId, now: Timestamp) -> Result<Item, Error> {
    let mut item = encode(key, &StoredEvent { workspace, at: now })?;
    item.insert(TTL.to_owned(), number(now.saturating_add(KEPT).unwrap_or(Timestamp::MAX).as_second()));
    Ok(item)
}

impl Store {
    /// Looks up whether `event` was handled.
    pub async fn event_status(&self, event: &str) -> Result<EventStatus, Error> {
        let key = keys::event(event);
        let found = self.batch_get(std::slice::from_ref(&key)).await?;
        Ok(if found.contains_key(&key) { EventStatus::Handled } else { EventStatus::New })
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Records that `event` was handled.
    pub fn record_event(&mut self, event: &str, now: Timestamp) -> Result<&mut Self, Error> {
        let key = keys::event(event);
        let item = item(&key, self.scope.workspace(), now)?;
        Ok(self.put(&key, item))
    }
}
