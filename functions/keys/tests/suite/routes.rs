//! The routes of API keys: answers, refusals, and secrets that appear once.

use super::stage::{DAY, HOUR, Key, SECOND, Stage, made, outcome};
use domain::{
    billing::{
        account::Billing,
        subscription::{Status, Subscription},
    },
    identity::access::Role,
    keys::{
        bounds::{DEFAULT_DAYS, DEFAULT_OVERLAP_HOURS, MAX_DAYS, MAX_OVERLAP_HOURS},
        network::MAX_NETWORKS,
        secret::TOKEN_LENGTH,
    },
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Lines, Person, Request, World};

const DORA: Person = Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true };

/// A key with all kinds of terms.
fn full() -> Value {
    json!({
        "name": "Deployment", "scopes": ["team:read", "workspace:read"], "expires_in_days": 30,
        "networks": ["192.0.2.0/24"], "budgets": {"executions": 1000},
    })
}

#[tokio::test]
async fn created_key_is_shown_with_its_terms_and_its_secret() {
    let stage = Stage::set().await;
    let answer = stage.post_key(&ANA, full()).await;
    assert_eq!(answer.usage.round_trips, 2, "the read and the change");
    let (key, now) = (made(&answer), stage.world.clock.now());
    assert_eq!((key.token.len(), key.token.starts_with("berth_sk_")), ("berth_sk_".len() + TOKEN_LENGTH, true));
    assert_eq!(key.token.len(), 125, "scanners of secrets know the length");
    let mut wanted = json!({
        "id": key.id, "name": "Deployment", "scopes": ["workspace:read", "team:read"], "networks": ["192.0.2.0/24"],
        "budgets": {"executions": 1000}, "service": false, "state": "active", "hint": &key.token[121..],
        "created_by": ANA.id(), "created_at": now, "rotated_at": now, "expires_at": now + DAY * 30,
        "previous_until": null, "last_used_at": null, "last_address": null, "uses": 0,
    });
    assert_eq!(stage.shown(&key).await, wanted);
    wanted["secret"] = json!(key.token);
    assert_eq!(answer.body, wanted);
    let plain = stage.key(&["team:read"]).await;
    let shown = stage.shown(&plain).await;
    assert_eq!(shown["expires_at"], json!(now + DAY * i32::from(DEFAULT_DAYS)));
    assert_eq!((&shown["networks"], &shown["budgets"]), (&json!([]), &json!({})));
}

#[tokio::test]
async fn list_shows_the_last_use_newest_key_first() {
    let stage = Stage::set().await;
    let first = stage.key(&["workspace:read"]).await;
    stage.world.wait(SECOND);
    let second = stage.key(&["workspace:read"]).await;
    for _ in 0..3 {
        assert_eq!(stage.get(&first, "/workspace").await.status.as_u16(), 200);
    }
    let list = stage.send(&BEN, "GET", "/api-keys", None).await;
    let ids: Vec<_> = list.body["api_keys"].as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap()).collect();
    assert_eq!((ids, list.usage.round_trips), (vec![second.id.as_str(), first.id.as_str()], 1));
    let shown = stage.shown(&first).await;
    assert_eq!(
        (&shown["last_used_at"], &shown["last_address"], &shown["uses"]),
        (&json!(stage.world.clock.now()), &json!("192.0.2.7"), &json!(3))
    );
    let page = stage.send(&ANA, "GET", "/api-keys?limit=1", None).await;
    assert_eq!(
        (&page.body["api_keys"][0]["id"], &page.body["pagination"]["has_more"]),
        (&json!(second.id), &json!(true))
    );
    let next = format!("/api-keys?limit=1&cursor={}", page.body["pagination"]["next_cursor"].as_str().unwrap());
    assert_eq!(stage.send(&ANA, "GET", &next, None).await.body["api_keys"][0]["id"], json!(first.id));
}

/// Invariant 62.
#[tokio::test]
async fn secrets_are_in_no_place_but_their_first_answer() {
    let lines = Lines::capture();
    let stage = Stage::set().await;
    let request = |target: &str, body: Value| {
        Request::new("POST", target).within(stage.id).header("idempotency-key", "the-same-one").json(body)
    };
    let first = stage.ask("/api-keys", request("/api-keys", full())).await;
    let key = made(&first);
    let rotation = format!("/api-keys/{}/rotate", key.id);
    let rotate =
        || Request::new("POST", &rotation).within(stage.id).header("idempotency-key", "another").json(json!({}));
    let rotated = stage.ask(&rotation, rotate()).await;
    let next = rotated.body["secret"].as_str().unwrap().to_owned();
    let mut answers: Vec<Answer> = vec![
        stage.ask("/api-keys", request("/api-keys", full())).await,
        stage.ask(&rotation, rotate()).await,
        stage.at(&ANA, "PATCH", &key, "", json!({"name": "Other"})).await,
        stage.send(&ANA, "GET", "/api-keys", None).await,
        stage.send(&ANA, "GET", "/audit", None).await,
        stage.get(&key, &format!("/workspace?key={}", key.token)).await,
        stage.verify(json!({"token": next, "scope": "usage:write"})).await,
        stage.verify(json!({"token": next, "address": "192.0.2.7"})).await,
        stage.verify(json!({"token": [next]})).await,
    ];
    for token in [&key.token, &next] {
        for target in ["/workspace", "/team/members", "/audit", "/me"] {
            answers.push(stage.program(token, "GET", target, None).await);
        }
    }
    answers.push(stage.at(&ANA, "DELETE", &key, "", Value::Null).await);
    stage.world.wait(HOUR);
    stage.sweep().await;
    let first_ones = [&first, &rotated].map(|answer| {
        let mut body = answer.body.clone();
        body["secret"] = Value::Null;
        format!("{:?}{body}", answer.headers)
    });
    let written = answers.iter().map(|answer| format!("{answer}{:?}", answer.headers)).collect::<String>();
    let items = stage.world.items().into_iter().map(|(key, item)| format!("{key:?} {item}")).collect::<String>();
    let logged = lines.text();
    assert!(logged.contains("/api-keys/{id}/rotate"), "the log was read");
    for (place, text) in [
        ("a first answer", first_ones.concat()),
        ("an answer", written),
        ("the table", items),
        ("the stream", stage.world.stream().to_string()),
        ("a queue", format!("{:?}", stage.world.queued())),
        ("a letter", format!("{:?}", stage.world.letters())),
        ("the log", logged),
    ] {
        for token in [&key.token, &next] {
            // The ids at its beginning are no secret.
            assert!(!text.contains(&token[75..119]), "the secret was found in {place}: {text}");
        }
    }
}

/// Invariant 62.
#[tokio::test]
async fn no_answer_has_the_digest_of_a_secret() {
    let stage = Stage::set().await;
    let key = stage.key(&["audit:read"]).await;
    let digest = stage.stored(&key)["digest"].as_str().unwrap().to_owned();
    for target in ["/api-keys", "/audit", "/team/activity"] {
        let answer = stage.send(&ANA, "GET", target, None).await;
        assert!(answer.status.is_success() && !answer.to_string().contains(&digest), "{target}");
    }
    let (mut target, mut exported) = ("/workspace/export?limit=100".to_owned(), String::new());
    loop {
        let page = stage.send(&ANA, "POST", &target, None).await;
        assert_eq!(page.status.as_u16(), 200, "{page}");
        exported.push_str(&page.body.to_string());
        let Some(link) = page.headers.get("link") else { break };
        let (_, next) = link.to_str().unwrap().split_once("/workspace/export").unwrap();
        target = format!("/workspace/export{}", next.split('>').next().unwrap());
    }
    assert!(exported.contains(&key.id) && !exported.contains(&digest), "{exported}");
}

/// Invariant 62.
#[tokio::test]
async fn repetition_is_answered_without_the_secret() {
    let stage = Stage::set().await;
    let request = || Request::new("POST", "/api-keys").within(stage.id).header("idempotency-key", "one").json(full());
    let first = stage.ask("/api-keys", request()).await;
    let again = stage.ask("/api-keys", request()).await;
    let mut wanted = first.body.clone();
    assert!(wanted["secret"].is_string());
    wanted["secret"] = Value::Null;
    assert_eq!((again.status.as_u16(), &again.body), (201, &wanted));
    assert_eq!((stage.counts(), again.usage.round_trips), ((1, 1), 1));
    let other = request().json(json!({"name": "Other", "scopes": ["team:read"]}));
    assert_eq!(stage.ask("/api-keys", other).await.code(), "idempotency_key_reused");
}

#[tokio::test]
async fn keys_are_narrowed_and_never_widened() {
    let stage = Stage::set().await;
    let key = stage.key(&["team:read", "workspace:read"]).await;
    let patch = async |body: Value| stage.at(&BEN, "PATCH", &key, "", body).await;
    for target in ["/team/members", "/workspace"] {
        assert_eq!(stage.get(&key, target).await.status.as_u16(), 200, "{target}");
    }
    let wider = patch(json!({"scopes": ["team:read", "workspace:read", "audit:read"]})).await;
    assert_eq!(outcome(&wider), (409, "scopes_only_narrow"), "{wider}");
    let empty = patch(json!({"scopes": []})).await;
    assert_eq!((outcome(&empty), empty.wrong_fields()), ((400, "invalid_request"), vec!["scopes"]));
    let narrower = patch(json!({"scopes": ["team:read"], "name": "Ours"})).await;
    assert_eq!(narrower.status.as_u16(), 200, "{narrower}");
    assert_eq!((&narrower.body["scopes"], &narrower.body["name"]), (&json!(["team:read"]), &json!("Ours")));
    assert_eq!(stage.get(&key, "/team/members").await.status.as_u16(), 200);
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (403, "scope_required"));
    let back = patch(json!({"scopes": ["team:read", "workspace:read"]})).await;
    assert_eq!(outcome(&back), (409, "scopes_only_narrow"), "a scope that was given up does not come back");
    let networks = patch(json!({"networks": ["203.0.113.7/24", "203.0.113.0/24"]})).await;
    assert_eq!(networks.body["networks"], json!(["203.0.113.0/24"]));
    assert_eq!(outcome(&stage.get(&key, "/team/members").await), (403, "key_network_refused"));
    assert_eq!(patch(json!({"networks": []})).await.status.as_u16(), 200);
    assert_eq!(stage.get(&key, "/team/members").await.status.as_u16(), 200);
    let (records, stored) = (stage.records("api_key.updated").len(), stage.stored(&key));
    let same = patch(json!({"name": "Ours"})).await;
    assert_eq!((same.status.as_u16(), same.usage.round_trips), (200, 1), "nothing changes, so nothing is written");
    assert_eq!((stage.records("api_key.updated").len(), stage.stored(&key)), (records, stored));
}

#[tokio::test]
async fn old_secret_is_valid_until_the_second_its_overlap_ends() {
    let stage = Stage::set().await;
    let old = stage.key(&["workspace:read"]).await;
    let answer = stage.at(&ANA, "POST", &old, "/rotate", json!({})).await;
    let new = Key { token: answer.body["secret"].as_str().unwrap().to_owned(), ..old.clone() };
    let (now, overlap) = (stage.world.clock.now(), SignedDuration::from_hours(DEFAULT_OVERLAP_HOURS.into()));
    assert_eq!(answer.body["previous_until"], json!(now + overlap));
    assert_ne!(new.token, old.token);
    assert!(new.token.ends_with(answer.body["hint"].as_str().unwrap()));
    stage.world.wait(overlap - SECOND);
    for key in [&old, &new] {
        assert_eq!(stage.get(key, "/workspace").await.status.as_u16(), 200);
    }
    stage.world.wait(SECOND);
    assert_eq!(outcome(&stage.get(&old, "/workspace").await), (401, "key_invalid"));
    assert_eq!(stage.get(&new, "/workspace").await.status.as_u16(), 200);
    assert_eq!(stage.shown(&old).await["previous_until"], Value::Null);
}

/// Invariant 61.
#[tokio::test]
async fn rotation_without_overlap_ends_the_old_secret() {
    let stage = Stage::set().await;
    let old = stage.key(&["workspace:read"]).await;
    let new = stage.rotate(&ANA, &old, 0).await;
    assert_eq!(outcome(&stage.get(&old, "/workspace").await), (401, "key_invalid"));
    assert_eq!(stage.get(&new, "/workspace").await.status.as_u16(), 200);
    // A second rotation leaves one previous secret at most.
    let newest = stage.rotate(&ANA, &new, 24).await;
    let last = stage.rotate(&ANA, &newest, 24).await;
    for (key, status) in [(&old, 401), (&new, 401), (&newest, 200), (&last, 200)] {
        assert_eq!(stage.get(key, "/workspace").await.status.as_u16(), status);
    }
}

/// A secret that has ended is its former holder's: what they send must not count against the key.
#[tokio::test]
async fn ended_secret_spends_nothing_of_the_rate() {
    let stage = Stage::set().await;
    let old = stage.key(&["workspace:read"]).await;
    stage.rotate(&ANA, &old, 1).await;
    stage.world.wait(HOUR);
    let before = stage.used(&old);
    assert_eq!(outcome(&stage.get(&old, "/workspace").await), (401, "key_invalid"));
    assert_eq!(stage.used(&old), before);
}

/// Invariant 63.
#[tokio::test]
async fn only_the_maker_rotates_a_key() {
    let stage = Stage::set().await;
    let bens = stage.key_of(&BEN, json!({"name": "Ben's", "scopes": ["workspace:read"]})).await;
    let service = json!({"name": "Service", "scopes": ["workspace:read"], "service": true});
    let service = stage.key_of(&ANA, service).await;
    for (person, key) in [(&ANA, &bens), (&BEN, &service)] {
        let refused = stage.at(person, "POST", key, "/rotate", json!({})).await;
        assert_eq!(outcome(&refused), (403, "key_of_another"), "{refused}");
    }
    for (person, key) in [(&BEN, &bens), (&ANA, &service)] {
        stage.rotate(person, key, 0).await;
    }
    stage.give_role(&CLEO, Role::Owner).await;
    let rotated = stage.rotate(&CLEO, &service, 0).await;
    assert_eq!(stage.get(&rotated, "/workspace").await.status.as_u16(), 200, "any owner rotates a service key");
}

#[tokio::test]
async fn expired_key_works_again_after_its_rotation() {
    let stage = Stage::set().await;
    let body = json!({"name": "Short", "scopes": ["workspace:read"], "expires_in_days": 1});
    let key = stage.key_of(&ANA, body).await;
    assert_eq!(stage.shown(&key).await["state"], "expiring", "within a week of its end");
    stage.world.wait(DAY - SECOND);
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
    stage.world.wait(SECOND);
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (401, "key_expired"));
    assert_eq!(stage.shown(&key).await["state"], "expired");
    let new = stage.rotate(&ANA, &key, MAX_OVERLAP_HOURS).await;
    assert_eq!(stage.get(&new, "/workspace").await.status.as_u16(), 200);
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (401, "key_invalid"), "its secret has ended");
    let shown = stage.shown(&key).await;
    assert_eq!((&shown["previous_until"], &shown["expires_at"]), (&Value::Null, &json!(stage.world.clock.now() + DAY)));
}

/// Invariant 61.
#[tokio::test]
async fn revoked_key_is_refused_on_its_next_request() {
    let stage = Stage::set().await;
    let (key, kept) = (stage.key(&["workspace:read"]).await, stage.key(&["workspace:read"]).await);
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
    let revoked = stage.at(&BEN, "DELETE", &key, "", Value::Null).await;
    assert_eq!((revoked.status.as_u16(), revoked.usage.round_trips), (204, 2), "{revoked}");
    let refused = stage.get(&key, "/workspace").await;
    assert_eq!(outcome(&refused), (401, "key_invalid"), "{refused}");
    assert_eq!((stage.used(&key), stage.counts()), (Value::Null, (1, 1)));
    assert_eq!(outcome(&stage.at(&ANA, "DELETE", &key, "", Value::Null).await), (404, "key_not_found"));
    assert_eq!(stage.get(&kept, "/workspace").await.status.as_u16(), 200);
    assert_eq!(stage.records("api_key.revoked").len(), 1);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let stage = Stage::set().await;
    let networks: Vec<_> = (0..=MAX_NETWORKS).map(|number| format!("10.0.{number}.0/24")).collect();
    let wrong = stage
        .post_key(
            &ANA,
            json!({
                "name": "A", "scopes": [], "expires_in_days": MAX_DAYS + 1, "networks": networks,
                "budgets": {"members": 1},
            }),
        )
        .await;
    assert_eq!(outcome(&wrong), (400, "invalid_request"), "{wrong}");
    for field in ["scopes", "expires_in_days", "networks", "budgets"] {
        assert!(wrong.wrong_fields().contains(&field), "{field}: {wrong}");
    }
    let mixed = Request::event("keys/create-invalid").within(stage.id);
    let mixed = stage.ask("/api-keys", mixed).await;
    for field in ["name", "scopes", "expires_in_days", "networks", "budgets"] {
        assert!(mixed.wrong_fields().iter().any(|wrong| wrong.starts_with(field)), "{field}: {mixed}");
    }
    for days in [0, MAX_DAYS + 1] {
        let body = json!({"name": "A", "scopes": ["team:read"], "expires_in_days": days});
        assert_eq!(stage.post_key(&ANA, body).await.wrong_fields(), ["expires_in_days"], "{days}");
    }
    for budget in ["members", "integrations", "api_keys", "seconds"] {
        let body = json!({"name": "A", "scopes": ["team:read"], "budgets": {budget: 1}});
        assert_eq!(stage.post_key(&ANA, body).await.wrong_fields(), ["budgets"], "{budget}");
    }
    let unknown = json!({"name": "A", "scopes": ["team:read"], "secret": "mine"});
    assert_eq!(stage.post_key(&ANA, unknown).await.wrong_fields(), ["secret"]);
    assert_eq!(stage.counts(), (0, 0));
    let key = stage.key(&["team:read"]).await;
    let overlap = stage.at(&ANA, "POST", &key, "/rotate", json!({"overlap_hours": MAX_OVERLAP_HOURS + 1})).await;
    assert_eq!(overlap.wrong_fields(), ["overlap_hours"]);
}

#[tokio::test]
async fn keys_are_for_admins() {
    let stage = Stage::set().await;
    let key = stage.key(&["team:read"]).await;
    let target = format!("/api-keys/{}", key.id);
    let requests = [
        ("GET", "/api-keys".to_owned(), None),
        ("POST", "/api-keys".to_owned(), Some(full())),
        ("PATCH", target.clone(), Some(json!({"name": "Other"}))),
        ("POST", format!("{target}/rotate"), Some(json!({}))),
        ("DELETE", target, None),
    ];
    let before = stage.stored(&key);
    for role in [Role::Member, Role::Viewer] {
        stage.give_role(&CLEO, role).await;
        for (method, target, body) in requests.clone() {
            let refused = stage.send(&CLEO, method, &target, body).await;
            assert_eq!(outcome(&refused), (403, "role_required"), "{role:?} {method} {target}");
            assert_eq!(refused.body["required_role"], "admin");
        }
    }
    for (method, target, body) in requests {
        let refused = stage.send(&DORA, method, &target, body).await;
        assert_eq!(outcome(&refused), (404, "workspace_not_found"), "{method} {target}");
    }
    assert_eq!((stage.stored(&key), stage.counts()), (before, (1, 1)));
}

/// Invariant 63.
#[tokio::test]
async fn service_keys_are_made_by_owners() {
    let stage = Stage::set().await;
    let body = |scope: &str| json!({"name": "Service", "scopes": [scope], "service": true});
    let refused = stage.post_key(&BEN, body("team:read")).await;
    assert_eq!((outcome(&refused), &refused.body["required_role"]), ((403, "service_keys_by_owners"), &json!("owner")));
    for scope in ["notifications:read", "notifications:write"] {
        assert_eq!(outcome(&stage.post_key(&ANA, body(scope)).await), (409, "scope_needs_maker"), "{scope}");
    }
    assert_eq!(stage.counts(), (0, 0));
    let key = stage.key_of(&ANA, body("team:read")).await;
    assert_eq!(stage.shown(&key).await["service"], true);
    assert_eq!(stage.get(&key, "/team/members").await.status.as_u16(), 200);
}

#[tokio::test]
async fn suspended_workspace_revokes_keys_and_makes_none() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read", "runtime:write"]).await;
    stage.world.suspend(stage.id, "Spam").await;
    for (method, rest, body) in [("PATCH", "", json!({"name": "Other"})), ("POST", "/rotate", json!({}))] {
        assert_eq!(outcome(&stage.at(&ANA, method, &key, rest, body).await), (403, "workspace_suspended"), "{method}");
    }
    assert_eq!(outcome(&stage.post_key(&ANA, full()).await), (403, "workspace_suspended"));
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200, "what members may read, keys may");
    let start = stage.program(&key.token, "POST", "/workspace/start", None).await;
    assert_eq!(outcome(&start), (403, "workspace_suspended"));
    assert_eq!(stage.send(&ANA, "GET", "/api-keys", None).await.status.as_u16(), 200);
    assert_eq!(stage.at(&ANA, "DELETE", &key, "", Value::Null).await.status.as_u16(), 204);
}

/// Makes the payment of `stage` overdue, without a grace period.
async fn overdue(stage: &Stage) {
    let store = stage.world.store();
    let billing = store.get_billing(stage.id).await.unwrap();
    let subscription = billing.subscription.clone().unwrap();
    let subscription = Subscription { status: Status::PastDue, grace_until: None, ..subscription };
    let billing = Billing { version: 2, subscription: Some(subscription), ..billing };
    store.set_billing(stage.id, &billing).await.unwrap();
}

#[tokio::test]
async fn overdue_workspace_makes_no_keys() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    overdue(&stage).await;
    assert_eq!(outcome(&stage.post_key(&ANA, full()).await), (402, "workspace_past_due"));
    assert_eq!(stage.counts(), (1, 1));
    assert_eq!(stage.at(&ANA, "DELETE", &key, "", Value::Null).await.status.as_u16(), 204);
}

/// Invariant 65.
#[tokio::test]
async fn plan_limits_keys_and_names_a_larger_one() {
    let stage = Stage::on("free", World::default()).await;
    let key = stage.key(&["team:read"]).await;
    let reached =
        stage.world.outbox_events("limit.reached").into_iter().filter(|facts| facts["resource"] == "api_keys");
    assert_eq!(reached.collect::<Vec<_>>(), [json!({"resource": "api_keys", "limit": 1})]);
    let refused = stage.post_key(&ANA, full()).await;
    assert_eq!(outcome(&refused), (402, "workspace_key_limit"), "{refused}");
    let named = ["meter", "limit", "used", "upgrade_to"].map(|field| refused.body[field].clone());
    assert_eq!(named, [json!("api_keys"), json!(1), json!(1), json!("starter")]);
    assert_eq!(stage.counts(), (1, 1));
    // An expired key counts until it is deleted.
    stage.world.wait(DAY * i32::from(DEFAULT_DAYS));
    assert_eq!(stage.post_key(&ANA, full()).await.code(), "workspace_key_limit");
    assert_eq!(stage.at(&ANA, "DELETE", &key, "", Value::Null).await.status.as_u16(), 204);
    made(&stage.post_key(&ANA, full()).await);
    assert_eq!(stage.counts(), (1, 1));
}

/// Invariant 20.
#[tokio::test]
async fn keys_of_other_workspaces_do_not_exist() {
    let stage = Stage::set().await;
    let other = stage.world.workspace_of(&CLEO).await;
    let request = Request::new("POST", "/api-keys").by(&CLEO).within(other);
    let theirs = json!({"name": "Theirs", "scopes": ["workspace:read"]});
    let theirs = made(&stage.ask("/api-keys", request.json(theirs)).await);
    for (method, rest, body) in
        [("PATCH", "", json!({"name": "Mine"})), ("POST", "/rotate", json!({})), ("DELETE", "", Value::Null)]
    {
        let refused = stage.at(&ANA, method, &theirs, rest, body).await;
        assert_eq!(outcome(&refused), (404, "key_not_found"), "{method} {rest}");
    }
    assert_eq!(stage.get(&theirs, "/workspace").await.body["id"], json!(other));
}
