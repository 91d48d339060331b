//! Sends what happens in workspaces to their integrations. A message that fails comes again by itself, then goes to the
//! dead-letter queue; the others of its batch are done.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::outbox::Message;
use futures::future::join_all;
use workers::integrations::{Delivering, Outcome, again, tell};

/// Why a message was not done.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the message is none of ours")]
    Unreadable,
    #[error(transparent)]
    Deliver(#[from] workers::integrations::Error),
}

/// Does what the messages of `event` ask for, all at once: a receiver that hangs does not use up the time of the others.
pub async fn deliver(with: &Delivering, event: SqsEvent) -> SqsBatchResponse {
    let all = event.records.into_iter().map(async |message| {
        let id = message.message_id.unwrap_or_default();
        let done = deliver_one(with, message.body.as_deref().unwrap_or_default(), &id).await;
        (id, done)
    });
    let mut response = SqsBatchResponse::default();
    for (id, done) in join_all(all).await {
        match done {
            Ok(outcome) => tracing::info!(function = "deliver", message_id = id, ?outcome, "done"),
            Err(failure) => {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(function = "deliver", message_id = id, error = %failure, cause, "not done");
                response.add_failure(id);
            }
        }
    }
    response
}

async fn deliver_one(with: &Delivering, body: &str, id: &str) -> Result<Outcome, Failure> {
    match serde_json::from_str(body).map_err(|_| Failure::Unreadable)? {
        // In boxes: the state machines of all their calls are too large to stand side by side.
        Message::Event { workspace, event, occurrence, at } => {
            Ok(Box::pin(tell(with, workspace, (event, occurrence, at), id)).await?)
        }
        Message::Delivery { workspace, integration, delivery } => {
            Ok(Box::pin(again(with, (workspace, integration, delivery), id)).await?)
        }
        Message::InvitationMail { .. }
        | Message::IntegrationMail { .. }
        | Message::BillingMail { .. }
        | Message::SuspensionMail { .. }
        | Message::Reconcile { .. } => Err(Failure::Unreadable),
    }
}
