//! The FIFO queue of Stripe's events: hints, in order per customer.

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
    /// Reads the address of the queue from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if it is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self { client: Client::new(config), url: environment.required("STRIPE_QUEUE_URL")? })
    }

    /// Queues `hint` behind earlier hints of its customer. SQS queues the same event once within five minutes, so the
    /// call can be repeated when its response is lost.
    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html>
    ///
    /// # Errors
    /// [`Error`] if SQS does not confirm the hint. It may have been queued.
    pub async fn send(&self, hint: &Hint) -> Result<(), Error> {
        let body = serde_json::to_string(hint).map_err(|error| Error(error.into()))?;
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = message.message_group_id(hint.message_group()).message_deduplication_id(&hint.id).send().await;
        sent.map(drop).map_err(|error| Error(CallFailed::new("SQS", &error).into()))
    }
}
