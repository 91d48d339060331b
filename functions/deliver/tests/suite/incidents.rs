//! Alerts: what fails opens one, what ends it resolves it, and everything else is a change. The last request about an alert is
//! about its newest event, whatever fails and in whatever order events arrive.

use crate::customer::{self, Customer};
use domain::{identity::access::Role, ids::UserId, integrations::Occurrence};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{Behaviour, Chances, Moment, Received, Request, World};

const FAILED: Occurrence = Occurrence::RuntimeFailed { generation: 1, reason: None };
const STARTED: Occurrence = Occurrence::RuntimeStarted { generation: 2 };
const STOPPED: Occurrence = Occurrence::RuntimeStopped { generation: 2, reason: None };
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Describes requests: the action and the alert's name, or the path of a change.
fn described(customer: &Customer, received: &[Received]) -> Vec<String> {
    let prefix = format!("berth/{}/", customer.id);
    received
        .iter()
        .map(|request| {
            assert_eq!(request.objection, None, "{}", request.body);
            let body = request.json();
            match body["dedup_key"].as_str() {
                Some(key) => {
                    format!("{} {}", body["event_action"].as_str().unwrap(), key.strip_prefix(&prefix).unwrap())
                }
                None => request.target.clone(),
            }
        })
        .collect()
}

/// Takes the requests since the last call, described.
fn taken(customer: &Customer) -> Vec<String> {
    described(customer, &customer.world.receivers.take())
}

/// Delivers `messages` again, and attempts everything that is due within the second retry.
async fn recover(customer: &Customer, messages: &[Value]) {
    customer.deliver(messages).await;
    for _ in 0..12 {
        customer.world.wait(MINUTE);
        customer.deliver(&customer.due().await).await;
    }
    assert_eq!(customer.due().await, Vec::<Value>::new());
}

#[tokio::test]
async fn failure_opens_one_alert_and_recovery_resolves_it() {
    let customer = Customer::with("pagerduty").await;
    for occurrence in [FAILED, FAILED, STARTED, Occurrence::PaymentFailed { grace_until: None }, FAILED, STOPPED] {
        customer.world.wait(SECOND);
        customer.happens(occurrence).await;
    }
    customer.world.wait(SECOND);
    customer.happens(Occurrence::PaymentRecovered {}).await;
    assert_eq!(
        taken(&customer),
        [
            "trigger runtime",
            "trigger runtime",
            "resolve runtime",
            "trigger payment",
            "trigger runtime",
            "resolve runtime",
            "resolve payment",
        ]
    );
    // Another workspace has alerts of its own.
    let other = Customer::of(customer.world.clone()).await;
    other.set_up("pagerduty").await;
    other.happens(FAILED).await;
    assert_eq!(taken(&other), ["trigger runtime"]);
}

#[tokio::test]
async fn what_needs_nobody_is_a_change() {
    let customer = Customer::with("pagerduty").await;
    for occurrence in customer::one_of_each_event().into_iter().filter(|one| one.event().incident().is_none()) {
        customer.happens(occurrence).await;
        assert_eq!(taken(&customer), ["/v2/change/enqueue"], "{occurrence:?}");
    }
    // A ruleset takes no changes: it gets a request without an effect, and its integration stays healthy.
    let ruleset = json!({"config": {}, "secret": "R0123456789abcdef0123456789abcde"});
    customer.send(Request::new("PUT", "/integrations/pagerduty").json(ruleset)).await;
    customer.happens(Occurrence::MemberJoined { user_id: UserId::NIL, role: Role::Viewer }).await;
    let received = customer.world.receivers.take();
    assert_eq!((received.len(), &received[0].json()["event_action"]), (1, &json!("resolve")));
}

#[tokio::test]
async fn test_resolves_its_own_alert() {
    let customer = Customer::with("pagerduty").await;
    customer.happens(FAILED).await;
    assert_eq!(taken(&customer), ["trigger runtime"]);
    let tested = customer.post("/integrations/pagerduty/test").await;
    assert_eq!(
        (&tested.body["ok"], taken(&customer)),
        (&json!(true), vec!["trigger test".to_owned(), "resolve test".to_owned()])
    );
    // A resolution that is not accepted is sent again.
    for behaviour in [Behaviour::Status(202), Behaviour::Status(500)] {
        customer.world.receivers.plan(behaviour);
    }
    let tested = customer.post("/integrations/pagerduty/test").await;
    assert_eq!(
        (&tested.body["ok"], taken(&customer)),
        (&json!(true), ["trigger test", "resolve test", "resolve test"].map(str::to_owned).to_vec())
    );
    // One that was not accepted has nothing to resolve.
    customer.world.receivers.plan(Behaviour::Status(500));
    assert_eq!(customer.post("/integrations/pagerduty/test").await.body["ok"], false);
    assert_eq!(taken(&customer), ["trigger test"]);
}

#[tokio::test]
async fn alerts_are_resolved_for_those_who_subscribe_to_failures_only() {
    let customer = Customer::with("pagerduty").await;
    let wanted = json!({"config": {"region": "eu"}, "events": ["runtime.failed"]});
    assert_eq!(customer.send(Request::new("PUT", "/integrations/pagerduty").json(wanted)).await.status.as_u16(), 200);
    for occurrence in
        [FAILED, STARTED, Occurrence::PaymentFailed { grace_until: None }, Occurrence::PaymentRecovered {}]
    {
        customer.world.wait(SECOND);
        customer.happens(occurrence).await;
    }
    assert_eq!(taken(&customer), ["trigger runtime", "resolve runtime"]);
}

/// What happens during a suspension is not delivered, but what waits knows of it.
#[tokio::test]
async fn failure_that_waits_over_a_suspension_sends_the_recovery() {
    let customer = Customer::with("pagerduty").await;
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(FAILED).await;
    customer.world.suspend(customer.id, "Spam").await;
    customer.world.wait(SECOND);
    customer.happens(STARTED).await;
    customer.world.unsuspend(customer.id).await;
    assert_eq!(taken(&customer), ["trigger runtime"]);
    recover(&customer, &[]).await;
    assert_eq!(taken(&customer), ["resolve runtime"]);
}

/// An event that was deselected since is not sent by a delivery of another one.
#[tokio::test]
async fn deselected_failure_opens_nothing() {
    let customer = Customer::with("pagerduty").await;
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
    let wanted = json!({"config": {"region": "eu"}, "events": ["runtime.started"]});
    let answer = customer.send(Request::new("PUT", "/integrations/pagerduty").json(wanted)).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    customer.world.wait(SECOND);
    customer.happens(FAILED).await;
    assert_eq!(taken(&customer), ["resolve runtime"]);
    recover(&customer, &[]).await;
    assert_eq!(taken(&customer), ["resolve runtime"]);
}

#[tokio::test]
async fn deliveries_are_listed_next_to_incidents() {
    let customer = Customer::with("pagerduty").await;
    for occurrence in [FAILED, STARTED, Occurrence::PaymentFailed { grace_until: None }] {
        customer.world.wait(SECOND);
        customer.happens(occurrence).await;
    }
    for limit in 1..=4 {
        let (mut seen, mut cursor) = (0, String::new());
        loop {
            let path = format!("/integrations/pagerduty/deliveries?limit={limit}{cursor}");
            let page = customer.send(Request::new("GET", &path)).await;
            assert_eq!(page.status.as_u16(), 200, "{page}");
            seen += page.body["deliveries"].as_array().unwrap().len();
            match page.body["pagination"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, 3, "limit {limit}");
    }
}

#[tokio::test]
async fn failure_that_is_retried_after_the_recovery_opens_nothing() {
    let customer = Customer::with("pagerduty").await;
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(FAILED).await;
    customer.world.wait(SECOND);
    customer.happens(STARTED).await;
    assert_eq!(taken(&customer), ["trigger runtime", "resolve runtime"]);
    recover(&customer, &[]).await;
    assert_eq!(taken(&customer), ["resolve runtime"], "the retry of the failure");
}

#[tokio::test]
async fn recovery_is_retried_unless_it_failed_again_meanwhile() {
    let customer = Customer::with("pagerduty").await;
    customer.happens(FAILED).await;
    customer.world.wait(SECOND);
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
    recover(&customer, &[]).await;
    assert_eq!(taken(&customer), ["trigger runtime", "resolve runtime", "resolve runtime"]);

    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STOPPED).await;
    customer.world.wait(SECOND);
    customer.happens(FAILED).await;
    recover(&customer, &[]).await;
    assert_eq!(
        taken(&customer),
        ["resolve runtime", "trigger runtime", "trigger runtime"],
        "nothing resolves the new alert"
    );
}

#[tokio::test]
async fn events_that_arrive_in_another_order_end_alike() {
    let customer = Customer::with("pagerduty").await;
    let failed = customer.event(FAILED);
    customer.world.wait(SECOND);
    let started = customer.event(STARTED);
    customer.deliver(&[started]).await;
    customer.deliver(&[failed]).await;
    assert_eq!(taken(&customer), ["resolve runtime", "resolve runtime"]);
}

/// The recovery is resolved, and ignored by the receiver, while the failure is on its way.
#[tokio::test]
async fn failure_that_is_overtaken_on_its_way_is_resolved() {
    let customer = Customer::with("pagerduty").await;
    customer.world.wait(6 * MINUTE);
    let place = (format!("WS#{}", customer.id), "INCIDENT#runtime".to_owned());
    let recovered = json!({"M": {"type": {"S": "runtime.started"}, "facts": {"M": {"generation": {"N": "2"}}}}});
    // Reading the secret is the last call before the attempt.
    customer.world.after_at("GetSecretValue", place, "occurrence", recovered);
    customer.happens(FAILED).await;
    assert_eq!(taken(&customer), ["trigger runtime", "resolve runtime"]);
}

#[tokio::test(start_paused = true)]
async fn crash_at_any_call_leaves_no_alert_open() {
    let (mut calls, mut over) = (0, false);
    while !over {
        over = true;
        for moment in [Moment::Before, Moment::After] {
            for first in [FAILED, STARTED] {
                let customer = Customer::with("pagerduty").await;
                let failed = customer.event(FAILED);
                customer.world.wait(SECOND);
                let started = customer.event(STARTED);
                let (one, other) = if first == FAILED { (failed, started) } else { (started, failed) };
                let batch = [one, other];
                let (head, tail) = batch.split_at(1);
                let ended = customer.world.crashing(calls, moment, customer.deliver(head)).await;
                over &= ended.is_some();
                customer.deliver(tail).await;
                recover(&customer, &batch).await;
                let last = taken(&customer).pop();
                assert_eq!(last.as_deref(), Some("resolve runtime"), "call {calls}, {moment:?}, {first:?} first");
            }
        }
        calls += 1;
    }
    assert!(calls >= 6, "two reads of the newest event, and the calls of every delivery");
}

#[tokio::test(start_paused = true)]
async fn last_request_is_about_the_newest_event_under_faults() {
    for seed in 0..60 {
        let customer = Customer::of(World::seeded(seed)).await;
        customer.set_up("pagerduty").await;
        let ends_well = seed % 2 == 0;
        let story = if ends_well { [FAILED, STARTED, FAILED, STARTED] } else { [STARTED, FAILED, STOPPED, FAILED] };
        let events: Vec<_> = story
            .into_iter()
            .map(|occurrence| {
                customer.world.wait(SECOND);
                customer.event(occurrence)
            })
            .collect();
        let backwards: Vec<_> = events.iter().rev().cloned().collect();
        for _ in 0..seed % 3 {
            customer.world.receivers.plan(Behaviour::Status(500));
        }
        customer.world.set_fault_chances(Chances::HIGH);
        tokio::join!(customer.deliver(&events), customer.deliver(&backwards));
        customer.world.clear_fault_chances();
        recover(&customer, &events).await;
        let received = customer.world.receivers.take();
        let mut last = BTreeMap::new();
        for line in described(&customer, &received) {
            let (action, alert) = line.split_once(' ').unwrap();
            last.insert(alert.to_owned(), action.to_owned());
        }
        let wanted = if ends_well { "resolve" } else { "trigger" };
        assert_eq!(last["runtime"], wanted, "seed {seed}: {:?}", described(&customer, &received));
    }
}
