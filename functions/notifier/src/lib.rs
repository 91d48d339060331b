//! Notifies members of events, which it reads from the table's stream: writes their inboxes, pushes to their live connections,
//! and deletes the notices of those that all recipients have.
//!
//! It is the second reader of the stream, next to `outbox`, and the last: more than two slow each other down. The two have
//! filters for different partitions. A notice that could not be handled is due, and the sweeper handles it.

use aws_lambda_events::event::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use platform::telemetry;
use store::notifications::notices;
use workers::{
    live::{self, LiveDeps},
    notifications::NoticeError,
};

/// The dependencies of the notifier.
#[derive(Debug, Clone)]
pub struct Notifier {
    /// The table and live connections.
    pub live: LiveDeps,
}

impl Notifier {
    /// Handles the records of `event` in order, up to the first that fails. Lambda retries from that one on. In their order
    /// they do not compete for the inbox of a member.
    pub async fn notify(&self, event: Event) -> DynamoDbEventResponse {
        let mut response = DynamoDbEventResponse::default();
        for record in event.records {
            let sequence_number = record.change.sequence_number.clone().unwrap_or_default();
            if let Err(error) = self.notify_of(record).await {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(
                    function = "notifier",
                    %error,
                    cause,
                    "members not notified; the stream will send the event again"
                );
                let mut failed = DynamoDbBatchItemFailure::default();
                failed.item_identifier = Some(sequence_number);
                response.batch_item_failures.push(failed);
                break;
            }
        }
        response
    }

    /// Handles one record. A corrupt notice cannot be repaired by a retry, so it is counted and left in the table, and does
    /// not block the following ones.
    async fn notify_of(&self, record: EventRecord) -> Result<(), NoticeError> {
        if record.event_name != "INSERT" {
            return Ok(());
        }
        let item = match notices::from_image(record.change.new_image) {
            Ok(item) => item,
            Err(corrupt) => {
                tracing::error!(function = "notifier", error = %corrupt, "corrupt notice left in the table");
                telemetry::emit_count("notifier", "NoticesCorrupt", 1, self.live.store.ambient().now());
                return Ok(());
            }
        };
        live::notify(&self.live, &item).await?;
        telemetry::emit_milliseconds("notifier", "NotifyLagMs", item.id.made_at(), self.live.store.ambient().now());
        tracing::info!(function = "notifier", notification = %item.id, workspace = %item.notice.workspace, "members notified");
        Ok(())
    }
}
