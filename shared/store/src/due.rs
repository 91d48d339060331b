//! The `due` index: all items of any type that have a time by which something must happen.
//!
//! The index lags behind the table and holds keys only. Its items are read again, consistently, and those that no
//! longer exist or are due later are left out.

use crate::{
    Store, accounts, api_keys,
    audit::{head, linking},
    billing,
    billing::comparison::{self, NightlyComparison},
    billing::seats::{self, SeatCheck},
    integrations::deliveries,
    integrations::orphans,
    live::connections::{self, ConnectionPlace},
    notifications::letters::{self, DeferredLetter},
    notifications::notices::{self, NoticeItem},
    notifications::windows::{self, DueWindow},
    outbox,
    runtime::heartbeats,
    runtime::runtimes,
    table::calls::Query,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, key_of},
    table::keys::{self, Key},
    team::invitations,
    team::revocations,
    workspace::deletions,
};
use domain::{
    audit::chain::Linking,
    ids::{UserId, WorkspaceId},
    integrations::delivery::Delivery,
    integrations::orphan::Orphan,
    keys::record::ApiKey,
    outbox::{OutboxItem, RuntimeMessage},
    team::invitation::Invitation,
    team::revocation::Revocation,
};
use jiff::Timestamp;

/// Number of items read together; one batch read takes at most 100.
pub const PAGE: usize = 25;

/// An item that is due.
#[derive(Debug, Clone, PartialEq)]
pub enum Due {
    /// A message that was not relayed.
    Message(OutboxItem),
    /// An event of which members were not notified.
    Notice(NoticeItem),
    /// An invitation that has expired.
    Invitation(Invitation),
    /// A secret that no integration refers to.
    Secret(Orphan),
    /// A workspace whose billing is to be compared with Stripe.
    Billing(WorkspaceId),
    /// A workspace with an unfinished command to Stripe.
    Intent(WorkspaceId),
    /// A workspace whose seats are to be compared with Stripe.
    Seats(SeatCheck),
    /// The nightly comparison with Stripe, at its current position.
    Comparison(NightlyComparison),
    /// A runtime whose deadline has passed or that is to be compared with ECS, as the message that triggers its reconciler.
    Runtime(RuntimeMessage),
    /// A workspace whose runtime may have been idle for as long as its plan allows, or has missed reports.
    Idle(WorkspaceId),
    /// A workspace with a pending deletion.
    Deletion(WorkspaceId),
    /// A person whose account is being deleted.
    Account(UserId),
    /// A letter that was deferred to this day.
    Letter(DeferredLetter),
    /// A letter with a member's notifications.
    Window(DueWindow),
    /// A live connection that cannot be open any more.
    Connection(ConnectionPlace),
    /// A request to check a person's invitations.
    Revocation(Revocation),
    /// A workspace whose audit log has a checkpoint.
    Checkpoint(WorkspaceId),
    /// Records from before a log was chained.
    Linking(Linking),
    /// An API key that needs attention.
    Key(Box<ApiKey>),
    /// A delivery whose next attempt is due.
    Delivery(Delivery),
    /// An item of a type that is not handled here.
    Foreign,
    /// An item that cannot be read.
    Corrupt(Corrupt),
}

/// Key of a due item, to read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Key);

/// A page of the due items of one bucket, the longest due first.
#[derive(Debug)]
pub struct DuePage {
    /// The due items and their keys.
    pub items: Vec<(Place, Due)>,
    /// Position of the next page, if there is one.
    pub next: Option<DuePosition>,
}

/// A position in a bucket of the index.
#[derive(Debug, Clone)]
pub struct DuePosition(Item);

/// Buckets of the index.
pub fn buckets() -> impl Iterator<Item = u8> {
    0..keys::BUCKETS
}

impl Due {
    /// The workspace of the item; `None` for items of no workspace and those that are not handled.
    #[must_use]
    pub const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Message(item) => Some(item.message.workspace()),
            Self::Notice(item) => Some(item.notice.workspace),
            Self::Invitation(invitation) => Some(invitation.workspace),
            Self::Secret(orphan) => Some(orphan.workspace),
            Self::Billing(workspace)
            | Self::Checkpoint(workspace)
            | Self::Deletion(workspace)
            | Self::Idle(workspace)
            | Self::Intent(workspace) => Some(*workspace),
            Self::Linking(linking) => Some(linking.workspace),
            Self::Runtime(message) => Some(message.workspace()),
            Self::Letter(deferral) => Some(deferral.workspace),
            Self::Window(window) => Some(window.workspace),
            Self::Connection(place) => Some(place.workspace()),
            Self::Revocation(revocation) => Some(revocation.workspace),
            Self::Key(key) => Some(key.workspace),
            Self::Delivery(delivery) => Some(delivery.workspace),
            Self::Seats(check) => Some(check.workspace),
            Self::Account(_) | Self::Comparison(_) | Self::Foreign | Self::Corrupt(_) => None,
        }
    }
}

/// Parses a due item by its type. A new type needs a line here.
fn parse(item: &Item) -> Due {
    let parsed = match item.get("_type").and_then(|kind| kind.as_s().ok()).map(String::as_str) {
        Some(outbox::TYPE) => outbox::parse(item).map(Due::Message),
        Some(notices::TYPE) => notices::parse(item).map(Due::Notice),
        Some(invitations::TYPE) => invitations::parse(item).map(Due::Invitation),
        Some(windows::TYPE) => windows::due(item).map(Due::Window),
        Some(connections::TYPE) => connections::ended(item).map(Due::Connection),
        Some(letters::TYPE) => letters::parse(item).map(Due::Letter),
        Some(orphans::TYPE) => orphans::parse(item).map(Due::Secret),
        Some(billing::TYPE) => billing::overdue(item).map(Due::Billing),
        Some(comparison::TYPE) => comparison::parse(item).map(Due::Comparison),
        Some(billing::INTENT) => billing::unfinished(item).map(Due::Intent),
        Some(seats::TYPE) => seats::parse(item).map(Due::Seats),
        Some(accounts::TYPE) => accounts::parse(item).map(|deletion| Due::Account(deletion.user)),
        Some(head::TYPE) => head::due(item).map(Due::Checkpoint),
        Some(linking::TYPE) => linking::parse(item).map(Due::Linking),
        Some(deletions::TYPE) => deletions::parse(item).map(|deletion| Due::Deletion(deletion.workspace)),
        Some(heartbeats::TYPE) => heartbeats::overdue(item).map(Due::Idle),
        Some(revocations::TYPE) => revocations::parse(item).map(Due::Revocation),
        Some(api_keys::records::TYPE) => api_keys::records::parse(item).map(|key| Due::Key(Box::new(key))),
        Some(runtimes::TYPE) => runtimes::overdue(item).map(Due::Runtime),
        Some(deliveries::TYPE) => deliveries::parse(item).map(Due::Delivery),
        Some(_) | None => Ok(Due::Foreign),
    };
    parsed.unwrap_or_else(Due::Corrupt)
}

impl Store {
    /// Reads a page of the items due by `now` in `bucket`, after the position `after`.
    pub async fn due(&self, bucket: u8, now: Timestamp, after: Option<DuePosition>) -> Result<DuePage, Error> {
        let query = Query::index("due", "due_bucket", keys::due_bucket(bucket));
        let after = after.map(|DuePosition(place)| place);
        let output = self.query(query.within(&passed(now)).after(after).limit(PAGE)).await?;
        let named: Vec<_> = output.items().iter().filter_map(key_of).collect();
        let items = self.still_due(named, now).await?;
        Ok(DuePage { items, next: output.last_evaluated_key.map(DuePosition) })
    }

    /// Reads the items at `places` again and returns those that are due by `now`.
    pub async fn due_at(&self, places: Vec<Place>, now: Timestamp) -> Result<Vec<Due>, Error> {
        let found = self.still_due(places.into_iter().map(|Place(key)| key).collect(), now).await?;
        Ok(found.into_iter().map(|(_, thing)| thing).collect())
    }

    async fn still_due(&self, keys: Vec<Key>, now: Timestamp) -> Result<Vec<(Place, Due)>, Error> {
        let (found, passed) = (self.batch_get(&keys).await?, passed(now));
        let due = keys.into_iter().filter_map(|key| {
            let item = found.get(&key).filter(|item| passed.holds(Some(item)))?;
            Some((Place(key), parse(item)))
        });
        Ok(due.collect())
    }
}

/// Condition: an item is due by `now`.
fn passed(now: Timestamp) -> Condition {
    Condition::Below("due_at", now.as_millisecond().saturating_add(1))
}
