//! Relays outbox items from the table's stream to their queues, and deletes the relayed items.
//!
//! Each workspace has its own rate of messages per queue. The messages of a workspace that exceeds it stay in the table for the
//! sweeper.
//!
//! A message may be sent twice, if the process ends between sending and deleting. It is never lost, since its item is stored
//! until it is deleted. The consumers of the queues expect duplicates.

use aws_lambda_events::event::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use platform::telemetry;
use queue::Queues;
use store::{self, Store, outbox};
use workers::relay::{self, NEW_WITHIN, RelayOutcome, relay_message};

/// The dependencies of the relay.
#[derive(Debug, Clone)]
pub struct Relay {
    /// The table.
    pub store: Store,
    /// The queues that messages are sent to.
    pub queues: Queues,
}

/// The reasons why a message was not relayed; the stream sends it again.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Relay(#[from] relay::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Relay {
    /// Relays the records of `event` in order, up to the first that fails. Lambda retries from that one on.
    pub async fn relay(&self, event: Event) -> DynamoDbEventResponse {
        let mut response = DynamoDbEventResponse::default();
        for record in event.records {
            let sequence_number = record.change.sequence_number.clone().unwrap_or_default();
            if let Err(failure) = self.relay_one(record).await {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(
                    function = "outbox",
                    error = %failure,
                    cause,
                    "message not relayed; the stream will send it again"
                );
                let mut failed = DynamoDbBatchItemFailure::default();
                failed.item_identifier = Some(sequence_number);
                response.batch_item_failures.push(failed);
                break;
            }
        }
        response
    }

    /// Relays one record. A corrupt item cannot be repaired by a retry, so it is counted and left in the table, and does not
    /// block the following ones.
    async fn relay_one(&self, record: EventRecord) -> Result<(), Failure> {
        if record.event_name != "INSERT" {
            return Ok(());
        }
        let item = match outbox::from_image(record.change.new_image) {
            Ok(item) => item,
            Err(corrupt) => {
                tracing::error!(function = "outbox", error = %corrupt, "corrupt outbox item left in the table");
                telemetry::emit_count("outbox", "OutboxCorrupt", 1, self.store.ambient().now());
                return Ok(());
            }
        };
        let queue = item.message.queue();
        match relay_message(&self.store, &self.queues, &item.message, NEW_WITHIN).await? {
            RelayOutcome::Queued => {
                self.store.delete_relayed(item.id).await?;
                tracing::info!(function = "outbox", outbox = %item.id, ?queue, "message relayed");
            }
            RelayOutcome::Postponed => {
                tracing::info!(
                    function = "outbox",
                    outbox = %item.id,
                    ?queue,
                    "left for the sweeper; the workspace has too many messages"
                );
            }
        }
        Ok(())
    }
}
