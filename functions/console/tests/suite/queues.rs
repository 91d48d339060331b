//! The dead-letter queues: looks, and sending messages back.

use super::stage::{REASON, Stage};
use domain::operator::dead_letters::DeadLetterQueue;
use serde_json::{Value, json};
use testkit::{Fault, JANE, JsonLines};

const MAIL: &str = r#"{"invitation":"inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z","kind":"invitation_mail","version":1,"workspace":"ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y"}"#;

async fn queue(stage: &Stage, name: &str) -> Value {
    let answer = stage.get("/operator/queues").await;
    let queues = answer.body["queues"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    queues.into_iter().find(|queue| queue["queue"] == name).unwrap()
}

async fn redrive(stage: &Stage, name: &str) -> (u16, String, Value) {
    let answer = stage.post(&format!("/operator/queues/{name}/redrive"), json!({"reason": REASON})).await;
    (answer.status.as_u16(), answer.code().to_owned(), answer.body)
}

#[tokio::test]
async fn queues_are_listed_with_their_messages() {
    let stage = Stage::set().await;
    for _ in 0..3 {
        stage.world.add_dead_letter(DeadLetterQueue::Mail, MAIL);
    }
    let answer = stage.get("/operator/queues").await;
    let names = DeadLetterQueue::ALL.map(|queue| json!(queue)).to_vec();
    let queues = answer.body["queues"].as_array().unwrap();
    assert_eq!(queues.iter().map(|queue| queue["queue"].clone()).collect::<Vec<_>>(), names);
    let wanted = json!({"queue": "mail", "messages": 3, "redrivable": true, "redriving": false, "gave_up": null});
    assert_eq!(queue(&stage, "mail").await, wanted);
    let wanted = json!({"queue": "outbox", "messages": 0, "redrivable": false, "redriving": false, "gave_up": null});
    assert_eq!(queue(&stage, "outbox").await, wanted);
}

#[tokio::test]
async fn look_takes_and_hides_nothing() {
    let stage = Stage::set().await;
    for number in 0..12 {
        let body = json!({"kind": "delivery", "version": number, "token": "a secret", "to": "ben@example.com"});
        stage.world.add_dead_letter(DeadLetterQueue::Deliver, body);
    }
    for look in 1..3 {
        let answer = stage.get("/operator/queues/deliver/messages").await;
        let messages = answer.body["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 10, "{answer}");
        assert_eq!((&messages[0]["id"], &messages[0]["received"]), (&json!("message-1"), &json!(5 + look)));
        let shown: Value = serde_json::from_str(messages[0]["body"].as_str().unwrap()).unwrap();
        assert_eq!(shown, json!({"kind": "delivery", "version": 0, "token": "(hidden)", "to": "(hidden)"}));
        assert!(messages[0]["sent_at"].as_str().unwrap().starts_with("20"), "{answer}");
    }
    assert_eq!(queue(&stage, "deliver").await["messages"], 12);
    stage.world.add_dead_letter(DeadLetterQueue::StripeEvents, "no JSON, and a secret");
    let answer = stage.get("/operator/queues/stripe-events/messages").await;
    assert_eq!(answer.body["messages"][0]["body"], "(hidden)");
}

#[tokio::test]
async fn messages_are_sent_back_by_one_task_at_a_time() {
    let stage = Stage::set().await;
    stage.world.add_dead_letter(DeadLetterQueue::Mail, MAIL);
    let begun = redrive(&stage, "mail").await;
    assert_eq!(begun, (202, String::new(), json!({"queue": "mail", "messages": 1})));
    assert_eq!(queue(&stage, "mail").await["redriving"], true);
    assert_eq!(redrive(&stage, "mail").await.1, "redrive_under_way");
    assert_eq!(stage.world.finish_redrives(), [("mail".to_owned(), MAIL.to_owned())]);
    let after = queue(&stage, "mail").await;
    assert_eq!((&after["redriving"], &after["messages"]), (&json!(false), &json!(0)));
    assert_eq!(redrive(&stage, "mail").await.0, 202, "an empty queue is sent back, too");
}

#[tokio::test]
async fn redrive_that_sqs_gave_up_on_says_why_until_the_next() {
    let stage = Stage::set().await;
    stage.world.add_dead_letter(DeadLetterQueue::Mail, MAIL);
    redrive(&stage, "mail").await;
    stage.world.fail_redrive(DeadLetterQueue::Mail, "AWS.SimpleQueueService.NonExistentQueue");
    let after = queue(&stage, "mail").await;
    let reason = json!("AWS.SimpleQueueService.NonExistentQueue");
    assert_eq!((&after["redriving"], &after["messages"], &after["gave_up"]), (&json!(false), &json!(1), &reason));
    assert_eq!(redrive(&stage, "mail").await.0, 202, "it can be begun again");
    let after = queue(&stage, "mail").await;
    assert_eq!((&after["redriving"], &after["gave_up"]), (&json!(true), &Value::Null));
}

#[tokio::test]
async fn queue_that_cannot_be_read_hides_no_other() {
    let stage = Stage::set().await;
    stage.world.add_dead_letter(DeadLetterQueue::Mail, MAIL);
    for name in [DeadLetterQueue::Deliver, DeadLetterQueue::Outbox] {
        stage.world.deny_dead_letters(name);
        let unknown = queue(&stage, name.name()).await;
        assert_eq!((&unknown["messages"], &unknown["redriving"]), (&Value::Null, &Value::Null), "{unknown}");
    }
    assert_eq!(queue(&stage, "mail").await["messages"], 1);
}

/// The look before says that nothing runs, and then another person begins.
#[tokio::test]
async fn concurrent_redrive_is_refused() {
    let stage = Stage::set().await;
    let (first, second) = tokio::join!(redrive(&stage, "runtime"), redrive(&stage, "runtime"));
    let mut codes = [first.1, second.1];
    codes.sort_unstable();
    assert_eq!(codes, ["", "redrive_under_way"]);
}

#[tokio::test]
async fn stream_records_are_not_sent_back() {
    let stage = Stage::set().await;
    for name in ["outbox", "notifier"] {
        let answer = redrive(&stage, name).await;
        assert_eq!((answer.0, answer.1.as_str()), (409, "queue_not_redrivable"), "{name}");
    }
    assert_eq!(stage.world.calls().get("StartMessageMoveTask"), None);
}

/// Invariant 68.
#[tokio::test]
async fn redrive_is_logged_with_person_and_reason() {
    let stage = Stage::set().await;
    drop(stage.world.calls());
    for body in [json!({}), json!({"reason": ""}), json!({"reason": "x".repeat(501)}), json!({"reason": null})] {
        let answer = stage.post("/operator/queues/mail/redrive", body.clone()).await;
        assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["reason"]), "{body}");
    }
    assert!(stage.world.calls().is_empty());
    let lines = JsonLines::capture();
    redrive(&stage, "mail").await;
    let logged = lines.fields("the messages of a dead-letter queue are to be sent back");
    let facts = ["queue", "operator", "reason"].map(|field| logged[0][field].clone());
    assert_eq!(facts, [json!("mail"), json!(JANE.email), json!(REASON)]);
}

#[tokio::test(start_paused = true)]
async fn failure_of_sqs_is_reported() {
    let stage = Stage::set().await;
    for _ in 0..10 {
        stage.world.plan("ListMessageMoveTasks", Fault::ServerError);
    }
    assert_eq!(queue(&stage, "mail").await["redriving"], Value::Null, "the numbers are shown nevertheless");
    stage.world.forget_plans();
    for operation in ["ReceiveMessage", "GetQueueAttributes"] {
        for _ in 0..30 {
            stage.world.plan(operation, Fault::ServerError);
        }
    }
    for target in ["/operator/queues", "/operator/queues/mail/messages"] {
        let answer = stage.get(target).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (503, "unavailable"), "{target}");
    }
    assert_eq!(redrive(&stage, "mail").await.1, "unavailable");
}
