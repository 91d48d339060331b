//! Members' last activity and names: noted once an hour, without delaying or failing a request.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, BEN, CLEO, Fault, Person, Request, World};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Creates a workspace of Ana's with Ben as a member, an hour and a second ago.
async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let router = team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    );
    let id = world.workspace_of(&ANA).await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    world.wait(HOUR + SignedDuration::from_secs(1));
    world.changes();
    (world, router, id)
}

fn member(world: &World, id: WorkspaceId, person: &Person) -> Value {
    world.items()[&(format!("WS#{id}"), format!("MEMBER#{}", person.id()))].clone()
}

fn list(person: &Person) -> Request {
    Request::new("GET", "/team/members").by(person)
}

#[tokio::test]
async fn read_notes_presence_hourly_in_its_own_round_trip() {
    let (world, router, id) = acme().await;
    let renamed = Person { name: "Benjamin", ..BEN };
    let answer = world.send(&router, list(&renamed).within(id)).await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 1));
    let noted = member(&world, id, &BEN);
    assert_eq!(noted["last_active_at"], json!(world.clock.now()));
    assert_eq!((&noted["full_name"], &noted["email"]), (&json!("Benjamin"), &json!("ben@example.com")));
    assert_eq!(world.changes().matches("_type").count(), 1, "only the member's record");
    world.wait(HOUR - SignedDuration::from_secs(1));
    world.send(&router, list(&BEN).within(id)).await;
    world.assert_nothing_written();
    world.wait(SignedDuration::from_secs(2));
    world.send(&router, list(&BEN).within(id)).await;
    assert_eq!(member(&world, id, &BEN)["full_name"], "Ben");
    world.assert_counters_consistent("looked at");
}

#[tokio::test]
async fn a_change_notes_in_its_own_transaction() {
    let (world, router, id) = acme().await;
    let body = json!({"email": "dora@example.com", "role": "viewer"});
    world.send(&router, Request::new("POST", "/team/invite").by(&BEN).within(id).json(body)).await;
    assert_eq!(member(&world, id, &BEN)["last_active_at"], json!(world.clock.now()));
    assert_eq!(world.calls().get("UpdateItem"), None);
    // Also where the change is to the caller's own record.
    world.wait(HOUR + HOUR);
    let target = format!("/team/members/{}/role", BEN.id());
    let renamed = Person { name: "Benjamin", ..BEN };
    let demoted = Request::new("PUT", &target).json(json!({"role": "member"})).by(&renamed).within(id);
    assert_eq!(world.send(&router, demoted).await.status.as_u16(), 200);
    let noted = member(&world, id, &BEN);
    assert_eq!((&noted["role"], &noted["full_name"]), (&json!("member"), &json!("Benjamin")));
    assert_eq!(noted["last_active_at"], json!(world.clock.now()));
    world.wait(HOUR + HOUR);
    let left = world.send(&router, Request::new("POST", "/team/leave").by(&BEN).within(id)).await;
    assert_eq!(left.status.as_u16(), 204);
    world.assert_counters_consistent("left");
}

#[tokio::test]
async fn neither_strangers_nor_former_members_are_noted() {
    let (world, router, id) = acme().await;
    assert_eq!(world.send(&router, list(&CLEO).within(id)).await.status.as_u16(), 404);
    world.assert_nothing_written();
    world.overwrite(id, format!("MEMBER#{}", BEN.id()), "status", json!({"S": "removed"}));
    world.changes();
    assert_eq!(world.send(&router, list(&BEN).within(id)).await.status.as_u16(), 404);
    world.assert_nothing_written();
}

#[tokio::test(start_paused = true)]
async fn a_note_that_fails_or_hangs_is_no_matter() {
    for fault in [Fault::ServerError, Fault::Hang, Fault::LoseReply, Fault::LoseRequest, Fault::Throttle] {
        let (world, router, id) = acme().await;
        (0..9).for_each(|_| world.plan("UpdateItem", fault));
        let started = tokio::time::Instant::now();
        let answer = world.send(&router, list(&BEN).within(id)).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 1), "{fault:?}");
        assert!(started.elapsed().as_millis() <= 101, "{fault:?}");
    }
}
