//! A stored secret leads to the destination that it was entered for, and to no other.

use axum::Router;
use domain::ids::WorkspaceId;
use integrations::IntegrationDeps;
use serde_json::{Value, json};
use testkit::{ANA, Answer, Request, World, plan, webhook_secret};

const KEY: &str = "0123456789abcdef0123456789abcdef";

async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let (store, secrets) = (world.store(), world.integration_secrets());
    let router =
        integrations::router(IntegrationDeps { store, secrets, courier: world.courier() }, world.claim_rules());
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, plan("pro")).await;
    (world, router, id)
}

async fn put(world: &World, router: &Router, id: WorkspaceId, kind: &str, body: Value) -> Answer {
    world.send(router, Request::new("PUT", &format!("/integrations/{kind}")).within(id).json(body)).await
}

/// Invariant 38.
#[tokio::test]
async fn another_destination_needs_the_secret_again() {
    let moves = [
        ("datadog", "site", json!("datadoghq.eu"), json!("datadoghq.com"), KEY.to_owned()),
        (
            "github",
            "repository",
            json!("octo-org/one"),
            json!("octo-org/other"),
            "github_pat_0123456789_abcdef".to_owned(),
        ),
        ("pagerduty", "region", json!("eu"), json!("us"), KEY.to_owned()),
        ("webhook", "url", json!("https://a.example.com/x"), json!("https://a.example.com/y"), webhook_secret(KEY)),
    ];
    for (kind, field, from, to, secret) in moves {
        let (world, router, id) = acme().await;
        let config = |value: &Value| json!({ field: value });
        let made = put(&world, &router, id, kind, json!({"config": config(&from), "secret": secret})).await;
        assert_eq!(made.status.as_u16(), 200, "{made}");
        let kept = world.secrets();
        world.changes();
        let refused = put(&world, &router, id, kind, json!({"config": config(&to)})).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "secret_required"), "{kind}: {refused}");
        assert_eq!(refused.wrong_fields(), ["secret"], "{kind}");
        assert!(
            refused.body["errors"][0]["message"].as_str().unwrap().contains(&format!("config.{field}")),
            "{refused}"
        );
        world.assert_nothing_written();
        assert_eq!(world.secrets(), kept, "{kind}");
        // Other settings keep the secret, and the secret allows the move.
        let renamed = put(&world, &router, id, kind, json!({"config": config(&from), "name": "Ours"})).await;
        assert_eq!((renamed.status.as_u16(), &renamed.body["has_secret"]), (200, &json!(true)), "{kind}");
        let moved = put(&world, &router, id, kind, json!({"config": config(&to), "secret": secret})).await;
        assert_eq!((moved.status.as_u16(), &moved.body["config_data"][field]), (200, &to), "{kind}: {moved}");
    }
}

/// The URL of these types is the secret, so that no setting changes where it leads.
#[tokio::test]
async fn settings_of_secret_urls_keep_the_secret() {
    let types = [
        ("discord", "channel", "https://discord.com/api/webhooks/1234567890/token".to_owned()),
        ("microsoft_teams", "channel", "https://a.logic.azure.com/workflows/x?sig=y".to_owned()),
        ("sentry", "environment", format!("https://{KEY}@o1.ingest.sentry.io/42")),
        ("slack", "channel", "https://hooks.slack.com/services/T0/B0/XXXX".to_owned()),
    ];
    let (world, router, id) = acme().await;
    for (kind, field, secret) in types {
        let made = put(&world, &router, id, kind, json!({"config": {field: "one"}, "secret": secret})).await;
        assert_eq!(made.status.as_u16(), 200, "{kind}: {made}");
        let changed = put(&world, &router, id, kind, json!({"config": {field: "other"}})).await;
        assert_eq!((changed.status.as_u16(), &changed.body["config_data"][field]), (200, &json!("other")), "{kind}");
    }
}

/// A disabled integration keeps its secret, too.
///
/// Invariant 38.
#[tokio::test]
async fn a_disabled_integration_cannot_be_moved_with_its_secret() {
    let (world, router, id) = acme().await;
    let body = |host: &str| json!({"config": {"url": format!("https://{host}/")}});
    let mut first = body("a.example.com");
    first["secret"] = json!(webhook_secret(KEY));
    put(&world, &router, id, "webhook", first).await;
    let items = world.items();
    let state = &items.values().find(|item| item["_type"] == "integration").unwrap()["state"]["secret"]["id"];
    let off = json!({"M": {"status": {"S": "disabled"}, "cause": {"S": "gone"}, "secret": {"M": {
        "id": {"S": state}, "hint": {"NULL": true}}}}});
    world.overwrite(id, "INTEGRATION#webhook", "state", off);
    let refused = put(&world, &router, id, "webhook", body("b.example.com")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "secret_required"), "{refused}");
    // Without a secret there is none to keep.
    world.send(&router, Request::new("DELETE", "/integrations/webhook").within(id)).await;
    let refused = put(&world, &router, id, "webhook", body("b.example.com")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "integration_secret_missing"), "{refused}");
}

/// Another receiver could send what the previous key signed to the previous receiver.
///
/// Invariant 38.
#[tokio::test]
async fn another_receiver_gets_no_signature_of_the_previous_key() {
    let (world, router, id) = acme().await;
    let texts = || world.secrets().into_values().map(|secret| secret.text).collect::<Vec<_>>();
    let body = |host: &str, secret: &str| json!({"config": {"url": format!("https://{host}/")}, "secret": secret});
    let [first, second, third] = ["the-first-secret", "the-second-secret", "the-third-secret"].map(webhook_secret);
    for (host, secret) in [("a.example.com", &first), ("b.example.com", &second)] {
        let made = put(&world, &router, id, "webhook", body(host, secret)).await;
        assert_eq!((made.status.as_u16(), texts()), (200, vec![secret.clone()]), "{made}");
    }
    put(&world, &router, id, "webhook", body("b.example.com", &third)).await;
    assert!(texts()[0].starts_with(&format!("{third}\n{second}\n")), "the same receiver can switch");
}
