//! The dead-letter queues: their messages, and sending them back. No workspace has a record of it, so the log names the
//! person and the reason.

use super::actor::ActingOperator;
use domain::{
    error::{CollectedError, Kind, Verdict},
    operator::dead_letters::{DeadLetterQueue, shown_body},
    text::OperatorReason,
};
use futures::future::join_all;
use jiff::Timestamp;
use queue::{DeadLetterError, DeadLetterQueues, DeadMessage, Redriving};
use serde::Serialize;
use std::collections::BTreeSet;

/// A dead-letter queue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeadLetterQueueState)]
pub struct DeadLetterQueueView {
    /// Name of the queue.
    queue: DeadLetterQueue,
    /// Approximate number of its messages; null if SQS does not say.
    messages: Option<u64>,
    /// True if its messages can be sent back to the queue from which they came.
    redrivable: bool,
    /// True while they are being sent back; null if SQS does not say.
    redriving: Option<bool>,
    /// Why SQS gave up when it last sent them back, in its words; null if it did not. What it had not sent back is still here.
    gave_up: Option<String>,
}

/// A message of a dead-letter queue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeadMessage)]
pub struct DeadMessageView {
    /// Id of the message at SQS.
    id: String,
    /// Time at which it was sent to the queue from which it came; null if SQS does not say.
    sent_at: Option<Timestamp>,
    /// Number of times that it was received. Each look at it counts, too.
    received: u64,
    /// Body, as JSON. Kinds, ids, numbers and times are shown; everything else is `(hidden)`.
    body: String,
}

/// Messages that are being sent back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Redrive)]
pub struct RedriveView {
    /// Name of the queue.
    queue: DeadLetterQueue,
    /// Approximate number of the messages that are sent back.
    messages: u64,
}

/// A reason for which a dead-letter queue is not shown, or its messages not sent back.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The queue holds descriptions of stream records.
    #[error(
        "this queue holds descriptions of stream records, which cannot be sent back; the sweeper handles their items from \
         the table, so purge the queue once the cause is fixed"
    )]
    NotRedrivable,
    /// The messages are being sent back, or SQS failed.
    #[error(transparent)]
    Queue(#[from] DeadLetterError),
}

impl CollectedError for QueueError {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::NotRedrivable => Verdict::Own(Kind::Conflict, "queue_not_redrivable"),
            Self::Queue(DeadLetterError::UnderWay) => Verdict::Own(Kind::Conflict, "redrive_under_way"),
            Self::Queue(DeadLetterError::Failed(_)) => Verdict::Own(Kind::Unavailable, "unavailable"),
        }
    }
}

/// Returns the state of all dead-letter queues. What SQS does not say about one hides no other.
///
/// # Errors
/// [`QueueError`] if SQS says nothing about any queue.
pub async fn list_dead_letters(queues: &DeadLetterQueues) -> Result<Vec<DeadLetterQueueView>, QueueError> {
    let read = join_all(DeadLetterQueue::ALL.map(async |queue| (queue, state(queues, queue).await))).await;
    if read.iter().all(|(_, state)| state.is_err()) {
        return read.into_iter().map(|(_, state)| state).collect();
    }
    let shown = read.into_iter().map(|(queue, state)| {
        state.unwrap_or_else(|error| {
            warn(queue, &error, "the queue could not be read");
            view(queue, None, None)
        })
    });
    Ok(shown.collect())
}

async fn state(queues: &DeadLetterQueues, queue: DeadLetterQueue) -> Result<DeadLetterQueueView, QueueError> {
    if !queue.is_redrivable() {
        return Ok(view(queue, Some(queues.count(queue).await?), Some(Redriving::No)));
    }
    let (messages, redriving) = queues.progress(queue).await?;
    // SQS answers few questions about redrives a second, and the numbers are worth more.
    let redriving = redriving.inspect_err(|error| warn(queue, error, "it is unknown whether messages are sent back"));
    Ok(view(queue, Some(messages), redriving.ok()))
}

fn view(queue: DeadLetterQueue, messages: Option<u64>, redriving: Option<Redriving>) -> DeadLetterQueueView {
    let is_under_way = redriving.as_ref().map(|redriving| *redriving == Redriving::UnderWay);
    let gave_up = if let Some(Redriving::GaveUp(reason)) = redriving { Some(reason) } else { None };
    DeadLetterQueueView { queue, messages, redrivable: queue.is_redrivable(), redriving: is_under_way, gave_up }
}

fn warn(queue: DeadLetterQueue, error: &dyn std::error::Error, what: &str) {
    tracing::warn!(%queue, cause = error.source().map(ToString::to_string), "{what}");
}

/// Returns some of the messages of `queue`. They stay in it.
///
/// # Errors
/// [`QueueError`] if SQS fails.
pub async fn look_at_dead_letters(
    queues: &DeadLetterQueues,
    queue: DeadLetterQueue,
) -> Result<Vec<DeadMessageView>, QueueError> {
    let mut seen = BTreeSet::new();
    // SQS may return a message twice that nobody has deleted.
    let found = queues.look(queue).await?.into_iter().filter(|message| seen.insert(message.id.clone()));
    let view = |DeadMessage { id, sent_at, received, body }: DeadMessage| {
        let body = shown_body(&body);
        DeadMessageView { id, sent_at, received, body }
    };
    Ok(found.map(view).collect())
}

/// Begins to send the messages of `queue` back to the queue from which they came.
///
/// # Errors
/// [`QueueError`] if they cannot be sent back, if that is under way, or if SQS fails.
pub async fn redrive(
    queues: &DeadLetterQueues,
    operator: &ActingOperator,
    queue: DeadLetterQueue,
    reason: &OperatorReason,
) -> Result<RedriveView, QueueError> {
    if !queue.is_redrivable() {
        return Err(QueueError::NotRedrivable);
    }
    let ActingOperator { name, request_id, .. } = operator;
    // Before the call, so that no redrive is without its record.
    tracing::info!(%queue, operator = %name, %reason, request_id, "the messages of a dead-letter queue are to be sent back");
    let messages = queues.redrive(queue).await?;
    tracing::info!(%queue, messages, request_id, "SQS sends the messages back");
    Ok(RedriveView { queue, messages })
}
