//! The audit log as an event: who has selected it gets each record and each checkpoint, as it is when it is sent.

use crate::customer::{Customer, of_each_type};
use domain::{identity::access::Role, ids::AuditId, integrations::Occurrence};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Behaviour, CLEO, Request, World, plan};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Selects the events of the integration of this type.
async fn select(customer: &Customer, kind: &str, events: &[&str]) {
    let (_, config, secret) = of_each_type().into_iter().find(|(name, ..)| *name == kind).unwrap();
    let body = json!({"config": config, "secret": secret, "events": events});
    let answer = customer.send(Request::new("PUT", &format!("/integrations/{kind}")).json(body)).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
}

/// Returns a customer whose integration of this type gets the records of the log, from now on.
async fn listening(kind: &str) -> Customer {
    let customer = Customer::of(World::default()).await;
    customer.world.subscribe(customer.id, plan("business")).await;
    select(&customer, kind, &["audit.recorded"]).await;
    customer.relay().await;
    drop(customer.world.receivers.take());
    customer
}

/// Returns the records of the log, oldest first, with their keys.
fn records(customer: &Customer) -> Vec<((String, String), Value)> {
    let partition = format!("WS#{}#AUDIT", customer.id);
    customer.world.items().into_iter().filter(|((pk, _), _)| *pk == partition).collect()
}

/// Returns the records that the outbox is to relay.
fn announced(customer: &Customer) -> Vec<String> {
    let of = |item: &Value| Some(item["message"]["occurrence"]["facts"]["record"].as_str()?.to_owned());
    customer.world.items().values().filter(|item| item["_type"] == "outbox").filter_map(of).collect()
}

/// Relays the outbox, and returns the bodies that were received.
async fn received(customer: &Customer) -> Vec<Value> {
    customer.relay().await;
    let received = customer.world.receivers.take();
    assert!(received.iter().all(|request| request.objection.is_none()), "{received:?}");
    received.iter().map(testkit::Received::json).collect()
}

/// Makes two records: Cleo is invited, and joins.
async fn two_changes(customer: &Customer) -> Vec<((String, String), Value)> {
    let before = records(customer).len();
    customer.world.join(customer.id, &ANA, &CLEO, Role::Viewer).await;
    let new = records(customer).split_off(before);
    assert_eq!(new.len(), 2);
    new
}

#[tokio::test]
async fn each_record_is_sent_once_as_a_line_of_the_export() {
    let customer = listening("webhook").await;
    let new = two_changes(&customer).await;
    assert_eq!(announced(&customer).len(), 2);
    let mut bodies = received(&customer).await;
    bodies.sort_by_key(|body| body["data"]["number"].as_u64());
    assert_eq!(bodies.len(), new.len(), "{bodies:#?}");
    for (body, (_, record)) in bodies.iter().zip(&new) {
        assert_eq!(body["type"], "audit.recorded");
        let place = &record["place"];
        for field in ["number", "previous", "digest", "sequence"] {
            assert_eq!(body["data"][field], place[field], "{field}");
        }
        let text: Value = serde_json::from_str(body["data"]["text"].as_str().unwrap()).unwrap();
        assert_eq!((&text["action"], &text["workspace"]), (&record["action"], &json!(customer.id)));
    }
    assert!(announced(&customer).is_empty() && received(&customer).await.is_empty());
}

#[tokio::test]
async fn nothing_is_written_where_nobody_listens() {
    let customer = Customer::of(World::default()).await;
    customer.world.subscribe(customer.id, plan("business")).await;
    customer.set_up("webhook").await;
    customer.world.join(customer.id, &ANA, &BEN, Role::Viewer).await;
    assert_eq!(announced(&customer), Vec::<String>::new(), "a new integration has not selected it");
    customer.relay().await;

    select(&customer, "webhook", &["audit.recorded"]).await;
    customer.relay().await;
    two_changes(&customer).await;
    assert_eq!(announced(&customer).len(), 2);
    // Its receiver is gone, so it is disabled.
    customer.world.receivers.plan(Behaviour::Status(410));
    customer.relay().await;
    assert_eq!(customer.integration().await["is_enabled"], false);
    customer.relay().await;
    let roles = Request::new("PUT", "/integrations/slack");
    let (_, config, secret) = of_each_type().into_iter().find(|(name, ..)| *name == "slack").unwrap();
    assert_eq!(customer.send(roles.json(json!({"config": config, "secret": secret}))).await.status.as_u16(), 200);
    assert_eq!(announced(&customer), Vec::<String>::new(), "it is disabled");

    assert_eq!(customer.post("/integrations/webhook/enable").await.status.as_u16(), 200);
    customer.send(Request::new("DELETE", "/integrations/slack")).await;
    assert!(!announced(&customer).is_empty(), "it is enabled");
    customer.relay().await;
    customer.send(Request::new("DELETE", "/integrations/webhook")).await;
    customer.relay().await;
    customer.set_up("slack").await;
    assert_eq!(announced(&customer), Vec::<String>::new(), "it is removed");
}

#[tokio::test]
async fn what_was_erased_meanwhile_is_not_sent() {
    let customer = listening("webhook").await;
    let new = two_changes(&customer).await;
    let (key, record) = &new[1];
    assert_eq!(record["action"], "member.joined");
    customer.world.overwrite_at(key, "actor_name", json!({"NULL": true}));
    customer.world.overwrite_at(key, "after", json!({"S": "{}"}));
    let bodies = received(&customer).await;
    let body = bodies.iter().find(|body| body["data"]["number"] == record["place"]["number"]).unwrap();
    assert!(!body.to_string().contains("Cleo"), "{body}");
    // A record that is gone is announced without contents.
    let gone = Occurrence::AuditRecorded { record: AuditId::NIL };
    assert_eq!(customer.happens(gone).await, Vec::<String>::new());
    assert_eq!(customer.world.receivers.take()[0].json()["data"]["digest"], Value::Null);
}

/// A smaller plan does not include the log.
#[tokio::test]
async fn the_log_is_sent_while_the_plan_includes_it() {
    let customer = listening("webhook").await;
    customer.world.receivers.always(Some(Behaviour::Status(500)));
    two_changes(&customer).await;
    assert_eq!(received(&customer).await.len(), 2, "they wait for their second attempts");
    customer.world.receivers.always(None);
    customer.world.subscribe(customer.id, plan("pro")).await;
    customer.world.wait(MINUTE);
    assert_eq!(customer.deliver(&customer.due().await).await, Vec::<String>::new());
    customer.set_up("slack").await;
    assert!(!announced(&customer).is_empty());
    assert_eq!(received(&customer).await, Vec::<Value>::new());
    let listed = customer.send(Request::new("GET", "/integrations/webhook/deliveries")).await;
    let states: Vec<_> = listed.body["deliveries"].as_array().unwrap().iter().map(|each| &each["state"]).collect();
    assert_eq!(states, ["failed", "failed"], "{listed}");

    customer.world.subscribe(customer.id, plan("business")).await;
    customer.send(Request::new("DELETE", "/integrations/slack")).await;
    assert_eq!(received(&customer).await.len(), 1);
}

/// Datadog keeps 4,000 characters.
#[tokio::test]
async fn a_long_record_keeps_its_place_at_datadog() {
    let customer = listening("datadog").await;
    for (length, left_out) in [(10, json!(null)), (3_000, json!(["text"])), (9_000, json!(["text"]))] {
        customer.send(Request::new("DELETE", "/integrations/slack")).await;
        customer.relay().await;
        drop(customer.world.receivers.take());
        customer.set_up("slack").await;
        let (key, record) = records(&customer).pop().unwrap();
        let long = json!({"name": "x".repeat(length)}).to_string();
        customer.world.overwrite_at(&key, "before", json!({ "S": long }));
        let bodies = received(&customer).await;
        let text = bodies[0]["text"].as_str().unwrap();
        assert!(text.chars().count() <= 4_000, "{}", text.len());
        let block = text.split("```").nth(1).unwrap();
        let line: Value = serde_json::from_str(block.trim()).unwrap();
        assert_eq!((&line["left_out"], &line["digest"]), (&left_out, &record["place"]["digest"]), "{length}: {line}");
        customer.world.wait(MINUTE);
    }
}
