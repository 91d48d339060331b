//! Delivers the events of workspaces to their integrations. A message that fails is retried, then moves to the dead-letter
//! queue, without affecting the others of its batch.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::outbox::DeliverMessage;
use futures::future::join_all;
use workers::integrations::{DeliveryDeps, DeliveryOutcome, deliver_event, retry_delivery};

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the message has an unknown format")]
    Unreadable,
    #[error(transparent)]
    Deliver(#[from] workers::integrations::Error),
}

/// Handles the messages of `event` concurrently, so that a receiver that hangs does not use up the time of the others.
pub async fn deliver(with: &DeliveryDeps, event: SqsEvent) -> SqsBatchResponse {
    let all = event.records.into_iter().map(async |message| {
        let id = message.message_id.unwrap_or_default();
        let done = deliver_one(with, message.body.as_deref().unwrap_or_default(), &id).await;
        (id, done)
    });
    let mut response = SqsBatchResponse::default();
    for (id, done) in join_all(all).await {
        match done {
            Ok(outcome) => tracing::info!(function = "deliver", message_id = id, ?outcome, "message handled"),
            Err(failure) => {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(
                    function = "deliver",
                    message_id = id,
                    error = %failure,
                    cause,
                    "delivery failed; the message will be retried"
                );
                response.add_failure(id);
            }
        }
    }
    response
}

async fn deliver_one(with: &DeliveryDeps, body: &str, id: &str) -> Result<DeliveryOutcome, Failure> {
    match serde_json::from_str(body).map_err(|_| Failure::Unreadable)? {
        // Boxed: the futures of all their calls are too large to be stored in one.
        DeliverMessage::Event { workspace, event, occurrence, at } => {
            Ok(Box::pin(deliver_event(with, workspace, (event, occurrence, at), id)).await?)
        }
        DeliverMessage::Delivery { workspace, integration, delivery } => {
            Ok(Box::pin(retry_delivery(with, (workspace, integration, delivery), id)).await?)
        }
    }
}
