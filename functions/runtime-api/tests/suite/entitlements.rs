//! The entitlements of a container's workspace: those that members read, by the container's own token.

use super::{MINUTE, container_router, give, reconcile_once, running, token};
use domain::{ids::WorkspaceId, runtime::record::RuntimeCommand};
use serde_json::{Value, json};
use shared::billing::read_entitlements;
use testkit::{ANA, Answer, Request, World, plan};

fn request(token: &str) -> Request {
    Request::event("runtime-api/entitlements").header("authorization", format!("Bearer {token}"))
}

async fn entitled(world: &World, token: &str) -> Answer {
    world.send(&container_router(world), request(token)).await
}

async fn seen_by_ana(world: &World, workspace: WorkspaceId) -> Value {
    serde_json::to_value(read_entitlements(&world.store(), &ANA.caller(), workspace).await.unwrap()).unwrap()
}

async fn consume(world: &World, token: &str, body: Value) -> Answer {
    let request = Request::event("runtime-api/consume").header("authorization", format!("Bearer {token}"));
    world.send(&container_router(world), request.json(body)).await
}

#[tokio::test]
async fn container_reads_what_members_read_in_one_trip() {
    for of in ["free", "pro"] {
        let (world, workspace) = running(plan(of)).await;
        let token = token(&world);
        for meter in ["executions", "storage_mb", "plugins"] {
            let body = json!({"meter": meter, "amount": 2, "key": meter});
            assert_eq!(consume(&world, &token, body).await.status.as_u16(), 200);
        }
        world.changes();
        let answer = entitled(&world, &token).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 1), "{answer}");
        assert_eq!(answer.body, seen_by_ana(&world, workspace).await);
        assert_eq!((&answer.body["plan"]["name"], &answer.body["meters"][0]["used"]), (&json!(of), &json!(1)));
        world.assert_nothing_written();
    }
}

#[tokio::test]
async fn container_that_knows_the_answer_gets_no_body() {
    let (world, _) = running(plan("free")).await;
    let token = token(&world);
    let first = entitled(&world, &token).await;
    let again = || request(&token).header("if-none-match", first.headers["etag"].to_str().unwrap());
    world.wait(MINUTE);
    let same = world.send(&container_router(&world), again()).await;
    assert_eq!((same.status.as_u16(), same.bytes, same.usage.round_trips), (304, 0, 1));
    assert_eq!(same.headers["etag"], first.headers["etag"]);
    let dry = json!({"meter": "traces", "amount": 7, "dry_run": true});
    assert_eq!(consume(&world, &token, dry).await.status.as_u16(), 200);
    assert_eq!(world.send(&container_router(&world), again()).await.status.as_u16(), 304, "a dry run counts nothing");
    assert_eq!(consume(&world, &token, json!({"meter": "traces", "amount": 7, "key": "k"})).await.status.as_u16(), 200);
    let changed = world.send(&container_router(&world), again()).await;
    assert_eq!(changed.status.as_u16(), 200);
    assert_ne!(changed.headers["etag"], first.headers["etag"]);
}

/// Invariant 20.
#[tokio::test]
async fn entitlements_are_those_of_the_own_workspace_only() {
    let (world, own) = running(plan("free")).await;
    let token = token(&world);
    let other = world.workspace_of(&ANA).await;
    world.subscribe(other, plan("pro")).await;
    give(&world, other, RuntimeCommand::Start).await;
    let answer = world.send(&container_router(&world), request(&token).within(other)).await;
    assert_eq!((&answer.body["workspace_id"], &answer.body["plan"]["name"]), (&json!(own), &json!("free")));
    let forged = token.replace(&own.to_string(), &other.to_string());
    let cut = &token[..token.len() - 1];
    for wrong in ["", "x", &forged, cut] {
        // A tag opens nothing.
        for request in [request(wrong), request(wrong).header("if-none-match", "*")] {
            let answer = world.send(&container_router(&world), request).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (401, "runtime_token_invalid"), "{wrong}");
        }
        let dry = consume(&world, wrong, json!({"meter": "traces", "amount": 1, "dry_run": true})).await;
        assert_eq!(dry.status.as_u16(), 401, "{wrong}");
    }
    let none = Request::event("runtime-api/entitlements").header("authorization", format!("Basic {token}"));
    assert_eq!(world.send(&container_router(&world), none).await.status.as_u16(), 401);
    world.assert_nothing_written();
}

#[tokio::test]
async fn container_of_an_older_launch_reads_nothing() {
    let (world, workspace) = running(plan("free")).await;
    let old = token(&world);
    give(&world, workspace, RuntimeCommand::Restart).await;
    assert_eq!(entitled(&world, &old).await.code(), "runtime_token_invalid");
    let old = token(&world);
    world.end_task(&world.tasks()[1].arn, "SpotInterruption");
    reconcile_once(&world, workspace).await;
    assert_eq!(entitled(&world, &old).await.code(), "runtime_token_invalid");
    let present = token(&world);
    assert_eq!(entitled(&world, &present).await.status.as_u16(), 200);
    world.overwrite(workspace, "META", "live", json!({"BOOL": false}));
    assert_eq!(entitled(&world, &present).await.code(), "runtime_token_invalid", "the workspace is deleted");
}

#[tokio::test]
async fn suspended_and_unpaid_containers_read_why_they_count_nothing() {
    let (world, workspace) = running(plan("pro")).await;
    let token = token(&world);
    world.suspend(workspace, "Spam").await;
    let dry = || consume(&world, &token, json!({"meter": "traces", "amount": 1, "dry_run": true}));
    let suspended = entitled(&world, &token).await;
    assert_eq!((suspended.status.as_u16(), &suspended.body["status"]), (200, &json!("suspended")));
    assert_eq!(dry().await.code(), "workspace_suspended");
    world.unsuspend(workspace).await;
    assert_eq!(entitled(&world, &token).await.body["status"], "active");
    world.wait(MINUTE * 60 * 24 * 60);
    assert_eq!(entitled(&world, &token).await.body["status"], "past_due");
    assert_eq!(dry().await.code(), "workspace_past_due");
}

/// Invariant 23.
#[tokio::test]
async fn dry_run_of_a_container_counts_nothing() {
    let (world, _) = running(plan("free")).await;
    let token = token(&world);
    drop((world.changes(), world.calls()));
    let dry = |meter: &str, amount: u64| json!({"meter": meter, "amount": amount, "dry_run": true});
    for (meter, limit) in [("executions", 1_000_u64), ("ai_credits", 10)] {
        let fits = consume(&world, &token, dry(meter, limit)).await;
        assert_eq!((fits.status.as_u16(), fits.usage.round_trips, &fits.body["used"]), (200, 1, &json!(limit)));
        let refused = consume(&world, &token, dry(meter, limit + 1)).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_meter_limit"));
    }
    world.assert_nothing_written();
    assert!(!world.calls().contains_key("TransactWriteItems"));
    let refused = consume(&world, &token, json!({"meter": "runs", "amount": "1", "dry_run": "yes"})).await;
    assert_eq!(refused.wrong_fields(), ["amount", "dry_run", "meter"]);
}
