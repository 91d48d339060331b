//! Relays outbox items from the table's stream to their queues, and forgets those that are relayed.
//!
//! Each workspace's messages reach a queue at a pace of its own, and those of a workspace that has too many wait in the table
//! for the sweeper.
//!
//! A message may be sent twice, if the process ends between sending and forgetting; it is never lost, since the item
//! stands until it is forgotten. Readers of the queues are made for that.

use aws_lambda_events::event::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use platform::telemetry;
use queue::Queues;
use store::{self, Store, outbox};
use workers::relay::{self, Handed, NEW_WITHIN, hand_over};

/// What the relay works with.
#[derive(Debug, Clone)]
pub struct Relay {
    /// The table.
    pub store: Store,
    /// Where messages go.
    pub queues: Queues,
}

/// Why a message waits; the stream brings it again.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Relay(#[from] relay::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Relay {
    /// Relays the records of `event` in their order, up to the first that fails: Lambda brings that one and all behind it
    /// again.
    pub async fn relay(&self, event: Event) -> DynamoDbEventResponse {
        let mut response = DynamoDbEventResponse::default();
        for record in event.records {
            let sequence_number = record.change.sequence_number.clone().unwrap_or_default();
            if let Err(failure) = self.relay_one(record).await {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(function = "outbox", error = %failure, cause, "not relayed; it will come again");
                let mut failed = DynamoDbBatchItemFailure::default();
                failed.item_identifier = Some(sequence_number);
                response.batch_item_failures.push(failed);
                break;
            }
        }
        response
    }

    /// Relays one record. An item that cannot be read will not get better: it is counted and left in the table, and does
    /// not hold up those behind it.
    async fn relay_one(&self, record: EventRecord) -> Result<(), Failure> {
        if record.event_name != "INSERT" {
            return Ok(());
        }
        let item = match outbox::from_image(record.change.new_image) {
            Ok(item) => item,
            Err(corrupt) => {
                tracing::error!(function = "outbox", error = %corrupt, "left in the table");
                telemetry::count("outbox", "OutboxCorrupt", 1, self.store.ambient().now());
                return Ok(());
            }
        };
        let queue = item.message.queue();
        match hand_over(&self.store, &self.queues, &item.message, NEW_WITHIN).await? {
            Handed::Queued => {
                self.store.relayed(item.id).await?;
                tracing::info!(function = "outbox", outbox = %item.id, ?queue, "relayed");
            }
            Handed::Left => {
                tracing::info!(function = "outbox", outbox = %item.id, ?queue, "left for the sweeper: the workspace has many");
            }
        }
        Ok(())
    }
}
