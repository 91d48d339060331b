//! SQS: what the outbox relays to, and the queue of Stripe's events.

mod stripe_events;

pub use stripe_events::StripeEvents;

use crate::{
    aws::CallFailed,
    config::{ConfigError, Environment},
    domain::outbox::{Message, Queue},
};
use aws_sdk_sqs::Client;
use aws_types::SdkConfig;

/// A message that could not be handed over; whoever sent it still has it.
#[derive(Debug, thiserror::Error)]
#[error("a message could not be queued")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// The queues behind the outbox.
#[derive(Debug, Clone)]
pub struct Queues {
    client: Client,
    mail: String,
    runtime: String,
}

impl Queues {
    /// The queues whose addresses the environment has.
    ///
    /// # Errors
    /// [`ConfigError`] if one is missing.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            client: Client::new(config),
            mail: environment.required("MAIL_QUEUE_URL")?,
            runtime: environment.required("RUNTIME_QUEUE_URL")?,
        })
    }

    /// Hands `message` to its queue.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn send(&self, message: &Message) -> Result<(), Error> {
        let url = match message.queue() {
            Queue::Mail => &self.mail,
            Queue::Runtime => &self.runtime,
        };
        let body = serde_json::to_string(message).map_err(|error| Error(error.into()))?;
        let sent = self.client.send_message().queue_url(url).message_body(body).send().await;
        sent.map(drop).map_err(|error| Error(CallFailed::new("SQS", &error).into()))
    }
}
