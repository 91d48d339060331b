//! Batches of queue messages. Lambda deletes the messages that a function does not report as failed; the others are
//! retried, then move to the dead-letter queue.
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures::{StreamExt, stream};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, error::Error};

/// The attribute that names the group of a message.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html>
const GROUP: &str = "MessageGroupId";

/// A message of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueMessage<'a> {
    /// Id that SQS gave to the message.
    pub id: &'a str,
    /// Content of the message.
    pub body: &'a str,
}

impl QueueMessage<'_> {
    /// Parses the body.
    ///
    /// # Errors
    /// [`Unreadable`] if it is not a message of type `M`.
    pub fn parse<M: DeserializeOwned>(&self) -> Result<M, Unreadable> {
        serde_json::from_str(self.body).map_err(|_| Unreadable)
    }
}

/// A message with an unknown format. Its content is not part of the error, because errors are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message has an unknown format")]
pub struct Unreadable;

/// The result of handling a message without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// The message is done and is deleted.
    Done,
    /// The message is needed again and is retried.
    Again,
}

/// The messages of one invocation, in lanes. The messages of a lane are handled in order, up to the first that fails.
/// Lanes do not affect each other.
#[derive(Debug)]
pub struct Batch {
    function: &'static str,
    lanes: Vec<Vec<SqsMessage>>,
    lanes_at_once: usize,
}

impl Batch {
    /// Handles all messages concurrently, so that one that hangs does not use up the time of the others.
    #[must_use]
    pub fn concurrent(function: &'static str, event: SqsEvent) -> Self {
        Self { lanes_at_once: usize::MAX, ..Self::sequential(function, event) }
    }

    /// Handles the messages one after another. One that fails does not affect the next.
    #[must_use]
    pub fn sequential(function: &'static str, event: SqsEvent) -> Self {
        Self { function, lanes: event.records.into_iter().map(|message| vec![message]).collect(), lanes_at_once: 1 }
    }

    /// Handles up to `groups_at_once` message groups concurrently, and the messages of each in order up to the first
    /// that fails.
    #[must_use]
    pub fn in_groups(function: &'static str, event: SqsEvent, groups_at_once: usize) -> Self {
        let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
        for message in event.records {
            let group = message.attributes.get(GROUP).cloned();
            groups.entry(group.unwrap_or_default()).or_default().push(message);
        }
        Self { function, lanes: groups.into_values().collect(), lanes_at_once: groups_at_once }
    }

    /// Handles the messages and returns the ids of those that SQS must send again. Failures are logged; `handler` logs
    /// what it has done.
    pub async fn handle<E: Error>(
        self,
        handler: impl AsyncFn(QueueMessage<'_>) -> Result<Handled, E>,
    ) -> SqsBatchResponse {
        let (function, handler) = (self.function, &handler);
        let mut failed: Vec<_> = stream::iter(self.lanes.into_iter().enumerate())
            .map(async |(lane, messages)| (lane, handle_lane(function, messages, handler).await))
            .buffer_unordered(self.lanes_at_once)
            .collect()
            .await;
        failed.sort_by_key(|(lane, _)| *lane);
        let mut response = SqsBatchResponse::default();
        failed.into_iter().flat_map(|(_, ids)| ids).for_each(|id| response.add_failure(id));
        response
    }
}

/// Returns the ids of the first message of a lane that failed and of all after it.
async fn handle_lane<E: Error>(
    function: &'static str,
    messages: Vec<SqsMessage>,
    handler: &impl AsyncFn(QueueMessage<'_>) -> Result<Handled, E>,
) -> Vec<String> {
    let mut messages = messages.into_iter();
    while let Some(message) = messages.next() {
        let (id, body) = (message.message_id.unwrap_or_default(), message.body.unwrap_or_default());
        match handler(QueueMessage { id: &id, body: &body }).await {
            Ok(Handled::Done) => continue,
            Ok(Handled::Again) => {}
            Err(error) => {
                let cause = error.source().map(ToString::to_string);
                tracing::warn!(function, message_id = id, %error, cause, "message not handled; it will be retried");
            }
        }
        return [id].into_iter().chain(messages.map(|left| left.message_id.unwrap_or_default())).collect();
    }
    Vec::new()
}
