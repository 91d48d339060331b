//! Audit records of keys, and of what programs do with them.

use super::stage::{HOUR, Key, SECOND, Stage};
use domain::identity::access::Role;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Request};

/// Starts and stops the runtime with a key, and returns the record of the start.
async fn start(stage: &Stage, key: &Key) -> Value {
    let before = stage.records("runtime.started").len();
    for action in ["start", "stop"] {
        stage.world.wait(SECOND * 10);
        let answer = stage.program(&key.token, "POST", &format!("/workspace/{action}"), None).await;
        assert_eq!(answer.status.as_u16(), 202, "{answer}");
    }
    stage.records("runtime.started").swap_remove(before)
}

/// Returns the records of the log as Ana reads them, newest first.
async fn log(stage: &Stage) -> Vec<Value> {
    let answer = stage.send(&ANA, "GET", "/audit?limit=100", None).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    answer.body["records"].as_array().unwrap().clone()
}

async fn logged(stage: &Stage, action: &str) -> Value {
    log(stage).await.into_iter().find(|record| record["action"] == action).unwrap()
}

/// Invariant 24.
#[tokio::test]
async fn records_name_the_key_and_its_maker() {
    let stage = Stage::set().await;
    let key = stage.key_of(&BEN, json!({"name": "A", "scopes": ["runtime:write"]})).await;
    let record = start(&stage, &key).await;
    assert_eq!(
        (&record["key"], &record["actor"], &record["actor_name"], &record["ip_address"]),
        (&json!(key.id), &json!(BEN.id()), &json!(BEN.name), &json!("192.0.2.7"))
    );
    let shown = logged(&stage, "runtime.started").await;
    assert_eq!((&shown["key"], &shown["actor"]), (&json!(key.id), &json!(BEN.id())));
    let activity = stage.send(&ANA, "GET", "/team/activity?action=runtime.started", None).await;
    assert!(activity.to_string().contains(&key.id), "{activity}");
}

/// Invariant 24.
#[tokio::test]
async fn service_keys_have_an_actor_of_their_own() {
    let stage = Stage::set().await;
    let body = json!({"name": "S", "scopes": ["runtime:write"], "service": true});
    let (one, other) = (stage.key_of(&ANA, body.clone()).await, stage.key_of(&ANA, body).await);
    let mut actors = Vec::new();
    for key in [&one, &other, &one] {
        let record = start(&stage, key).await;
        assert_eq!((&record["key"], &record["actor_name"]), (&json!(key.id), &Value::Null));
        actors.push(record["actor"].as_str().unwrap().to_owned());
    }
    assert_eq!((actors[0] == actors[2], actors[0] == actors[1]), (true, false), "{actors:?}");
    assert!(!actors.contains(&ANA.id().to_string()), "the maker has not done it");
}

/// Invariant 24.
#[tokio::test]
async fn each_change_of_a_key_has_one_record() {
    let stage = Stage::set().await;
    let body = json!({"name": "First", "scopes": ["team:read", "workspace:read"], "networks": ["192.0.2.0/24"]});
    let key = stage.key_of(&ANA, body).await;
    stage.world.wait(HOUR);
    let narrowed = stage.at(&BEN, "PATCH", &key, "", json!({"name": "Second", "scopes": ["team:read"]})).await;
    assert_eq!(narrowed.status.as_u16(), 200, "{narrowed}");
    stage.rotate(&ANA, &key, 2).await;
    assert_eq!(stage.at(&BEN, "DELETE", &key, "", Value::Null).await.status.as_u16(), 204);
    let of_keys = log(&stage).await.into_iter().filter(|record| record["target"] == key.id).collect::<Vec<_>>();
    let facts: Vec<_> =
        of_keys.iter().rev().map(|record| (&record["action"], &record["actor"], &record["key"])).collect();
    let (ana, ben) = (json!(ANA.id()), json!(BEN.id()));
    let actions = ["created", "updated", "rotated", "revoked"].map(|action| json!(format!("api_key.{action}")));
    let none = Value::Null;
    let wanted: Vec<_> =
        actions.iter().zip([&ana, &ben, &ana, &ben]).map(|(action, actor)| (action, actor, &none)).collect();
    assert_eq!(facts, wanted);
    let updated = logged(&stage, "api_key.updated").await;
    assert_eq!(
        (&updated["before"], &updated["after"]),
        (
            &json!({"name": "First", "scopes": ["workspace:read", "team:read"]}),
            &json!({"name": "Second", "scopes": ["team:read"]})
        )
    );
    let created = logged(&stage, "api_key.created").await;
    assert_eq!((&created["before"], &created["after"]["networks"]), (&json!({}), &json!(["192.0.2.0/24"])));
    let rotated = logged(&stage, "api_key.rotated").await;
    assert_eq!(rotated["after"]["previous_until"], json!(stage.world.clock.now() + HOUR * 2));
}

/// Records without a key are stored, and have their digest, as before there were keys.
///
/// Invariant 58.
#[tokio::test]
async fn chain_with_and_without_keys_is_whole() {
    let stage = Stage::set().await;
    let key = stage.key(&["runtime:write", "audit:read"]).await;
    start(&stage, &key).await;
    stage.world.wait(SECOND);
    stage.give_role(&BEN, Role::Member).await;
    start(&stage, &key).await;
    let partition = format!("WS#{}#AUDIT", stage.id);
    let records = stage.world.items().into_iter().filter(|((pk, _), _)| *pk == partition);
    let (with, without): (Vec<_>, Vec<_>) = records.partition(|(_, record)| record.get("key").is_some());
    assert_eq!(with.len(), 4, "two starts and two stops");
    assert!(without.iter().any(|(_, record)| record["action"] == "member.role_changed"));
    // A program that may read the log verifies it as well.
    let person = Request::new("GET", "/audit/verify").within(stage.id);
    for request in [person, Request::new("GET", "/audit/verify").by_key(&key.token)] {
        let verified = stage.ask("/audit/verify", request).await;
        assert_eq!((&verified.body["ok"], &verified.body["broken_at"]), (&json!(true), &Value::Null), "{verified}");
        assert_eq!(verified.body["checked"], json!(with.len() + without.len()));
    }
    // The key is part of a record's text.
    let ((pk, sk), _) = &with[0];
    let other = "key_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
    stage.world.overwrite_at(&(pk.clone(), sk.clone()), "key", json!({"S": other}));
    let broken = stage.send(&ANA, "GET", "/audit/verify", None).await;
    assert_eq!((&broken.body["ok"], &broken.body["broken_at"]), (&json!(false), &json!(sk)), "{broken}");
}
