//! Deliveries on the embedded table, to stand-ins that check each request against the vendors' documentation.

use crate::customer::{self, Customer};
use domain::{
    identity::access::Role,
    integrations::Occurrence,
    integrations::delivery::{FAILURES, PATIENCE},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Behaviour, CLEO, Request, plan, webhook_secret};

const STARTED: Occurrence = Occurrence::RuntimeStarted { generation: 1 };
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn every_vendor_accepts_every_event_and_the_test_message() {
    let customer = Customer::with_all().await;
    for occurrence in customer::one_of_each_event() {
        assert_eq!(customer.happens(occurrence).await, Vec::<String>::new());
        let received = customer.world.receivers.take();
        assert_eq!(received.len(), 8, "{occurrence:?}");
        for request in received {
            assert_eq!(request.objection, None, "{} of {occurrence:?}: {}", request.host, request.body);
        }
    }
    for (kind, ..) in customer::of_each_type() {
        let tested = customer.post(&format!("/integrations/{kind}/test")).await;
        assert_eq!((tested.status.as_u16(), &tested.body["ok"]), (200, &json!(true)), "{kind}: {tested}");
        assert_eq!(customer.world.receivers.take()[0].objection, None, "{kind}");
    }
}

#[tokio::test]
async fn messages_describe_the_event_without_addresses() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.verify_with(&[&webhook_secret("0123456789abcdef")]);
    customer.world.join(customer.id, &ANA, &BEN, Role::Viewer).await;
    customer.relay().await;
    let received = customer.world.receivers.take();
    assert_eq!((received.len(), &received[0].objection), (1, &None), "{received:?}");
    let mut body = received[0].json();
    assert_eq!(body["data"]["user_id"], BEN.id().to_string());
    body["data"]["user_id"] = json!("…");
    let wanted = json!({
        "type": "member.joined",
        "timestamp": "2026-11-21T12:00:00Z",
        "data": {"user_id": "…", "role": "viewer", "workspace_id": customer.id},
    });
    assert_eq!(body, wanted);
    assert!(!received[0].body.contains('@'), "{}", received[0].body);
}

#[tokio::test]
async fn only_subscribers_get_an_event_and_repeats_deliver_once() {
    let customer = Customer::with("slack").await;
    let wanted = json!({"config": {}, "events": ["runtime.failed"]});
    customer.send(Request::new("PUT", "/integrations/slack").json(wanted)).await;
    let failed = Occurrence::RuntimeFailed { generation: 1, reason: None };
    assert_eq!(customer.happens(STARTED).await, Vec::<String>::new());
    assert_eq!(customer.world.receivers.take(), []);
    let message = customer.event(failed);
    for _ in 0..3 {
        assert_eq!(customer.deliver(&[message.clone(), message.clone()]).await, Vec::<String>::new());
    }
    assert_eq!(customer.world.receivers.take().len(), 1);
    // Of ten concurrent workers, one makes the attempt.
    let message = customer.event(failed);
    customer.deliver(&vec![message; 10]).await;
    assert_eq!(customer.world.receivers.take().len(), 1);
}

#[tokio::test]
async fn while_a_secret_is_rolled_both_sign_for_a_day() {
    let customer = Customer::with("webhook").await;
    let put = async |secret: &str| {
        let body = json!({"config": {"url": "https://hooks.example.com/"}, "secret": secret});
        let answer = customer.send(Request::new("PUT", "/integrations/webhook").json(body)).await;
        assert_eq!((answer.status.as_u16(), customer.world.secrets().len()), (200, 1), "{answer}");
    };
    let (first, second) = (webhook_secret("0123456789abcdef"), webhook_secret("the-second-secret-of-acme"));
    put(&second).await;
    customer.world.receivers.verify_with(&[&second, &first]);
    customer.happens(STARTED).await;
    customer.world.wait(SignedDuration::from_hours(24));
    customer.world.receivers.verify_with(&[&second]);
    customer.happens(STARTED).await;
    let objections: Vec<_> = customer.world.receivers.take().into_iter().map(|request| request.objection).collect();
    assert_eq!(objections, [None, None]);
}

#[tokio::test]
async fn failed_attempts_retry_on_schedule_until_exhausted() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.always(Some(Behaviour::Status(500)));
    customer.happens(STARTED).await;
    let mut waits = Vec::new();
    for attempt in 1..=8 {
        let delivery = customer.delivery().await;
        assert_eq!(
            (&delivery["attempts"], &delivery["status"], &delivery["class"]),
            (&json!(attempt), &json!(500), &json!("status"))
        );
        let queued = customer.world.delayed_messages();
        let Some(next) = delivery["next_attempt_at"].as_str() else { break };
        let wait = next.parse::<jiff::Timestamp>().unwrap().duration_since(customer.world.clock.now());
        waits.push(format!("{wait:#}"));
        // Short delays are covered by the queue, all of them by the sweeper.
        let delayed: Vec<_> = queued.iter().map(|(delay, _)| *delay).collect();
        let short = wait <= SignedDuration::from_mins(15);
        assert_eq!(delayed, if short { vec![wait.as_secs() as u64] } else { Vec::new() });
        customer.world.wait(wait - SignedDuration::from_millis(1));
        assert_eq!(customer.due().await, Vec::<Value>::new(), "too soon");
        customer.world.wait(SignedDuration::from_millis(1));
        let due = customer.due().await;
        assert_eq!(due.len(), 1);
        customer.deliver(&due).await;
    }
    assert_eq!(waits.join(", "), "5s, 5m, 30m, 2h, 5h, 10h, 10h");
    let delivery = customer.delivery().await;
    assert_eq!((&delivery["state"], &delivery["next_attempt_at"]), (&json!("failed"), &Value::Null));
    let received = customer.world.receivers.take();
    assert_eq!(received.len(), 8);
    assert!(received.iter().all(|request| request.header("webhook-id") == received[0].header("webhook-id")));
    let shown = customer.integration().await;
    assert_eq!((&shown["stats"]["total_errors"], &shown["stats"]["total_events_sent"]), (&json!(8), &json!(0)));
    assert_eq!((&shown["health_status"], &shown["is_enabled"]), (&json!("failing"), &json!(true)));
    assert!(shown["last_error_message"].as_str().unwrap().contains("200 to 299"), "{shown}");
}

#[tokio::test]
async fn a_receiver_may_ask_for_time() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.plan(Behaviour::StatusAndHeader(429, "retry-after", "600".to_owned()));
    customer.world.receivers.plan(Behaviour::StatusAndHeader(
        503,
        "retry-after",
        "Sat, 21 Nov 2026 14:10:00 GMT".to_owned(),
    ));
    customer.happens(STARTED).await;
    assert_eq!(customer.delivery().await["next_attempt_at"], "2026-11-21T12:10:00Z");
    customer.world.wait(SignedDuration::from_mins(10));
    customer.deliver(&customer.due().await).await;
    assert_eq!(customer.delivery().await["next_attempt_at"], "2026-11-21T14:10:00Z");
}

#[tokio::test(start_paused = true)]
async fn every_receiver_failure_is_classified_and_retried() {
    let cases = [
        (Behaviour::Status(500), json!(500), "status"),
        (Behaviour::Status(404), json!(404), "status"),
        (Behaviour::StatusAndHeader(302, "location", "https://169.254.169.254/".to_owned()), json!(302), "status"),
        (Behaviour::Hang, Value::Null, "timeout"),
        (Behaviour::Garbage, Value::Null, "refused"),
        (Behaviour::Break, Value::Null, "refused"),
    ];
    for (behaviour, status, class) in cases {
        let customer = Customer::with("webhook").await;
        customer.world.receivers.plan(behaviour.clone());
        customer.happens(STARTED).await;
        let delivery = customer.delivery().await;
        assert_eq!((&delivery["status"], &delivery["class"]), (&status, &json!(class)), "{behaviour:?}");
        assert_eq!(delivery["state"], "pending", "{behaviour:?}");
        customer.world.wait(SignedDuration::from_secs(5));
        customer.deliver(&customer.due().await).await;
        assert_eq!(customer.delivery().await["state"], "delivered", "{behaviour:?}");
        assert_eq!(customer.world.receivers.take().len(), 2, "{behaviour:?}: a redirect is not followed");
        let shown = customer.integration().await;
        assert_eq!((&shown["health_status"], &shown["stats"]["total_events_sent"]), (&json!("healthy"), &json!(1)));
        // A test reports the same result immediately.
        customer.world.receivers.plan(behaviour.clone());
        let tested = customer.post("/integrations/webhook/test").await.body;
        assert_eq!((&tested["ok"], &tested["status"], &tested["class"]), (&json!(false), &status, &json!(class)));
    }
}

#[tokio::test]
async fn gone_receiver_disables_its_integration_and_notifies_admins() {
    let customer = Customer::with("webhook").await;
    customer.world.join(customer.id, &ANA, &BEN, Role::Admin).await;
    customer.world.join(customer.id, &ANA, &CLEO, Role::Member).await;
    customer.relay().await;
    customer.world.receivers.plan(Behaviour::Status(410));
    customer.world.changes();
    customer.happens(STARTED).await;
    insta::assert_snapshot!(customer.without_deliveries());
    customer.relay().await;
    let mut recipients: Vec<_> = customer.world.letters().into_iter().map(|letter| letter.to).collect();
    recipients.sort();
    assert_eq!(recipients, ["ana@example.com", "ben@example.com"]);
    let shown = customer.integration().await;
    assert_eq!((&shown["is_enabled"], &shown["has_secret"]), (&json!(false), &json!(true)));
    assert_eq!(customer.world.receivers.take().len(), 3, "two who joined, and this");
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take(), [], "a disabled integration gets nothing any more");
    // Enabled by hand, it has a second chance.
    let enabled = customer.post("/integrations/webhook/enable").await;
    assert_eq!((enabled.status.as_u16(), &enabled.body["is_enabled"]), (200, &json!(true)));
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 1);
}

#[tokio::test]
async fn five_failing_days_disable_and_a_success_restarts_them() {
    let customer = Customer::with("webhook").await;
    let fails = async || {
        for _ in 0..FAILURES {
            customer.world.receivers.plan(Behaviour::Status(500));
            customer.happens(STARTED).await;
        }
    };
    let enabled = async || customer.integration().await["is_enabled"] == true;
    let day = SignedDuration::from_hours(24);
    fails().await;
    assert!(enabled().await, "on the first day");
    customer.world.wait(4 * day);
    customer.happens(STARTED).await;
    customer.world.wait(2 * day);
    fails().await;
    assert!(enabled().await, "four days ago one arrived");
    customer.world.wait(5 * day - SignedDuration::from_secs(1));
    fails().await;
    assert!(enabled().await, "a second before five days have passed");
    customer.world.wait(SignedDuration::from_secs(1));
    fails().await;
    assert!(!enabled().await);
    customer.relay().await;
    assert_eq!(customer.world.letters().len(), 1);
    // Enabled by hand it has five days again.
    customer.post("/integrations/webhook/enable").await;
    fails().await;
    assert!(enabled().await);
}

#[tokio::test]
async fn last_moment_success_keeps_the_integration_enabled() {
    let customer = Customer::with("webhook").await;
    for _ in 0..FAILURES {
        customer.world.receivers.plan(Behaviour::Status(500));
        customer.happens(STARTED).await;
    }
    customer.world.wait(PATIENCE);
    let (one, other) = (customer.event(STARTED), customer.event(STARTED));
    // The first fails; before it disables anything, the second arrives.
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.world.after_health("GetSecretValue", customer.id, "webhook#FAILING", json!({"S": "2026-11-26T11:59:59Z"}));
    customer.world.wait(SignedDuration::from_mins(6));
    customer.deliver(&[one]).await;
    assert_eq!(customer.integration().await["is_enabled"], true);
    customer.deliver(&[other]).await;
    assert_eq!(customer.integration().await["is_enabled"], true);
}

#[tokio::test]
async fn disabled_integration_gets_no_waiting_delivery() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
    let removed = customer.send(Request::new("DELETE", "/integrations/webhook")).await;
    assert_eq!(removed.status.as_u16(), 204);
    customer.world.wait(MINUTE);
    customer.deliver(&customer.due().await).await;
    assert_eq!(customer.world.receivers.take().len(), 1);
    assert_eq!(customer.delivery().await["state"], "failed");
    assert_eq!(customer.due().await, Vec::<Value>::new());
}

/// Invariant 27.
#[tokio::test]
async fn a_poison_message_fails_alone() {
    let customer = Customer::with("webhook").await;
    let poison =
        [json!({}), json!({"kind": "event"}), json!({"kind": "reconcile", "workspace": customer.id, "generation": 1})];
    let bodies: Vec<_> = poison.into_iter().chain([customer.event(STARTED)]).collect();
    assert_eq!(customer.deliver(&bodies).await, ["0", "1", "2"]);
    assert_eq!(customer.world.receivers.take().len(), 1);
    let poison = Request::sample("deliver/poison");
    assert_eq!(customer.deliver_event(poison).await.len(), 2);
    for (sample, failures) in [("deliver/event", 0), ("deliver/again", 0)] {
        assert_eq!(customer.deliver_event(Request::sample(sample)).await.len(), failures, "{sample}");
    }
}

#[tokio::test]
async fn unreadable_secret_affects_no_other_integration() {
    let customer = Customer::with_all().await;
    customer.world.overwrite_secret(&webhook_secret("0123456789abcdef"), "unfit");
    assert_eq!(customer.happens(STARTED).await.len(), 1, "the failure is reported");
    assert_eq!(customer.world.receivers.take().len(), 7);
    customer.world.wait(MINUTE);
    let due = customer.due().await;
    assert_eq!(due.len(), 1, "one attempt was begun and not ended");
    customer.world.overwrite_secret("unfit", &webhook_secret("0123456789abcdef"));
    customer.deliver(&due).await;
    assert_eq!(customer.world.receivers.take().len(), 1);
    assert_eq!(customer.delivery().await["attempts"], 2);
}

#[tokio::test]
async fn a_downgrade_disables_nothing_and_blocks_additions() {
    let customer = Customer::with_all().await;
    customer.world.receivers.plan(Behaviour::Status(410));
    customer.world.wait(SignedDuration::from_hours(38 * 24));
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 8, "the plan has lapsed, and all integrations are notified");
    let shown = customer.send(Request::new("GET", "/integrations")).await;
    let off =
        shown.body["integrations"].as_array().unwrap().iter().find(|one| one["is_enabled"] == false).unwrap().clone();
    let path = format!("/integrations/{}/enable", off["integration_type"].as_str().unwrap());
    let refused = customer.post(&path).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_integration_limit"));
    customer.world.subscribe(customer.id, plan("pro")).await;
    assert_eq!(customer.post(&path).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_person_has_a_delivery_tried_again() {
    let customer = Customer::with("webhook").await;
    customer.happens(STARTED).await;
    let id = customer.delivery().await["id"].as_str().unwrap().to_owned();
    let path = format!("/integrations/webhook/deliveries/{id}/retry");
    customer.world.changes();
    let retried = customer.post(&path).await;
    assert_eq!(
        (retried.status.as_u16(), &retried.body["state"], retried.usage.round_trips),
        (202, &json!("pending"), 2)
    );
    customer.relay().await;
    let received = customer.world.receivers.take();
    assert_eq!((received.len(), received[0].header("webhook-id")), (2, received[1].header("webhook-id")));
    assert_eq!(customer.delivery().await["attempts"], 2);
    let elsewhere = customer.post(&format!("/integrations/slack/deliveries/{id}/retry")).await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.code()), (404, "delivery_not_found"));
    customer.send(Request::new("DELETE", "/integrations/webhook")).await;
    let off = customer.post(&path).await;
    assert_eq!((off.status.as_u16(), off.code()), (409, "integration_disabled"));
}

#[tokio::test]
async fn events_during_a_suspension_are_never_delivered() {
    let customer = Customer::with("webhook").await;
    customer.world.suspend(customer.id, "Spam").await;
    let message = customer.event(STARTED);
    customer.world.changes();
    assert_eq!(customer.deliver(std::slice::from_ref(&message)).await, Vec::<String>::new());
    customer.world.assert_nothing_written();
    customer.world.unsuspend(customer.id).await;
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 1, "only what happens afterwards");
}

#[tokio::test]
async fn due_deliveries_fail_while_suspended_and_can_be_retried() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.always(Some(Behaviour::Status(500)));
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 1);
    customer.world.suspend(customer.id, "Spam").await;
    customer.world.wait(SignedDuration::from_secs(10));
    let due = customer.due().await;
    assert_eq!(due.len(), 1);
    assert_eq!(customer.deliver(&due).await, Vec::<String>::new());
    assert_eq!(customer.world.receivers.take(), [], "nothing is sent");
    let delivery = customer.delivery().await;
    assert_eq!(delivery["state"], "failed", "{delivery}");
    let id = delivery["id"].as_str().unwrap();
    let retry = format!("/integrations/webhook/deliveries/{id}/retry");
    assert_eq!(customer.post(&retry).await.code(), "workspace_suspended");
    assert_eq!(customer.post("/integrations/webhook/test").await.code(), "workspace_suspended");
    assert_eq!(customer.world.receivers.take(), []);
    // Nothing more is due: the delivery waits for a retry by a member.
    customer.world.unsuspend(customer.id).await;
    customer.world.wait(SignedDuration::from_hours(24));
    assert_eq!(customer.due().await, Vec::<Value>::new());
    customer.world.receivers.always(None);
    assert_eq!(customer.post(&retry).await.status.as_u16(), 202);
    customer.relay().await;
    assert_eq!(customer.world.receivers.take().len(), 1);
}
