//! The rights of a key: never more than its maker has at that moment, and none once they have left.

use super::stage::{Key, MINUTE, Stage, outcome};
use domain::{billing::account::Billing, identity::access::Role};
use serde_json::{Value, json};
use shared::{account::delete_account, team};
use testkit::{ANA, BEN, CLEO, Person, Request};

/// Makes a key of Ben's for what viewers, members and admins may do.
async fn bens(stage: &Stage) -> Key {
    let scopes = ["team:read", "runtime:read", "runtime:write", "audit:read", "usage:write", "billing:read"];
    stage.key_of(&BEN, json!({"name": "Ben's", "scopes": scopes})).await
}

/// Returns the codes of a request for each of the roles viewer, member and admin, empty for a success.
async fn codes(stage: &Stage, key: &Key) -> [String; 3] {
    let get = async |target: &str| stage.get(key, target).await.code().to_owned();
    let stop = stage.program(&key.token, "POST", "/workspace/stop", None).await.code().to_owned();
    [get("/team/members").await, stop, get("/audit").await]
}

async fn leave(stage: &Stage, person: &Person) {
    team::leave_workspace(&stage.world.store(), &person.caller(), stage.id, None).await.unwrap();
}

async fn reactivate(stage: &Stage, person: &Person) {
    let store = stage.world.store();
    team::reactivate_member(&store, &ANA.caller(), stage.id, person.id(), None).await.unwrap();
}

/// Otherwise a key that only manages integrations would have the audit log sent to it.
#[tokio::test]
async fn audit_log_is_sent_only_by_keys_that_may_read_it() {
    let stage = Stage::set().await;
    let (manages, reads) =
        (stage.key(&["integrations:write"]).await, stage.key(&["integrations:write", "audit:read"]).await);
    let put = async |key: &Key, url: &str, events: Value| {
        let secret = testkit::webhook_secret("one");
        let body = json!({"config": {"url": url}, "secret": secret, "events": events});
        stage.program(&key.token, "PUT", "/integrations/webhook", Some(body)).await
    };
    let ours = "https://hooks.example.com/";
    let refused = put(&manages, ours, json!(["audit.recorded"])).await;
    assert_eq!(outcome(&refused), (403, "scope_required"), "{refused}");
    assert_eq!(put(&reads, ours, json!(["audit.recorded"])).await.status.as_u16(), 200);
    // Neither elsewhere, nor under a secret that only it knows.
    let refused = put(&manages, "https://elsewhere.example.com/", Value::Null).await;
    assert_eq!(outcome(&refused), (403, "scope_required"), "{refused}");
    let renamed = json!({"config": {"url": ours}, "name": "Ours"});
    let answer = stage.program(&manages.token, "PUT", "/integrations/webhook", Some(renamed)).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    assert_eq!(put(&manages, ours, json!(["member.joined"])).await.status.as_u16(), 200, "without the log");
}

/// Invariant 63.
#[tokio::test]
async fn a_summary_has_only_what_the_scopes_allow() {
    let stage = Stage::set().await;
    let consume = json!({"meter": "executions", "amount": 900_000, "key": "one"});
    assert_eq!(stage.send(&ANA, "POST", "/usage/consume", Some(consume)).await.status.as_u16(), 200);
    let summaries = ["workspace:read", "billing:read", "runtime:read"];
    let (little, all) =
        (stage.key(&summaries[..1]).await, stage.key(&[&summaries[..], &["usage:read"]].concat()).await);
    let without_usage = stage.key(&summaries).await;
    for (key, sees_billing) in [(&little, false), (&without_usage, true)] {
        let onboarding = stage.get(key, "/onboarding").await.body;
        assert_eq!(onboarding["billing"]["subscription"].is_object(), sees_billing, "{onboarding}");
        assert_eq!(onboarding["steps"][2]["done"], true, "{onboarding}");
    }
    assert_eq!(outcome(&stage.get(&little, "/overview").await), (403, "scope_required"));
    for (key, near) in [(&without_usage, 0), (&all, 1)] {
        let overview = stage.get(key, "/overview").await.body;
        assert_eq!(overview["near_limits"].as_array().unwrap().len(), near, "{overview}");
        assert_eq!(overview["recent_activity"], Value::Null, "{overview}");
    }
}

/// Invariants 61 and 63.
#[tokio::test]
async fn demotion_narrows_a_key_on_its_next_request() {
    let stage = Stage::set().await;
    let key = bens(&stage).await;
    assert_eq!(codes(&stage, &key).await, ["", "", ""]);
    for (role, wanted) in [
        (Role::Member, ["", "", "role_required"]),
        (Role::Viewer, ["", "role_required", "role_required"]),
        (Role::Admin, ["", "", ""]),
        (Role::Owner, ["", "", ""]),
    ] {
        stage.give_role(&BEN, role).await;
        assert_eq!(codes(&stage, &key).await, wanted, "{role:?}");
    }
    stage.give_role(&BEN, Role::Viewer).await;
    let consume = json!({"meter": "traces", "amount": 1, "key": "one"});
    let refused = stage.program(&key.token, "POST", "/usage/consume", Some(consume)).await;
    assert_eq!((outcome(&refused), &refused.body["required_role"]), ((403, "role_required"), &json!("admin")));
    let invoices = stage.get(&key, "/billing/invoices").await;
    assert_eq!(outcome(&invoices), (403, "role_required"), "a scope opens what its maker may read");
}

/// Invariant 63.
#[tokio::test]
async fn promotion_gives_a_key_no_further_scope() {
    let stage = Stage::set().await;
    let key = bens(&stage).await;
    stage.give_role(&BEN, Role::Owner).await;
    for (target, code) in
        [("/workspace", "scope_required"), ("/integrations", "scope_required"), ("/api-keys", "not_by_key")]
    {
        assert_eq!(stage.get(&key, target).await.code(), code, "{target}");
    }
    assert_eq!(stage.program(&key.token, "DELETE", "/workspace", None).await.code(), "not_by_key");
    assert_eq!(stage.shown(&key).await["service"], false);
}

/// Invariants 5 and 61.
#[tokio::test]
async fn keys_of_former_members_are_refused_at_once() {
    for leaves in [false, true] {
        let stage = Stage::set().await;
        let key = bens(&stage).await;
        assert_eq!(codes(&stage, &key).await, ["", "", ""]);
        if leaves {
            leave(&stage, &BEN).await
        } else {
            stage.remove(&BEN).await
        }
        // No sweep has run.
        for target in ["/team/members", "/audit", "/billing/subscription"] {
            assert_eq!(outcome(&stage.get(&key, target).await), (401, "key_maker_left"), "{leaves} {target}");
        }
        let stop = stage.program(&key.token, "POST", "/workspace/stop", None).await;
        assert_eq!(outcome(&stop), (401, "key_maker_left"));
        let forged = stage.program(&stage.forged(&key.id, BEN.id()), "GET", "/audit", None).await;
        assert_eq!(outcome(&forged), (401, "key_invalid"), "only the holder learns why");
    }
}

/// Invariants 24 and 61.
#[tokio::test]
async fn sweeper_revokes_the_keys_of_a_former_member() {
    for leaves in [false, true] {
        let stage = Stage::set().await;
        stage.give_role(&CLEO, Role::Admin).await;
        let (first, second, anas) = (bens(&stage).await, bens(&stage).await, stage.key(&["team:read"]).await);
        if leaves {
            leave(&stage, &BEN).await
        } else {
            stage.remove(&BEN).await
        }
        assert_eq!(stage.counts(), (3, 3));
        stage.world.wait(MINUTE);
        stage.sweep().await;
        assert_eq!((stage.counts(), stage.used(&first), stage.used(&second)), ((1, 1), Value::Null, Value::Null));
        assert_eq!(stage.get(&anas, "/team/members").await.status.as_u16(), 200);
        for key in [&first, &second] {
            assert_eq!(outcome(&stage.get(key, "/audit").await), (401, "key_invalid"));
        }
        let by = if leaves { BEN.id() } else { ANA.id() };
        let records = stage.records("api_key.revoked");
        let mut revoked: Vec<_> = records.iter().map(|record| record["target"].as_str().unwrap()).collect();
        revoked.sort_unstable();
        let mut wanted = [first.id.as_str(), second.id.as_str()];
        wanted.sort_unstable();
        assert_eq!(revoked, wanted, "one record for each key");
        assert!(records.iter().all(|record| record["actor"] == json!(by)), "{records:?}");
        // A repetition does nothing.
        stage.world.wait(MINUTE);
        stage.sweep().await;
        assert_eq!((stage.records("api_key.revoked").len(), stage.counts()), (2, (1, 1)));
        assert_eq!(stage.notified(&CLEO, "api_key.maker_left").await, 1, "{leaves}");
    }
}

/// Invariant 61.
#[tokio::test]
async fn member_without_keys_leaves_without_a_notice() {
    let stage = Stage::set().await;
    stage.remove(&BEN).await;
    stage.world.wait(MINUTE);
    stage.sweep().await;
    assert_eq!(stage.notified(&ANA, "api_key.maker_left").await, 0);
    assert_eq!(stage.counts(), (0, 0));
}

/// Invariant 61.
#[tokio::test]
async fn reactivation_restores_no_key() {
    for is_swept in [false, true] {
        let stage = Stage::set().await;
        let key = bens(&stage).await;
        stage.remove(&BEN).await;
        stage.world.wait(MINUTE);
        if is_swept {
            stage.sweep().await;
        }
        reactivate(&stage, &BEN).await;
        let code = if is_swept { "key_invalid" } else { "key_maker_left" };
        assert_eq!(codes(&stage, &key).await, [code; 3], "{is_swept}");
        let refused = stage.at(&BEN, "POST", &key, "/rotate", json!({})).await;
        let wanted = if is_swept { (404, "key_not_found") } else { (403, "key_of_another") };
        assert_eq!(outcome(&refused), wanted, "rotating would bring it back");
        let new = bens(&stage).await;
        stage.world.wait(MINUTE);
        stage.sweep().await;
        assert_eq!((stage.counts(), stage.stored(&key)), ((1, 1), Value::Null), "{is_swept}");
        assert_eq!(codes(&stage, &new).await, ["", "", ""], "keys of the present membership stay");
    }
}

/// Invariant 61.
#[tokio::test]
async fn invitation_of_a_former_member_restores_no_key() {
    let stage = Stage::set().await;
    let key = bens(&stage).await;
    leave(&stage, &BEN).await;
    stage.world.wait(MINUTE);
    stage.world.join(stage.id, &ANA, &BEN, Role::Admin).await;
    assert_eq!(codes(&stage, &key).await, ["key_maker_left"; 3]);
}

/// Invariant 63.
#[tokio::test]
async fn service_keys_outlive_the_membership_of_their_maker() {
    let stage = Stage::set().await;
    stage.give_role(&BEN, Role::Owner).await;
    let body = json!({"name": "S", "scopes": ["team:read", "audit:read", "runtime:write"], "service": true});
    let service = stage.key_of(&BEN, body).await;
    let own = bens(&stage).await;
    assert_eq!(codes(&stage, &service).await, ["", "", ""]);
    for role in [Role::Viewer, Role::Admin] {
        stage.give_role(&BEN, role).await;
        assert_eq!(codes(&stage, &service).await, ["", "", ""], "{role:?}");
    }
    stage.remove(&BEN).await;
    stage.world.wait(MINUTE);
    stage.sweep().await;
    assert_eq!((stage.counts(), stage.stored(&own)), ((1, 1), Value::Null));
    assert_eq!(codes(&stage, &service).await, ["", "", ""]);
    assert_eq!(stage.program(&service.token, "POST", "/workspace/start", None).await.status.as_u16(), 202);
    let shown = stage.shown(&service).await;
    assert_eq!((&shown["service"], &shown["created_by"]), (&json!(true), &json!(BEN.id())));
    // An admin's rights, not those of the owner who made it.
    assert_eq!(stage.at(&CLEO, "DELETE", &service, "", Value::Null).await.code(), "role_required");
    assert_eq!(stage.at(&ANA, "DELETE", &service, "", Value::Null).await.status.as_u16(), 204);
    assert_eq!(codes(&stage, &service).await, ["key_invalid"; 3]);
}

/// Invariants 44 and 61.
#[tokio::test]
async fn keys_of_a_deleted_account_are_revoked() {
    let stage = Stage::set().await;
    stage.give_role(&BEN, Role::Owner).await;
    let body = json!({"name": "S", "scopes": ["team:read", "audit:read", "runtime:write"], "service": true});
    let (own, service) = (bens(&stage).await, stage.key_of(&BEN, body).await);
    delete_account(&stage.world.store(), &BEN.caller()).await.unwrap();
    for _ in 0..8 {
        stage.world.wait(MINUTE);
        stage.sweep().await;
    }
    assert_eq!((stage.counts(), stage.stored(&own)), ((1, 1), Value::Null));
    assert_eq!(outcome(&stage.get(&own, "/audit").await), (401, "key_invalid"));
    assert_eq!(codes(&stage, &service).await, ["", "", ""]);
    let start = Request::new("POST", "/workspace/start").by_key(&service.token).header("idempotency-key", "one");
    assert_eq!(stage.ask("/workspace/start", start).await.status.as_u16(), 202);
    // The service key acts for the workspace, so that nothing of the person comes back.
    let own = stage.world.items().into_keys().filter(|(pk, _)| *pk == format!("USER#{}", BEN.id()));
    let own: Vec<_> = own.map(|(_, sk)| sk).filter(|sk| !sk.starts_with("DELETION#")).collect();
    assert_eq!(own, ["ACCOUNT_DELETION"]);
}

/// Another change of a key comes between the sweeper's read and its write.
///
/// Invariant 61.
#[tokio::test]
async fn a_key_that_changes_meanwhile_is_revoked_nevertheless() {
    let stage = Stage::set().await;
    let mut places = [stage.place(&bens(&stage).await), stage.place(&bens(&stage).await)];
    places.sort();
    stage.remove(&BEN).await;
    stage.world.wait(MINUTE);
    stage.world.after_at("TransactWriteItems", places[1].clone(), "version", json!({"N": "7"}));
    let swept = stage.sweep().await;
    assert_eq!((swept.failed, stage.counts(), stage.records("api_key.revoked").len()), (0, (0, 0), 2));
    assert!(places.iter().all(|place| !stage.world.items().contains_key(place)));
    assert_eq!(stage.notified(&ANA, "api_key.maker_left").await, 1);
}

/// Invariant 61.
#[tokio::test]
async fn keys_of_a_deleted_workspace_open_nothing() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    let others = shared::workspace::OtherMembers::Include;
    shared::workspace::delete_workspace(&stage.world.store(), &ANA.caller(), stage.id, others).await.unwrap();
    let refused = stage.get(&key, "/workspace").await;
    assert!([401, 404].contains(&refused.status.as_u16()), "{refused}");
    assert_eq!(stage.verify(json!({"token": key.token})).await.body["code"], "key_invalid");
}

/// The container was commanded under the key's own name.
///
/// Invariant 44.
#[tokio::test]
async fn a_service_key_leaves_nothing_of_its_deleted_workspace() {
    let stage = Stage::set().await;
    let service = json!({"name": "S", "scopes": ["runtime:write"], "service": true});
    let service = stage.key_of(&ANA, service).await;
    let start = stage.program(&service.token, "POST", "/workspace/start", None).await;
    assert_eq!(start.status.as_u16(), 202, "{start}");
    let allowances = || {
        let places = stage.world.items().into_keys().filter(|(_, sk)| sk == "ALLOWANCE").map(|(pk, _)| pk);
        places.filter(|pk| *pk != format!("USER#{}", ANA.id())).collect::<Vec<_>>()
    };
    assert_eq!(allowances().len(), 1);
    // Stripe, which does not answer here, has nothing to cancel.
    stage.world.store().set_billing(stage.id, &Billing::default()).await.unwrap();
    let others = shared::workspace::OtherMembers::Include;
    shared::workspace::delete_workspace(&stage.world.store(), &ANA.caller(), stage.id, others).await.unwrap();
    // So has ECS.
    let now = stage.world.clock.now().to_string();
    stage.world.overwrite(stage.id, "DELETION", "runtime_at", json!({ "S": now }));
    for _ in 0..8 {
        stage.world.wait(MINUTE);
        stage.sweep().await;
    }
    assert_eq!((stage.stored(&service), allowances()), (Value::Null, Vec::new()));
}
