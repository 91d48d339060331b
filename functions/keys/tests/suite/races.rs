//! Keys under concurrency and faults: the limit, the rate, lost answers, and changes between a read and its write.

use super::stage::{Key, MINUTE, Stage, made, outcome};
use domain::identity::access::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{ANA, Answer, BEN, Fault, Request, World, plan};

fn create(stage: &Stage) -> Request {
    Request::new("POST", "/api-keys").within(stage.id).json(json!({"name": "A", "scopes": ["workspace:read"]}))
}

/// Returns the number of answers with each status and code.
fn tally(answers: &[Answer]) -> BTreeMap<(u16, &str), usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry(outcome(answer)).or_default() += 1;
    }
    tally
}

/// Invariant 65.
#[tokio::test(start_paused = true)]
async fn thirty_parallel_requests_make_the_one_free_key() {
    for seed in 0..10 {
        let stage = Stage::on("free", World::seeded(seed)).await;
        let answers = join_all((0..30).map(|_| stage.ask("/api-keys", create(&stage)))).await;
        assert_eq!(tally(&answers), [((201, ""), 1), ((402, "workspace_key_limit"), 29)].into(), "seed {seed}");
        assert_eq!((stage.counts(), stage.records("api_key.created").len()), ((1, 1), 1), "seed {seed}");
        let reached = stage.world.outbox_events("limit.reached");
        let reached = reached.iter().filter(|facts| facts["resource"] == "api_keys").count();
        assert_eq!(reached, 1, "seed {seed}");
    }
}

/// Invariant 65.
#[tokio::test(start_paused = true)]
async fn parallel_requests_fill_the_plan_and_no_more() {
    for seed in 0..10 {
        let stage = Stage::on("starter", World::seeded(seed)).await;
        let first = stage.key(&["workspace:read"]).await;
        let creates = join_all((0..12).map(|_| stage.ask("/api-keys", create(&stage))));
        let (answers, _) = tokio::join!(creates, stage.at(&ANA, "DELETE", &first, "", Value::Null));
        let created = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        assert_eq!(stage.counts(), (created as u64, created), "seed {seed}");
        assert!((4..=5).contains(&created), "seed {seed}: {:?}", tally(&answers));
        let (created, revoked) = (stage.records("api_key.created").len(), stage.records("api_key.revoked").len());
        assert_eq!(created - revoked, stage.counts().1, "seed {seed}: a record for each change");
    }
}

/// A change that a program has begun is refused once the key, or the right of its maker, has changed.
///
/// Invariants 5, 61 and 63.
#[tokio::test]
async fn changes_between_read_and_write_stop_a_program() {
    let cases = [
        // Revoked, narrowed or rotated: in each case the item has other rights, or none.
        ("key", "rights", json!({"N": "2"}), (409, "key_changed")),
        ("maker", "role", json!({"S": "viewer"}), (409, "role_changed")),
        ("maker", "status", json!({"S": "removed"}), (401, "key_maker_left")),
        ("maker", "accepted_at", json!({"S": "2026-11-21T13:30:00Z"}), (401, "key_maker_left")),
        ("workspace", "live", json!({"BOOL": false}), (404, "workspace_not_found")),
    ];
    for (of, attribute, value, wanted) in cases {
        let stage = Stage::set().await;
        let key = stage.key_of(&BEN, json!({"name": "A", "scopes": ["runtime:write", "integrations:write"]})).await;
        let sk = match of {
            "key" => stage.place(&key).1,
            "maker" => format!("MEMBER#{}", BEN.id()),
            _ => "META".to_owned(),
        };
        stage.world.after("BatchGetItem", stage.id, sk, attribute, value);
        stage.world.changes();
        let answer = stage.program(&key.token, "POST", "/workspace/start", None).await;
        assert_eq!(outcome(&answer), wanted, "{of} {attribute}: {answer}");
        let changed = stage.world.changes();
        assert!(!changed.contains("| RUNTIME") && !changed.contains("#AUDIT"), "{of} {attribute}: {changed}");
        assert!(stage.world.outbox_events("runtime.started").is_empty());
    }
}

/// Invariant 61.
#[tokio::test(start_paused = true)]
async fn nothing_follows_a_revocation() {
    for seed in 0..30 {
        let stage = Stage::on("business", World::seeded(seed)).await;
        let key = stage.key(&["runtime:write", "workspace:read"]).await;
        let uses = join_all((0..6).map(|_| stage.program(&key.token, "POST", "/workspace/start", None)));
        let (answers, revoked) = tokio::join!(uses, stage.at(&ANA, "DELETE", &key, "", Value::Null));
        assert_eq!(revoked.status.as_u16(), 204, "seed {seed}: {revoked}");
        for answer in &answers {
            assert!([202, 401, 409].contains(&answer.status.as_u16()), "seed {seed}: {answer}");
        }
        // Records are in the order of commits: nothing of the key comes after its end.
        let records = stage.world.items().into_iter().filter(|((pk, _), _)| *pk == format!("WS#{}#AUDIT", stage.id));
        let records: Vec<_> = records.map(|(_, record)| record).collect();
        let end = records.iter().position(|record| record["action"] == "api_key.revoked").unwrap();
        assert!(records[end..].iter().all(|record| record["key"].is_null()), "seed {seed}");
        assert_eq!(outcome(&stage.get(&key, "/workspace").await), (401, "key_invalid"), "seed {seed}");
        assert_eq!((stage.used(&key), stage.counts()), (Value::Null, (0, 0)), "seed {seed}: uses leave no item");
    }
}

/// Invariant 63.
#[tokio::test(start_paused = true)]
async fn nothing_of_a_key_follows_the_demotion_of_its_maker() {
    for seed in 0..30 {
        let stage = Stage::on("business", World::seeded(seed)).await;
        let key = stage.key_of(&BEN, json!({"name": "A", "scopes": ["runtime:write"]})).await;
        let uses = join_all((0..4).map(|number| {
            let action = if number % 2 == 0 { "start" } else { "stop" };
            let target = format!("/workspace/{action}");
            let stage = &stage;
            let token = key.token.clone();
            async move { stage.program(&token, "POST", &target, None).await }
        }));
        tokio::join!(uses, stage.give_role(&BEN, Role::Viewer));
        let records = stage.world.items().into_iter().filter(|((pk, _), _)| *pk == format!("WS#{}#AUDIT", stage.id));
        let records: Vec<_> = records.map(|(_, record)| record).collect();
        let end = records.iter().position(|record| record["action"] == "member.role_changed").unwrap();
        assert!(records[end..].iter().all(|record| record["key"].is_null()), "seed {seed}");
    }
}

/// Invariant 64.
#[tokio::test(start_paused = true)]
async fn rate_holds_under_parallel_requests() {
    let limit = World::default().plans().requests_per_minute(plan("free")) as usize;
    for seed in 0..3 {
        let stage = Stage::on("free", World::seeded(seed)).await;
        let key = stage.key(&["workspace:read"]).await;
        for minute in 0..2 {
            let answers = join_all((0..5 * limit).map(|_| stage.get(&key, "/workspace"))).await;
            let refused = ((429, "key_over_rate"), 4 * limit);
            assert_eq!(tally(&answers), [((200, ""), limit), refused].into(), "seed {seed}, minute {minute}");
            let over = answers.iter().find(|answer| answer.code() == "key_over_rate").unwrap();
            let headers = ["retry-after", "ratelimit-remaining"].map(|name| over.headers[name].to_str().unwrap());
            assert_eq!(headers, ["60", "0"], "{over}");
            let again = stage.get(&key, "/workspace").await;
            assert_eq!(outcome(&again), (429, "key_over_rate"), "seed {seed}");
            stage.world.wait(MINUTE);
            assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200, "the next minute lets in again");
            stage.world.wait(MINUTE);
        }
    }
}

/// Invariant 64.
#[tokio::test]
async fn rates_of_keys_are_separate_and_follow_the_plan() {
    let stage = Stage::on("starter", World::default()).await;
    let (one, other) = (stage.key(&["workspace:read"]).await, stage.key(&["workspace:read"]).await);
    let limit = stage.world.plans().requests_per_minute(plan("starter"));
    for _ in 0..limit {
        assert_eq!(stage.get(&one, "/workspace").await.status.as_u16(), 200);
    }
    assert_eq!(outcome(&stage.get(&one, "/workspace").await), (429, "key_over_rate"));
    assert_eq!(stage.get(&other, "/workspace").await.status.as_u16(), 200);
    assert_eq!(stage.send(&ANA, "GET", "/workspace", None).await.status.as_u16(), 200);
    // A larger plan applies at once.
    stage.world.subscribe(stage.id, plan("pro")).await;
    assert_eq!(stage.get(&one, "/workspace").await.status.as_u16(), 200);
}

/// Invariant 64.
#[tokio::test]
async fn request_that_is_decided_again_counts_once() {
    let stage = Stage::set().await;
    let key = stage.key(&["integrations:write"]).await;
    let set_up = Request::event("integrations/set-up").within(stage.id);
    assert_eq!(stage.ask("/integrations", set_up).await.status.as_u16(), 200);
    stage.world.after("BatchGetItem", stage.id, "INTEGRATION#webhook", "version", json!({"N": "2"}));
    drop(stage.world.calls());
    let removed = stage.program(&key.token, "DELETE", "/integrations/webhook", None).await;
    assert_eq!(
        (removed.status.as_u16(), stage.world.calls()["BatchGetItem"]),
        (204, 2),
        "it was decided twice: {removed}"
    );
    let used = stage.used(&key);
    assert_eq!((&used["uses"], &used["requests"]), (&json!(1), &json!(1)), "{used}");
    let limit = stage.world.plans().requests_per_minute(plan("business"));
    assert_eq!(removed.headers["ratelimit-remaining"], (limit - 1).to_string());
}

/// Plans `times` faults at transactions.
fn plan_faults(stage: &Stage, fault: Fault, times: usize) {
    (0..times).for_each(|_| stage.world.plan("TransactWriteItems", fault));
}

/// Returns true if the first answer, or its repetition, has the secret, and checks that they are of one key.
fn shows_secret(first: &Answer, again: &Answer, case: &str) -> bool {
    assert!(again.status.is_success(), "{case}: {again}");
    if first.status.is_success() {
        assert_eq!(first.body["id"], again.body["id"], "{case}");
    }
    assert!(!(first.body["secret"].is_string() && again.body["secret"].is_string()), "{case}: a second secret");
    first.body["secret"].is_string() || again.body["secret"].is_string()
}

/// Transactions check the item in which requests are counted, and the table refuses a write meanwhile.
#[tokio::test(start_paused = true)]
async fn count_that_meets_a_transaction_is_made_again() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    for times in [1, 2, 7] {
        for _ in 0..times {
            stage.world.plan("UpdateItem", Fault::Conflict);
        }
        assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200, "{times}");
    }
    assert_eq!(stage.used(&key)["uses"], 3);
}

/// Invariants 33 and 65.
#[tokio::test(start_paused = true)]
async fn lost_answers_make_one_key() {
    for fault in [Fault::LoseReply, Fault::LoseRequest, Fault::Conflict, Fault::Throttle] {
        // The SDK tries three times.
        for times in 1..=3 {
            let case = format!("{times} times {fault:?}");
            let stage = Stage::set().await;
            let request = || create(&stage).header("idempotency-key", "one");
            plan_faults(&stage, fault, times);
            let first = stage.ask("/api-keys", request()).await;
            stage.world.forget_plans();
            let again = stage.ask("/api-keys", request()).await;
            let is_shown = shows_secret(&first, &again, &case);
            // A key whose secret was lost on the way is rotated.
            assert!(is_shown || fault == Fault::LoseReply, "{case}");
            assert_eq!((stage.counts(), stage.records("api_key.created").len()), ((1, 1), 1), "{case}");
            let id = again.body["id"].as_str().unwrap().to_owned();
            let key = stage.rotate(&ANA, &Key { id, token: String::new() }, 0).await;
            assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200, "{case}");
        }
    }
}

/// Invariant 33.
#[tokio::test(start_paused = true)]
async fn lost_answers_rotate_a_key_once() {
    for fault in [Fault::LoseReply, Fault::LoseRequest, Fault::Conflict, Fault::Throttle] {
        for times in 1..=3 {
            let case = format!("{times} times {fault:?}");
            let stage = Stage::set().await;
            let old = made(&stage.ask("/api-keys", create(&stage)).await);
            let target = format!("/api-keys/{}/rotate", old.id);
            let request = || {
                let body = json!({"overlap_hours": 1});
                Request::new("POST", &target).within(stage.id).json(body).header("idempotency-key", "one")
            };
            plan_faults(&stage, fault, times);
            let first = stage.ask(&target, request()).await;
            stage.world.forget_plans();
            let again = stage.ask(&target, request()).await;
            shows_secret(&first, &again, &case);
            assert_eq!((&stage.stored(&old)["version"], stage.counts()), (&json!(2), (1, 1)), "{case}");
            assert_eq!(stage.records("api_key.rotated").len(), 1, "{case}");
            assert_eq!(stage.get(&old, "/workspace").await.status.as_u16(), 200, "{case}: within the overlap");
            let secret = [&first, &again].into_iter().find_map(|answer| answer.body["secret"].as_str());
            if let Some(token) = secret {
                let new = Key { id: old.id.clone(), token: token.to_owned() };
                assert_eq!(stage.get(&new, "/workspace").await.status.as_u16(), 200, "{case}");
            }
        }
    }
}

/// Invariant 62.
#[tokio::test(start_paused = true)]
async fn parallel_rotations_leave_two_secrets_at_most() {
    for seed in 0..10 {
        let stage = Stage::on("business", World::seeded(seed)).await;
        let old = stage.key(&["workspace:read"]).await;
        let rotate = || stage.at(&ANA, "POST", &old, "/rotate", json!({"overlap_hours": 1}));
        let answers = join_all((0..4).map(|_| rotate())).await;
        let done: Vec<_> = answers.iter().filter(|answer| answer.status.as_u16() == 200).collect();
        assert_eq!(stage.stored(&old)["version"], json!(1 + done.len()), "seed {seed}: {:?}", tally(&answers));
        let mut valid = 0;
        for answer in done {
            let key = Key { token: answer.body["secret"].as_str().unwrap().to_owned(), ..old.clone() };
            valid += usize::from(stage.get(&key, "/workspace").await.status.as_u16() == 200);
        }
        valid += usize::from(stage.get(&old, "/workspace").await.status.as_u16() == 200);
        assert_eq!(valid, 2, "seed {seed}: the last secret, and the one before it");
    }
}

/// A program whose request could not be counted is not let in.
///
/// Invariant 64.
#[tokio::test(start_paused = true)]
async fn request_that_cannot_be_counted_is_refused() {
    let stage = Stage::set().await;
    let key = stage.key(&["workspace:read"]).await;
    for fault in [Fault::LoseRequest, Fault::Throttle, Fault::ServerError] {
        (0..3).for_each(|_| stage.world.plan("UpdateItem", fault));
        let refused = stage.get(&key, "/workspace").await;
        assert!(refused.status.is_server_error(), "{fault:?}: {refused}");
        stage.world.forget_plans();
        assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200, "{fault:?}");
    }
}
