//! Monthly budgets of keys, and meters that are counted elsewhere.

use super::stage::{DAY, Key, Stage, outcome};
use domain::{identity::access::Role, keys::usage::KeyMonth};
use futures::future::join_all;
use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, World, meter, plan};

/// Makes a key that may consume ten executions a month.
async fn key_of_ten(stage: &Stage) -> Key {
    let scopes = ["usage:read", "usage:write"];
    stage.key_of(&ANA, json!({"name": "A", "scopes": scopes, "budgets": {"executions": 10}})).await
}

async fn consume(stage: &Stage, key: &Key, meter: &str, amount: u64, name: &str) -> Answer {
    let body = json!({"meter": meter, "amount": amount, "key": name});
    stage.program(&key.token, "POST", "/usage/consume", Some(body)).await
}

/// Returns what `key` has spent of its budget of executions in the current month.
fn spent(stage: &Stage, key: &Key) -> Value {
    let month = KeyMonth::of(stage.world.clock.now());
    let place = (format!("WS#{}#KEYS", stage.id), format!("SPENT#{}#{month}#executions", key.id));
    stage.world.items().get(&place).map_or(json!(0), |item| item["spent"].clone())
}

#[tokio::test]
async fn monthly_budget_of_a_key_is_kept() {
    let stage = Stage::set().await;
    let key = key_of_ten(&stage).await;
    assert_eq!(consume(&stage, &key, "executions", 6, "a").await.status.as_u16(), 200);
    let refused = consume(&stage, &key, "executions", 5, "b").await;
    assert_eq!(outcome(&refused), (429, "key_budget_used"), "{refused}");
    let named = ["meter", "limit", "used", "resets_at"].map(|field| refused.body[field].clone());
    assert_eq!(named, [json!("executions"), json!(10), json!(6), json!("2026-12-01T00:00:00Z")]);
    let end: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    let left = end.duration_since(stage.world.clock.now()).as_secs().to_string();
    assert_eq!(refused.headers["retry-after"], left.as_str());
    assert_eq!(
        (consume(&stage, &key, "executions", 4, "c").await.status.as_u16(), spent(&stage, &key)),
        (200, json!(10))
    );
    assert_eq!(outcome(&consume(&stage, &key, "executions", 1, "d").await), (429, "key_budget_used"));
    // It is the key's: neither other meters nor people have it.
    assert_eq!(consume(&stage, &key, "traces", 100, "e").await.status.as_u16(), 200);
    let person = json!({"meter": "executions", "amount": 50, "key": "f"});
    assert_eq!(stage.send(&ANA, "POST", "/usage/consume", Some(person)).await.status.as_u16(), 200);
    let other = key_of_ten(&stage).await;
    assert_eq!(consume(&stage, &other, "executions", 10, "g").await.status.as_u16(), 200);
    // 21 November and ten days.
    stage.world.wait(DAY * 9);
    assert_eq!(outcome(&consume(&stage, &key, "executions", 1, "h").await), (429, "key_budget_used"));
    stage.world.wait(DAY);
    let next = consume(&stage, &key, "executions", 10, "i").await;
    assert_eq!((next.status.as_u16(), spent(&stage, &key)), (200, json!(10)), "the next month: {next}");
    let refused = consume(&stage, &key, "executions", 1, "j").await;
    assert_eq!(refused.body["resets_at"], "2027-01-01T00:00:00Z", "{refused}");
}

/// Units of the workspace's budgets belong to those who are let in.
#[tokio::test]
async fn a_refused_key_uses_no_budget_of_the_workspace() {
    let stage = Stage::set().await;
    let taken = || -> u64 {
        let items = stage.world.items().into_values().filter(|item| item["_type"] == "budget");
        items.map(|item| item["taken"].as_u64().unwrap()).sum()
    };
    let scopes = ["audit:read", "billing:read", "integrations:write", "usage:read"];
    let key = stage.key_of(&ANA, json!({"name": "A", "scopes": scopes})).await;
    let elsewhere = json!({"name": "A", "scopes": scopes, "networks": ["203.0.113.0/24"]});
    let elsewhere = stage.key_of(&ANA, elsewhere).await;
    let before = taken();
    for (method, target) in [
        ("GET", "/audit/verify"),
        ("GET", "/audit/export"),
        ("GET", "/billing/invoices"),
        ("GET", "/billing/plan/preview?plan=pro"),
        ("POST", "/integrations/webhook/test"),
    ] {
        let refused = stage.program(&elsewhere.token, method, target, None).await;
        assert_eq!((outcome(&refused), taken()), ((403, "key_network_refused"), before), "{target}");
    }
    assert_eq!((stage.get(&key, "/audit/verify").await.status.as_u16(), taken()), (200, before + 1));
}

#[tokio::test]
async fn amount_above_the_whole_budget_is_refused() {
    let stage = Stage::set().await;
    let key = key_of_ten(&stage).await;
    for amount in [11, 1_000, u64::MAX >> 1] {
        let refused = consume(&stage, &key, "executions", amount, "a").await;
        assert!([400, 429].contains(&refused.status.as_u16()), "{amount}: {refused}");
    }
    let nothing = json!({"name": "A", "scopes": ["usage:write"], "budgets": {"executions": 0}});
    let none = stage.key_of(&ANA, nothing).await;
    assert_eq!(outcome(&consume(&stage, &none, "executions", 1, "a").await), (429, "key_budget_used"));
    assert_eq!((spent(&stage, &key), spent(&stage, &none)), (json!(0), json!(0)));
}

#[tokio::test]
async fn repetition_is_spent_once_and_a_dry_run_never() {
    let stage = Stage::set().await;
    let key = key_of_ten(&stage).await;
    let dry = async |amount: u64| {
        let body = json!({"meter": "executions", "amount": amount, "dry_run": true});
        stage.program(&key.token, "POST", "/usage/consume", Some(body)).await
    };
    assert_eq!((outcome(&dry(10).await), spent(&stage, &key)), ((200, ""), json!(0)));
    for _ in 0..3 {
        assert_eq!(consume(&stage, &key, "executions", 8, "a").await.status.as_u16(), 200);
    }
    assert_eq!(spent(&stage, &key), json!(8));
    assert_eq!((outcome(&dry(2).await), outcome(&dry(3).await)), ((200, ""), (429, "key_budget_used")));
}

#[tokio::test]
async fn release_does_not_give_a_budget_back() {
    let stage = Stage::set().await;
    let key = key_of_ten(&stage).await;
    assert_eq!(consume(&stage, &key, "executions", 10, "a").await.status.as_u16(), 200);
    let release = json!({"meter": "executions", "amount": 10, "key": "b", "consumption": "a"});
    let released = stage.program(&key.token, "POST", "/usage/release", Some(release)).await;
    assert_eq!((released.status.as_u16(), &released.body["used"]), (200, &json!(0)), "{released}");
    assert_eq!(outcome(&consume(&stage, &key, "executions", 1, "c").await), (429, "key_budget_used"));
}

#[tokio::test(start_paused = true)]
async fn parallel_consumptions_stay_within_the_budget() {
    for seed in 0..10 {
        let stage = Stage::on("business", World::seeded(seed)).await;
        let key = key_of_ten(&stage).await;
        let answers = join_all((0..30).map(|number| {
            let (stage, key) = (&stage, &key);
            async move { consume(stage, key, "executions", 1, &number.to_string()).await }
        }))
        .await;
        let counted = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        assert!(counted <= 10, "seed {seed}: {counted}");
        assert_eq!(spent(&stage, &key), json!(counted), "seed {seed}");
        for number in 30..30 + 10 - counted {
            let answer = consume(&stage, &key, "executions", 1, &number.to_string()).await;
            assert_eq!(answer.status.as_u16(), 200, "seed {seed}: {answer}");
        }
        assert_eq!(
            outcome(&consume(&stage, &key, "executions", 1, "last").await),
            (429, "key_budget_used"),
            "seed {seed}"
        );
        let usage = stage.get(&key, "/entitlements").await;
        let row = usage.body["meters"].as_array().unwrap().iter().find(|row| row["meter"] == "executions").unwrap();
        assert_eq!(row["used"], 10, "seed {seed}");
    }
}

#[tokio::test]
async fn meters_that_are_counted_are_not_consumed() {
    let stage = Stage::set().await;
    let key = key_of_ten(&stage).await;
    stage.world.changes();
    for meter in ["api_keys", "members", "integrations"] {
        for what in ["consume", "release"] {
            let body = json!({"meter": meter, "amount": 1, "key": "a"});
            let target = format!("/usage/{what}");
            let by_person = stage.send(&ANA, "POST", &target, Some(body.clone())).await;
            assert_eq!(
                (outcome(&by_person), &by_person.body["meter"]),
                ((409, "meter_is_counted"), &json!(meter)),
                "{what}"
            );
            let by_key = stage.program(&key.token, "POST", &target, Some(body)).await;
            assert_eq!(outcome(&by_key), (409, "meter_is_counted"), "{what} {meter}");
        }
        let dry = json!({"meter": meter, "amount": 1, "dry_run": true});
        assert_eq!(stage.send(&ANA, "POST", "/usage/consume", Some(dry)).await.code(), "meter_is_counted");
    }
    assert_eq!(stage.counts(), (1, 1));
    let unknown = json!({"meter": "seconds", "amount": 1, "key": "a"});
    let unknown = stage.send(&ANA, "POST", "/usage/consume", Some(unknown)).await;
    assert_eq!((outcome(&unknown), unknown.wrong_fields()), ((400, "invalid_request"), vec!["meter"]));
    // A member who may not consume is refused first.
    stage.give_role(&BEN, Role::Viewer).await;
    let body = json!({"meter": "api_keys", "amount": 1, "key": "a"});
    assert_eq!(stage.send(&BEN, "POST", "/usage/consume", Some(body)).await.code(), "role_required");
}

/// The entitlements show how many keys there are.
#[tokio::test]
async fn entitlements_and_usage_count_keys() {
    let stage = Stage::set().await;
    let key = key_of_ten(&stage).await;
    stage.key(&["team:read"]).await;
    let entitled = stage.get(&key, "/entitlements").await;
    let row = entitled.body["meters"].as_array().unwrap().iter().find(|row| row["meter"] == "api_keys").unwrap();
    let limit = stage.world.plans().limits(plan("business")).of(meter("api_keys"));
    assert_eq!((&row["used"], &row["limit"]), (&json!(2), &json!(limit)), "{entitled}");
}
