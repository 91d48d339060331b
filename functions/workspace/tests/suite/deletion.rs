//! Deleting a workspace over HTTP: permissions, immediate effects, and the receipt.

use domain::{identity::access::Role, ids::WorkspaceId};
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Chances, Person, Request, World};
use workspace::WorkspaceDeps;

fn router(world: &World) -> axum::Router {
    workspace::router(
        WorkspaceDeps {
            store: world.store(),
            free_workspaces: world.free_workspaces(),
            free_containers: world.free_containers(),
        },
        world.claim_rules(),
    )
}

async fn delete(world: &World, workspace: WorkspaceId, person: &Person, query: &str) -> Answer {
    let request = Request::new("DELETE", &format!("/workspace{query}")).by(person).within(workspace);
    world.send(&router(world), request).await
}

async fn receipt(world: &World, id: &Value, person: &Person) -> Answer {
    let request = Request::new("GET", &format!("/deletions/{}", id.as_str().unwrap())).by(person);
    world.send(&router(world), request).await
}

async fn founded() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.changes();
    (world, workspace)
}

#[tokio::test]
async fn deletion_writes_its_receipt_audit_record_and_message() {
    let (world, workspace) = founded().await;
    let answer = delete(&world, workspace, &ANA, "").await;
    assert_eq!(answer.usage.round_trips, 2);
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
}

#[tokio::test]
async fn only_the_requester_reads_the_receipt() {
    let (world, workspace) = founded().await;
    let id = delete(&world, workspace, &ANA, "").await.body["deletion_id"].clone();
    let answer = receipt(&world, &id, &ANA).await;
    assert_eq!(answer.usage.round_trips, 1);
    assert_snapshot!(answer);
    for id in [&id, &json!("del_01JADE000000000000000000ZZ")] {
        let answer = receipt(&world, id, &BEN).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "deletion_not_found"));
    }
}

#[tokio::test]
async fn deleted_workspace_is_gone_for_all_members_at_once() {
    let (world, workspace) = founded().await;
    world.join(workspace, &ANA, &BEN, Role::Admin).await;
    assert_eq!(delete(&world, workspace, &ANA, "?force=true").await.status, StatusCode::ACCEPTED);
    world.changes();
    let routes = [
        ("GET", "/workspace"),
        ("PUT", "/workspace"),
        ("GET", "/workspace/status"),
        ("POST", "/workspace/start"),
        ("POST", "/workspace/stop"),
        ("POST", "/workspace/restart"),
    ];
    for ((method, path), person) in routes.into_iter().flat_map(|route| [(route, ANA), (route, BEN)]) {
        let request = Request::new(method, path).by(&person).within(workspace).json(json!({}));
        let answer = world.send(&router(&world), request).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"), "{method} {path}");
    }
    let listed = world.send(&router(&world), Request::event("workspace/list")).await;
    assert_eq!(listed.body["workspaces"], json!([]));
    world.assert_nothing_written();
}

/// The answer was lost, and the browser sends the request again.
#[tokio::test]
async fn a_repeated_deletion_answers_the_same_receipt() {
    let (world, workspace) = founded().await;
    world.join(workspace, &ANA, &BEN, Role::Owner).await;
    let first = delete(&world, workspace, &ANA, "?force=true").await;
    world.changes();
    for query in ["?force=true", ""] {
        let again = delete(&world, workspace, &ANA, query).await;
        assert_eq!((again.status, &again.body), (StatusCode::ACCEPTED, &first.body));
    }
    for person in [BEN, CLEO] {
        let answer = delete(&world, workspace, &person, "?force=true").await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"));
    }
    world.assert_nothing_written();
    let receipt = receipt(&world, &first.body["deletion_id"], &ANA).await;
    assert_eq!(receipt.body["workspace_id"], json!(workspace));
}

#[tokio::test]
async fn others_keep_a_workspace_unless_it_is_forced() {
    let (world, workspace) = founded().await;
    world.join(workspace, &ANA, &BEN, Role::Admin).await;
    world.changes();
    for query in ["", "?force=false"] {
        let answer = delete(&world, workspace, &ANA, query).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "workspace_has_members"));
    }
    for (query, field) in [("?force=yes", "force"), ("?force=true&force=true", "force"), ("?farce=true", "farce")] {
        let answer = delete(&world, workspace, &ANA, query).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec![field]));
    }
    for (person, status) in [(BEN, 403), (CLEO, 404)] {
        assert_eq!(delete(&world, workspace, &person, "?force=true").await.status.as_u16(), status);
    }
    world.assert_nothing_written();
    assert_eq!(delete(&world, workspace, &ANA, "?force=true").await.status, StatusCode::ACCEPTED);
}

/// The write requires again that there are no other members.
#[tokio::test]
async fn member_who_joins_at_the_last_moment_prevents_deletion() {
    let (world, workspace) = founded().await;
    world.after("BatchGetItem", workspace, "META", "member_count", json!({"N": "2"}));
    let answer = delete(&world, workspace, &ANA, "").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "workspace_has_members"));
}

/// A request that has read the workspace before the deletion changes nothing after it.
#[tokio::test]
async fn decisions_before_a_deletion_are_not_written_after_it() {
    let changes = [("POST", "/workspace/start", json!({})), ("PUT", "/workspace", json!({"name": "Mine"}))];
    for (method, path, body) in changes {
        let (world, workspace) = founded().await;
        world.after("BatchGetItem", workspace, "META", "live", json!({"BOOL": false}));
        let request = Request::new(method, path).within(workspace).json(body);
        let answer = world.send(&router(&world), request).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"), "{path}");
        assert_eq!(world.items().keys().filter(|(_, sk)| sk == "RUNTIME").count(), 0);
        assert!(!world.changes().contains("aud_"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn start_racing_a_deletion_leaves_no_start_behind() {
    for seed in 0..60 {
        let world = World::seeded(seed);
        let workspace = world.workspace_of(&ANA).await;
        world.set_fault_chances(Chances::HIGH);
        let start = Request::new("POST", "/workspace/start").within(workspace);
        let table = router(&world);
        let (started, _) = tokio::join!(world.send(&table, start), delete(&world, workspace, &ANA, ""));
        world.clear_fault_chances();
        let items = world.items();
        let live = items[&(format!("WS#{workspace}"), "META".to_owned())]["live"] == true;
        let records = items.values().filter(|item| item["action"] == "workspace.deleted").count();
        assert_eq!(records, usize::from(!live), "seed {seed}");
        if !live {
            let again = world.send(&router(&world), Request::new("POST", "/workspace/restart").within(workspace)).await;
            assert_eq!(again.status, StatusCode::NOT_FOUND, "seed {seed}: {}", started.status);
        }
    }
}
