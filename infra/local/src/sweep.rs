//! Runs the sweeper until nothing is due, after a move of the cloud's clock. The schedule would run it once a minute. It is a
//! separate program, which the stand-in for Stripe starts.

use crate::{
    Error, Result,
    aws::{Aws, SQS},
    clock,
    outputs::{self, Outputs},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Argument that makes the program sweep.
pub(crate) const WORD: &str = "sweep";
/// Folder of the sweeper in functions/.
const SWEEPER: &str = "sweeper";
/// Time for all sweeps. A client of the stand-in waits for them.
const LIMIT: Duration = Duration::from_secs(45);
/// Longest wait for messages before a sweep. A message that failed comes again after its queue's visibility timeout, which
/// takes real time and is not waited for.
const QUIET: Duration = Duration::from_secs(5);

/// Part of the sweeper's answer: numbers of due items.
#[derive(Debug, Serialize, Deserialize)]
struct Swept {
    done: u64,
    failed: u64,
    waiting: u64,
}

/// Sweeps the cloud whose files are in `state` until nothing is due. Messages are handled between sweeps, because they may
/// make something due.
///
/// # Errors
/// [`Error::NoCloud`] if no cloud is running, [`Error::Unsettled`] if something stays due.
#[expect(clippy::disallowed_methods, reason = "functions take real time")]
pub fn until_settled(state: &Path) -> Result<()> {
    let outputs: Outputs = fs::read(outputs::outputs_path(state))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .ok_or(Error::NoCloud)?;
    let aws = Aws::at(&outputs.aws_endpoint_url);
    let sweeper = outputs.functions.get(SWEEPER).ok_or_else(|| Error::lacks("the cloud", SWEEPER))?;
    let (began, mut sweeps) = (Instant::now(), 0);
    loop {
        clock::wait_for(QUIET, || Ok::<_, Error>((!has_messages(&aws)?).then_some(())))?;
        let answer = aws.rest("lambda", "POST", &format!("/2015-03-31/functions/{sweeper}/invocations"), &json!({}))?;
        sweeps += 1;
        let swept: Swept = serde_json::from_value(answer.clone())
            .map_err(|_| Error::lacks(format!("the sweeper's answer {answer}"), "counts"))?;
        if (swept.done, swept.failed, swept.waiting) == (0, 0, 0) {
            return Ok(());
        }
        if began.elapsed() >= LIMIT {
            return Err(Error::Unsettled { sweeps, last: json!(swept).to_string() });
        }
    }
}

/// Returns true if a queue has messages that can be received or are being handled. Delayed messages take real time, and
/// those of dead-letter queues stay.
fn has_messages(aws: &Aws) -> Result<bool> {
    let queues = aws.json(SQS, "ListQueues", &json!({}))?;
    let urls = queues.get("QueueUrls").and_then(Value::as_array).into_iter().flatten();
    let attributes = |url: &Value| {
        let answer = aws.json(SQS, "GetQueueAttributes", &json!({ "QueueUrl": url, "AttributeNames": ["All"] }))?;
        answer.get("Attributes").cloned().ok_or_else(|| Error::lacks(format!("the queue {url}"), "attributes"))
    };
    let queues = urls.map(attributes).collect::<Result<Vec<_>>>()?;
    let text = |queue: &Value, name: &str| queue.get(name).and_then(Value::as_str).map(str::to_owned);
    let dead: BTreeSet<String> = queues
        .iter()
        .filter_map(|queue| serde_json::from_str::<Value>(&text(queue, "RedrivePolicy")?).ok())
        .filter_map(|policy| text(&policy, "deadLetterTargetArn"))
        .collect();
    let has = |queue: &Value, name: &str| text(queue, name).is_some_and(|number| number != "0");
    Ok(queues
        .iter()
        .filter(|queue| text(queue, "QueueArn").is_none_or(|arn| !dead.contains(&arn)))
        .any(|queue| has(queue, "ApproximateNumberOfMessages") || has(queue, "ApproximateNumberOfMessagesNotVisible")))
}
