//! The stand-in for SQS: standard queues take everything; FIFO queues, whose names end in `.fifo`, take each message once.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>

use crate::clock::ManualClock;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// For how long a FIFO queue knows a message again.
const DEDUPLICATED: SignedDuration = SignedDuration::from_mins(5);

/// A message that a FIFO queue took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedInOrder {
    /// What it is queued behind.
    pub group: String,
    /// By what it is known again.
    pub deduplication_id: String,
    /// What it says.
    pub body: Value,
}

/// A message that a standard queue took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The last part of the queue's address.
    pub queue: String,
    /// The group that it shares the queue's fairness with.
    pub group: Option<String>,
    /// After how many seconds it can be received.
    pub delay: u64,
    /// What it says.
    pub body: Value,
}

/// All queues.
#[derive(Debug)]
pub(crate) struct Queues {
    clock: ManualClock,
    standard: Vec<Queued>,
    in_order: Vec<QueuedInOrder>,
    known: Vec<(String, Timestamp)>,
}

impl Queues {
    pub(crate) const fn new(clock: ManualClock) -> Self {
        Self { clock, standard: Vec::new(), in_order: Vec::new(), known: Vec::new() }
    }

    /// What standard queues took since this was last asked.
    pub(crate) fn take(&mut self) -> Vec<Queued> {
        std::mem::take(&mut self.standard)
    }

    /// What FIFO queues took since this was last asked.
    pub(crate) fn take_in_order(&mut self) -> Vec<QueuedInOrder> {
        std::mem::take(&mut self.in_order)
    }

    /// Answers `SendMessage` as the service would.
    pub(crate) fn send(&mut self, request: &Value) -> (u16, String) {
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
                self.in_order.push(QueuedInOrder { group, deduplication_id, body });
            }
        } else {
            let delay = request["DelaySeconds"].as_u64().unwrap_or_default();
            let queue = url.rsplit('/').next().unwrap_or_default().to_owned();
            self.standard.push(Queued { queue, group: name("MessageGroupId"), delay, body });
        }
        (200, json!({"MessageId": "m", "MD5OfMessageBody": "x"}).to_string())
    }
}

/// The name of a group, or what a message is known by: 1 to 128 visible ASCII characters.
fn name(value: &Value) -> Option<String> {
    let fits = |text: &&str| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    value.as_str().filter(fits).map(ToOwned::to_owned)
}
