//! The FIFO queue of Stripe's events: hints, one customer's behind each other.

use super::Error;
use aws_sdk_sqs::Client;
use aws_types::SdkConfig;
use domain::billing::stripe::event::Hint;
use platform::{
    aws::CallFailed,
    config::{ConfigError, Environment},
};

/// The queue of Stripe's events.
#[derive(Debug, Clone)]
pub struct StripeEvents {
    client: Client,
    url: String,
}

impl StripeEvents {
    /// The queue whose address the environment has.
    ///
    /// # Errors
    /// [`ConfigError`] if it has none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self { client: Client::new(config), url: environment.required("STRIPE_QUEUE_URL")? })
    }

    /// Queues `hint` behind those of its customer. Within five minutes the same event is queued once, so that a lost
    /// answer may be asked for again.
    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html>
    ///
    /// # Errors
    /// [`Error`]; whether it was queued is unknown then.
    pub async fn send(&self, hint: &Hint) -> Result<(), Error> {
        let body = serde_json::to_string(hint).map_err(|error| Error(error.into()))?;
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = message.message_group_id(hint.group()).message_deduplication_id(&hint.id).send().await;
        sent.map(drop).map_err(|error| Error(CallFailed::new("SQS", &error).into()))
    }
}
