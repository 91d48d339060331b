//! The dead-letter queues: their messages, and sending them back. No workspace has a record of it, so the log names the
//! person and the reason.

use super::actor::ActingOperator;
use domain::{
    error::{CollectedError, Kind, Verdict},
    operator::dead_letters::{DeadLetterQueue, shown_body},
    text::OperatorReason,
};
use futures::future::try_join_all;
use jiff::Timestamp;
use queue::{DeadLetterError, DeadLetterQueues, DeadMessage};
use serde::Serialize;
use std::collections::BTreeSet;

/// A dead-letter queue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DeadLetterQueueState)]
pub struct DeadLetterQueueView {
    /// Name of the queue.
    queue: DeadLetterQueue,
    /// Approximate number of its messages.
    messages: u64,
    /// True if its messages can be sent back to the queue from which they came.
    redrivable: bool,
    /// True while they are being sent back; null if SQS does not say.
    redriving: Option<bool>,
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

/// Returns the state of all dead-letter queues.
///
/// # Errors
/// [`QueueError`] if SQS fails.
pub async fn list_dead_letters(queues: &DeadLetterQueues) -> Result<Vec<DeadLetterQueueView>, QueueError> {
    try_join_all(DeadLetterQueue::ALL.map(|queue| state(queues, queue))).await
}

async fn state(queues: &DeadLetterQueues, queue: DeadLetterQueue) -> Result<DeadLetterQueueView, QueueError> {
    let redrivable = queue.is_redrivable();
    let view = |messages, redriving| DeadLetterQueueView { queue, messages, redrivable, redriving };
    if !redrivable {
        return Ok(view(queues.count(queue).await?, Some(false)));
    }
    match queues.progress(queue).await {
        Ok((messages, redriving)) => Ok(view(messages, Some(redriving))),
        // SQS answers few of these questions a second, and the numbers are worth more.
        Err(error) => {
            tracing::warn!(%queue, cause = std::error::Error::source(&error).map(ToString::to_string), "progress is unknown");
            Ok(view(queues.count(queue).await?, None))
        }
    }
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
