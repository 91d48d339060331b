//! Round trips of requests with a key: those of the same request with an ID token. The first request with a key in a
//! minute may take one more, which begins the window of its rate.

use super::stage::{Key, MINUTE, Stage};
use serde_json::json;
use testkit::{ANA, Answer};

const SCOPES: [&str; 9] = [
    "workspace:read",
    "team:read",
    "billing:read",
    "runtime:read",
    "runtime:write",
    "integrations:read",
    "usage:read",
    "usage:write",
    "audit:read",
];

/// Routes that only read.
const READS: [&str; 10] = [
    "/workspace",
    "/overview",
    "/team/members",
    "/access",
    "/billing/subscription",
    "/billing/plans",
    "/workspace/status",
    "/integrations",
    "/entitlements",
    "/audit",
];

/// Returns the answer of a request with a key that is not its first in this minute.
async fn warm(stage: &Stage, key: &Key, target: &str) -> Answer {
    stage.get(key, target).await;
    stage.get(key, target).await
}

/// Invariant 66.
#[tokio::test]
async fn reads_with_a_key_cost_what_they_cost_with_a_token() {
    let stage = Stage::set().await;
    let key = stage.key(&SCOPES).await;
    for target in READS {
        stage.send(&ANA, "GET", target, None).await;
        let person = stage.send(&ANA, "GET", target, None).await;
        let program = warm(&stage, &key, target).await;
        assert_eq!((person.status, person.usage.round_trips), (program.status, program.usage.round_trips), "{target}");
        assert!(program.status.is_success(), "{target}: {program}");
    }
    assert_eq!(warm(&stage, &key, "/workspace").await.usage.round_trips, 1);
}

/// Invariant 66.
#[tokio::test]
async fn first_request_of_a_minute_takes_one_trip_more_at_most() {
    let stage = Stage::set().await;
    let key = stage.key(&SCOPES).await;
    for _ in 0..3 {
        let first = stage.get(&key, "/workspace").await;
        assert!(first.usage.round_trips <= 2, "{first}");
        for _ in 0..3 {
            assert_eq!(stage.get(&key, "/workspace").await.usage.round_trips, 1);
        }
        stage.world.wait(MINUTE);
    }
}

/// Invariant 66.
#[tokio::test]
async fn changes_with_a_key_cost_what_they_cost_with_a_token() {
    let mut trips = Vec::new();
    for by_key in [false, true] {
        let stage = Stage::set().await;
        let key = stage.key(&SCOPES).await;
        let send = async |target: &str, body: serde_json::Value| match by_key {
            true => stage.program(&key.token, "POST", target, Some(body)).await,
            false => stage.send(&ANA, "POST", target, Some(body)).await,
        };
        warm(&stage, &key, "/workspace").await;
        let mut costs = Vec::new();
        for (target, body) in [
            ("/workspace/start", json!({})),
            ("/usage/consume", json!({"meter": "traces", "amount": 1, "key": "one"})),
            ("/usage/consume", json!({"meter": "traces", "amount": 1, "key": "two"})),
            ("/usage/consume", json!({"meter": "storage_mb", "amount": 1, "key": "three"})),
        ] {
            let answer = send(target, body).await;
            assert!(answer.status.is_success(), "{target}: {answer}");
            costs.push(answer.usage.round_trips);
        }
        trips.push(costs);
    }
    assert_eq!(trips[0], trips[1]);
    assert_eq!(trips[1][0], 2, "the read, alongside which the rate is counted, and the change");
}

/// Invariant 66.
#[tokio::test]
async fn budget_of_a_key_costs_no_trip() {
    let stage = Stage::set().await;
    let body = json!({"name": "A", "scopes": ["usage:write"], "budgets": {"traces": 100}});
    let (limited, plain) = (stage.key_of(&ANA, body).await, stage.key(&["usage:write"]).await);
    let mut trips = Vec::new();
    for key in [&plain, &limited] {
        for number in 0..3 {
            let body = json!({"meter": "traces", "amount": 1, "key": format!("{}-{number}", key.id)});
            let answer = stage.program(&key.token, "POST", "/usage/consume", Some(body)).await;
            assert_eq!(answer.status.as_u16(), 200, "{answer}");
            trips.push(answer.usage.round_trips);
        }
    }
    assert_eq!((trips[1], trips[2]), (trips[4], trips[5]), "{trips:?}");
}
