//! The entrance of programs: what each scope opens, what no key opens, and keys that are refused before anything is read.

use super::stage::{DAY, Key, MINUTE, SECOND, Stage, outcome};
use domain::{
    identity::access::Role,
    ids::UserId,
    keys::{
        scope::KeyScope,
        secret::{KeyPrefix, KeyToken},
    },
};
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, JsonLines, Person, Request, plan, webhook_secret};

const DORA: Person = Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true };

/// Returns a request that `scope` allows.
fn allowed(scope: KeyScope) -> (&'static str, &'static str, Option<Value>) {
    match scope {
        KeyScope::WorkspaceRead => ("GET", "/workspace", None),
        KeyScope::TeamRead => ("GET", "/team/members", None),
        KeyScope::BillingRead => ("GET", "/billing/subscription", None),
        KeyScope::RuntimeRead => ("GET", "/workspace/status", None),
        KeyScope::RuntimeWrite => ("POST", "/workspace/start", None),
        KeyScope::IntegrationsRead => ("GET", "/integrations", None),
        KeyScope::IntegrationsWrite => {
            let secret = webhook_secret("0123456789abcdef");
            let body = json!({"config": {"url": "https://hooks.example.com/"}, "secret": secret});
            ("PUT", "/integrations/webhook", Some(body))
        }
        KeyScope::UsageRead => ("GET", "/entitlements", None),
        KeyScope::UsageWrite => ("POST", "/usage/consume", Some(json!({"meter": "traces", "amount": 1, "key": "one"}))),
        KeyScope::NotificationsRead => ("GET", "/notifications", None),
        KeyScope::NotificationsWrite => ("POST", "/notifications/mark-all-read", Some(json!({}))),
        KeyScope::AuditRead => ("GET", "/audit", None),
    }
}

async fn key_with(stage: &Stage, scopes: impl Iterator<Item = KeyScope>) -> Key {
    let names: Vec<_> = scopes.map(KeyScope::name).collect();
    stage.key(&names).await
}

/// Invariant 63.
#[tokio::test]
async fn each_scope_opens_its_own_routes_and_no_other() {
    let stage = Stage::set().await;
    for scope in KeyScope::ALL {
        let (method, target, body) = allowed(scope);
        let others = key_with(&stage, KeyScope::ALL.into_iter().filter(|other| *other != scope)).await;
        let refused = stage.program(&others.token, method, target, body.clone()).await;
        assert_eq!(outcome(&refused), (403, "scope_required"), "{scope}: {refused}");
        assert_eq!(refused.body["required_scope"], json!(scope));
        let own = key_with(&stage, [scope].into_iter()).await;
        let answer = stage.program(&own.token, method, target, body).await;
        assert!(answer.status.is_success(), "{scope}: {answer}");
    }
}

/// Invariant 63.
#[tokio::test]
async fn no_key_does_what_is_left_to_people() {
    let stage = Stage::set().await;
    stage.give_role(&CLEO, Role::Owner).await;
    let key = key_with(&stage, KeyScope::ALL.into_iter()).await;
    let (invitation, token) = stage.world.invitation(stage.id, &ANA, &DORA, Role::Viewer).await;
    let (own, ben, cleo) = (&key.id, BEN.id(), CLEO.id());
    let requests: Vec<(&str, String, Value)> = vec![
        ("GET", "/api-keys".to_owned(), Value::Null),
        ("POST", "/api-keys".to_owned(), json!({"name": "More", "scopes": ["team:read"]})),
        ("PATCH", format!("/api-keys/{own}"), json!({"name": "Other"})),
        ("POST", format!("/api-keys/{own}/rotate"), json!({})),
        ("DELETE", format!("/api-keys/{own}"), Value::Null),
        ("PUT", format!("/team/members/{ben}/role"), json!({"role": "viewer"})),
        ("DELETE", format!("/team/members/{ben}"), Value::Null),
        ("POST", format!("/team/members/{ben}/reactivate"), Value::Null),
        ("POST", "/team/leave".to_owned(), Value::Null),
        ("POST", "/team/transfer-ownership".to_owned(), json!({"member_id": cleo})),
        ("POST", "/team/invite".to_owned(), json!({"email": "guest@example.com", "role": "viewer"})),
        ("GET", "/team/invitations".to_owned(), Value::Null),
        ("POST", format!("/team/invitations/{invitation}/resend"), Value::Null),
        ("DELETE", format!("/team/invitations/{invitation}"), Value::Null),
        ("GET", "/invitations".to_owned(), Value::Null),
        ("POST", format!("/team/invitations/{token}/accept"), Value::Null),
        ("POST", format!("/team/invitations/{invitation}/accept"), Value::Null),
        ("POST", format!("/team/invitations/{token}/decline"), Value::Null),
        ("POST", "/billing/checkout".to_owned(), json!({"plan": "pro"})),
        ("POST", "/billing/sync".to_owned(), Value::Null),
        ("PUT", "/billing/plan".to_owned(), json!({"plan": "pro"})),
        ("DELETE", "/billing/subscription".to_owned(), Value::Null),
        ("POST", "/billing/subscription/resume".to_owned(), Value::Null),
        ("POST", "/billing/portal".to_owned(), json!({})),
        ("PUT", "/workspace".to_owned(), json!({"name": "Other"})),
        ("DELETE", "/workspace".to_owned(), Value::Null),
        ("POST", "/workspace/export".to_owned(), Value::Null),
        ("GET", "/workspaces".to_owned(), Value::Null),
        ("POST", "/workspaces".to_owned(), json!({"name": "Other"})),
        ("GET", "/deletions/del_01K9ZX3V8Q4M7N2P5R6S8T9W0Z".to_owned(), Value::Null),
        ("GET", "/me".to_owned(), Value::Null),
        ("PATCH", "/me".to_owned(), json!({"name": "Eve"})),
        ("DELETE", "/me".to_owned(), Value::Null),
        ("GET", "/me/deletion".to_owned(), Value::Null),
        ("POST", "/notifications/ticket".to_owned(), Value::Null),
    ];
    let unchanged = |stage: &Stage| {
        let items = stage.world.items().into_iter();
        // Uses of the key, and budgets, are counted.
        items.filter(|((pk, sk), _)| !pk.ends_with("#KEYS") && !sk.starts_with("BUDGET#")).collect::<Vec<_>>()
    };
    let before = unchanged(&stage);
    for (method, target, body) in requests {
        let refused = stage.program(&key.token, method, &target, Some(body)).await;
        assert_eq!(outcome(&refused), (403, "not_by_key"), "{method} {target}: {refused}");
    }
    assert_eq!(unchanged(&stage), before);
}

#[tokio::test]
async fn access_says_what_a_key_may_do_and_why_not() {
    let stage = Stage::set().await;
    let key = stage.key_of(&BEN, json!({"name": "A", "scopes": ["workspace:read", "audit:read"]})).await;
    let reason = async |action: &str| {
        let access = stage.get(&key, "/access").await;
        assert_eq!(access.status.as_u16(), 200, "{access}");
        let actions = access.body["actions"].as_array().unwrap().clone();
        actions.into_iter().find(|view| view["action"] == action).unwrap()["reason"].clone()
    };
    assert_eq!(reason("read_activity").await, Value::Null);
    assert_eq!(reason("list_members").await, "scope_required");
    assert_eq!(reason("manage_keys").await, "not_by_key");
    stage.give_role(&BEN, Role::Viewer).await;
    assert_eq!(reason("read_activity").await, "role_required");
}

#[tokio::test]
async fn key_names_its_workspace() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    let other = stage.world.workspace_of(&ANA).await;
    let get = || Request::new("GET", "/workspace").by_key(&key.token);
    for request in [get(), get().within(stage.id)] {
        assert_eq!(stage.ask("/workspace", request).await.body["id"], json!(stage.id));
    }
    let elsewhere = stage.ask("/workspace", get().within(other)).await;
    assert_eq!(outcome(&elsewhere), (404, "workspace_not_found"), "Ana's other workspace is none of the key's");
    let unreadable = stage.ask("/workspace", get().within("ws_1")).await;
    assert_eq!((outcome(&unreadable), unreadable.wrong_fields()), ((400, "invalid_request"), vec!["X-Workspace-ID"]));
}

/// Returns tokens without the form of one.
fn malformed(token: &str) -> Vec<String> {
    let other = if token.ends_with('0') { '1' } else { '0' };
    vec![
        format!("{}{other}", &token[..124]),
        token[..124].to_owned(),
        format!("{token}0"),
        token.replacen("berth_sk_", "berth_pk_", 1),
        token.to_ascii_lowercase(),
        format!("{}{}", &token[..9], "z".repeat(116)),
        format!("{token}, Bearer {token}"),
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJl".to_owned(),
    ]
}

#[tokio::test]
async fn malformed_keys_are_refused_without_a_read() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    drop(stage.world.calls());
    stage.world.changes();
    for token in malformed(&key.token) {
        for target in ["/workspace", "/team/members", "/me"] {
            let refused = stage.program(&token, "GET", target, None).await;
            assert_eq!(outcome(&refused), (401, "key_invalid"), "{token}: {refused}");
        }
    }
    // Schemes of other entrances, none, and a header that is no text.
    for value in [format!("Basic {}", key.token), key.token.clone(), format!("Bearer {}ü", &key.token[..123])] {
        let request = Request::new("GET", "/workspace").by_key("").header("authorization", value);
        assert_eq!(outcome(&stage.ask("/workspace", request).await), (401, "unauthenticated"));
    }
    assert!(stage.world.calls().is_empty(), "nothing is read, and nothing counted");
    stage.world.assert_nothing_written();
}

/// Invariant 62.
#[tokio::test]
async fn unknown_keys_and_wrong_secrets_are_answered_alike() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read", "team:read", "runtime:write"]).await;
    let service = json!({"name": "S", "scopes": ["workspace:read"], "service": true});
    let service = stage.key_of(&ANA, service).await;
    for (method, target) in [("GET", "/workspace"), ("GET", "/team/members"), ("POST", "/workspace/start")] {
        let wrong = stage.forged(&key.id, ANA.id());
        let genuine = stage.program(&wrong, method, target, None).await;
        assert_eq!(outcome(&genuine), (401, "key_invalid"));
        for forged in [
            stage.forged("key_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", ANA.id()),
            stage.forged("key_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", DORA.id()),
            stage.forged(&key.id, BEN.id()),
            stage.forged(&service.id, ANA.id()),
        ] {
            stage.world.changes();
            drop(stage.world.calls());
            let answer = stage.program(&forged, method, target, None).await;
            let calls = stage.world.calls();
            stage.world.assert_nothing_written();
            assert_eq!(answer.to_string(), genuine.to_string());
            assert_eq!(
                (answer.usage.round_trips, answer.usage.requests),
                (1, genuine.usage.requests),
                "{method} {target}"
            );
            stage.program(&wrong, method, target, None).await;
            assert_eq!(stage.world.calls(), calls, "{method} {target}");
        }
    }
    assert!(!stage.world.items().keys().any(|(_, sk)| sk.contains("01K9ZX3V8Q4M7N2P5R6S8T9W0Y")));
    assert_eq!(stage.used(&key)["uses"], 0, "a forged secret spends nothing of the key's rate");
}

/// Nobody learns from a forged key which workspaces exist.
///
/// Invariant 20.
#[tokio::test]
async fn forged_key_of_an_unknown_workspace_is_answered_alike() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    let known = stage.program(&stage.forged(&key.id, ANA.id()), "GET", "/workspace", None).await;
    let mut nowhere = stage;
    nowhere.id = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y".parse().unwrap();
    let unknown = nowhere.program(&nowhere.forged(&key.id, ANA.id()), "GET", "/workspace", None).await;
    assert_eq!((unknown.to_string(), unknown.usage.requests), (known.to_string(), known.usage.requests));
}

/// Invariant 63.
#[tokio::test]
async fn true_secret_with_another_maker_is_refused() {
    let stage = Stage::set().await;
    let key = stage.key_of(&BEN, json!({"name": "Ben's", "scopes": ["audit:read"]})).await;
    assert_eq!(of_maker(&stage, &key, BEN.id()), key.token);
    stage.give_role(&BEN, Role::Viewer).await;
    assert_eq!(outcome(&stage.get(&key, "/audit").await), (403, "role_required"));
    let anas = stage.program(&of_maker(&stage, &key, ANA.id()), "GET", "/audit", None).await;
    assert_eq!(outcome(&anas), (401, "key_invalid"), "the stored maker decides");
}

/// Returns the token of `key` with another maker. Anyone can compute the checksum.
fn of_maker(stage: &Stage, key: &Key, maker: UserId) -> String {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        _ => byte - b'a' + 36,
    };
    let number = |text: &str| text.bytes().fold(0_u128, |value, byte| value * 62 + u128::from(digit(byte)));
    let secret = [number(&key.token[75..97]), number(&key.token[97..119])];
    KeyToken::new(&KeyPrefix::usual(), (stage.id, key.id.parse().unwrap(), maker), secret).reveal().to_owned()
}

/// Invariant 62.
#[tokio::test]
async fn key_in_an_address_is_refused_and_not_logged() {
    let lines = JsonLines::capture();
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    drop(stage.world.calls());
    let encoded = key.token.replacen('_', "%5F", 2);
    for query in [format!("api_key={}", key.token), format!("a=1&{}", key.token), format!("b={encoded}&c=2")] {
        let target = format!("/workspace?{query}");
        for request in [
            Request::new("GET", &target).by_key(&key.token),
            Request::new("GET", &target).within(stage.id),
            Request::new("GET", &target).by_key("").header("authorization", "none"),
        ] {
            assert_eq!(outcome(&stage.ask(&target, request).await), (400, "key_in_query"), "{query}");
        }
    }
    assert!(stage.world.calls().is_empty());
    let logged = lines.text();
    assert!(logged.contains("key_in_query") && !logged.contains(&key.token[75..119]), "{logged}");
}

#[tokio::test]
async fn keys_and_id_tokens_have_paths_of_their_own() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    // The gateway requires an ID token below /api/v1, and passes its claims on.
    let by_key =
        Request::new("GET", "/workspace").without_token().header("authorization", format!("Bearer {}", key.token));
    assert_eq!(outcome(&stage.ask("/workspace", by_key.within(stage.id)).await), (401, "unauthenticated"));
    // Below /v1 claims prove nothing, if a gateway passed some on.
    let by_claims = Request::new("GET", "/workspace").to("GET", "/v1/workspace").within(stage.id);
    assert_eq!(outcome(&stage.ask("/workspace", by_claims).await), (401, "unauthenticated"));
    let by_token = Request::new("GET", "/workspace").to("GET", "/v1/workspace").within(stage.id);
    let by_token = by_token.header("authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2ln");
    assert_eq!(outcome(&stage.ask("/workspace", by_token).await), (401, "key_invalid"));
}

#[tokio::test]
async fn keys_open_their_networks_only() {
    let stage = Stage::set().await;
    for (networks, status, code) in [
        (json!([]), 200, ""),
        (json!(["192.0.2.0/24"]), 200, ""),
        (json!(["192.0.2.7"]), 200, ""),
        (json!(["2001:db8::/32", "192.0.2.0/28"]), 200, ""),
        (json!(["192.0.2.8"]), 403, "key_network_refused"),
        (json!(["2001:db8::/32", "203.0.113.0/24"]), 403, "key_network_refused"),
    ] {
        let body = json!({"name": "A", "scopes": ["workspace:read"], "networks": networks});
        let key = stage.key_of(&ANA, body).await;
        assert_eq!(outcome(&stage.get(&key, "/workspace").await), (status, code), "{networks}");
        // The networks are reported to the key's holder only.
        let forged = stage.program(&stage.forged(&key.id, ANA.id()), "GET", "/workspace", None).await;
        assert_eq!(outcome(&forged), (401, "key_invalid"));
    }
}

#[tokio::test]
async fn expired_keys_are_refused_to_the_second() {
    let stage = Stage::set().await;
    let body = json!({"name": "A", "scopes": ["workspace:read"], "expires_in_days": 3});
    let key = stage.key_of(&ANA, body).await;
    stage.world.wait(DAY * 3 - SECOND);
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
    stage.world.wait(SECOND);
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (401, "key_expired"));
    let forged = stage.program(&stage.forged(&key.id, ANA.id()), "GET", "/workspace", None).await;
    assert_eq!(outcome(&forged), (401, "key_invalid"), "the state of a key is for its holder");
}

#[tokio::test]
async fn answers_report_the_rate() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    let limit = stage.world.plans().requests_per_minute(plan("business"));
    let rate = async |target: &str| {
        let answer = stage.get(&key, target).await;
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(header)
    };
    let text = |number: u32| Some(number.to_string());
    assert_eq!(rate("/workspace").await, [text(limit), text(limit - 1), text(60)]);
    stage.world.wait(SECOND * 15);
    assert_eq!(rate("/team/members").await, [text(limit), text(limit - 2), text(45)], "of a refusal as well");
    stage.world.wait(MINUTE);
    assert_eq!(rate("/workspace").await, [text(limit), text(limit - 1), text(45)]);
    let forged = stage.program(&stage.forged(&key.id, ANA.id()), "GET", "/workspace", None).await;
    assert!(!forged.headers.contains_key("ratelimit-limit"), "nothing of the key is reported to others");
    let person = stage.send(&ANA, "GET", "/workspace", None).await;
    assert!(!person.headers.contains_key("ratelimit-limit"));
}

/// Budgets are the workspace's: a key that may not do the costly thing uses nothing of them.
#[tokio::test]
async fn refused_keys_take_no_budget() {
    let stage = Stage::set().await;
    let ended = stage.key(&["integrations:write"]).await;
    stage.rotate(&ANA, &ended, 1).await;
    stage.world.wait(MINUTE * 61);
    let (scopeless, expired) = (stage.key(&["workspace:read"]).await, {
        let body = json!({"name": "A", "scopes": ["integrations:write"], "expires_in_days": 1});
        let key = stage.key_of(&ANA, body).await;
        stage.world.wait(DAY);
        key
    });
    let demoted = stage.key_of(&BEN, json!({"name": "A", "scopes": ["integrations:write"]})).await;
    stage.give_role(&BEN, Role::Viewer).await;
    for (key, code) in [
        (&ended, "key_invalid"),
        (&scopeless, "scope_required"),
        (&expired, "key_expired"),
        (&demoted, "role_required"),
    ] {
        let refused = stage.program(&key.token, "POST", "/integrations/webhook/test", None).await;
        assert_eq!(refused.code(), code, "{refused}");
        let budgets = stage.world.items().into_keys().filter(|(_, sk)| sk.starts_with("BUDGET#"));
        let tests: Vec<_> = budgets.filter(|(_, sk)| sk.to_ascii_lowercase().contains("test")).collect();
        assert_eq!(tests, [], "{code}");
    }
}
