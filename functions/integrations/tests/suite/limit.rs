//! Notifies integrations when the plan's last one is enabled: once, by the request that enables it, also under concurrency.

use axum::Router;
use domain::ids::WorkspaceId;
use futures::future::join_all;
use http::StatusCode;
use integrations::IntegrationDeps;
use serde_json::{Value, json};
use testkit::{ANA, Request, World, plan, webhook_secret};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn router(world: &World) -> Router {
    let (store, secrets) = (world.store(), world.integration_secrets());
    let integrations = IntegrationDeps { store, secrets, courier: world.courier() };
    integrations::router(integrations, world.claim_rules())
}

fn put(id: WorkspaceId, kind: &str) -> Request {
    let config = if kind == "webhook" { json!({"url": "https://hooks.example.com/"}) } else { json!({}) };
    let secret = match kind {
        "sentry" => format!("https://{KEY}@o1.ingest.sentry.io/42"),
        "webhook" => webhook_secret(KEY),
        _ => KEY.to_owned(),
    };
    let body = json!({"config": config, "secret": secret});
    Request::new("PUT", &format!("/integrations/{kind}")).within(id).json(body)
}

fn full(limit: u64) -> Value {
    json!({"resource": "integrations", "limit": limit})
}

#[tokio::test]
async fn enabling_the_last_integration_notifies() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.subscribe(id, plan("starter")).await;
    for kind in ["webhook", "pagerduty"] {
        assert_eq!(world.send(&router, put(id, kind)).await.status, StatusCode::OK);
    }
    assert_eq!(world.outbox_events("limit.reached"), Vec::<Value>::new(), "there is room for one more");
    assert_eq!(world.send(&router, put(id, "datadog")).await.status, StatusCode::OK);
    assert_eq!(world.outbox_events("limit.reached"), [full(3)]);
    // Changes and refusals do not notify.
    let renamed = json!({"config": {"url": "https://hooks.example.com/"}, "name": "Other"});
    let renamed = Request::new("PUT", "/integrations/webhook").within(id).json(renamed);
    assert_eq!(world.send(&router, renamed).await.status, StatusCode::OK);
    assert_eq!(world.send(&router, put(id, "sentry")).await.code(), "workspace_integration_limit");
    assert_eq!(world.outbox_events("limit.reached").len(), 1);
    // An integration that is enabled again takes the last place again.
    let off = json!({"M": {"status": {"S": "disabled"}, "cause": {"S": "gone"}, "secret": {"M": {
        "id": {"S": "sec_01K9ZX3V8Q4M7N2P5R6S8T9W0Y"}, "hint": {"NULL": true}}}}});
    world.overwrite(id, "INTEGRATION#webhook", "state", off);
    world.overwrite(id, "META", "integration_count", json!({"N": "2"}));
    let enabled = world.send(&router, Request::new("POST", "/integrations/webhook/enable").within(id)).await;
    assert_eq!((enabled.status, enabled.usage.round_trips), (StatusCode::OK, 2), "{enabled}");
    assert_eq!(world.outbox_events("limit.reached"), [full(3), full(3)]);
}

#[tokio::test(start_paused = true)]
async fn one_of_several_parallel_setups_notifies() {
    for seed in 0..12 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.subscribe(id, plan("starter")).await;
        let kinds = ["webhook", "pagerduty", "datadog", "sentry"];
        let answers = join_all(kinds.map(|kind| world.send(&router, put(id, kind)))).await;
        let made = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!((made, world.outbox_events("limit.reached")), (3, vec![full(3)]), "seed {seed}");
    }
}

#[tokio::test]
async fn concurrent_changes_decide_which_one_reaches_the_limit() {
    for (read, then, count) in [(2, 1, 0), (1, 2, 1)] {
        let world = World::default();
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.subscribe(id, plan("starter")).await;
        world.overwrite(id, "META", "integration_count", json!({"N": format!("{read}")}));
        world.after("BatchGetItem", id, "META", "integration_count", json!({"N": format!("{then}")}));
        assert_eq!(world.send(&router, put(id, "webhook")).await.status, StatusCode::OK);
        assert_eq!(world.outbox_events("limit.reached").len(), count, "{read} integrations, then {then}");
    }
}
