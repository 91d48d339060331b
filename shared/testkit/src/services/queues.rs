//! The stand-in for SQS. Standard queues accept every message; FIFO queues, whose names end in `.fifo`, accept each
//! message once.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>

use super::dead_letters::DeadLetters;
use crate::clock::ManualClock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Time for which a FIFO queue drops duplicates of a message.
const DEDUPLICATED: SignedDuration = SignedDuration::from_mins(5);

/// A message accepted by a FIFO queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FifoMessage {
    /// Message group, within which order is kept.
    pub group: String,
    /// Deduplication id.
    pub deduplication_id: String,
    /// Body of the message.
    pub body: Value,
}

/// A message accepted by a standard queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMessage {
    /// Last part of the queue's address.
    pub queue: String,
    /// Message group, for fair queues.
    pub group: Option<String>,
    /// Seconds after which it can be received.
    pub delay: u64,
    /// Body of the message.
    pub body: Value,
}

/// All queues.
#[derive(Debug)]
pub(crate) struct Queues {
    clock: ManualClock,
    standard: Vec<QueuedMessage>,
    in_order: Vec<FifoMessage>,
    known: Vec<(String, Timestamp)>,
    dead: DeadLetters,
}

impl Queues {
    pub(crate) fn new(clock: ManualClock) -> Self {
        let dead = DeadLetters::new(clock.clone());
        Self { clock, standard: Vec::new(), in_order: Vec::new(), known: Vec::new(), dead }
    }

    /// The dead-letter queues.
    pub(crate) const fn dead(&mut self) -> &mut DeadLetters {
        &mut self.dead
    }

    /// Answers a call as SQS would.
    pub(crate) fn call(&mut self, operation: &str, request: &Value) -> (u16, String) {
        match operation {
            "SendMessage" => self.send(request),
            _ => self.dead.call(operation, request),
        }
    }

    /// Takes the messages that standard queues accepted since the last call.
    pub(crate) fn take(&mut self) -> Vec<QueuedMessage> {
        std::mem::take(&mut self.standard)
    }

    /// Takes the messages that FIFO queues accepted since the last call.
    pub(crate) fn take_in_order(&mut self) -> Vec<FifoMessage> {
        std::mem::take(&mut self.in_order)
    }

    /// Answers `SendMessage` as SQS would.
    fn send(&mut self, request: &Value) -> (u16, String) {
        let body = serde_json::from_str(request["MessageBody"].as_str().unwrap()).unwrap();
        let name = |field: &str| name(&request[field]);
        let url = request["QueueUrl"].as_str().unwrap();
        if url.ends_with(".fifo") {
            let (Some(group), Some(deduplication_id)) = (name("MessageGroupId"), name("MessageDeduplicationId")) else {
                return (400, json!({"__type": "com.amazonaws.sqs#InvalidParameterValueException"}).to_string());
            };
            let now = self.clock.now();
            self.known.retain(|(_, since)| now.duration_since(*since) < DEDUPLICATED);
            if self.known.iter().all(|(known, _)| *known != deduplication_id) {
                self.known.push((deduplication_id.clone(), now));
                self.in_order.push(FifoMessage { group, deduplication_id, body });
            }
        } else {
            let delay = request["DelaySeconds"].as_u64().unwrap_or_default();
            let queue = url.rsplit('/').next().unwrap_or_default().to_owned();
            self.standard.push(QueuedMessage { queue, group: name("MessageGroupId"), delay, body });
        }
        (200, json!({"MessageId": "m", "MD5OfMessageBody": "x"}).to_string())
    }
}

/// Returns a group or a deduplication id: 1 to 128 visible ASCII characters.
fn name(value: &Value) -> Option<String> {
    let fits = |text: &&str| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    value.as_str().filter(fits).map(ToOwned::to_owned)
}
