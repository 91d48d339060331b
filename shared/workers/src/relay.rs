//! Hands messages to the queues that all workspaces share, each workspace's at the pace of `domain::bounds::pace`.
//!
//! Messages whose turn is far away stay in the table, where the sweeper finds them: the sweeper may take later turns than the
//! relay of new messages, so a workspace that never stops still has its oldest messages sent.

use domain::{
    ids::WorkspaceId,
    integrations::delivery::Delivery,
    outbox::{Message, Queue},
};
use jiff::{SignedDuration, Timestamp};
use queue::{self, LONGEST_DELAY, Queues};
use store::{self, Store};

/// The farthest turn that a new message takes.
pub const NEW_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// The farthest turn that the sweeper takes: the longest that SQS delays a message.
pub const DUE_WITHIN: SignedDuration = LONGEST_DELAY;

/// The fate of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// The queue has it.
    Queued,
    /// Its workspace has taken all turns that are near. It is still in the table, and due.
    Left,
}

/// Why a message was not handed over; it is still in the table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Hands over `message` at its workspace's next turn, if that comes `within` this time.
///
/// # Errors
/// [`Error`].
pub async fn hand_over(
    store: &Store,
    queues: &Queues,
    message: &Message,
    within: SignedDuration,
) -> Result<Handed, Error> {
    let Some(delay) = turn(store, (message.workspace(), message.queue()), within).await else {
        return Ok(Handed::Left);
    };
    queues.send_in(message, delay).await?;
    Ok(Handed::Queued)
}

/// Hands over a delivery that is due. If its turn comes later, it is due at that time: otherwise the next sweep would take
/// further turns for the same delivery.
///
/// # Errors
/// [`Error`].
pub async fn hand_over_delivery(store: &Store, queues: &Queues, delivery: &Delivery) -> Result<Handed, Error> {
    let message = delivery.message();
    let now = store.ambient().now();
    let Some(delay) = turn(store, (message.workspace(), message.queue()), DUE_WITHIN).await else {
        return Ok(Handed::Left);
    };
    if delay > SignedDuration::ZERO {
        let until = now.saturating_add(delay).unwrap_or(Timestamp::MAX);
        // If an attempt has begun since it was read, there is nothing to ask for.
        if !store.move_delivery(delivery, &delivery.put_off(until)).await? {
            return Ok(Handed::Queued);
        }
    }
    queues.send_in(&message, delay).await?;
    Ok(Handed::Queued)
}

/// The time until the next turn. A turn that cannot be counted is taken at once: a message that comes too early is unfair, a
/// message that does not come is lost.
async fn turn(
    store: &Store,
    (workspace, queue): (WorkspaceId, Queue),
    within: SignedDuration,
) -> Option<SignedDuration> {
    if !queue.takes_turns() {
        return Some(SignedDuration::ZERO);
    }
    // In a box: the state machines of the two writes are too deep for the compiler to lay out in the relay's.
    Box::pin(store.take_turn(workspace, queue, within)).await.unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(%workspace, queue = queue.name(), %error, cause, "its turn was not counted; it is sent at once");
        Some(SignedDuration::ZERO)
    })
}
