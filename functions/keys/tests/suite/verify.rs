//! The question of the company's own services whether a key can be used.

use super::stage::{DAY, HOUR, MINUTE, SECOND, Stage, outcome};
use domain::identity::access::Role;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Request, World, plan};

/// Returns the body of the answer to a question about `token` with further fields.
async fn ask(stage: &Stage, token: &str, further: Value) -> Value {
    let mut question = json!({ "token": token });
    for (field, value) in further.as_object().unwrap() {
        question[field] = value.clone();
    }
    let answer = stage.verify(question).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    answer.body
}

/// Returns the code of the answer, which must be that the key cannot be used.
async fn code(stage: &Stage, token: &str, further: Value) -> String {
    let body = ask(stage, token, further).await;
    assert_eq!(body["valid"], false, "{body}");
    assert!(body.get("key").is_none() && body.get("workspace").is_none() && body.get("maker").is_none(), "{body}");
    body["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn valid_key_is_answered_with_its_workspace_and_rate() {
    let stage = Stage::set().await;
    let key = stage.key_of(&BEN, json!({"name": "Search", "scopes": ["usage:write", "usage:read"]})).await;
    let first = stage.verify(json!({"token": key.token, "scope": "usage:write"})).await;
    assert!((1..=2).contains(&first.usage.round_trips), "the first use of a minute may take one more: {first}");
    let limit = stage.world.plans().requests_per_minute(plan("business"));
    let expires_at = stage.shown(&key).await["expires_at"].clone();
    let features: Vec<_> = plan("business").features.iter().map(ToString::to_string).collect();
    let mut wanted = json!({
        "valid": true,
        "key": {
            "id": key.id, "name": "Search", "scopes": ["usage:read", "usage:write"], "service": false,
            "expires_at": expires_at,
        },
        "workspace": {
            "id": stage.id, "name": "Acme", "plan": "business", "features": features, "suspended": false,
        },
        "maker": {"id": BEN.id(), "role": "admin"},
        "rate": {"limit": limit, "remaining": limit - 1, "resets_in": 60},
    });
    assert_eq!((first.status.as_u16(), &first.body), (200, &wanted));
    let second = stage.verify(json!({"token": key.token, "address": "198.51.100.4"})).await;
    wanted["rate"]["remaining"] = json!(limit - 2);
    assert_eq!((&second.body, second.usage.round_trips), (&wanted, 1));
    let shown = stage.shown(&key).await;
    assert_eq!(
        (&shown["uses"], &shown["last_address"], &shown["last_used_at"]),
        (&json!(2), &json!("198.51.100.4"), &json!(stage.world.clock.now())),
        "a question counts as a use"
    );
    let service = json!({"name": "S", "scopes": ["usage:read"], "service": true});
    let service = stage.key_of(&ANA, service).await;
    let body = ask(&stage, &service.token, json!({})).await;
    assert_eq!((&body["key"]["service"], &body["maker"]), (&json!(true), &Value::Null));
}

/// Invariant 62.
#[tokio::test]
async fn unknown_keys_and_wrong_secrets_are_verified_alike() {
    let stage = Stage::set().await;
    let key = stage.key(&["usage:write"]).await;
    let question = |token: String| json!({"token": token, "scope": "usage:write"});
    let wrong = stage.verify(question(stage.forged(&key.id, ANA.id()))).await;
    assert_eq!(wrong.body["code"], "key_invalid");
    let unknown = "key_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
    stage.world.changes();
    for token in [stage.forged(unknown, ANA.id()), stage.forged(unknown, BEN.id()), stage.forged(&key.id, BEN.id())] {
        let answer = stage.verify(question(token)).await;
        assert_eq!(answer.to_string(), wrong.to_string());
        assert_eq!((answer.usage.round_trips, answer.usage.requests), (1, wrong.usage.requests));
    }
    stage.world.assert_nothing_written();
    drop(stage.world.calls());
    for token in ["", "berth_sk_", &key.token[..124], &format!("{}é", &key.token[..123])] {
        let answer = stage.verify(question(token.to_owned())).await;
        assert_eq!(answer.to_string(), wrong.to_string(), "{token}");
    }
    assert!(stage.world.calls().is_empty(), "what has not the form of a key is not looked for");
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_named_by_reason() {
    let stage = Stage::set().await;
    let short = json!({"name": "A", "scopes": ["usage:read"], "expires_in_days": 1});
    let short = stage.key_of(&ANA, short).await;
    assert_eq!(code(&stage, &short.token, json!({"scope": "usage:write"})).await, "scope_required");
    let narrow = json!({"name": "A", "scopes": ["usage:read"], "networks": ["203.0.113.0/24"]});
    let narrow = stage.key_of(&ANA, narrow).await;
    for address in [json!({}), json!({"address": "198.51.100.4"})] {
        assert_eq!(code(&stage, &narrow.token, address).await, "key_network_refused");
    }
    assert_eq!(ask(&stage, &narrow.token, json!({"address": "203.0.113.9"})).await["valid"], true);
    let bens = stage.key_of(&BEN, json!({"name": "A", "scopes": ["usage:read"]})).await;
    let old = stage.key(&["usage:read"]).await;
    stage.rotate(&ANA, &old, 0).await;
    let revoked = stage.key(&["usage:read"]).await;
    stage.at(&ANA, "DELETE", &revoked, "", Value::Null).await;
    stage.remove(&BEN).await;
    stage.world.wait(DAY);
    for (key, wanted) in
        [(&short, "key_expired"), (&bens, "key_maker_left"), (&old, "key_invalid"), (&revoked, "key_invalid")]
    {
        assert_eq!(code(&stage, &key.token, json!({})).await, wanted);
    }
}

#[tokio::test]
async fn suspension_is_reported_with_a_valid_key() {
    let stage = Stage::set().await;
    let key = stage.key(&["usage:read"]).await;
    stage.world.suspend(stage.id, "Spam").await;
    let body = ask(&stage, &key.token, json!({})).await;
    assert_eq!((&body["valid"], &body["workspace"]["suspended"]), (&json!(true), &json!(true)), "{body}");
}

/// Invariant 64.
#[tokio::test]
async fn questions_and_requests_share_one_rate() {
    let stage = Stage::on("free", World::default()).await;
    let key = stage.key(&["workspace:read"]).await;
    let limit = stage.world.plans().requests_per_minute(plan("free"));
    for number in 0..limit {
        if number % 2 == 0 {
            assert_eq!(ask(&stage, &key.token, json!({})).await["valid"], true);
        } else {
            assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
        }
    }
    stage.world.wait(SECOND * 20);
    let over = ask(&stage, &key.token, json!({})).await;
    assert_eq!((&over["code"], &over["retry_after"]), (&json!("key_over_rate"), &json!(40)), "{over}");
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (429, "key_over_rate"));
    stage.world.wait(MINUTE);
    assert_eq!(ask(&stage, &key.token, json!({})).await["valid"], true);
}

/// The scope alone is no answer: the service lets in on the strength of it.
///
/// Invariant 63.
#[tokio::test]
async fn verified_scope_is_one_that_its_maker_has_a_role_for() {
    let stage = Stage::set().await;
    let body = json!({"name": "A", "scopes": ["usage:write", "audit:read", "usage:read", "runtime:write"]});
    let key = stage.key_of(&BEN, body).await;
    for (role, refused) in [(Role::Member, vec!["usage:write", "audit:read"]), (Role::Viewer, vec!["runtime:write"])] {
        stage.give_role(&BEN, role).await;
        for scope in refused {
            assert_eq!(code(&stage, &key.token, json!({"scope": scope})).await, "role_required", "{role:?} {scope}");
        }
        let read = ask(&stage, &key.token, json!({"scope": "usage:read"})).await;
        assert_eq!((&read["valid"], &read["maker"]["role"]), (&json!(true), &json!(role)), "{read}");
    }
}

#[tokio::test]
async fn only_the_companys_services_ask() {
    let stage = Stage::set().await;
    let key = stage.key(&["usage:read"]).await;
    let question = || Request::new("POST", "/verify").json(json!({"token": key.token}));
    let at = |path: &str| question().to("POST", path);
    let bearer = format!("Bearer {}", key.token);
    let no_identity = [
        at("/verify"),
        at("/verify").within(stage.id),
        at("/verify").without_token(),
        at("/verify").without_token().header("authorization", &bearer),
    ];
    drop(stage.world.calls());
    for request in no_identity {
        assert_eq!(outcome(&stage.ask("/verify", request).await), (401, "unauthenticated"));
    }
    for path in ["/v1/verify", "/api/v1/verify"] {
        for request in [at(path), at(path).signed_by("arn:aws:iam::111122223333:user/Search")] {
            assert_eq!(outcome(&stage.ask("/verify", request).await), (404, "route_not_found"), "{path}");
        }
    }
    assert!(stage.world.calls().is_empty());
    assert_eq!(stage.used(&key)["uses"], 0);
}

/// An AWS identity proves nothing on the routes of people and programs, which the function's URL has as well.
#[tokio::test]
async fn aws_identities_open_no_route_of_people() {
    let stage = Stage::set().await;
    for path in ["/api/v1/api-keys", "/v1/api-keys"] {
        let request = Request::new("GET", "/api-keys").to("GET", path).within(stage.id);
        let request = request.signed_by("arn:aws:sts::111122223333:assumed-role/Search/search");
        assert_eq!(outcome(&stage.ask("/api-keys", request).await), (401, "unauthenticated"), "{path}");
    }
}

#[tokio::test]
async fn questions_with_wrong_fields_are_refused() {
    let stage = Stage::set().await;
    for (question, field) in [
        (json!({}), "token"),
        (json!({"token": 1}), "token"),
        (json!({"token": "a", "scope": "usage:delete"}), "scope"),
        (json!({"token": "a", "workspace": "ws"}), "workspace"),
    ] {
        let answer = stage.verify(question).await;
        assert_eq!((outcome(&answer), answer.wrong_fields()), ((400, "invalid_request"), vec![field]), "{answer}");
    }
}

/// The address is stored with the key's use, and shown to admins.
#[tokio::test]
async fn text_that_is_no_address_is_not_stored() {
    let stage = Stage::set().await;
    let key = stage.key(&["usage:read"]).await;
    for address in ["<script>", "198.51.100.4, 203.0.113.9", &"1".repeat(100_000)] {
        stage.verify(json!({"token": key.token, "address": address})).await;
        assert_eq!(stage.shown(&key).await["last_address"], Value::Null, "{address:.40}");
    }
    stage.world.wait(HOUR);
    assert_eq!(ask(&stage, &key.token, json!({"address": "2001:db8::1"})).await["valid"], true);
    assert_eq!(stage.shown(&key).await["last_address"], "2001:db8::1");
}
