//! The outbox: messages that stand in the transaction of the change that sets them off, until they are relayed.

use crate::{
    Store,
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
};
use domain::{
    identity::denied::Denied,
    ids::{OutboxId, WorkspaceId},
    integrations::Occurrence,
    outbox::{Message, OutboxItem},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long the stream has to relay an item before it is due and the sweeper does.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMessage {
    message: Message,
    at: Timestamp,
}

impl Stored for StoredMessage {
    const TYPE: &'static str = "outbox";
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Sets off `message` once the change is made.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn set_off(&mut self, message: Message, now: Timestamp) -> Result<&mut Self, Error> {
        let (key, item) = self.store.outbox_item(message, now)?;
        Ok(self.put(&key, item))
    }

    /// Tells the workspace's integrations of `occurrence` once the change is made: the one call for whatever they can hear
    /// of.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn tell(&mut self, occurrence: Occurrence, now: Timestamp) -> Result<&mut Self, Error> {
        let message = self.store.event(self.scope.workspace(), occurrence, now);
        self.set_off(message, now)
    }
}

pub(crate) const TYPE: &str = StoredMessage::TYPE;

pub(crate) fn parse(item: &Item) -> Result<OutboxItem, Corrupt> {
    let stored: StoredMessage = decode(item)?;
    let corrupt = Corrupt { wanted: StoredMessage::TYPE, version: StoredMessage::VERSION };
    let id = item.get("pk").and_then(|pk| pk.as_s().ok()?.strip_prefix("OUTBOX#")?.parse().ok());
    Ok(OutboxItem { id: id.ok_or(corrupt)?, message: stored.message, at: stored.at })
}

/// The outbox item in `image`, as the table's stream has it.
///
/// # Errors
/// [`Corrupt`] if it is none.
pub fn from_image(image: serde_dynamo::Item) -> Result<OutboxItem, Corrupt> {
    parse(&image.into())
}

impl Store {
    /// The message that tells integrations of `occurrence`, under a fresh id.
    pub(crate) fn event(&self, workspace: WorkspaceId, occurrence: Occurrence, at: Timestamp) -> Message {
        Message::Event { workspace, event: self.ambient().fresh(), occurrence, at }
    }

    /// The item of a message that is set off at `now`, and where it stands.
    pub(crate) fn outbox_item(&self, message: Message, now: Timestamp) -> Result<(keys::Key, Item), Error> {
        let id: OutboxId = self.ambient().fresh();
        let key = keys::outbox(id);
        let mut item = encode(&key, &StoredMessage { message, at: now })?;
        item.extend(keys::due(id.ulid(), now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX)));
        Ok((key, item))
    }

    /// Forgets an item that has been relayed. Doing so twice does nothing more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn relayed(&self, id: OutboxId) -> Result<(), Error> {
        self.delete(&keys::outbox(id)).await
    }
}
