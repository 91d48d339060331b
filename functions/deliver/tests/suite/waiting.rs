//! Waiting events are checked against the integration of now: its receiver, its selection, and its failures.

use crate::customer::Customer;
use domain::integrations::{
    Occurrence,
    delivery::{FAILURES, PATIENCE},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Behaviour, Request, webhook_secret};

const STARTED: Occurrence = Occurrence::RuntimeStarted { generation: 1 };
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

async fn put(customer: &Customer, body: Value) {
    let answer = customer.send(Request::new("PUT", "/integrations/webhook").json(body)).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
}

async fn remove(customer: &Customer) {
    let removed = customer.send(Request::new("DELETE", "/integrations/webhook")).await;
    assert_eq!(removed.status.as_u16(), 204, "{removed}");
}

/// Sets up the webhook with a receiver at `host`.
async fn set_up_at(customer: &Customer, host: &str) {
    put(customer, json!({"config": {"url": format!("https://{host}/")}, "secret": webhook_secret("0123456789abcdef")}))
        .await;
}

/// Attempts what is due in a minute, and returns the hosts that received something.
async fn received_later(customer: &Customer) -> Vec<String> {
    customer.world.wait(MINUTE);
    assert_eq!(customer.deliver(&customer.due().await).await, Vec::<String>::new());
    customer.world.receivers.take().into_iter().map(|request| request.host).collect()
}

/// Returns a customer with a delivery to hooks.example.com that waits for its second attempt.
async fn with_a_waiting_delivery() -> Customer {
    let customer = Customer::with("webhook").await;
    customer.world.wait(SECOND);
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 1);
    customer.world.wait(SECOND);
    customer
}

/// Invariant 36.
#[tokio::test]
async fn waiting_deliveries_do_not_reach_another_receiver() {
    for removed_before in [true, false] {
        let customer = with_a_waiting_delivery().await;
        if removed_before {
            remove(&customer).await;
        }
        set_up_at(&customer, "other.example.com").await;
        assert_eq!(received_later(&customer).await, Vec::<String>::new(), "removed before: {removed_before}");
        let delivery = customer.delivery().await;
        assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("failed"), &json!(1)));
        assert_eq!(customer.due().await, Vec::<Value>::new());
        // A member decides that the receiver of now gets it.
        let path = format!("/integrations/webhook/deliveries/{}/retry", delivery["id"].as_str().unwrap());
        assert_eq!(customer.post(&path).await.status.as_u16(), 202);
        customer.relay().await;
        let hosts: Vec<_> = customer.world.receivers.take().into_iter().map(|request| request.host).collect();
        assert_eq!(hosts, ["other.example.com"]);
        assert_eq!(customer.delivery().await["state"], "delivered");
    }
}

/// Invariant 36.
#[tokio::test]
async fn the_same_receiver_set_up_again_gets_nothing_old() {
    let customer = with_a_waiting_delivery().await;
    remove(&customer).await;
    set_up_at(&customer, "hooks.example.com").await;
    assert_eq!(received_later(&customer).await, Vec::<String>::new());
    assert_eq!(customer.delivery().await["state"], "failed");
}

/// Invariant 36.
#[tokio::test]
async fn queued_events_do_not_reach_a_receiver_set_up_later() {
    let customer = Customer::with("webhook").await;
    customer.world.wait(SECOND);
    let message = customer.event(STARTED);
    customer.world.wait(SECOND);
    remove(&customer).await;
    set_up_at(&customer, "other.example.com").await;
    assert_eq!(customer.deliver(&[message]).await, Vec::<String>::new());
    assert_eq!(customer.world.receivers.take(), []);
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 1, "what happens from then on arrives");
}

#[tokio::test]
async fn other_settings_and_a_new_key_keep_what_waits() {
    let customer = with_a_waiting_delivery().await;
    let url = "https://hooks.example.com/";
    put(&customer, json!({"config": {"url": url, "description": "Ours"}, "name": "Other"})).await;
    put(&customer, json!({"config": {"url": url}, "secret": webhook_secret("abcdef0123456789")})).await;
    assert_eq!(received_later(&customer).await, ["hooks.example.com"]);
    assert_eq!(customer.delivery().await["state"], "delivered");
}

/// Invariant 36.
#[tokio::test]
async fn events_that_are_no_longer_selected_are_not_sent() {
    let customer = with_a_waiting_delivery().await;
    let config = json!({"url": "https://hooks.example.com/"});
    put(&customer, json!({"config": config, "events": ["member.joined"]})).await;
    assert_eq!(received_later(&customer).await, Vec::<String>::new());
    let delivery = customer.delivery().await;
    assert_eq!(delivery["state"], "failed");
    let path = format!("/integrations/webhook/deliveries/{}/retry", delivery["id"].as_str().unwrap());
    let refused = customer.post(&path).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "event_not_selected"), "{refused}");
    put(&customer, json!({"config": config, "events": ["runtime.started"]})).await;
    assert_eq!(customer.post(&path).await.status.as_u16(), 202);
    customer.relay().await;
    assert_eq!(customer.world.receivers.take().len(), 1);
}

/// Deployed tables hold deliveries and integrations without the setup.
#[tokio::test]
async fn deliveries_of_earlier_versions_still_arrive() {
    let customer = with_a_waiting_delivery().await;
    let null = json!({"NULL": true});
    customer.world.overwrite(customer.id, "INTEGRATION#webhook", "setup", null.clone());
    let (key, _) = customer.world.items().into_iter().find(|(_, item)| item["_type"] == "delivery").unwrap();
    customer.world.overwrite_at(&key, "setup", null.clone());
    assert_eq!(received_later(&customer).await, ["hooks.example.com"]);
    // Once the receiver has changed, they are older than its setup.
    let customer = with_a_waiting_delivery().await;
    customer.world.overwrite(customer.id, "INTEGRATION#webhook", "setup", null.clone());
    let (key, _) = customer.world.items().into_iter().find(|(_, item)| item["_type"] == "delivery").unwrap();
    customer.world.overwrite_at(&key, "setup", null);
    set_up_at(&customer, "other.example.com").await;
    assert_eq!(received_later(&customer).await, Vec::<String>::new());
}

async fn fails(customer: &Customer) {
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
}

async fn is_enabled(customer: &Customer) -> bool {
    customer.integration().await["is_enabled"] == true
}

/// Invariant 37.
#[tokio::test]
async fn few_failures_far_apart_disable_nothing() {
    let customer = Customer::with("webhook").await;
    for failure in 1..FAILURES {
        fails(&customer).await;
        assert!(is_enabled(&customer).await, "failure {failure}");
        customer.world.wait(PATIENCE + PATIENCE);
    }
    fails(&customer).await;
    assert!(!is_enabled(&customer).await, "as many as it takes, without a success in between");
}

/// Invariant 37.
#[tokio::test]
async fn a_success_of_any_kind_clears_the_failures() {
    for by_test in [true, false] {
        let customer = Customer::with("webhook").await;
        for _ in 1..FAILURES {
            fails(&customer).await;
        }
        customer.world.wait(PATIENCE);
        if by_test {
            let tested = customer.post("/integrations/webhook/test").await;
            assert_eq!(tested.body["ok"], true, "{tested}");
        } else {
            customer.happens(STARTED).await;
        }
        assert!(!customer.world.items().values().any(|item| item["_type"] == "failing"), "by test: {by_test}");
        fails(&customer).await;
        assert!(is_enabled(&customer).await, "by test: {by_test}");
        // A test that fails is no success, and no failure of a delivery either.
        for _ in 0..FAILURES {
            customer.world.receivers.plan(Behaviour::Status(500));
            customer.post("/integrations/webhook/test").await;
        }
        customer.world.wait(PATIENCE);
        fails(&customer).await;
        assert!(is_enabled(&customer).await, "by test: {by_test}");
    }
}

/// A failure that was under way while another delivery succeeded begins a new count.
///
/// Invariant 37.
#[tokio::test(start_paused = true)]
async fn a_late_failure_does_not_bring_old_ones_back() {
    let customer = Customer::with("webhook").await;
    for _ in 0..2 {
        fails(&customer).await;
    }
    customer.world.wait(PATIENCE);
    customer.world.receivers.plan(Behaviour::Hang);
    let hanging = [customer.event(STARTED)];
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        customer.happens(STARTED).await;
    };
    tokio::join!(customer.deliver(&hanging), meanwhile);
    for _ in 0..FAILURES {
        fails(&customer).await;
    }
    assert!(is_enabled(&customer).await, "nothing has failed for days since the success");
}
