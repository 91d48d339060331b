//! Deleting an account over HTTP: what is refused, what happens at once, and repetitions.

use domain::{identity::access::Role, ids::WorkspaceId};
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, World, plan};
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

async fn delete(world: &World, person: &Person) -> Answer {
    world.send(&router(world), Request::new("DELETE", "/me").by(person)).await
}

async fn receipt(world: &World, person: &Person) -> Answer {
    world.send(&router(world), Request::new("GET", "/me/deletion").by(person)).await
}

fn named(workspace: WorkspaceId, reason: &str) -> Value {
    json!([{"id": workspace, "name": "Acme", "reason": reason}])
}

#[tokio::test]
async fn an_account_is_deleted_in_the_background_with_a_receipt() {
    let world = World::default();
    world.workspace_of(&ANA).await;
    assert_eq!(receipt(&world, &ANA).await.code(), "account_deletion_not_found");
    let answer = delete(&world, &ANA).await;
    assert_eq!((answer.status.as_u16(), &answer.body["status"]), (202, &json!("leaving")));
    assert!(answer.usage.round_trips <= 3, "{}", answer.usage.round_trips);
    let shown = receipt(&world, &ANA).await;
    assert_eq!((shown.status.as_u16(), &shown.body, shown.usage.round_trips), (200, &answer.body, 1));
    assert_eq!(receipt(&world, &BEN).await.code(), "account_deletion_not_found");
    for (person, is_ending) in [(&ANA, true), (&BEN, false)] {
        let read = Request::new("GET", "/me").by(person);
        let me = world.send(&router(&world), read).await;
        assert_eq!((&me.body["is_ending"], me.usage.round_trips), (&json!(is_ending), 1));
    }
    // A repetition is the same deletion.
    let _ = world.changes();
    assert_eq!(delete(&world, &ANA).await.body, answer.body);
    world.assert_nothing_written();
}

#[tokio::test]
async fn two_requests_at_once_are_one_deletion() {
    let world = World::default();
    world.workspace_of(&ANA).await;
    let (one, other) = tokio::join!(delete(&world, &ANA), delete(&world, &ANA));
    assert_eq!((one.status.as_u16(), one.body), (202, other.body));
}

/// Invariant 2.
#[tokio::test]
async fn the_last_owner_of_a_paid_workspace_is_refused() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.workspace_of(&ANA).await;
    world.subscribe(id, plan("pro")).await;
    let _ = world.changes();
    let answer = delete(&world, &ANA).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (409, "account_owns_workspaces"));
    assert_eq!(answer.body["workspaces"], named(id, "paid"));
    world.assert_nothing_written();
    // Another owner continues to pay.
    world.join(id, &ANA, &BEN, Role::Owner).await;
    assert_eq!(delete(&world, &ANA).await.status.as_u16(), 202);
}

/// Invariant 2.
#[tokio::test]
async fn the_last_owner_of_a_free_workspace_with_others_is_refused() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    let answer = delete(&world, &ANA).await;
    assert_eq!((answer.code(), &answer.body["workspaces"]), ("account_owns_workspaces", &named(id, "has_members")));
    assert_eq!(delete(&world, &BEN).await.status.as_u16(), 202);
}

/// Invariant 44.
#[tokio::test]
async fn an_ending_account_takes_no_seat() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.workspace_of(&BEN).await;
    world.invitation(id, &ANA, &BEN, Role::Viewer).await;
    let (_, token) = world.invitation(id, &ANA, &CLEO, Role::Viewer).await;
    assert_eq!(delete(&world, &CLEO).await.status.as_u16(), 202);
    let create = Request::new("POST", "/workspaces").by(&CLEO).json(json!({"name": "Again"}));
    let answer = world.send(&router(&world), create).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (409, "account_being_deleted"));
    let (store, key, cleo) = (world.store(), world.invitation_key(), CLEO.caller());
    let shown = shared::team::PresentedInvitation::Token(token.parse().unwrap());
    let joined = shared::team::accept_invitation(&store, &key, &cleo, shown, None).await;
    assert_eq!(domain::error::Refusal::code(&joined.unwrap_err()), "account_being_deleted");
    world.assert_counters_consistent("refused");
}

#[tokio::test]
async fn a_lost_reply_is_the_same_deletion() {
    let world = World::default();
    world.plan("TransactWriteItems", Fault::LoseReply);
    let answer = delete(&world, &ANA).await;
    assert_eq!(answer.status.as_u16(), 202);
    assert_eq!(receipt(&world, &ANA).await.body["id"], answer.body["id"]);
}
