//! `integrations` under faults: concurrency, lost answers, processes that end, and secrets that stay secret.

use axum::Router;
use domain::ids::WorkspaceId;
use futures::future::join_all;
use http::StatusCode;
use integrations::IntegrationDeps;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, Chances, Fault, Lines, Request, World, webhook_secret};

fn router(world: &World) -> Router {
    let (store, secrets) = (world.store(), world.integration_secrets());
    let integrations = IntegrationDeps { store, secrets, courier: world.courier() };
    integrations::router(integrations, world.claim_rules())
}

fn put(id: WorkspaceId, secret: &str) -> Request {
    let body = json!({"config": {"url": "https://hooks.example.com/"}, "secret": webhook_secret(secret)});
    Request::new("PUT", "/integrations/webhook").within(id).json(body)
}

fn of_type(world: &World, kind: &str) -> Vec<Value> {
    world.items().into_values().filter(|item| item["_type"] == kind).collect()
}

/// Asserts that every stored secret is referred to or noted as an orphan, that every secret referred to is stored, and that the
/// counter and the records match.
#[track_caller]
fn assert_consistent(world: &World, case: &str) {
    let items = world.items();
    let name = |id: &str| format!("berth/test/integration/{id}");
    let of = |kind: &str| items.iter().filter(|(_, item)| item["_type"] == kind).collect::<Vec<_>>();
    let used: Vec<_> =
        of("integration").iter().filter_map(|(_, item)| item["state"]["secret"]["id"].as_str()).map(name).collect();
    let noted: Vec<_> = of("orphan").iter().map(|((_, sk), _)| name(sk.strip_prefix("SECRET#").unwrap())).collect();
    let secrets = world.secrets();
    for kept in secrets.keys() {
        assert!(used.contains(kept) || noted.contains(kept), "{case}: a stored secret without a reference");
    }
    for used in &used {
        assert!(secrets.contains_key(used), "{case}: an integration without the secret that it names");
        assert!(!noted.contains(used), "{case}: a secret in use that would be deleted");
    }
    assert_eq!(of("workspace").first().unwrap().1["integration_count"], json!(used.len()), "{case}: the count");
    let versions: u64 = of("integration").iter().map(|(_, item)| item["version"].as_u64().unwrap()).sum();
    let records =
        items.values().filter(|item| item["action"].as_str().is_some_and(|action| action.starts_with("integration.")));
    assert_eq!(records.count() as u64, versions, "{case}: a record for each change");
}

/// Invariant 34.
#[tokio::test(start_paused = true)]
async fn parallel_puts_leave_only_the_referenced_secret() {
    for seed in 0..40 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let puts = (0..2).map(|n| world.send(&router, put(id, &format!("secret-of-request-{n}"))));
        let answers = join_all(puts).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK), "seed {seed}: {answers:?}");
        assert_eq!(world.secrets().len(), 1, "seed {seed}");
        assert_eq!(of_type(&world, "orphan").len(), 0, "seed {seed}");
        assert_consistent(&world, &format!("seed {seed}"));
    }
}

/// The version that was read is compared in the write, too.
#[tokio::test(start_paused = true)]
async fn one_of_parallel_puts_has_the_version_that_all_have_read() {
    for seed in 0..30 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.send(&router, put(id, "secret-of-before")).await;
        let puts = (0..4).map(|n| put(id, &format!("secret-of-request-{n}")).header("if-match", "\"1\""));
        let answers = join_all(puts.map(|put| world.send(&router, put))).await;
        let mut said: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        said.sort_unstable();
        assert_eq!(said, [200, 412, 412, 412], "seed {seed}");
        assert_consistent(&world, &format!("seed {seed}"));
    }
}

/// Invariant 34.
#[tokio::test(start_paused = true)]
async fn faulty_puts_and_removals_lose_no_secret() {
    for seed in 0..40 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.set_fault_chances(Chances::HIGH);
        let requests = (0..6).map(|n| match n % 3 {
            0 | 1 => put(id, &format!("secret-of-request-{n}")),
            _ => Request::new("DELETE", "/integrations/webhook").within(id),
        });
        join_all(requests.map(|request| world.send(&router, request))).await;
        assert_consistent(&world, &format!("seed {seed}"));
    }
}

/// Fails each call of a PUT that replaces a secret, before and after it takes effect, in the order of the calls and with the
/// answer that the customer gets.
///
/// Invariant 34.
#[tokio::test(start_paused = true)]
async fn crash_at_any_call_loses_no_secret() {
    let calls = [
        ("BatchGetItem", 1, false),
        ("TransactWriteItems", 1, false),
        ("CreateSecret", 1, false),
        ("TransactWriteItems", 2, false),
        ("DeleteSecret", 1, true),
        ("DeleteItem", 1, true),
    ];
    for fault in [Fault::LoseRequest, Fault::LoseReply] {
        for (operation, nth, done) in calls {
            let world = World::default();
            let (router, id) = (router(&world), world.workspace_of(&ANA).await);
            let first = world.send(&router, put(id, "the-first-secret")).await;
            assert_eq!(first.status, StatusCode::OK);
            // The SDK tries three times.
            (1..nth).for_each(|_| world.plan(operation, Fault::Pass));
            (0..3).for_each(|_| world.plan(operation, fault));
            let answer = world.send(&router, put(id, "the-second-secret")).await;
            let case = format!("{fault:?} of {operation} {nth}");
            assert_eq!(answer.status == StatusCode::OK, done, "{case}: {answer}");
            assert_consistent(&world, &case);
            // The customer's next attempt does not interfere with the first.
            let again = world.send(&router, put(id, "the-third-secret")).await;
            assert_eq!((again.status, &again.body["has_secret"]), (StatusCode::OK, &json!(true)), "{case}");
            assert_consistent(&world, &case);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_secrets_manager_keeps_one_secret() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.plan("CreateSecret", Fault::LoseReply);
    assert_eq!(world.send(&router, put(id, "the-only-secret-there-is")).await.status, StatusCode::OK);
    assert_eq!(world.secrets().len(), 1);
}

#[tokio::test]
async fn a_secret_that_was_given_up_is_not_taken() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    // The sweeper runs while the request hangs, and marks the secret for deletion before the integration is written.
    world.after_all("CreateSecret", id, "SECRET#", "fate", json!({"S": "doomed"}));
    let answer = world.send(&router, put(id, "0123456789abcdef")).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "contended"));
    assert_eq!(of_type(&world, "integration").len(), 0);
    assert_eq!(of_type(&world, "orphan").first().unwrap()["fate"], "doomed");
}

#[tokio::test]
async fn two_that_are_set_up_at_once_do_not_go_beyond_the_plan() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.after("BatchGetItem", id, "META", "integration_count", json!({"N": "1"}));
    let answer = world.send(&router, put(id, "0123456789abcdef")).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYMENT_REQUIRED, "workspace_integration_limit"));
    assert_eq!(of_type(&world, "integration").len(), 0);
}

/// A unique secret.
const CANARY: &str = "canary7f3a9c51e8d2b604";

/// Invariant 25.
#[tokio::test(start_paused = true)]
async fn secrets_are_stored_in_secrets_manager_only() {
    let lines = Lines::capture();
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let mut answers: Vec<Answer> = Vec::new();
    let mut send = async |request: Request| answers.push(world.send(&router, request).await);
    let changed = |body: Value| Request::new("PUT", "/integrations/webhook").within(id).json(body);
    let url = "https://hooks.example.com/";
    send(put(id, CANARY)).await;
    send(put(id, &format!("{CANARY}-rolled"))).await;
    send(Request::event("integrations/list").within(id)).await;
    send(Request::event("integrations/read").within(id)).await;
    // Requests that are refused for every possible reason.
    send(changed(json!({"config": {"url": "http://x"}, "secret": CANARY}))).await;
    send(changed(json!({"config": {"url": url, "key": CANARY}, "secret": format!("whsec_{CANARY}")}))).await;
    send(changed(json!({"config": {"url": url}, "secret": {"text": CANARY}}))).await;
    send(changed(json!({"config": {"url": url}, "secret": format!("{CANARY} \u{7f}")}))).await;
    send(changed(json!({"config": {"url": url}, "secret": CANARY, "events": [CANARY], "name": [CANARY]}))).await;
    send(Request::new("PUT", "/integrations/webhook").within(id).body(format!(r#"{{"secret": "{CANARY}"#))).await;
    send(Request::new("PUT", "/integrations/slack").within(id).json(json!({"config": {}, "secret": CANARY}))).await;
    send(put(id, CANARY).by(&BEN)).await;
    for operation in ["CreateSecret", "TransactWriteItems", "DeleteSecret", "BatchGetItem"] {
        (0..3).for_each(|_| world.plan(operation, Fault::ServerError));
        send(put(id, &format!("{CANARY}-{operation}"))).await;
    }
    send(Request::event("integrations/remove").within(id)).await;

    assert!(
        world.secrets().values().any(|secret| secret.text.contains(CANARY)),
        "one that failed is left for the sweeper"
    );
    let written = answers.iter().map(|answer| format!("{answer}{:?}", answer.headers)).collect::<String>();
    let items = world.items().into_iter().map(|(key, item)| format!("{key:?} {item}")).collect::<String>();
    let logged = lines.text();
    assert!(logged.contains("\"request\"") || logged.contains("request"), "the log was read");
    for (place, text) in [
        ("an answer", written),
        ("the table", items),
        ("the stream", world.stream().to_string()),
        ("a queue", format!("{:?}", world.queued())),
        ("a letter", format!("{:?}", world.letters())),
        ("the log", logged),
    ] {
        assert!(!text.contains(CANARY), "the secret was found in {place}: {text}");
    }
}
