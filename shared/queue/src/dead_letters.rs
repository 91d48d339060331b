//! The dead-letter queues, for the operator's staff: how many messages they hold, which, and sending them back.

use aws_sdk_sqs::{
    Client,
    error::SdkError,
    types::{Message, MessageSystemAttributeName as Attribute, QueueAttributeName},
};
use aws_types::SdkConfig;
use domain::operator::dead_letters::DeadLetterQueue;
use jiff::Timestamp;
use platform::{
    aws::CallFailed,
    config::{ConfigError, Environment},
};

/// Maximum number of messages that [`DeadLetterQueues::look`] returns, which is that of SQS.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html>
pub const MAX_LOOKED_AT: i32 = 10;

/// Seconds for which a look waits for messages. A look without waiting asks only some of the servers of SQS and may find none.
const WAIT: i32 = 1;

/// A reason for which a dead-letter queue could not be read or emptied.
#[derive(Debug, thiserror::Error)]
pub enum DeadLetterError {
    /// SQS failed.
    #[error("SQS did not answer; send the same request again")]
    Failed(#[source] CallFailed),
    /// The messages are being sent back already.
    #[error("the messages of this queue are being sent back already; wait until it is done")]
    UnderWay,
}

/// The dead-letter queues.
#[derive(Debug, Clone)]
pub struct DeadLetterQueues {
    client: Client,
    deliver: String,
    mail: String,
    notifier: String,
    outbox: String,
    runtime: String,
    stripe_events: String,
}

/// The number of messages of a queue, and the name by which tasks of SQS know it.
#[derive(Debug)]
struct Facts {
    messages: u64,
    arn: String,
}

/// How far the newest redrive of a queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redriving {
    /// There was none lately, or it is done or was ended by somebody.
    No,
    /// SQS sends messages back.
    UnderWay,
    /// SQS gave up, for this reason. What it had not sent back is still in the queue.
    GaveUp(String),
}

/// A dead message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadMessage {
    /// Id at SQS.
    pub id: String,
    /// Time at which it was sent, to its first queue.
    pub sent_at: Option<Timestamp>,
    /// Number of times that it was received, looks included.
    pub received: u64,
    /// Body, as it was sent.
    pub body: String,
}

impl DeadLetterQueues {
    /// Reads the addresses of the queues from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if one is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            client: Client::new(config),
            deliver: environment.required("DELIVER_DEAD_LETTERS_URL")?,
            mail: environment.required("MAIL_DEAD_LETTERS_URL")?,
            notifier: environment.required("NOTIFIER_DEAD_LETTERS_URL")?,
            outbox: environment.required("OUTBOX_DEAD_LETTERS_URL")?,
            runtime: environment.required("RUNTIME_DEAD_LETTERS_URL")?,
            stripe_events: environment.required("STRIPE_EVENTS_DEAD_LETTERS_URL")?,
        })
    }

    const fn url(&self, queue: DeadLetterQueue) -> &String {
        match queue {
            DeadLetterQueue::Deliver => &self.deliver,
            DeadLetterQueue::Mail => &self.mail,
            DeadLetterQueue::Notifier => &self.notifier,
            DeadLetterQueue::Outbox => &self.outbox,
            DeadLetterQueue::Runtime => &self.runtime,
            DeadLetterQueue::StripeEvents => &self.stripe_events,
        }
    }

    async fn facts(&self, queue: DeadLetterQueue) -> Result<Facts, DeadLetterError> {
        let asked = self.client.get_queue_attributes().queue_url(self.url(queue));
        let asked = asked.attribute_names(QueueAttributeName::ApproximateNumberOfMessages);
        let answer = asked.attribute_names(QueueAttributeName::QueueArn).send().await.map_err(failed)?;
        let attribute = |name| answer.attributes().and_then(|all| all.get(&name)).cloned().unwrap_or_default();
        let messages = attribute(QueueAttributeName::ApproximateNumberOfMessages).parse().unwrap_or_default();
        Ok(Facts { messages, arn: attribute(QueueAttributeName::QueueArn) })
    }

    /// Returns the approximate number of messages in `queue`.
    ///
    /// # Errors
    /// [`DeadLetterError`] if SQS fails.
    pub async fn count(&self, queue: DeadLetterQueue) -> Result<u64, DeadLetterError> {
        self.facts(queue).await.map(|facts| facts.messages)
    }

    /// Returns the approximate number of messages in `queue`, and how far their redrive is, if SQS says so.
    ///
    /// # Errors
    /// [`DeadLetterError`] if SQS does not say how many messages there are.
    pub async fn progress(
        &self,
        queue: DeadLetterQueue,
    ) -> Result<(u64, Result<Redriving, DeadLetterError>), DeadLetterError> {
        let facts = self.facts(queue).await?;
        Ok((facts.messages, self.redriving(&facts).await))
    }

    async fn redriving(&self, facts: &Facts) -> Result<Redriving, DeadLetterError> {
        let tasks = self.client.list_message_move_tasks().source_arn(&facts.arn).max_results(1);
        let newest = tasks.send().await.map_err(failed)?;
        let Some(task) = newest.results().first() else { return Ok(Redriving::No) };
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasksResultEntry.html
        Ok(match task.status() {
            Some("RUNNING" | "CANCELLING") => Redriving::UnderWay,
            Some("FAILED") => Redriving::GaveUp(task.failure_reason().unwrap_or("unknown").to_owned()),
            _ => Redriving::No,
        })
    }

    /// True if messages are known to be sent back at the moment.
    async fn is_under_way(&self, facts: &Facts) -> bool {
        matches!(self.redriving(facts).await, Ok(Redriving::UnderWay))
    }

    /// Returns some of the messages in `queue`, at most [`MAX_LOOKED_AT`]. They stay in it, and are not hidden from others.
    ///
    /// # Errors
    /// [`DeadLetterError`] if SQS fails.
    pub async fn look(&self, queue: DeadLetterQueue) -> Result<Vec<DeadMessage>, DeadLetterError> {
        let received = self.client.receive_message().queue_url(self.url(queue)).max_number_of_messages(MAX_LOOKED_AT);
        let received = received.visibility_timeout(0).wait_time_seconds(WAIT);
        let received = received
            .message_system_attribute_names(Attribute::SentTimestamp)
            .message_system_attribute_names(Attribute::ApproximateReceiveCount);
        let answer = received.send().await.map_err(failed)?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(dead_message).collect())
    }

    /// Begins to send all messages of `queue` back to the queue from which they came, and returns their approximate number.
    /// SQS continues by itself.
    ///
    /// # Errors
    /// [`DeadLetterError::UnderWay`] if that was begun before and is not done; [`DeadLetterError::Failed`] if SQS fails.
    pub async fn redrive(&self, queue: DeadLetterQueue) -> Result<u64, DeadLetterError> {
        let facts = self.facts(queue).await?;
        // SQS answers few of these questions a second. A second task it refuses by itself.
        if self.is_under_way(&facts).await {
            return Err(DeadLetterError::UnderWay);
        }
        let begun = self.client.start_message_move_task().source_arn(&facts.arn).send().await.map_err(failed);
        match begun {
            Ok(_) => Ok(facts.messages),
            // Another task has begun since the look, or this one without its answer.
            Err(_) if self.is_under_way(&facts).await => Err(DeadLetterError::UnderWay),
            Err(error) => Err(error),
        }
    }
}

fn dead_message(message: Message) -> DeadMessage {
    let attribute = |name| message.attributes.as_ref().and_then(|all| all.get(&name)?.parse::<i64>().ok());
    DeadMessage {
        sent_at: attribute(Attribute::SentTimestamp).and_then(|at| Timestamp::from_millisecond(at).ok()),
        received: attribute(Attribute::ApproximateReceiveCount).and_then(|n| u64::try_from(n).ok()).unwrap_or_default(),
        id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
    }
}

fn failed<E: aws_sdk_sqs::error::ProvideErrorMetadata, R>(error: SdkError<E, R>) -> DeadLetterError {
    DeadLetterError::Failed(CallFailed::new("SQS", &error))
}
