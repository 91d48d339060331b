//! Synchronizes workspaces with Stripe, after an event about their customer.
//!
//! A message only names the customer to fetch; nothing else in it is trusted. Messages of one customer arrive one at a time and
//! in order. One that fails delays those of its own customer only.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use domain::billing::stripe::event::Hint;
use futures::{StreamExt, stream};
use platform::telemetry;
use std::collections::BTreeMap;
use workers::billing::{self, BillingDeps, EventOutcome, handle_event};

/// The number of customers handled concurrently. Each takes a handful of Stripe's hundred requests a second.
const CONCURRENT_CUSTOMERS: usize = 5;

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the message has an unknown format")]
    Unreadable,
    #[error(transparent)]
    Billing(#[from] billing::Error),
}

/// Handles the messages of `event`: customers concurrently, each customer's messages in order up to the first that fails.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>
pub async fn handle_batch(with: &BillingDeps, event: SqsEvent) -> SqsBatchResponse {
    let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
    for message in event.records {
        let group = message.attributes.get("MessageGroupId").cloned();
        groups.entry(group.unwrap_or_default()).or_default().push(message);
    }
    let failed: Vec<_> = stream::iter(groups.into_values())
        .map(|group| handle_customer(with, group))
        .buffer_unordered(CONCURRENT_CUSTOMERS)
        .collect()
        .await;
    let mut response = SqsBatchResponse::default();
    failed.into_iter().flatten().for_each(|id| response.add_failure(id));
    response
}

/// Handles the messages of one customer in order. Returns the ids of the first that failed and of all after it.
async fn handle_customer(with: &BillingDeps, messages: Vec<SqsMessage>) -> Vec<String> {
    let mut messages = messages.into_iter();
    while let Some(message) = messages.next() {
        let id = message.message_id.unwrap_or_default();
        if let Err(failure) = handle(with, message.body.as_deref().unwrap_or_default()).await {
            let cause = std::error::Error::source(&failure).map(ToString::to_string);
            tracing::warn!(
                function = "stripe-events",
                message = id,
                error = %failure,
                cause,
                "event not applied; the message will be retried"
            );
            return [id].into_iter().chain(messages.map(|left| left.message_id.unwrap_or_default())).collect();
        }
    }
    Vec::new()
}

async fn handle(with: &BillingDeps, body: &str) -> Result<(), Failure> {
    let hint: Hint = serde_json::from_str(body).map_err(|_| Failure::Unreadable)?;
    // Boxed: the future of all its calls is too deep for the compiler to lay out in one.
    let handled = Box::pin(handle_event(with, &hint)).await?;
    let metric = match handled {
        EventOutcome::Compared(_) => "EventApplied",
        EventOutcome::Repeated => "EventRepeated",
        EventOutcome::Foreign => "EventForeign",
    };
    let workspace = match handled {
        EventOutcome::Compared(workspace) => Some(tracing::field::display(workspace)),
        EventOutcome::Repeated | EventOutcome::Foreign => None,
    };
    tracing::info!(
        function = "stripe-events",
        event = hint.id,
        r#type = hint.r#type,
        workspace,
        metric,
        "event handled"
    );
    telemetry::emit_count("stripe-events", metric, 1, with.store.ambient().now());
    Ok(())
}
