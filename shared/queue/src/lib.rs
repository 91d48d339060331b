//! SQS: the queues of the outbox, the queue of Stripe's events, and the dead-letter queues.
//!
//! Every call returns [`Error`] if SQS does not accept the message. A section `# Errors` names what a function returns in
//! addition.

#![expect(clippy::missing_errors_doc, reason = "the page of the crate states the error of every call")]

mod dead_letters;
mod stripe_events;

pub use dead_letters::{DeadLetterError, DeadLetterQueues, DeadMessage, MAX_LOOKED_AT, Redriving};
pub use stripe_events::StripeEvents;

use aws_sdk_sqs::{Client, operation::send_message::builders::SendMessageFluentBuilder};
use aws_types::SdkConfig;
use domain::{
    ids::WorkspaceId,
    outbox::{DeliverMessage, Message, Queue},
};
use jiff::SignedDuration;
use platform::{
    aws::CallFailed,
    config::{ConfigError, Environment},
};
use serde::Serialize;

/// Environment variable with the address of the delivery queue.
const DELIVER: &str = "DELIVER_QUEUE_URL";

/// A message that could not be queued. The sender still has it.
#[derive(Debug, thiserror::Error)]
#[error("a message could not be queued")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// The queues behind the outbox.
#[derive(Debug, Clone)]
pub struct Queues {
    client: Client,
    mail: String,
    runtime: String,
    deliver: String,
}

/// The delivery queue, for its consumer: an attempt that is due soon is put back into it.
#[derive(Debug, Clone)]
pub struct DeliveryQueue {
    client: Client,
    deliver: String,
}

/// Longest delay of a message.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>
pub const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(15);

impl Queues {
    /// Reads the addresses of the queues from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if one is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            client: Client::new(config),
            mail: environment.required("MAIL_QUEUE_URL")?,
            runtime: environment.required("RUNTIME_QUEUE_URL")?,
            deliver: environment.required(DELIVER)?,
        })
    }

    /// Sends `message` to its queue without delay.
    pub async fn send(&self, message: &Message) -> Result<(), Error> {
        self.send_in(message, SignedDuration::ZERO).await
    }

    /// Sends `message` to its queue with `delay`, rounded up to seconds and limited to [`LONGEST_DELAY`].
    pub async fn send_in(&self, message: &Message, delay: SignedDuration) -> Result<(), Error> {
        let url = match message.queue() {
            Queue::Mail => &self.mail,
            Queue::Runtime => &self.runtime,
            Queue::Deliver => &self.deliver,
        };
        send(self.client.send_message().queue_url(url), message.workspace(), message, delay).await
    }
}

impl DeliveryQueue {
    /// Reads the address of the queue from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if it is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self { client: Client::new(config), deliver: environment.required(DELIVER)? })
    }

    /// Sends `message` with `delay`, rounded up to seconds and limited to [`LONGEST_DELAY`].
    pub async fn send(&self, message: &DeliverMessage, delay: SignedDuration) -> Result<(), Error> {
        send(self.client.send_message().queue_url(&self.deliver), message.workspace(), message, delay).await
    }
}

/// Sends a message whose group is its workspace. On a standard queue, SQS then prefers the groups with few messages in
/// flight.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html>
async fn send(
    request: SendMessageFluentBuilder,
    workspace: WorkspaceId,
    message: &impl Serialize,
    delay: SignedDuration,
) -> Result<(), Error> {
    let body = serde_json::to_string(message).map_err(|error| Error(error.into()))?;
    let delay = delay.clamp(SignedDuration::ZERO, LONGEST_DELAY);
    let seconds = delay.as_secs() + i64::from(delay.subsec_nanos() > 0);
    let request = request.message_group_id(workspace.to_string());
    let request = request.delay_seconds(i32::try_from(seconds).unwrap_or_default());
    let sent = request.message_body(body).send().await;
    sent.map(drop).map_err(|error| Error(CallFailed::new("SQS", &error).into()))
}
