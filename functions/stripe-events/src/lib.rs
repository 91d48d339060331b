//! Synchronizes workspaces with Stripe, after an event about their customer.
//!
//! A message only names the customer to fetch; nothing else in it is trusted. Messages of one customer arrive one at a time and
//! in order. One that fails delays those of its own customer only.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::billing::stripe::event::Hint;
use lambda::{Batch, Handled, QueueMessage, Unreadable};
use platform::telemetry;
use workers::billing::{self, BillingDeps, EventOutcome, handle_event};

/// The number of customers handled concurrently. Each takes a handful of Stripe's hundred requests a second.
const CONCURRENT_CUSTOMERS: usize = 5;

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Billing(#[from] billing::Error),
}

/// Handles the messages of `event`: customers concurrently, each customer's messages in order up to the first that fails.
pub async fn handle_batch(with: &BillingDeps, event: SqsEvent) -> SqsBatchResponse {
    let batch = Batch::in_groups("stripe-events", event, CONCURRENT_CUSTOMERS);
    batch.handle(async |message: QueueMessage<'_>| handle(with, message).await).await
}

async fn handle(with: &BillingDeps, message: QueueMessage<'_>) -> Result<Handled, Failure> {
    let hint: Hint = message.parse()?;
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
    Ok(Handled::Done)
}
