//! Counting by containers: within the same limits as members, under the same keys, and for their own workspace only.

use super::{MINUTE, container_router, give, reconcile_once, running, token};
use domain::{
    ids::WorkspaceId,
    runtime::record::RuntimeCommand,
    usage::{RETURNABLE, UsageCommand},
};
use futures::future::join;
use insta::assert_snapshot;
use runtime_api::MAX_BODY;
use serde_json::{Value, json};
use shared::billing::count_usage;
use testkit::{ANA, Answer, Chances, Fault, Moment, Request, World, meter, plan};

async fn post(world: &World, token: &str, what: &str, body: Value) -> Answer {
    let request = Request::event(&format!("runtime-api/{what}")).header("authorization", format!("Bearer {token}"));
    world.send(&container_router(world), request.json(body)).await
}

async fn consume(world: &World, token: &str, meter: &str, amount: u64, key: &str) -> Answer {
    post(world, token, "consume", json!({"meter": meter, "amount": amount, "key": key})).await
}

/// Counts one execution as a member. Returns true if it was counted.
async fn by_hand(world: &World, workspace: WorkspaceId, key: &str) -> bool {
    let one = UsageCommand::consume(meter("executions"), 1.try_into().unwrap(), key.parse().unwrap());
    count_usage(&world.store(), &ANA.caller(), workspace, &one, None).await.is_ok()
}

/// Returns the sum of the shards of `workspace`.
fn used(world: &World, workspace: WorkspaceId, meter: &str) -> i64 {
    let (partition, of) = (format!("WS#{workspace}#USAGE"), format!("#{meter}#"));
    let items = world.items().into_iter().filter(|((pk, sk), _)| *pk == partition && sk.contains(&of));
    items.map(|(_, item)| item["used"].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn counting_is_two_trips_and_touches_nothing_but_usage() {
    let (world, workspace) = running(plan("free")).await;
    let token = token(&world);
    for meter in ["executions", "storage_mb"] {
        let answer = consume(&world, &token, meter, 5, meter).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 2), "{answer}");
    }
    let given = post(&world, &token, "release", json!({"meter": "storage_mb", "amount": 5, "key": "gone"})).await;
    assert_eq!((given.status.as_u16(), given.usage.round_trips, &given.body["used"]), (200, 2, &json!(0)));
    let written = world.changes();
    let own = format!("+ WS#{workspace}#USAGE |");
    let mut keys = written.lines().filter(|line| line.starts_with(['+', '-', '~']));
    assert!(keys.all(|key| key.starts_with(&own)), "{written}");
}

#[tokio::test]
async fn the_sample_events_are_answered() {
    let (world, _) = running(plan("free")).await;
    let bearer = format!("Bearer {}", token(&world));
    let of = |name: &str| Request::event(name).header("authorization", &bearer);
    assert_snapshot!(world.send(&container_router(&world), of("runtime-api/consume")).await);
    assert_eq!(world.send(&container_router(&world), of("runtime-api/release")).await.code(), "usage_below_zero");
}

/// Invariant 23.
#[tokio::test]
async fn container_gets_the_same_refusal_as_members() {
    let (world, _) = running(plan("free")).await;
    let token = token(&world);
    assert_eq!(consume(&world, &token, "executions", 1_000, "all").await.status.as_u16(), 200);
    world.changes();
    assert_snapshot!(consume(&world, &token, "executions", 1, "more").await);
    assert_eq!(consume(&world, &token, "gateways", 2, "two").await.code(), "workspace_meter_limit");
    world.assert_nothing_written();
}

#[tokio::test]
async fn unpaid_container_releases_and_consumes_nothing() {
    let (world, workspace) = running(plan("pro")).await;
    let token = token(&world);
    assert_eq!(consume(&world, &token, "storage_mb", 9, "kept").await.status.as_u16(), 200);
    // The period ended long ago, without any event from Stripe.
    world.wait(MINUTE * 60 * 24 * 60);
    let refused = consume(&world, &token, "storage_mb", 1, "more").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_past_due"));
    let given = post(&world, &token, "release", json!({"meter": "storage_mb", "amount": 9, "key": "gone"})).await;
    assert_eq!((given.status.as_u16(), used(&world, workspace, "storage_mb")), (200, 0));
}

#[tokio::test]
async fn the_container_of_an_older_launch_counts_nothing() {
    let (world, workspace) = running(plan("free")).await;
    let old = token(&world);
    give(&world, workspace, RuntimeCommand::Restart).await;
    for what in ["consume", "release"] {
        let answer = post(&world, &old, what, json!({"meter": "plugins", "amount": 1, "key": "k"})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "runtime_token_invalid"));
    }
    world.assert_nothing_written();
    // Another launch of the same generation is another container as well.
    let old = token(&world);
    world.end_task(&world.tasks()[1].arn, "SpotInterruption");
    reconcile_once(&world, workspace).await;
    world.changes();
    assert_eq!(consume(&world, &old, "traces", 1, "k").await.status.as_u16(), 401);
    world.overwrite(workspace, "META", "live", json!({"BOOL": false}));
    world.changes();
    assert_eq!(
        consume(&world, &token(&world), "traces", 1, "k").await.status.as_u16(),
        401,
        "the workspace is deleted"
    );
    world.assert_nothing_written();
}

/// Invariant 20.
#[tokio::test]
async fn token_counts_for_its_own_workspace_only() {
    let (world, own) = running(plan("free")).await;
    let token = token(&world);
    let other = world.workspace_of(&ANA).await;
    world.subscribe(other, plan("pro")).await;
    give(&world, other, RuntimeCommand::Start).await;
    let request = Request::event("runtime-api/consume").header("authorization", format!("Bearer {token}"));
    let answer = world.send(&container_router(&world), request.within(other)).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    assert!(!world.changes().contains(&other.to_string()));
    assert_eq!((used(&world, own, "executions"), used(&world, other, "executions")), (1, 0));
    let forged = token.replace(&own.to_string(), &other.to_string());
    let cut = &token[..token.len() - 1];
    for token in ["", "x", &forged, cut] {
        let answer = consume(&world, token, "executions", 1, "k").await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "runtime_token_invalid"), "{token}");
    }
    let none = Request::event("runtime-api/consume").header("authorization", format!("Basic {token}"));
    assert_eq!(world.send(&container_router(&world), none).await.status.as_u16(), 401);
    world.assert_nothing_written();
}

#[tokio::test]
async fn uncountable_usage_is_refused() {
    let (world, _) = running(plan("free")).await;
    let token = token(&world);
    let answer = post(&world, &token, "consume", json!({"meter": "Members", "amount": 0, "user": 1})).await;
    assert_eq!((answer.status.as_u16(), answer.wrong_fields().join(" ").as_str()), (400, "amount meter user key"));
    let unknown = post(&world, &token, "consume", json!({"meter": "runs", "amount": 1, "key": "k"})).await;
    assert_eq!((unknown.status.as_u16(), unknown.wrong_fields()), (400, vec!["meter"]));
    for (what, meter) in [("consume", "members"), ("release", "integrations"), ("consume", "api_keys")] {
        let answer = post(&world, &token, what, json!({"meter": meter, "amount": 1, "key": "k"})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (409, "meter_is_counted"), "{what} {meter}");
    }
    let long = json!({"meter": "traces", "amount": 1, "key": "k".repeat(MAX_BODY)});
    assert_eq!(post(&world, &token, "consume", long).await.status.as_u16(), 413);
    world.assert_nothing_written();
}

/// Invariant 23.
#[tokio::test]
async fn one_key_counts_once_for_any_sender() {
    let (world, workspace) = running(plan("free")).await;
    let token = token(&world);
    assert!(by_hand(&world, workspace, "run-1").await);
    let again = consume(&world, &token, "executions", 1, "run-1").await;
    assert_eq!((again.status.as_u16(), &again.body["used"]), (200, &json!(1)));
    assert_eq!(consume(&world, &token, "executions", 2, "run-1").await.code(), "usage_key_reused");
    assert_eq!(used(&world, workspace, "executions"), 1);
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn containers_and_members_take_exactly_the_rest() {
    for seed in 0..40 {
        let world = World::seeded(seed);
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        let token = token(&world);
        assert_eq!(consume(&world, &token, "executions", 994, "base").await.status.as_u16(), 200);
        let taken = async |key: String| consume(&world, &token, "executions", 1, &key).await.status == 200;
        let containers = futures::future::join_all((0..5).map(|n| taken(format!("c{n}"))));
        let keys: Vec<_> = (0..5).map(|n| format!("p{n}")).collect();
        let people = futures::future::join_all(keys.iter().map(|key| by_hand(&world, workspace, key)));
        let (containers, people) = join(containers, people).await;
        let taken = containers.into_iter().chain(people).filter(|taken| *taken).count();
        assert_eq!((taken, used(&world, workspace, "executions")), (6, 1_000), "seed {seed}");
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn container_that_retries_faults_counts_once() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        let token = token(&world);
        world.set_fault_chances(Chances::HIGH);
        let mut status = 503;
        for _ in 0..30 {
            status = consume(&world, &token, "traces", 7, "k").await.status.as_u16();
            if status != 503 {
                break;
            }
        }
        world.clear_fault_chances();
        assert_eq!((status, used(&world, workspace, "traces")), (200, 7), "seed {seed}");
    }
}

/// Invariant 23.
#[tokio::test]
async fn a_crash_at_any_call_counts_once_or_not_at_all() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (world, workspace) = running(plan("free")).await;
            let token = token(&world);
            let ask = || consume(&world, &token, "executions", 600, "k");
            let done = world.crashing(call, moment, Box::pin(ask())).await;
            assert!([0, 600].contains(&used(&world, workspace, "executions")), "{moment:?} {call}");
            assert_eq!(ask().await.status, 200);
            assert_eq!(used(&world, workspace, "executions"), 600, "{moment:?} {call}");
            if done.is_some() {
                assert!(call >= 3, "it takes the key, a read of two items and a transaction");
                break;
            }
        }
    }
}

#[tokio::test]
async fn repeated_key_of_an_earlier_month_does_not_count() {
    let (world, workspace) = running(plan("free")).await;
    assert_eq!(consume(&world, &token(&world), "executions", 3, "k").await.status.as_u16(), 200);
    world.wait(MINUTE * 60 * 24 * 32);
    world.plan("TransactWriteItems", Fault::LoseReply);
    let again = consume(&world, &token(&world), "executions", 3, "k").await;
    assert_eq!((again.status.as_u16(), &again.body["used"]), (200, &json!(0)));
    assert_eq!(used(&world, workspace, "executions"), 3);
}

#[tokio::test]
async fn a_suspended_container_releases_and_does_nothing_else() {
    let (world, workspace) = running(plan("pro")).await;
    let token = token(&world);
    assert_eq!(consume(&world, &token, "storage_mb", 9, "kept").await.status.as_u16(), 200);
    world.suspend(workspace, "Spam").await;
    world.changes();
    for answer in [
        consume(&world, &token, "storage_mb", 1, "more").await,
        post(&world, &token, "heartbeat", json!({"ram_used_mb": 1, "cpu_percent": 0.5, "active": true})).await,
    ] {
        assert_eq!((answer.status.as_u16(), answer.code()), (403, "workspace_suspended"), "{answer}");
        assert_eq!(answer.usage.round_trips, 1);
    }
    world.assert_nothing_written();
    let given = post(&world, &token, "release", json!({"meter": "storage_mb", "amount": 9, "key": "gone"})).await;
    assert_eq!((given.status.as_u16(), used(&world, workspace, "storage_mb")), (200, 0));
    world.unsuspend(workspace).await;
    assert_eq!(consume(&world, &token, "storage_mb", 1, "more").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_container_returns_a_consumption_once_and_in_time() {
    let (world, workspace) = running(plan("free")).await;
    let token = token(&world);
    let consume = async |key: &str| consume(&world, &token, "ai_credits", 10, key).await.status.as_u16();
    let release = async |body: Value| post(&world, &token, "release", body).await;
    let of = |key: &str, consumption: &str| json!({"meter": "ai_credits", "amount": 10, "key": key, "consumption": consumption});
    assert_eq!(consume("a").await, 200);
    world.changes();
    let unnamed = release(json!({"meter": "ai_credits", "amount": 10, "key": "r"})).await;
    assert_eq!((unnamed.status.as_u16(), unnamed.wrong_fields()), (400, vec!["consumption"]));
    assert_eq!(release(of("r", "b")).await.code(), "consumption_not_found");
    world.assert_nothing_written();
    let back = release(of("r", "a")).await;
    assert_eq!((back.status.as_u16(), back.usage.round_trips, used(&world, workspace, "ai_credits")), (200, 2, 0));
    assert_eq!(release(of("r", "a")).await.status.as_u16(), 200, "a repetition is answered");
    assert_eq!(release(of("s", "a")).await.code(), "consumption_returned");
    assert_eq!(consume("c").await, 200);
    world.wait(RETURNABLE + MINUTE);
    assert_eq!(release(of("t", "c")).await.code(), "release_too_late");
    assert_eq!(used(&world, workspace, "ai_credits"), 10);
}
