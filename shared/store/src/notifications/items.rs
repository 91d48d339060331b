//! Stored shapes of an inbox: its head and its notifications.
//!
//! Both have a TTL after the weeks in which they are shown. It may come at any time: the counts of the head stand by week,
//! and nothing is shown or counted of a week that is over.

use crate::{
    partitions::ItemKind,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, number},
    table::keys::{self, Key},
};
use domain::{
    identity::access::Role,
    ids::NotificationId,
    notifications::{
        happening::Happening,
        inbox::{InboxHead, ReadMark},
        notification::{InboxItem, Notification},
        shelf::{NotificationType, Shelf},
        week::Week,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredInbox {
    version: u64,
    seq: u64,
    marks: BTreeMap<Shelf, ReadMark>,
    /// By the number of the week, as a text, since the table's maps have texts as names.
    unread: BTreeMap<String, BTreeMap<Shelf, u64>>,
}

impl Stored for StoredInbox {
    const KIND: ItemKind = ItemKind::InboxHead;
}

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredNotification {
    version: u64,
    seq: u64,
    /// Missing in notifications from before any were mailed.
    #[serde(default)]
    arrived: Option<u64>,
    #[serde(rename = "type")]
    kind: NotificationType,
    audience: Role,
    /// `None` once the notification was deleted.
    happening: Option<Happening>,
    read_at: Option<Timestamp>,
}

impl Stored for StoredNotification {
    const KIND: ItemKind = ItemKind::Notification;
}

pub(crate) fn parse_head(item: &Item) -> Result<InboxHead, Corrupt> {
    let StoredInbox { version, seq, marks, unread } = decode(item)?;
    let corrupt = Corrupt { wanted: StoredInbox::TYPE, version: StoredInbox::VERSION };
    let weeks = unread.into_iter().map(|(week, counts)| Some((Week::numbered(week.parse().ok()?), counts)));
    Ok(InboxHead { version, seq, marks, unread: weeks.collect::<Option<_>>().ok_or(corrupt)? })
}

pub(crate) fn head_item(key: &Key, head: &InboxHead, now: Timestamp) -> Result<Item, Error> {
    let InboxHead { version, seq, marks, unread } = head.clone();
    let unread = unread.into_iter().map(|(week, counts)| (week.number().to_string(), counts)).collect();
    let mut item = encode(key, &StoredInbox { version, seq, marks, unread })?;
    // No notification in the inbox is of a later week.
    item.insert(TTL.to_owned(), number(Week::of(now).kept_until().as_second()));
    Ok(item)
}

/// Returns the id of a notification, and what is in its place.
pub(crate) fn parse(item: &Item) -> Result<(NotificationId, InboxItem), Corrupt> {
    let StoredNotification { version, seq, arrived, kind, audience, happening, read_at } = decode(item)?;
    let corrupt = Corrupt { wanted: StoredNotification::TYPE, version: StoredNotification::VERSION };
    let id = keys::notification_id(item).ok_or(corrupt)?;
    let shelf = Shelf { kind, audience };
    let arrived = arrived.unwrap_or(seq);
    let kept = happening.map(|happening| Notification { id, version, seq, arrived, shelf, happening, read_at });
    Ok((id, kept.map_or(InboxItem::Deleted, InboxItem::Kept)))
}

/// Returns the item of a notification.
pub(crate) fn notification_item(key: &Key, notification: &Notification) -> Result<Item, Error> {
    item(key, notification, Some(notification.happening.clone()))
}

/// Returns the item that keeps the place of a deleted notification, without its content.
pub(crate) fn deleted_item(key: &Key, before: &Notification) -> Result<Item, Error> {
    item(key, &Notification { version: before.version.saturating_add(1), ..before.clone() }, None)
}

fn item(key: &Key, notification: &Notification, happening: Option<Happening>) -> Result<Item, Error> {
    let &Notification { version, seq, arrived, shelf: Shelf { kind, audience }, read_at, .. } = notification;
    let mut item =
        encode(key, &StoredNotification { version, seq, arrived: Some(arrived), kind, audience, happening, read_at })?;
    item.insert(TTL.to_owned(), number(notification.week().kept_until().as_second()));
    Ok(item)
}
