//! Brings workspaces to what Stripe says, when an event tells that something about their customer may have changed.
//!
//! A message says whom to look at, and nothing is believed beyond that. Messages of one customer come one at a time and in
//! their order; one that fails holds back those of its own customer and nobody else's.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::billing::stripe::event::Hint;
use futures::{StreamExt, stream};
use platform::telemetry;
use std::collections::BTreeMap;
use workers::billing::{self, Charging, HeardAs, hear};

/// How many customers are looked at together: each takes a handful of Stripe's hundred requests a second.
const TOGETHER: usize = 5;

/// Why a message is not done.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the message is none of ours")]
    Unreadable,
    #[error(transparent)]
    Billing(#[from] billing::Error),
}

/// Acts on the messages of `event`: customers side by side, each one's messages in their order up to the first that fails.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>
pub async fn listen(with: &Charging, event: SqsEvent) -> SqsBatchResponse {
    let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
    for message in event.records {
        let group = message.attributes.get("MessageGroupId").cloned();
        groups.entry(group.unwrap_or_default()).or_default().push(message);
    }
    let failed: Vec<_> = stream::iter(groups.into_values())
        .map(|group| listen_to(with, group))
        .buffer_unordered(TOGETHER)
        .collect()
        .await;
    let mut response = SqsBatchResponse::default();
    failed.into_iter().flatten().for_each(|id| response.add_failure(id));
    response
}

/// Acts on the messages of one customer; those that are left.
async fn listen_to(with: &Charging, messages: Vec<SqsMessage>) -> Vec<String> {
    let mut messages = messages.into_iter();
    while let Some(message) = messages.next() {
        let id = message.message_id.unwrap_or_default();
        if let Err(failure) = act(with, message.body.as_deref().unwrap_or_default()).await {
            let cause = std::error::Error::source(&failure).map(ToString::to_string);
            tracing::warn!(function = "stripe-events", message = id, error = %failure, cause, "not done");
            return [id].into_iter().chain(messages.map(|left| left.message_id.unwrap_or_default())).collect();
        }
    }
    Vec::new()
}

async fn act(with: &Charging, body: &str) -> Result<(), Failure> {
    let hint: Hint = serde_json::from_str(body).map_err(|_| Failure::Unreadable)?;
    // In a box: the state machine of all its calls is too deep for the compiler to lay out in one.
    let heard = Box::pin(hear(with, &hint)).await?;
    let metric = match heard {
        HeardAs::News(_) => "EventApplied",
        HeardAs::Repeated => "EventRepeated",
        HeardAs::Foreign => "EventForeign",
    };
    let workspace = match heard {
        HeardAs::News(workspace) => Some(tracing::field::display(workspace)),
        HeardAs::Repeated | HeardAs::Foreign => None,
    };
    tracing::info!(function = "stripe-events", event = hint.id, r#type = hint.r#type, workspace, metric, "heard");
    telemetry::count("stripe-events", metric, 1, with.store.ambient().now());
    Ok(())
}
