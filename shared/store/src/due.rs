//! What is due: an index over all items that have a time by which something must happen, whatever they are.
//!
//! The index is behind the table by a moment and holds keys only. What it names is read again, consistently, and what is
//! gone or due later by then is left out.

use crate::{
    Store, billing,
    billing::comparison::{self, UnderWay},
    integrations::deliveries,
    integrations::orphans,
    notifications::letters::{self, Deferral},
    outbox,
    runtime::heartbeats,
    runtime::runtimes,
    table::condition::{Condition, Terms},
    table::error::{Corrupt, Error},
    table::item::{Item, key_of, text},
    table::keys::{self, Key},
    team::invitations,
    team::revocations,
    workspace::deletions,
};
use domain::{
    ids::WorkspaceId,
    integrations::delivery::Delivery,
    integrations::orphan::Orphan,
    outbox::{Message, OutboxItem},
    team::invitation::Invitation,
    team::revocation::Revocation,
};
use jiff::Timestamp;

/// How many items are looked at together; one batch read takes at most 100.
pub const PAGE: usize = 25;

/// A thing that is due.
#[derive(Debug, Clone, PartialEq)]
pub enum Due {
    /// A message that was not relayed.
    Message(OutboxItem),
    /// An invitation that has expired.
    Invitation(Invitation),
    /// A secret that no integration refers to.
    Secret(Orphan),
    /// A workspace's billing, to be compared with Stripe.
    Billing(WorkspaceId),
    /// A command to Stripe of this workspace that was left.
    Intent(WorkspaceId),
    /// The nightly comparison with Stripe, as far as it is.
    Comparison(UnderWay),
    /// A runtime whose deadline has passed, and the message that has it looked after.
    Runtime(Message),
    /// A workspace whose runtime may have been idle for as long as its plan allows.
    Idle(WorkspaceId),
    /// A workspace whose deletion is under way.
    Deletion(WorkspaceId),
    /// A letter that waited for this day.
    Letter(Deferral),
    /// Somebody whose invitations are to be looked at.
    Revocation(Revocation),
    /// A delivery whose next attempt is to come.
    Delivery(Delivery),
    /// Something that nobody acts on here.
    Foreign,
    /// Something that cannot be read.
    Corrupt(Corrupt),
}

/// Where a thing is stored that is due, to read it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Key);

/// A page of what is due in one bucket, the longest due first.
#[derive(Debug)]
pub struct DuePage {
    /// The things.
    pub items: Vec<(Place, Due)>,
    /// Where the next page begins, if there is one.
    pub next: Option<DuePosition>,
}

/// A place in a bucket of the index.
#[derive(Debug, Clone)]
pub struct DuePosition(Item);

/// The partitions of the index.
pub fn buckets() -> impl Iterator<Item = u8> {
    0..keys::BUCKETS
}

impl Due {
    /// The workspace it belongs to; `None` for the things of no workspace and those that nobody acts on.
    #[must_use]
    pub const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Message(item) => Some(item.message.workspace()),
            Self::Invitation(invitation) => Some(invitation.workspace),
            Self::Secret(orphan) => Some(orphan.workspace),
            Self::Billing(workspace) | Self::Intent(workspace) | Self::Idle(workspace) | Self::Deletion(workspace) => {
                Some(*workspace)
            }
            Self::Runtime(message) => Some(message.workspace()),
            Self::Letter(deferral) => Some(deferral.workspace),
            Self::Revocation(revocation) => Some(revocation.workspace),
            Self::Delivery(delivery) => Some(delivery.workspace),
            Self::Comparison(_) | Self::Foreign | Self::Corrupt(_) => None,
        }
    }
}

/// What the item is that is due. A further kind of it has its line here.
fn parse(item: &Item) -> Due {
    let parsed = match item.get("_type").and_then(|kind| kind.as_s().ok()).map(String::as_str) {
        Some(outbox::TYPE) => outbox::parse(item).map(Due::Message),
        Some(invitations::TYPE) => invitations::parse(item).map(Due::Invitation),
        Some(letters::TYPE) => letters::parse(item).map(Due::Letter),
        Some(orphans::TYPE) => orphans::parse(item).map(Due::Secret),
        Some(billing::TYPE) => billing::overdue(item).map(Due::Billing),
        Some(comparison::TYPE) => comparison::parse(item).map(Due::Comparison),
        Some(billing::INTENT) => billing::left(item).map(Due::Intent),
        Some(deletions::TYPE) => deletions::parse(item).map(|deletion| Due::Deletion(deletion.workspace)),
        Some(heartbeats::TYPE) => heartbeats::overdue(item).map(Due::Idle),
        Some(revocations::TYPE) => revocations::parse(item).map(Due::Revocation),
        Some(runtimes::TYPE) => runtimes::overdue(item).map(Due::Runtime),
        Some(deliveries::TYPE) => deliveries::parse(item).map(Due::Delivery),
        Some(_) | None => Ok(Due::Foreign),
    };
    parsed.unwrap_or_else(Due::Corrupt)
}

impl Store {
    /// What is due by `now` in `bucket`, behind `after`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn due(&self, bucket: u8, now: Timestamp, after: Option<DuePosition>) -> Result<DuePage, Error> {
        let passed = passed(now);
        let mut terms = Terms::default();
        let within = Condition::Equals("due_bucket", text(keys::due_bucket(bucket))).expression(&mut terms);
        let within = format!("{within} AND {}", passed.expression(&mut terms));
        let output = self
            .query(|query| {
                query
                    .index_name("due")
                    .key_condition_expression(within)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .set_exclusive_start_key(after.map(|DuePosition(place)| place))
                    .limit(i32::try_from(PAGE).unwrap_or(i32::MAX))
            })
            .await?;
        let named: Vec<_> = output.items().iter().filter_map(key_of).collect();
        let items = self.still_due(named, now).await?;
        Ok(DuePage { items, next: output.last_evaluated_key.map(DuePosition) })
    }

    /// Those of the things at `places` that are due by `now`, read again.
    ///
    /// # Errors
    /// [`Error`].
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

/// That an item is due by `now`.
fn passed(now: Timestamp) -> Condition {
    Condition::Below("due_at", now.as_millisecond().saturating_add(1))
}
