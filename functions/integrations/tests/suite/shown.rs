//! URLs of receivers may hold tokens: members below admin see scheme and host only.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use integrations::IntegrationDeps;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Person, Request, World, plan, webhook_secret};

/// A unique text in a URL's path, and another in its query.
const CANARIES: [&str; 2] = ["canary-4be1c0", "canary-9d27f3"];

fn url() -> String {
    format!("https://hooks.example.com/{}?token={}", CANARIES[0], CANARIES[1])
}

async fn acme(role: Role) -> (World, Router, WorkspaceId) {
    let world = World::default();
    let (store, secrets) = (world.store(), world.integration_secrets());
    let router =
        integrations::router(IntegrationDeps { store, secrets, courier: world.courier() }, world.claim_rules());
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("pro")).await;
    world.join(id, &ANA, &BEN, role).await;
    (world, router, id)
}

/// Invariant 39.
#[tokio::test]
async fn only_admins_see_the_whole_url_of_a_webhook() {
    for role in Role::ALL {
        let (world, router, id) = acme(if role == Role::Owner { Role::Admin } else { role }).await;
        let body =
            json!({"config": {"url": url(), "description": "Ours"}, "secret": webhook_secret("0123456789abcdef")});
        let made = world.send(&router, Request::new("PUT", "/integrations/webhook").within(id).json(body)).await;
        assert_eq!(made.body["config_data"]["url"], url(), "its maker sees it");
        let by: &Person = if role == Role::Owner { &ANA } else { &BEN };
        let get = async |path: &str| world.send(&router, Request::new("GET", path).by(by).within(id)).await;
        let (one, list) = (get("/integrations/webhook").await, get("/integrations").await);
        assert_eq!((one.status.as_u16(), list.status.as_u16()), (200, 200), "{role}");
        assert_eq!(list.body["integrations"][7], one.body, "{role}");
        let shown = if role >= Role::Admin { url() } else { "https://hooks.example.com".to_owned() };
        assert_eq!(one.body["config_data"], json!({"url": shown, "description": "Ours"}), "{role}");
        let found = CANARIES.iter().any(|canary| format!("{one}{list}").contains(canary));
        assert_eq!(found, role >= Role::Admin, "{role}");
    }
}

/// Nothing of the other types leads to a receiver without their secret.
#[tokio::test]
async fn other_settings_are_shown_to_every_member() {
    let (world, router, id) = acme(Role::Viewer).await;
    let key = "0123456789abcdef0123456789abcdef";
    let types = [
        ("datadog", json!({"site": "datadoghq.eu"}), key),
        ("github", json!({"repository": "octo-org/octo-repo"}), "github_pat_0123456789_abcdef"),
        ("pagerduty", json!({"region": "eu"}), key),
        ("slack", json!({"channel": "#berth"}), "https://hooks.slack.com/services/T0/B0/XXXX"),
    ];
    for (kind, config, secret) in types {
        let path = format!("/integrations/{kind}");
        let body = json!({"config": config, "secret": secret});
        world.send(&router, Request::new("PUT", &path).within(id).json(body)).await;
        let seen = world.send(&router, Request::new("GET", &path).by(&BEN).within(id)).await;
        assert_eq!(seen.body["config_data"], config, "{kind}");
    }
}

/// The audit record has scheme and host of a URL, and a digest of the rest.
///
/// Invariant 39.
#[tokio::test]
async fn audit_records_have_no_whole_url() {
    let (world, router, id) = acme(Role::Viewer).await;
    let put = async |url: &str| {
        let body = json!({"config": {"url": url}, "secret": webhook_secret("0123456789abcdef")});
        world.send(&router, Request::new("PUT", "/integrations/webhook").within(id).json(body)).await
    };
    for path in [CANARIES[0], CANARIES[1]] {
        world.wait(jiff::SignedDuration::from_secs(1));
        assert_eq!(put(&format!("https://hooks.example.com/{path}")).await.status.as_u16(), 200);
    }
    let items = world.items();
    let records: Vec<_> = items.values().filter(|item| item["action"] == "integration.configured").collect();
    let text = format!("{records:?}");
    assert!(!CANARIES.iter().any(|canary| text.contains(canary)), "{text}");
    let parsed = |item: &Value, part: &str| serde_json::from_str::<Value>(item[part].as_str().unwrap()).unwrap();
    let last = records.last().unwrap();
    let (before, after) = (parsed(last, "before"), parsed(last, "after"));
    assert_eq!(before["config"]["url"], "https://hooks.example.com");
    assert_eq!(after["config"]["url"], "https://hooks.example.com");
    assert_ne!(before["config"]["url_sha256"], after["config"]["url_sha256"], "a change of the path is recorded");
}
