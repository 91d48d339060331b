//! Asynchronous work: each queue and rule has an end for failures, and an alarm for it.

use crate::stack::{STACK, each, nested, target};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Returns the names that alarms watch, given to the nested template as parameters.
fn watched(namespace: &str, metric: &str) -> BTreeSet<String> {
    let alarms = nested("infra/observability.yaml");
    let alarms = alarms.values().map(|alarm| &alarm["Properties"]);
    let alarms = alarms.filter(|alarm| alarm["Namespace"] == namespace && alarm["MetricName"] == metric);
    let given = STACK.properties("Observability")["Parameters"].as_object().unwrap();
    alarms
        .map(|alarm| {
            let parameter = alarm["Dimensions"][0]["Value"]["Ref"].as_str().unwrap();
            target(&given[parameter]).unwrap_or_else(|| panic!("{parameter}")).to_owned()
        })
        .collect()
}

#[test]
fn queue_consumers_have_time_and_a_watched_dead_letter_queue() {
    let letters = watched("AWS/SQS", "ApproximateNumberOfMessagesVisible");
    let mut queues = 0;
    for (id, mapping) in STACK.of_type("AWS::Lambda::EventSourceMapping") {
        let properties = &mapping["Properties"];
        assert_eq!(properties["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{id}");
        let source = target(&properties["EventSourceArn"]).unwrap();
        if source == "Table" {
            assert_eq!(properties["BisectBatchOnFunctionError"], true, "{id}");
            assert!(properties["MaximumRetryAttempts"].as_u64().is_some_and(|tries| tries < 100), "{id}");
            let aside = target(&properties["DestinationConfig"]["OnFailure"]["Destination"]).unwrap();
            assert!(letters.contains(aside), "{id}: {aside} has no alarm");
            continue;
        }
        queues += 1;
        let queue = STACK.properties(source);
        let function = target(&properties["FunctionName"]).unwrap();
        let timeout = STACK.properties(function)["Timeout"].as_u64().unwrap();
        assert!(queue["VisibilityTimeout"].as_u64().unwrap() >= 6 * timeout, "{source} and {function}");
        let aside = target(&queue["RedrivePolicy"]["deadLetterTargetArn"]).unwrap();
        assert!(letters.contains(aside), "{id}: {aside} has no alarm");
        let kept = |queue: &Value| queue["MessageRetentionPeriod"].as_u64().unwrap();
        assert!(kept(STACK.properties(aside)) > kept(queue), "{source}: a moved message keeps its age");
    }
    assert_eq!(queues, 4);
    // Every other queue is a watched dead-letter queue.
    assert_eq!(STACK.of_type("AWS::SQS::Queue").count(), queues + letters.len());
}

/// What happens reaches live connections through at most one stream or queue: functions that push are not called by queues.
#[test]
fn pushes_come_straight_from_the_stream() {
    let mut pushing = BTreeSet::new();
    for (id, role) in STACK.of_type("AWS::IAM::Role") {
        if role.to_string().contains("execute-api:ManageConnections") {
            pushing.insert(id.strip_suffix("Role").unwrap().to_owned() + "Function");
        }
    }
    let sources = STACK.of_type("AWS::Lambda::EventSourceMapping").map(|(_, mapping)| &mapping["Properties"]);
    let sources = sources.filter(|mapping| pushing.contains(target(&mapping["FunctionName"]).unwrap()));
    let sources: Vec<_> = sources.map(|mapping| target(&mapping["EventSourceArn"]).unwrap()).collect();
    assert_eq!(sources, ["Table"], "of {pushing:?}");
}

#[test]
fn rules_that_cannot_queue_have_an_alarm() {
    let alarmed = watched("AWS/Events", "FailedInvocations");
    let (mut queued, mut called) = (BTreeSet::new(), BTreeSet::new());
    for (id, rule) in STACK.of_type("AWS::Events::Rule") {
        let [target_of_rule] = each(&rule["Properties"]["Targets"])[..] else { panic!("{id} has one target") };
        let target = target(&target_of_rule["Arn"]).unwrap();
        let set = if target.ends_with("Queue") { &mut queued } else { &mut called };
        set.insert((id.to_owned(), target.to_owned()));
    }
    assert_eq!(queued.iter().map(|(id, _)| id.clone()).collect::<BTreeSet<_>>(), alarmed);
    // Only the sweeper is called by rules directly: items it does not process are still due, and its silence is an alarm.
    assert!(called.iter().all(|(_, target)| target == "SweeperFunction"), "{called:?}");
    let (_, tries) = STACK.of_type("AWS::Lambda::EventInvokeConfig").next().unwrap();
    assert_eq!(tries["Properties"]["MaximumRetryAttempts"], 0);
    assert!(nested("infra/observability.yaml").contains_key("SweeperSilent"));
}
