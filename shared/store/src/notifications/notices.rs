//! Notices: events of which members are to be notified, written in the transaction of the change. `notifier` reads them
//! from the stream, writes the inboxes, and deletes them; the outbox's relay does not see them.

use crate::{
    Store,
    outbox::PATIENCE,
    partitions::ItemKind,
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    identity::denied::Denied,
    ids::{NotificationId, UserId, WorkspaceId},
    notifications::happening::{Happening, Notice},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredNotice {
    workspace: WorkspaceId,
    happening: Happening,
    actor: Option<UserId>,
}

impl Stored for StoredNotice {
    const KIND: ItemKind = ItemKind::Notice;
}

pub(crate) const TYPE: &str = StoredNotice::TYPE;

/// A notice of which members were not notified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeItem {
    /// Id of the notification in every inbox.
    pub id: NotificationId,
    /// The notice.
    pub notice: Notice,
}

pub(crate) fn parse(item: &Item) -> Result<NoticeItem, Corrupt> {
    let StoredNotice { workspace, happening, actor } = decode(item)?;
    let corrupt = Corrupt { wanted: StoredNotice::TYPE, version: StoredNotice::VERSION };
    let id = item.get("pk").and_then(|pk| pk.as_s().ok()?.strip_prefix("NOTICE#")?.parse().ok());
    Ok(NoticeItem { id: id.ok_or(corrupt)?, notice: Notice { workspace, happening, actor } })
}

/// Returns the notice in `image`, an image of the table's stream.
///
/// # Errors
/// [`Corrupt`] if it is not a notice.
pub fn from_image(image: serde_dynamo::Item) -> Result<NoticeItem, Corrupt> {
    parse(&image.into())
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Notifies the members of the workspace of `happening`, which the actor of this change has caused, in its transaction.
    pub fn notify_members(&mut self, happening: Happening, now: Timestamp) -> Result<&mut Self, Error> {
        let (workspace, actor) = (self.scope.workspace(), Some(self.scope.actor()));
        let (key, item) = self.store.new_notice(Notice { workspace, happening, actor }, now)?;
        Ok(self.put(&key, item))
    }
}

impl<E> Transaction<E> {
    /// Notifies the members of the workspace of `scope` of `happening`, which nobody has caused, in this transaction.
    pub(crate) fn notify_members(
        &mut self,
        store: &Store,
        scope: &SystemScope,
        happening: Happening,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let notice = Notice { workspace: scope.workspace(), happening, actor: None };
        let (key, item) = store.new_notice(notice, now)?;
        Ok(self.put(&key, item))
    }
}

/// Returns the item of the notice with this id.
pub(crate) fn item(id: NotificationId, notice: Notice, now: Timestamp) -> Result<(keys::Key, Item), Error> {
    let Notice { workspace, happening, actor } = notice;
    let key = keys::notice(id);
    let mut item = encode(&key, &StoredNotice { workspace, happening, actor })?;
    item.extend(keys::due(id.ulid(), now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX)));
    Ok((key, item))
}

impl Store {
    fn new_notice(&self, notice: Notice, now: Timestamp) -> Result<(keys::Key, Item), Error> {
        item(self.ambient().fresh(), notice, now)
    }

    /// Deletes a notice of which all members were notified. Deleting it twice has no further effect.
    pub async fn delete_notice(&self, id: NotificationId) -> Result<(), Error> {
        self.delete(&keys::notice(id)).await
    }
}
