//! Delivers the events of workspaces to their integrations. A message that fails is retried, then moves to the dead-letter
//! queue, without affecting the others of its batch.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::{integrations::delivery::NewEvent, outbox::DeliverMessage};
use lambda::{Batch, Handled, QueueMessage, Unreadable};
use workers::integrations::{DeliveryDeps, DeliveryOutcome, deliver_event, retry_delivery};

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Deliver(#[from] workers::integrations::Error),
}

/// Handles the messages of `event` concurrently, so that a receiver that hangs does not use up the time of the others.
pub async fn deliver(with: &DeliveryDeps, event: SqsEvent) -> SqsBatchResponse {
    let deliver = async |message: QueueMessage<'_>| {
        let outcome = deliver_one(with, message).await?;
        tracing::info!(function = "deliver", message_id = message.id, ?outcome, "message handled");
        Ok::<_, Failure>(Handled::Done)
    };
    Batch::concurrent("deliver", event).handle(deliver).await
}

async fn deliver_one(with: &DeliveryDeps, message: QueueMessage<'_>) -> Result<DeliveryOutcome, Failure> {
    match message.parse()? {
        // Boxed: the futures of all their calls are too large to be stored in one.
        DeliverMessage::Event { workspace, event, occurrence, at } => {
            Ok(Box::pin(deliver_event(with, workspace, NewEvent { id: event, occurrence, at }, message.id)).await?)
        }
        DeliverMessage::Delivery { workspace, integration, delivery } => {
            Ok(Box::pin(retry_delivery(with, workspace, integration, delivery, message.id)).await?)
        }
    }
}
