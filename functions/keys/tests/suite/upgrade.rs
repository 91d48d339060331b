//! Workspaces from before there were keys, and plans without any.

use super::stage::{Stage, made, outcome};
use domain::{billing::account::Billing, command::Expected, plans::contract::ContractTerms, workspace::head::Update};
use serde_json::{Value, json};
use shared::workspace::update_workspace;
use testkit::{ANA, PLANS, World};

fn terms() -> Value {
    json!({"name": "A", "scopes": ["workspace:read"]})
}

/// Returns the stored number of keys, if the head has one.
fn stored_count(stage: &Stage) -> Option<u64> {
    stage.world.items()[&(format!("WS#{}", stage.id), "META".to_owned())]["api_key_count"].as_u64()
}

/// Gives the workspace a contract with this limit of keys.
async fn agree(stage: &Stage, limit: u64) {
    let terms: ContractTerms = serde_json::from_value(json!({"limits": {"api_keys": limit}})).unwrap();
    let billing = Billing { version: 1, contract: Some(terms.agree(PLANS).unwrap()), ..Billing::default() };
    stage.world.store().set_billing(stage.id, &billing).await.unwrap();
}

/// Invariant 65.
#[tokio::test]
async fn head_without_a_counter_gets_its_first_key() {
    let stage = Stage::on("free", World::default()).await;
    // As an earlier version stored it.
    assert_eq!(stored_count(&stage), None);
    let key = made(&stage.post_key(&ANA, terms()).await);
    assert_eq!((stored_count(&stage), stage.counts()), (Some(1), (1, 1)));
    assert_eq!(stage.post_key(&ANA, terms()).await.code(), "workspace_key_limit");
    assert_eq!(stage.at(&ANA, "DELETE", &key, "", Value::Null).await.status.as_u16(), 204);
    made(&stage.post_key(&ANA, terms()).await);
    assert_eq!(stage.post_key(&ANA, terms()).await.code(), "workspace_key_limit");
    assert_eq!(stage.counts(), (1, 1));
}

/// Invariant 65.
#[tokio::test]
async fn change_of_the_head_keeps_the_counter() {
    let stage = Stage::on("free", World::default()).await;
    made(&stage.post_key(&ANA, terms()).await);
    let update = Update { name: Some("Anvils".parse().unwrap()), ..Update::default() };
    update_workspace(&stage.world.store(), &ANA.caller(), stage.id, update, Expected::Any).await.unwrap();
    assert_eq!(stored_count(&stage), Some(1));
    assert_eq!(stage.post_key(&ANA, terms()).await.code(), "workspace_key_limit");
}

/// Invariant 65.
#[tokio::test]
async fn contract_without_keys_allows_none() {
    let stage = Stage::on("free", World::default()).await;
    agree(&stage, 0).await;
    let refused = stage.post_key(&ANA, terms()).await;
    assert_eq!((outcome(&refused), stage.counts()), ((402, "workspace_key_limit"), (0, 0)), "{refused}");
}

/// Invariant 65.
#[tokio::test]
async fn lower_limit_keeps_the_keys_and_allows_no_more() {
    let stage = Stage::on("free", World::default()).await;
    agree(&stage, 3).await;
    let mut keys = Vec::new();
    for _ in 0..3 {
        keys.push(made(&stage.post_key(&ANA, terms()).await));
    }
    agree(&stage, 1).await;
    for key in &keys {
        assert_eq!(stage.get(key, "/workspace").await.status.as_u16(), 200);
    }
    let refused = stage.post_key(&ANA, terms()).await;
    let named = ["limit", "used"].map(|field| refused.body[field].clone());
    assert_eq!((refused.code(), named), ("workspace_key_limit", [json!(1), json!(3)]));
    for key in &keys {
        assert_eq!(stage.post_key(&ANA, terms()).await.code(), "workspace_key_limit");
        assert_eq!(stage.at(&ANA, "DELETE", key, "", Value::Null).await.status.as_u16(), 204);
    }
    made(&stage.post_key(&ANA, terms()).await);
    assert_eq!(stage.counts(), (1, 1));
}
