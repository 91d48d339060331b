//! The stand-in for the dead-letter queues of SQS, whose names end in `-dead`: looks at messages, and tasks that move them back.
//! A task runs until the test ends it.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>

use crate::clock::ManualClock;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// End of the names of dead-letter queues.
const DEAD: &str = "-dead";

struct Letter {
    id: String,
    sent_at: i64,
    received: u64,
    body: String,
}

/// All dead-letter queues.
pub(crate) struct DeadLetters {
    clock: ManualClock,
    queues: BTreeMap<String, Vec<Letter>>,
    moving: BTreeSet<String>,
    /// Why tasks have failed, by queue.
    failed: BTreeMap<String, String>,
    /// Queues that may not be read.
    denied: BTreeSet<String>,
    added: u64,
}

impl std::fmt::Debug for DeadLetters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeadLetters")
    }
}

impl DeadLetters {
    pub(crate) const fn new(clock: ManualClock) -> Self {
        Self {
            clock,
            queues: BTreeMap::new(),
            moving: BTreeSet::new(),
            failed: BTreeMap::new(),
            denied: BTreeSet::new(),
            added: 0,
        }
    }

    /// Adds a message that failed in `queue`.
    pub(crate) fn add(&mut self, queue: &str, body: String) {
        self.added += 1;
        let (id, sent_at) = (format!("message-{}", self.added), self.clock.now().as_millisecond());
        self.queues.entry(queue.to_owned()).or_default().push(Letter { id, sent_at, received: 5, body });
    }

    /// Ends the tasks, and returns the bodies of the messages that they have moved, by queue.
    pub(crate) fn finish(&mut self) -> Vec<(String, String)> {
        let moved = std::mem::take(&mut self.moving).into_iter();
        let moved = moved.flat_map(|queue| {
            let letters = self.queues.remove(&queue).unwrap_or_default().into_iter();
            letters.map(|letter| (queue.clone(), letter.body)).collect::<Vec<_>>()
        });
        moved.collect()
    }

    /// Lets the task of `queue` fail for this reason. Its messages stay.
    pub(crate) fn fail(&mut self, queue: &str, reason: &str) {
        assert!(self.moving.remove(queue), "no task of {queue} runs");
        self.failed.insert(queue.to_owned(), reason.to_owned());
    }

    /// Denies every call about `queue` from now on.
    pub(crate) fn deny(&mut self, queue: &str) {
        self.denied.insert(queue.to_owned());
    }

    /// Answers a call as SQS would.
    pub(crate) fn call(&mut self, operation: &str, request: &Value) -> (u16, String) {
        let named = request["QueueUrl"].as_str().or(request["SourceArn"].as_str()).unwrap();
        let name = named.rsplit(['/', ':']).next().unwrap();
        let queue = name.strip_suffix(DEAD).unwrap().to_owned();
        if self.denied.contains(&queue) {
            let denial = json!({"__type": "com.amazonaws.sqs#AccessDeniedException", "message": "not authorized"});
            return (403, denial.to_string());
        }
        let letters = self.queues.entry(queue.clone()).or_default();
        let answer = match operation {
            "GetQueueAttributes" => json!({"Attributes": {
                "ApproximateNumberOfMessages": letters.len().to_string(),
                "QueueArn": format!("arn:aws:sqs:us-east-1:000000000000:{name}"),
            }}),
            "ReceiveMessage" => {
                assert_eq!(request["VisibilityTimeout"], 0, "a look must not hide messages");
                let most = usize::try_from(request["MaxNumberOfMessages"].as_u64().unwrap()).unwrap();
                let seen = letters.iter_mut().take(most).map(|letter| {
                    letter.received += 1;
                    json!({
                        "MessageId": letter.id, "ReceiptHandle": "handle", "MD5OfBody": "x", "Body": letter.body,
                        "Attributes": {
                            "SentTimestamp": letter.sent_at.to_string(),
                            "ApproximateReceiveCount": letter.received.to_string(),
                        },
                    })
                });
                json!({"Messages": seen.collect::<Vec<_>>()})
            }
            "ListMessageMoveTasks" => {
                let running = self.moving.contains(&queue).then(|| json!({"TaskHandle": "task", "Status": "RUNNING"}));
                let failed = self.failed.get(&queue).map(|reason| json!({"Status": "FAILED", "FailureReason": reason}));
                json!({"Results": running.or(failed).into_iter().collect::<Vec<_>>()})
            }
            "StartMessageMoveTask" if !self.moving.insert(queue.clone()) => {
                let refusal = json!({"__type": "com.amazonaws.sqs#UnsupportedOperation", "message": "one at a time"});
                return (400, refusal.to_string());
            }
            "StartMessageMoveTask" => {
                self.failed.remove(&queue);
                json!({"TaskHandle": "task"})
            }
            other => panic!("the stand-in for dead-letter queues does not answer {other}"),
        };
        (200, answer.to_string())
    }
}
