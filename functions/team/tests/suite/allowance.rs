//! Free workspaces that change hands: the person who receives one must be able to hold one more.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use http::StatusCode;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, plan};

fn router(world: &World) -> Router {
    let (store, key, free_workspaces) = (world.store(), world.invitation_key(), world.free_workspaces());
    team::router(TeamDeps { store, key, free_workspaces }, world.claim_rules())
}

async fn transfer(world: &World, workspace: WorkspaceId, from: &Person, to: &Person) -> Answer {
    let request = Request::new("POST", "/team/transfer-ownership").by(from).within(workspace);
    world.send(&router(world), request.json(json!({"member_id": to.id()}))).await
}

/// Creates as many free workspaces of `person` as they may hold.
async fn full(world: &World, person: &Person) -> Vec<WorkspaceId> {
    let mut held = Vec::new();
    for _ in 0..world.free_workspaces().0 {
        held.push(world.workspace_of(person).await);
    }
    held
}

/// Creates a workspace of `owner` with Ben as a member.
async fn with_ben(world: &World, owner: &Person) -> WorkspaceId {
    let workspace = world.workspace_of(owner).await;
    world.join(workspace, owner, &BEN, Role::Admin).await;
    workspace
}

fn held(world: &World, person: &Person) -> Value {
    world.items()[&(format!("USER#{}", person.id()), "ALLOWANCE".to_owned())]["free_workspaces"].clone()
}

#[tokio::test]
async fn a_transfer_moves_the_workspace_between_lists() {
    let world = World::default();
    let acme = with_ben(&world, &ANA).await;
    let answer = transfer(&world, acme, &ANA, &BEN).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 2), "{answer}");
    assert_eq!((held(&world, &ANA), held(&world, &BEN)), (json!([]), json!([acme])));
    assert_eq!(world.items()[&(format!("WS#{acme}"), "META".to_owned())]["held_by"], json!(BEN.id()));
}

#[tokio::test]
async fn a_person_who_is_full_receives_no_free_workspace() {
    let world = World::default();
    let acme = with_ben(&world, &ANA).await;
    let bens = full(&world, &BEN).await;
    world.changes();
    let answer = transfer(&world, acme, &ANA, &BEN).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYMENT_REQUIRED, "free_workspace_limit_reached"));
    assert_eq!((&answer.body["limit"], &answer.body["upgrade_to"]), (&json!(3), &json!("starter")), "{answer}");
    assert_eq!(
        (&answer.body["used"], answer.usage.round_trips),
        (&Value::Null, 2),
        "the other person's usage is private"
    );
    world.assert_nothing_written();
    world.subscribe(bens[0], plan("pro")).await;
    let answer = transfer(&world, acme, &ANA, &BEN).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 3), "{answer}");
    assert_eq!(held(&world, &BEN), json!([bens[1], bens[2], acme]));
}

#[tokio::test]
async fn paid_workspace_can_be_transferred_to_any_member() {
    let world = World::default();
    let acme = with_ben(&world, &ANA).await;
    world.subscribe(acme, plan("pro")).await;
    let bens = full(&world, &BEN).await;
    assert_eq!(transfer(&world, acme, &ANA, &BEN).await.status, StatusCode::OK);
    assert_eq!((held(&world, &ANA), held(&world, &BEN)), (json!([]), json!(bens)));
}

/// A personal workspace is exempt for the person it was created for. After a transfer it counts like any other.
#[tokio::test]
async fn a_personal_workspace_counts_for_its_receiver() {
    let world = World::default();
    let acme = world.workspace_of(&ANA).await;
    world.join(acme, &ANA, &CLEO, Role::Viewer).await;
    let leave = Request::new("POST", "/team/leave").by(&CLEO).within(acme);
    assert_eq!(world.send(&router(&world), leave).await.status, StatusCode::NO_CONTENT);
    let personal = world.items().into_iter().find(|(_, item)| item["personal"] == true).unwrap().0.0;
    let personal: WorkspaceId = personal.strip_prefix("WS#").unwrap().parse().unwrap();
    world.join(personal, &CLEO, &BEN, Role::Admin).await;
    assert_eq!(transfer(&world, personal, &CLEO, &BEN).await.status, StatusCode::OK);
    assert_eq!(held(&world, &BEN), json!([personal]));
    assert_eq!(world.items()[&(format!("WS#{personal}"), "META".to_owned())]["personal"], false);
}

#[tokio::test(start_paused = true)]
async fn transfers_at_once_to_one_person_fill_one_place() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        let (acme, apex) = (with_ben(&world, &ANA).await, with_ben(&world, &CLEO).await);
        for _ in 1..world.free_workspaces().0 {
            world.workspace_of(&BEN).await;
        }
        let (first, second) = tokio::join!(transfer(&world, acme, &ANA, &BEN), transfer(&world, apex, &CLEO, &BEN));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 402], "seed {seed}: {first} {second}");
        assert_eq!(held(&world, &BEN).as_array().unwrap().len(), world.free_workspaces().0, "seed {seed}");
    }
}
