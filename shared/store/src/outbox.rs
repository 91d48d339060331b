//! The outbox: messages written in the transaction of the change that triggers them, stored until they are relayed.

use crate::{
    Store,
    partitions::ItemKind,
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
};
use domain::{
    identity::denied::Denied,
    ids::{OutboxId, WorkspaceId},
    integrations::Occurrence,
    notifications::happening::Happening,
    outbox::{DeliverMessage, Message, OutboxItem},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Time that the stream has to handle a message or a notice. Afterwards it is due, and the sweeper handles it.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMessage {
    message: Message,
    at: Timestamp,
}

impl Stored for StoredMessage {
    const KIND: ItemKind = ItemKind::Outbox;
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Enqueues `message` in the transaction of this change.
    pub fn enqueue(&mut self, message: impl Into<Message>, now: Timestamp) -> Result<&mut Self, Error> {
        let (key, item) = self.store.outbox_item(message, now)?;
        Ok(self.put(&key, item))
    }

    /// Notifies the workspace's integrations and members of `occurrence` in the transaction of this change.
    pub fn report(&mut self, occurrence: Occurrence, now: Timestamp) -> Result<&mut Self, Error> {
        let message = self.store.event(self.scope.workspace(), occurrence, now);
        self.enqueue(message, now)?;
        match Happening::of(occurrence) {
            Some(happening) => self.notify_members(happening, now),
            None => Ok(self),
        }
    }
}

pub(crate) const TYPE: &str = StoredMessage::TYPE;

pub(crate) fn parse(item: &Item) -> Result<OutboxItem, Corrupt> {
    let stored: StoredMessage = decode(item)?;
    let corrupt = Corrupt { wanted: StoredMessage::TYPE, version: StoredMessage::VERSION };
    let id = item.get("pk").and_then(|pk| pk.as_s().ok()?.strip_prefix("OUTBOX#")?.parse().ok());
    Ok(OutboxItem { id: id.ok_or(corrupt)?, message: stored.message, at: stored.at })
}

/// Returns the outbox item in `image`, an image of the table's stream.
///
/// # Errors
/// [`Corrupt`] if it is not an outbox item.
pub fn from_image(image: serde_dynamo::Item) -> Result<OutboxItem, Corrupt> {
    parse(&image.into())
}

impl Store {
    /// Returns the message that notifies integrations of `occurrence`, under a fresh id.
    pub(crate) fn event(&self, workspace: WorkspaceId, occurrence: Occurrence, at: Timestamp) -> DeliverMessage {
        DeliverMessage::Event { workspace, event: self.ambient().fresh(), occurrence, at }
    }

    /// Returns the item of a message enqueued at `now`, and its key.
    pub(crate) fn outbox_item(&self, message: impl Into<Message>, now: Timestamp) -> Result<(keys::Key, Item), Error> {
        let id: OutboxId = self.ambient().fresh();
        let key = keys::outbox(id);
        let mut item = encode(&key, &StoredMessage { message: message.into(), at: now })?;
        item.extend(keys::due(id.ulid(), now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX)));
        Ok((key, item))
    }

    /// Deletes an item that has been relayed. Deleting it twice has no further effect.
    pub async fn delete_relayed(&self, id: OutboxId) -> Result<(), Error> {
        self.delete(&keys::outbox(id)).await
    }
}
