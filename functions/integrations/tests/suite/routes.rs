//! The routes of `integrations` on the embedded table: answers, writes, secrets and access.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId, integrations::Occurrence};
use http::StatusCode;
use insta::assert_snapshot;
use integrations::IntegrationDeps;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Behaviour, CLEO, Person, Request, World, plan, webhook_secret};

fn router(world: &World) -> Router {
    let (store, secrets) = (world.store(), world.integration_secrets());
    let integrations = IntegrationDeps { store, secrets, courier: world.courier() };
    integrations::router(integrations, world.claim_rules())
}

/// Creates a world with a workspace of Ana's, and discards the changes so far.
async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    (world, router, id)
}

fn put(id: WorkspaceId, body: Value) -> Request {
    Request::new("PUT", "/integrations/webhook").within(id).json(body)
}

fn webhook(secret: &str) -> Value {
    json!({"config": {"url": "https://hooks.example.com/"}, "secret": webhook_secret(secret)})
}

fn count(world: &World) -> u64 {
    let items = world.items();
    let head = items.values().find(|item| item["_type"] == "workspace").unwrap();
    head["integration_count"].as_u64().unwrap()
}

/// Returns the texts of the stored secrets.
fn kept(world: &World) -> Vec<String> {
    world.secrets().into_values().map(|secret| secret.text).collect()
}

#[tokio::test]
async fn setting_up_keeps_the_secret_elsewhere_and_leaves_a_record() {
    let (world, router, id) = acme().await;
    let answer = world.send(&router, Request::event("integrations/set-up").within(id)).await;
    assert_eq!(answer.usage.round_trips, 3, "the read, the note of the secret, the change");
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    let secrets = world.secrets();
    let (name, secret) = secrets.first_key_value().unwrap();
    let ulid = name.strip_prefix("berth/test/integration/sec_").unwrap();
    assert_eq!((secrets.len(), ulid.len(), secret.text.as_str()), (1, 26, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assert_eq!(secret.tags["berth:workspace"], id.to_string());
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let (world, router, id) = acme().await;
    let answer = world.send(&router, Request::event("integrations/set-up-invalid").within(id)).await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
    assert!(kept(&world).is_empty());
}

#[tokio::test]
async fn a_service_whose_url_is_its_secret_keeps_that_elsewhere() {
    let (world, router, id) = acme().await;
    let answer = world.send(&router, Request::event("integrations/set-up-slack").within(id)).await;
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    assert_eq!(kept(&world), ["https://hooks.slack.com/services/T0000/B0000/XXXXXXXXXXXX"]);
}

/// Returns a config and a secret of each type.
fn of_each_type() -> [(&'static str, Value, String); 8] {
    let key = "0123456789abcdef0123456789abcdef";
    [
        ("datadog", json!({"site": "datadoghq.eu"}), key.to_owned()),
        ("discord", json!({}), "https://discord.com/api/webhooks/1234567890/token".to_owned()),
        ("github", json!({"repository": "octo-org/octo-repo"}), "github_pat_0123456789_abcdef".to_owned()),
        ("microsoft_teams", json!({"channel": "Berth"}), "https://a.logic.azure.com/workflows/x?sig=y".to_owned()),
        ("pagerduty", json!({"region": "eu"}), key.to_owned()),
        ("sentry", json!({"environment": "prod"}), format!("https://{key}@o1.ingest.sentry.io/42")),
        ("slack", json!({"channel": "#berth"}), "https://hooks.slack.com/services/T0/B0/XXXX".to_owned()),
        ("webhook", json!({"url": "https://hooks.example.com/"}), webhook_secret("0123456789abcdef")),
    ]
}

#[tokio::test]
async fn each_type_takes_its_own_config_and_secret_and_no_other() {
    let (world, router, id) = acme().await;
    world.subscribe(id, plan("pro")).await;
    for (kind, config, secret) in of_each_type() {
        let path = format!("/integrations/{kind}");
        let send = async |body: Value| world.send(&router, Request::new("PUT", &path).within(id).json(body)).await;
        let odd = send(json!({"config": {"odd": 1}, "secret": "x"})).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{kind}");
        assert!(["config.odd", "secret"].iter().all(|field| odd.wrong_fields().contains(field)), "{kind}: {odd}");
        let made = send(json!({"config": config, "secret": secret})).await;
        assert_eq!((made.status, &made.body["has_secret"]), (StatusCode::OK, &json!(true)), "{kind}: {made}");
        assert_eq!(made.body["integration_type"], kind);
    }
    assert_eq!((count(&world), kept(&world).len()), (8, 8));
}

#[tokio::test]
async fn a_type_that_there_is_not_is_refused() {
    let (world, router, id) = acme().await;
    for method in ["GET", "PUT", "DELETE"] {
        let request = Request::new(method, "/integrations/fax").within(id).json(webhook("0123456789abcdef"));
        let answer = world.send(&router, request).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["type"]), "{method}");
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn the_list_shows_what_works_with_its_state_and_without_secrets() {
    let (world, router, id) = acme().await;
    let answer = world.send(&router, Request::event("integrations/list").within(id)).await;
    assert_eq!(answer.usage.round_trips, 1);
    assert_snapshot!("the_list_before", answer);
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    let answer = world.send(&router, Request::event("integrations/list").within(id)).await;
    assert_snapshot!("the_list_after", answer);
    let one = world.send(&router, Request::event("integrations/read").within(id)).await;
    assert_eq!((one.usage.round_trips, &one.body), (1, &answer.body["integrations"][7]));
    let odd = world.send(&router, Request::new("GET", "/integrations?kind=webhook").within(id)).await;
    assert_eq!((odd.status, odd.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["kind"]));
    let foreign = world.send(&router, Request::new("GET", "/integrations?limit=0&cursor=x").within(id)).await;
    assert_eq!((foreign.status, foreign.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["limit"]));
}

#[tokio::test]
async fn a_change_without_a_secret_keeps_the_one_there_is() {
    let (world, router, id) = acme().await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    let before = world.secrets();
    world.changes();
    let body = json!({"config": {"url": "https://hooks.example.com/berth", "description": "Elsewhere"}});
    let answer = world.send(&router, put(id, body.clone())).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 2));
    assert_eq!(
        (&answer.body["integration_name"], &answer.body["secret_hint"]),
        (&json!("Our webhook"), &json!("LaSw"))
    );
    assert_snapshot!(world.changes());
    assert_eq!(world.secrets(), before);
    let again = world.send(&router, put(id, body)).await;
    assert_eq!((again.status, again.usage.round_trips), (StatusCode::OK, 1));
    world.assert_nothing_written();
}

#[tokio::test]
async fn settings_of_another_version_change_nothing() {
    let (world, router, id) = acme().await;
    let etag = |version: u64| format!("\"{version}\"");
    let read = || Request::event("integrations/read").within(id);
    let unset = world.send(&router, read()).await;
    assert_eq!((&unset.body["version"], unset.headers["etag"].to_str().unwrap()), (&json!(0), "\"0\""));
    let made = world.send(&router, put(id, webhook("a-secret")).header("if-match", etag(0))).await;
    assert_eq!((made.status, made.headers["etag"].to_str().unwrap()), (StatusCode::OK, "\"1\""), "{made}");
    let (secrets, stale) = (world.secrets(), Request::event("integrations/set-up-stale").within(id));
    world.changes();
    let generated = json!({"config": {"url": "https://hooks.example.com/"}, "generate_secret": true});
    let same = json!({"config": {"url": "https://hooks.example.com/"}});
    let seven = put(id, generated).header("if-match", etag(7));
    for request in
        [stale, seven, put(id, same).header("if-match", etag(0)), put(id, webhook("b")).header("if-match", "1")]
    {
        let answer = world.send(&router, request).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (412, "integration_version_mismatch"), "{answer}");
    }
    world.assert_nothing_written();
    assert_eq!(world.secrets(), secrets, "no secret was stored");
    let named = || json!({"config": {"url": "https://hooks.example.com/"}, "name": "Ours"});
    let right = world.send(&router, put(id, named()).header("if-match", etag(1))).await;
    assert_eq!((right.status, &right.body["version"]), (StatusCode::OK, &json!(2)), "{right}");
    // Removing is a version of its own, so that nobody brings back what somebody else has removed.
    world.send(&router, Request::event("integrations/remove").within(id)).await;
    let answer = world.send(&router, put(id, webhook("a-secret")).header("if-match", etag(2))).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{answer}");
    assert_eq!(world.send(&router, read()).await.body["version"], 3);
    assert_eq!(
        world.send(&router, put(id, webhook("a-secret"))).await.status,
        StatusCode::OK,
        "any, without the header"
    );
}

#[tokio::test]
async fn audit_log_is_sent_where_the_plan_includes_it() {
    let (world, router, id) = acme().await;
    let to = |url: &str| json!({"config": {"url": url}, "secret": webhook_secret("a"), "events": ["audit.recorded"]});
    let ours = to("https://hooks.example.com/");
    let refused = world.send(&router, put(id, ours.clone())).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (402, "audit_log_not_included"), "{refused}");
    assert_eq!(refused.body["upgrade_to"], "business");
    world.assert_nothing_written();
    world.subscribe(id, plan("business")).await;
    assert_eq!(world.send(&router, put(id, ours)).await.status, StatusCode::OK);
    world.subscribe(id, plan("pro")).await;
    let moved = world.send(&router, put(id, to("https://elsewhere.example.com/"))).await;
    assert_eq!(moved.code(), "audit_log_not_included");
    let renamed = json!({"config": {"url": "https://hooks.example.com/"}, "name": "Ours"});
    assert_eq!(world.send(&router, put(id, renamed)).await.status, StatusCode::OK, "it stays where it is");
}

#[tokio::test]
async fn a_new_secret_replaces_the_old_one_under_another_name() {
    let (world, router, id) = acme().await;
    world.send(&router, put(id, webhook("the-first-secret-AAAA"))).await;
    let first = world.secrets().into_keys().next().unwrap();
    let answer = world.send(&router, put(id, webhook("the-second-secret-BBBB"))).await;
    assert_eq!((answer.status, &answer.body["secret_hint"]), (StatusCode::OK, &json!("BBBB")));
    // The previous secret is kept next to it for a day, so that receivers can switch.
    let [current, previous] = ["the-second-secret-BBBB", "the-first-secret-AAAA"].map(webhook_secret);
    assert_eq!(kept(&world), [format!("{current}\n{previous}\n2026-11-22T12:00:00Z")]);
    assert!(!world.secrets().contains_key(&first), "a name is used once");
    assert!(!world.items().values().any(|item| item["_type"] == "orphan"), "nothing is left to be deleted");
    assert_eq!(count(&world), 1);
}

#[tokio::test]
async fn a_generated_secret_is_shown_once_and_signs() {
    let (world, router, id) = acme().await;
    let generate = || put(id, json!({"config": {"url": "https://hooks.example.com/"}, "generate_secret": true}));
    let made = world.send(&router, generate()).await;
    assert_eq!((made.status, &made.body["is_enabled"]), (StatusCode::OK, &json!(true)), "{made}");
    let first = made.body["secret"].as_str().unwrap().to_owned();
    assert_eq!(kept(&world), std::slice::from_ref(&first));
    assert!(first.ends_with(made.body["secret_hint"].as_str().unwrap()), "{made}");
    let test = || Request::new("POST", "/integrations/webhook/test").within(id);
    world.receivers.verify_with(&[&first]);
    assert_eq!(world.send(&router, test()).await.body["ok"], true);

    // No other answer shows it, nor does a change that keeps it.
    let renamed = json!({"config": {"url": "https://hooks.example.com/"}, "name": "Ours"});
    let kept_one = world.send(&router, put(id, renamed)).await;
    assert_eq!(kept_one.status, StatusCode::OK, "{kept_one}");
    let read = world.send(&router, Request::event("integrations/read").within(id)).await;
    for answer in [&kept_one, &read] {
        assert!(!answer.to_string().contains(&first) && answer.body.get("secret").is_none(), "{answer}");
    }
    // The previous one signs for a day, as after any change of the secret.
    let second = world.send(&router, generate()).await.body["secret"].as_str().unwrap().to_owned();
    assert_ne!(second, first);
    world.receivers.verify_with(&[&second, &first]);
    assert_eq!(world.send(&router, test()).await.body["ok"], true);
    let table = world.items().into_iter().map(|(key, item)| format!("{key:?} {item}")).collect::<String>();
    assert!(!table.contains(&first) && !table.contains(&second), "the table holds no secret");
}

#[tokio::test]
async fn only_a_webhook_without_a_given_secret_gets_one() {
    let (world, router, id) = acme().await;
    let given = json!({"config": {"url": "https://hooks.example.com/"}, "secret": webhook_secret("a"), "generate_secret": true});
    let both = world.send(&router, put(id, given)).await;
    assert_eq!((both.status, both.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["generate_secret"]), "{both}");
    let slack =
        Request::new("PUT", "/integrations/slack").within(id).json(json!({"config": {}, "generate_secret": true}));
    let slack = world.send(&router, slack).await;
    assert_eq!((slack.status, slack.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["generate_secret"]), "{slack}");
    // The text says what to send instead.
    let bare = world
        .send(&router, put(id, json!({"config": {"url": "https://hooks.example.com/"}, "secret": "0123456789abcdef"})))
        .await;
    assert!(bare.wrong_fields() == ["secret"] && bare.to_string().contains("generate_secret"), "{bare}");
    world.assert_nothing_written();
    assert!(kept(&world).is_empty());
}

#[tokio::test]
async fn a_repeated_request_keeps_the_secret_before_it() {
    let (world, router, id) = acme().await;
    let [first, second] = ["the-first-secret-AAAA", "the-second-secret-BBBB"].map(webhook_secret);
    // The answer to the second request is lost, so the client sends it again.
    for secret in ["the-first-secret-AAAA", "the-second-secret-BBBB", "the-second-secret-BBBB"] {
        assert_eq!(world.send(&router, put(id, webhook(secret))).await.status, StatusCode::OK);
    }
    assert_eq!(kept(&world), [format!("{second}\n{first}\n2026-11-22T12:00:00Z")]);
}

#[tokio::test]
async fn removing_deletes_the_secret_and_frees_the_place() {
    let (world, router, id) = acme().await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    world.changes();
    let answer = world.send(&router, Request::event("integrations/remove").within(id)).await;
    assert_eq!((answer.status, count(&world)), (StatusCode::NO_CONTENT, 0));
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    assert!(kept(&world).is_empty());
    let again = world.send(&router, Request::event("integrations/remove").within(id)).await;
    assert_eq!((again.status, again.usage.round_trips), (StatusCode::NO_CONTENT, 1));
    world.assert_nothing_written();

    let bare = json!({"config": {"url": "https://hooks.example.com/"}});
    let refused = world.send(&router, put(id, bare)).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "integration_secret_missing"));
    world.assert_nothing_written();
    let back = world.send(&router, put(id, webhook("another-secret-CCCC"))).await;
    assert_eq!((back.status, &back.body["is_enabled"], count(&world)), (StatusCode::OK, &json!(true), 1));
}

#[tokio::test]
async fn the_plan_limits_integrations_and_says_what_would_help() {
    let (world, router, id) = acme().await;
    world.send(&router, Request::event("integrations/set-up-slack").within(id)).await;
    world.changes();
    let answer = world.send(&router, put(id, webhook("0123456789abcdef"))).await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
    assert_eq!(kept(&world).len(), 1, "nothing is kept for what is refused");
    world.subscribe(id, plan("starter")).await;
    let answer = world.send(&router, put(id, webhook("0123456789abcdef"))).await;
    assert_eq!((answer.status, count(&world)), (StatusCode::OK, 2));
}

#[tokio::test]
async fn viewers_read_and_admins_write_and_strangers_see_nothing() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    let elsewhere = world.workspace_of(&CLEO).await;
    world.changes();
    let before = world.secrets();
    let ask = async |person: &Person, method: &str, path: &str| {
        let request = Request::new(method, path).by(person).within(id).json(webhook("0123456789abcdef"));
        let answer = world.send(&router, request).await;
        (answer.status.as_u16(), answer.code().to_owned())
    };
    let one = "/integrations/webhook";
    assert_eq!(ask(&BEN, "GET", "/integrations").await.0, 200);
    assert_eq!(ask(&BEN, "GET", one).await.0, 200);
    for method in ["PUT", "DELETE"] {
        assert_eq!(ask(&BEN, method, one).await, (403, "role_required".to_owned()));
    }
    for (method, path) in [("GET", "/integrations"), ("GET", one), ("PUT", one), ("DELETE", one)] {
        assert_eq!(ask(&CLEO, method, path).await, (404, "workspace_not_found".to_owned()), "{method} {path}");
    }
    world.assert_nothing_written();
    assert_eq!(world.secrets(), before);
    let own = world.send(&router, Request::new("GET", one).by(&CLEO).within(elsewhere)).await;
    assert_eq!((own.status, &own.body["has_secret"]), (StatusCode::OK, &json!(false)));
}

#[tokio::test]
async fn test_delivers_and_is_sent_once_per_key() {
    let (world, router, id) = acme().await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    world.changes();
    let test = || Request::event("integrations/test").within(id);
    let answer = world.send(&router, test()).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 2));
    assert_eq!(answer.body, json!({"ok": true, "status": 200, "class": null, "latency_ms": 0}));
    let received = world.receivers.take();
    assert_eq!((received.len(), &received[0].objection), (1, &None));
    assert_eq!(received[0].json()["type"], "test");
    let shown = world.send(&router, Request::event("integrations/read").within(id)).await;
    assert_eq!(
        (&shown.body["health_status"], &shown.body["stats"]["total_events_sent"]),
        (&json!("healthy"), &json!(0))
    );
    assert_eq!(shown.body["last_health_check_at"], "2026-11-21T12:00:00Z");

    // The sample has an idempotency key, so it is not sent again.
    assert_eq!(world.send(&router, test()).await.body, answer.body);
    assert_eq!(world.receivers.take(), []);
    world.receivers.plan(Behaviour::Status(404));
    let failed = world.send(&router, Request::new("POST", "/integrations/webhook/test").within(id)).await;
    assert_eq!(failed.body, json!({"ok": false, "status": 404, "class": "status", "latency_ms": 0}));
    let shown = world.send(&router, Request::event("integrations/read").within(id)).await;
    assert_eq!(shown.body["health_status"], "failing");
    assert_eq!(
        shown.body["last_error_message"],
        "the receiver did not answer with a status from 200 to 299; it answered 404"
    );
}

#[tokio::test]
async fn integration_without_a_secret_cannot_be_tested_or_enabled() {
    let (world, router, id) = acme().await;
    let post = async |path: &str| {
        let answer = world.send(&router, Request::new("POST", path).within(id)).await;
        (answer.status.as_u16(), answer.code().to_owned())
    };
    let missing = (409, "integration_secret_missing".to_owned());
    for path in ["/integrations/webhook/enable", "/integrations/webhook/test"] {
        assert_eq!(post(path).await, missing, "{path}, never set up");
    }
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    assert_eq!(post("/integrations/webhook/enable").await, (200, String::new()), "it is enabled already");
    world.send(&router, Request::event("integrations/remove").within(id)).await;
    for path in ["/integrations/webhook/enable", "/integrations/webhook/test"] {
        assert_eq!(post(path).await, missing, "{path}, removed");
    }
    assert_eq!(world.receivers.take(), []);
    let absent = "/integrations/webhook/deliveries/dlv_01K9ZX3V8Q4M7N2P5R6S8T9W0Y/retry";
    assert_eq!(post(absent).await, (404, "delivery_not_found".to_owned()));
}

#[tokio::test]
async fn enabling_at_once_does_not_go_beyond_the_plan() {
    let (world, router, id) = acme().await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    let off = json!({"M": {"status": {"S": "disabled"}, "cause": {"S": "gone"}, "secret": {"M": {
        "id": {"S": "sec_01K9ZX3V8Q4M7N2P5R6S8T9W0Y"}, "hint": {"NULL": true}}}}});
    world.overwrite(id, "INTEGRATION#webhook", "state", off);
    world.overwrite(id, "META", "integration_count", json!({"N": "0"}));
    // Another integration is set up between the read and the write.
    world.after("BatchGetItem", id, "META", "integration_count", json!({"N": "1"}));
    let answer = world.send(&router, Request::event("integrations/enable").within(id)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYMENT_REQUIRED, "workspace_integration_limit"));
    world.overwrite(id, "META", "integration_count", json!({"N": "0"}));
    world.changes();
    let answer = world.send(&router, Request::event("integrations/enable").within(id)).await;
    assert_eq!((answer.status, answer.usage.round_trips, count(&world)), (StatusCode::OK, 2, 1));
    assert_snapshot!(world.changes());
}

/// Invariant 20.
#[tokio::test]
async fn deliveries_of_other_tenants_are_not_found() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    let (event, at) = (world.store().ambient().fresh(), world.clock.now());
    let what = domain::integrations::delivery::NewEvent {
        id: event,
        occurrence: Occurrence::RuntimeFailed { generation: 1, reason: None },
        at,
    };
    workers::integrations::deliver_event(&world.delivery_deps(), id, what, "test").await.unwrap();
    let listed = world.send(&router, Request::event("integrations/deliveries").within(id)).await;
    assert_eq!((listed.status, listed.usage.round_trips), (StatusCode::OK, 1));
    let delivery = listed.body["deliveries"][0]["id"].as_str().unwrap();
    let retry = format!("/integrations/webhook/deliveries/{delivery}/retry");
    assert_eq!(world.receivers.take().len(), 1);

    let elsewhere = world.workspace_of(&CLEO).await;
    let other = Request::event("integrations/set-up").by(&CLEO).within(elsewhere);
    assert_eq!(world.send(&router, other).await.status, StatusCode::OK);
    world.changes();
    let ask = async |person: &Person, workspace, method: &str, path: &str| {
        let answer = world.send(&router, Request::new(method, path).by(person).within(workspace)).await;
        (answer.status.as_u16(), answer.code().to_owned())
    };
    let routes = [
        ("GET", "/integrations/webhook/deliveries"),
        ("POST", "/integrations/webhook/test"),
        ("POST", "/integrations/webhook/enable"),
        ("POST", retry.as_str()),
    ];
    for (method, path) in routes {
        assert_eq!(ask(&CLEO, id, method, path).await, (404, "workspace_not_found".to_owned()), "{method} {path}");
        assert_eq!(ask(&BEN, id, method, path).await, (403, "role_required".to_owned()), "{method} {path}");
    }
    assert_eq!(ask(&CLEO, elsewhere, "POST", &retry).await, (404, "delivery_not_found".to_owned()));
    let own = world.send(&router, Request::new("GET", routes[0].1).by(&CLEO).within(elsewhere)).await;
    assert_eq!(own.body["deliveries"], json!([]));
    world.assert_nothing_written();
    assert_eq!(world.receivers.take(), []);
}

/// Invariant 22.
#[tokio::test]
async fn deliveries_are_paged_and_cursors_are_bound() {
    let (world, router, id) = acme().await;
    world.subscribe(id, plan("pro")).await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    world.send(&router, Request::event("integrations/set-up-slack").within(id)).await;
    for generation in 0..25 {
        let (event, at) = (world.store().ambient().fresh(), world.clock.now());
        let what = domain::integrations::delivery::NewEvent {
            id: event,
            occurrence: Occurrence::RuntimeFailed { generation, reason: None },
            at,
        };
        workers::integrations::deliver_event(&world.delivery_deps(), id, what, "test").await.unwrap();
        world.wait(jiff::SignedDuration::from_secs(1));
    }
    let path = "/integrations/webhook/deliveries";
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.send(&router, Request::new("GET", &format!("{path}?limit=7{cursor}")).within(id)).await;
        assert_eq!(page.status, StatusCode::OK, "{page}");
        let items = page.body["deliveries"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page.body["pagination"]["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 25);
    assert!(seen.is_sorted_by(|one, next| one > next), "newest first");
    let foreign = format!("/integrations/slack/deliveries?limit=7{cursor}");
    let foreign = world.send(&router, Request::new("GET", &foreign).within(id)).await;
    assert_eq!((foreign.status, foreign.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["cursor"]));
}

/// Invariant 21.
#[tokio::test(start_paused = true)]
async fn test_is_sent_once_per_idempotency_key() {
    let (world, router, id) = acme().await;
    world.send(&router, Request::event("integrations/set-up").within(id)).await;
    let test = |key: &str| Request::event("integrations/test").within(id).header("idempotency-key", key);
    let first = world.send(&router, test("a")).await;
    let again = world.send(&router, test("a")).await;
    assert_eq!((again.status, again.usage.round_trips, &again.body), (StatusCode::OK, 1, &first.body));
    assert_eq!(world.receivers.take().len(), 1);
}

#[tokio::test]
async fn a_port_is_taken_if_the_operator_opened_it() {
    let (world, closed, id) = acme().await;
    let (store, secrets) = (world.store(), world.integration_secrets());
    let courier = world.courier().with_ports("8443".parse().unwrap());
    let open = integrations::router(IntegrationDeps { store, secrets, courier }, world.claim_rules());
    let at = |port: u16, name: &str| {
        let config = json!({"url": format!("https://hooks.example.com:{port}/")});
        put(id, json!({"config": config, "secret": webhook_secret("0123456789abcdef"), "name": name}))
    };
    // The port is reported together with the other errors.
    for (router, port) in [(&closed, 8443), (&open, 9000)] {
        let refused = world.send(router, at(port, "")).await;
        assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["name", "config.url"]));
        assert!(refused.to_string().contains("must use one of these ports: 443"), "{refused}");
    }
    assert_eq!(world.send(&open, at(8443, "Ours")).await.status, StatusCode::OK);
    let test = || Request::new("POST", "/integrations/webhook/test").within(id);
    assert_eq!(world.send(&open, test()).await.body["ok"], true);
    // Once the port is closed again, nothing is sent to it.
    let blocked = world.send(&closed, test()).await;
    assert_eq!((&blocked.body["ok"], &blocked.body["class"]), (&json!(false), &json!("blocked")));
    assert_eq!(world.receivers.take().len(), 1);
}

#[tokio::test]
async fn urls_of_hosts_that_cannot_exist_are_refused() {
    let (world, router, id) = acme().await;
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for url in ["https://example..com/", "https://-a.example.com/", "https://example.c/", "https://a$b.example.com/"] {
        let answer = world.send(&router, put(id, json!({"config": {"url": url}, "secret": secret}))).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "invalid_request"), "{url}");
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.starts_with("must name a host"), "{url}: {message}");
        world.assert_nothing_written();
    }
    let dsn = json!({"config": {}, "secret": "https://0123456789abcdef0123456789abcdef@sentry..example/1"});
    let answer = world.send(&router, Request::new("PUT", "/integrations/sentry").within(id).json(dsn)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    world.assert_nothing_written();
}

/// One that was set up before such URLs were refused is shown, and can be changed.
#[tokio::test]
async fn a_stored_url_of_such_a_host_is_still_read() {
    let (world, router, id) = acme().await;
    assert_eq!(
        world.send(&router, put(id, webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))).await.status,
        StatusCode::OK
    );
    let config = json!({"M": {"url": {"S": "https://example..com/"}, "description": {"NULL": true}}});
    world.overwrite(id, "INTEGRATION#webhook", "config", config);
    let shown = world.send(&router, Request::new("GET", "/integrations").within(id)).await;
    assert!(shown.body.to_string().contains("\"https://example..com/\""), "{}", shown.body);
    assert_eq!(
        world.send(&router, put(id, webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))).await.status,
        StatusCode::OK
    );
}
