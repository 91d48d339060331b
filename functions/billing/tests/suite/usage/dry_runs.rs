//! Dry runs: the answer of a consumption, and no trace of one.

use super::Counting;
use domain::{identity::access::Role, plans::names::MeterName};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Request, World, plan};

impl Counting {
    /// A new workspace, without the calls that have created it.
    async fn fresh() -> Self {
        let counting = Self::within(World::default()).await;
        counting.forget();
        counting
    }

    fn forget(&self) {
        drop((self.world.changes(), self.world.calls()));
    }

    async fn check(&self, meter: &str, amount: u64) -> Answer {
        self.post("consume", json!({"meter": meter, "amount": amount, "dry_run": true})).await
    }

    /// Checks that the table was read only.
    #[track_caller]
    fn assert_only_read(&self) {
        self.world.assert_nothing_written();
        let calls = self.world.calls();
        let reads = ["BatchGetItem", "Query"];
        assert!(calls.keys().all(|call| reads.contains(&call.as_str())), "{calls:?}");
    }
}

/// Invariant 23.
#[tokio::test]
async fn dry_run_is_answered_like_the_consumption() {
    let counting = Counting::fresh().await;
    let mut key = 0;
    // Nothing was counted yet, then a rest, then nothing is left.
    for (meter, limit) in [("executions", 1_000), ("ai_credits", 10), ("storage_mb", 1_024), ("gateways", 1)] {
        let meter: MeterName = meter.parse().unwrap();
        for amount in [limit + 1, 1, limit, limit - 1, 1] {
            let Some(amount) = Some(amount).filter(|amount| *amount > 0) else { continue };
            counting.forget();
            let checked = counting.check(meter.as_str(), amount).await;
            counting.assert_only_read();
            let trips = if checked.status == 200 || meter.as_str() != "executions" { 1 } else { 2 };
            assert_eq!(checked.usage.round_trips, trips, "{checked}");
            key += 1;
            let counted = counting.consume(meter.as_str(), amount, &format!("k{key}")).await;
            let plain = |answer: &Answer| {
                let mut body = answer.body.clone();
                body.as_object_mut().unwrap().remove("instance");
                (answer.status.as_u16(), body)
            };
            assert_eq!(plain(&checked), plain(&counted), "{meter} {amount}");
        }
    }
}

/// Invariant 23.
#[tokio::test]
async fn dry_run_of_the_last_of_a_limit_reports_nothing() {
    let counting = Counting::fresh().await;
    for amount in [1_000, 1_000, 1_000] {
        assert_eq!(counting.check("executions", amount).await.body["used"], 1_000);
    }
    counting.assert_only_read();
    assert_eq!(counting.consume("executions", 1_000, "all").await.status.as_u16(), 200);
    assert!(counting.world.changes().contains("limit.reached"), "the consumption reports it");
}

#[tokio::test]
async fn dry_run_with_a_key_is_answered_as_its_repetition() {
    let counting = Counting::fresh().await;
    let with = |amount: u64, key: &str| json!({"meter": "storage_mb", "amount": amount, "key": key, "dry_run": true});
    counting.consume("storage_mb", 700, "k").await;
    counting.forget();
    let repeated = counting.post("consume", with(700, "k")).await;
    assert_eq!((repeated.status.as_u16(), &repeated.body["used"]), (200, &json!(700)), "it is counted already");
    assert_eq!(counting.post("consume", with(701, "k")).await.code(), "usage_key_reused");
    assert_eq!(counting.post("consume", with(700, "l")).await.code(), "workspace_meter_limit");
    assert_eq!(counting.post("consume", with(3, "l")).await.body["used"], 703);
    counting.assert_only_read();
    // The key is still free.
    assert_eq!(counting.consume("storage_mb", 5, "l").await.body["used"], 705);
}

/// Invariant 21.
#[tokio::test]
async fn dry_run_leaves_the_idempotency_key_free() {
    let counting = Counting::fresh().await;
    let request = |body: Value| {
        Request::new("POST", "/usage/consume").within(counting.workspace).header("idempotency-key", "i").json(body)
    };
    let dry = || request(json!({"meter": "executions", "amount": 600, "key": "k", "dry_run": true}));
    assert_eq!(counting.ask(dry()).await.body["used"], 600);
    counting.assert_only_read();
    let real = || request(json!({"meter": "executions", "amount": 600, "key": "k"}));
    let counted = counting.ask(real()).await;
    assert_eq!((counted.status.as_u16(), counted.usage.round_trips), (200, 2), "{counted}");
    assert_eq!(counting.ask(real()).await.body, counted.body);
    // Another dry run under the same idempotency key is answered as things are now.
    assert_eq!(counting.ask(dry()).await.body["used"], 600, "the usage key is counted");
    let more = request(json!({"meter": "executions", "amount": 600, "dry_run": true}));
    assert_eq!(counting.ask(more).await.code(), "workspace_meter_limit");
}

#[tokio::test]
async fn dry_run_takes_the_rights_of_a_consumption() {
    let counting = Counting::fresh().await;
    counting.world.join(counting.workspace, &ANA, &BEN, Role::Member).await;
    let body = json!({"meter": "executions", "amount": 1, "dry_run": true});
    let of = |person| Request::new("POST", "/usage/consume").by(person).within(counting.workspace).json(body.clone());
    assert_eq!(counting.ask(of(&BEN)).await.body["required_role"], "admin");
    assert_eq!(counting.ask(of(&CLEO)).await.code(), "workspace_not_found");
    counting.world.suspend(counting.workspace, "Spam").await;
    assert_eq!(counting.ask(of(&ANA)).await.code(), "workspace_suspended");
    counting.world.unsuspend(counting.workspace).await;
    counting.world.subscribe(counting.workspace, plan("pro")).await;
    counting.world.wait(SignedDuration::from_hours(24 * 60));
    let overdue = counting.ask(of(&ANA)).await;
    assert_eq!((overdue.status.as_u16(), overdue.code()), (402, "workspace_past_due"));
}

#[tokio::test]
async fn only_a_dry_run_needs_no_key() {
    let counting = Counting::fresh().await;
    let wrong = async |what: &str, body: Value| {
        let refused = counting.post(what, body).await;
        assert_eq!(refused.status.as_u16(), 400, "{refused}");
        refused.wrong_fields().join(" ")
    };
    for kept in [json!(false), json!(null)] {
        let body = json!({"meter": "executions", "amount": 1, "dry_run": kept});
        assert_eq!(wrong("consume", body).await, "key");
    }
    for other in [json!("true"), json!(1), json!([]), json!({})] {
        let body = json!({"meter": "executions", "amount": 1, "dry_run": other});
        assert_eq!(wrong("consume", body).await, "dry_run");
    }
    assert_eq!(wrong("consume", json!({"dry_run": true})).await, "meter amount");
    let empty = json!({"meter": "executions", "amount": 1, "key": "", "dry_run": true});
    assert_eq!(wrong("consume", empty).await, "key");
    let members = json!({"meter": "seats", "amount": 1, "dry_run": true});
    assert_eq!(wrong("consume", members).await, "meter");
    let release = json!({"meter": "storage_mb", "amount": 1, "key": "k", "dry_run": true});
    assert_eq!(wrong("release", release).await, "dry_run");
    counting.assert_only_read();
}

/// The names of meters are known with the catalogue only, after the types of all fields are checked.
#[tokio::test]
async fn unknown_meter_is_reported_with_all_other_errors() {
    let counting = Counting::fresh().await;
    let body = json!({"meter": "runs", "amount": 0, "more": 1});
    for what in ["consume", "release"] {
        let refused = counting.post(what, body.clone()).await;
        assert_eq!((refused.status.as_u16(), refused.wrong_fields().len()), (400, 4), "{refused}");
        for field in ["amount", "key", "meter", "more"] {
            assert!(refused.wrong_fields().contains(&field), "{field}: {refused}");
        }
    }
    let keyless = json!({"meter": "runs", "amount": 1});
    assert_eq!(counting.post("consume", keyless).await.wrong_fields(), ["meter", "key"]);
    let list = counting.post("consume", json!([{"meter": "runs"}])).await;
    assert_eq!(list.wrong_fields(), [""]);
}
