//! Sends messages to the queues that all workspaces share, limited per workspace by `domain::bounds::pace`.
//!
//! Messages whose turn is too far away stay in the table, where the sweeper finds them. The sweeper may take later
//! turns than the relay of new messages, so the oldest messages of a busy workspace are still sent.

use domain::{
    ids::WorkspaceId,
    integrations::delivery::Delivery,
    outbox::{Message, Queue},
};
use jiff::{SignedDuration, Timestamp};
use queue::{self, LONGEST_DELAY, Queues};
use store::{self, Store};

/// Longest time until the turn of a new message.
pub const NEW_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Longest time until the turn of a message sent by the sweeper; SQS delays messages no longer than this.
pub const DUE_WITHIN: SignedDuration = LONGEST_DELAY;

/// The outcome of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayOutcome {
    /// The message was sent to its queue.
    Queued,
    /// The workspace has taken all near turns. The message is still in the table, and due.
    Postponed,
}

/// The reason a message was not sent to its queue. It is still in the table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Sends `message` to its queue at the workspace's next turn, if that is `within` this time.
///
/// # Errors
/// [`Error`] if the queue fails.
pub async fn relay_message(
    store: &Store,
    queues: &Queues,
    message: &Message,
    within: SignedDuration,
) -> Result<RelayOutcome, Error> {
    let Some(delay) = turn(store, message.workspace(), message.queue(), within).await else {
        return Ok(RelayOutcome::Postponed);
    };
    queues.send_in(message, delay).await?;
    Ok(RelayOutcome::Queued)
}

/// Sends a due delivery to its queue. If its turn is later, the delivery becomes due at that time; otherwise the next
/// sweep would take further turns for the same delivery.
///
/// # Errors
/// [`Error`] if the queue or the table fails.
pub async fn relay_delivery(store: &Store, queues: &Queues, delivery: &Delivery) -> Result<RelayOutcome, Error> {
    let message = Message::Deliver(delivery.message());
    let now = store.ambient().now();
    let Some(delay) = turn(store, message.workspace(), message.queue(), DUE_WITHIN).await else {
        return Ok(RelayOutcome::Postponed);
    };
    if delay > SignedDuration::ZERO {
        let until = now.saturating_add(delay).unwrap_or(Timestamp::MAX);
        // An attempt has begun since the delivery was read, so no message is needed.
        if !store.move_delivery(delivery, &delivery.put_off(until)).await? {
            return Ok(RelayOutcome::Queued);
        }
    }
    queues.send_in(&message, delay).await?;
    Ok(RelayOutcome::Queued)
}

/// Takes the next turn and returns the time until it. If the turn cannot be counted, the message is sent immediately:
/// an early message is unfair to other workspaces, but a message that is not sent is lost.
async fn turn(store: &Store, workspace: WorkspaceId, queue: Queue, within: SignedDuration) -> Option<SignedDuration> {
    if !queue.takes_turns() {
        return Some(SignedDuration::ZERO);
    }
    // Boxed: the compiler cannot lay out the futures of the two writes within the relay's.
    Box::pin(store.take_turn(workspace, queue, within)).await.unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(%workspace, queue = queue.name(), %error, cause, "a turn was not counted; the message is sent immediately");
        Some(SignedDuration::ZERO)
    })
}
