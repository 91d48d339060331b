//! State after the journey: no unfinished work, and no token outside the e-mail.

use crate::{client::World, joining::Invited};
use local::{
    aws::{LOGS, SQS},
    clock,
};
use serde_json::{Value, json};
use std::{convert::Infallible, fs, time::Duration};

/// Waits until all asynchronous work is finished and returns the table: no outbox item, no message, and no pending write.
pub(crate) fn settled(world: &World) -> Vec<Value> {
    let look = || {
        let table = world.table();
        let waiting = table.iter().any(|item| item["pk"]["S"].as_str().unwrap().starts_with("OUTBOX#"));
        // A consumer may write another outbox item after the first check and finish before the second.
        let settled = !waiting && messages(world).is_empty() && world.table() == table;
        Ok::<_, Infallible>(settled.then_some(table))
    };
    let settled = clock::wait_for(Duration::from_secs(20), look).unwrap();
    settled.unwrap_or_else(|| panic!("items or messages are left: {:#?} {:#?}", world.table(), messages(world)))
}

/// Invokes the sweeper as its schedule would, under its own role.
pub(crate) fn the_sweeper_sweeps(world: &World) {
    let lambda = |method: &str, path: &str| {
        world.aws.rest("lambda", method, &format!("/2015-03-31/functions/{path}"), &json!({}))
    };
    let listed = lambda("GET", "").unwrap();
    let mut names = listed["Functions"].as_array().unwrap().iter().map(|each| each["FunctionName"].as_str().unwrap());
    let sweeper = names.find(|name| name.contains("Sweeper")).unwrap();
    let answer = lambda("POST", &format!("{sweeper}/invocations")).unwrap();
    assert_eq!(answer["failed"], 0, "{answer:#}");
    let said = logs(world);
    let metric = said.lines().rfind(|line| line.contains(r#""DueFailed""#)).expect("the sweeper counts failed items");
    assert!(metric.contains(r#""DueFailed":0"#), "{metric}");
}

/// Asserts that all queues become empty, including dead-letter queues.
pub(crate) fn every_queue_is_empty(world: &World) {
    let empty = || Ok::<_, Infallible>(messages(world).is_empty().then_some(()));
    let done = clock::wait_for(Duration::from_secs(20), empty).unwrap();
    assert!(done.is_some(), "messages are left: {:#?}", messages(world));
}

/// Lists the attributes of every queue with messages, including dead-letter queues.
fn messages(world: &World) -> Vec<Value> {
    let queues = world.aws.json(SQS, "ListQueues", &json!({})).unwrap();
    let queues = queues["QueueUrls"].as_array().expect("queues").clone();
    assert_eq!(queues.len(), 10, "{queues:?}");
    let peek = |url: &Value| {
        let attributes = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
        let attributes = world.aws.json(SQS, "GetQueueAttributes", &attributes).unwrap();
        let count = |name: &str| attributes["Attributes"][name].as_str().unwrap().parse::<u64>().unwrap();
        let waiting = count("ApproximateNumberOfMessages")
            + count("ApproximateNumberOfMessagesNotVisible")
            + count("ApproximateNumberOfMessagesDelayed");
        (waiting > 0).then(|| attributes.clone())
    };
    queues.iter().filter_map(peek).collect()
}

pub(crate) fn the_token_is_only_in_the_mail(world: &World, invited: &Invited) {
    // The ids in the token are stored in many places and are no secret; its code is.
    let code = invited.token.rsplit_once('.').unwrap().1;
    let table = Value::from(world.table()).to_string();
    let emulator = fs::read_to_string(&world.outputs.log).unwrap();
    let logs = logs(world);
    assert!(logs.contains("START RequestId"), "the functions' logs are read");
    for (place, text) in [("table", &table), ("emulator's log", &emulator), ("functions' logs", &logs)] {
        assert!(!text.contains(code), "the invitation's code is in the {place}");
    }
    // Logs must not contain e-mail addresses either.
    assert!(!logs.contains("@example.com"), "an e-mail address is in a function's log");
}

fn logs(world: &World) -> String {
    let list = |action: &str, request: Value, items: &str| {
        let answer = world.aws.json(LOGS, action, &request).unwrap();
        answer[items].as_array().unwrap().clone()
    };
    let mut text = String::new();
    for group in list("DescribeLogGroups", json!({}), "logGroups") {
        let group = &group["logGroupName"];
        for stream in list("DescribeLogStreams", json!({ "logGroupName": group }), "logStreams") {
            let request =
                json!({ "logGroupName": group, "logStreamName": stream["logStreamName"], "startFromHead": true });
            for event in list("GetLogEvents", request, "events") {
                text.push_str(event["message"].as_str().unwrap());
                text.push('\n');
            }
        }
    }
    text
}
