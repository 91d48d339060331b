//! Recipients: who is notified, of what, and what they see after their role has changed.

use super::stage::{PEOPLE, Stage, ids};
use domain::{identity::access::Role, notifications::happening::Happening};
use jiff::SignedDuration;
use serde_json::json;
use testkit::{ANA, BEN, CLEO, Person, Request, World};

const DORA: Person = Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true };

async fn events(stage: &Stage, person: &Person) -> Vec<String> {
    let all = stage.all(person, "limit=50").await;
    all.iter().map(|entry| entry["event"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn roles_decide_who_is_notified() {
    let stage = Stage::set(World::default()).await;
    stage.happen(Happening::WorkspaceSuspended {}).await;
    stage.happen(Happening::RuntimeStarted {}).await;
    stage.happen(Happening::PlanLapsed {}).await;
    let counts = [stage.badge(&ANA).await, stage.badge(&BEN).await, stage.badge(&CLEO).await];
    assert_eq!(counts, [3, 3, 2]);
}

#[tokio::test(start_paused = true)]
async fn actors_are_not_notified_of_what_they_did() {
    let stage = Stage::set(World::default()).await;
    let happening = Happening::RoleChanged { user_id: CLEO.id(), from: Role::Viewer, to: Role::Member };
    let (_, record) = stage.record(happening, Some(BEN.id()));
    assert_eq!(stage.notify([record]).await, 0);
    let counts = [stage.badge(&ANA).await, stage.badge(&BEN).await, stage.badge(&CLEO).await];
    assert_eq!(counts, [1, 0, 1], "Cleo is the member concerned");
}

/// Invariant 51.
#[tokio::test(start_paused = true)]
async fn demoted_member_sees_and_counts_what_they_may() {
    let stage = Stage::set(World::default()).await;
    let lapsed = stage.happen(Happening::PlanLapsed {}).await;
    let started = stage.happen(Happening::RuntimeStarted {}).await;
    assert_eq!(stage.badge(&BEN).await, 2);
    let change = async |role| {
        shared::team::change_role(&stage.world.store(), &ANA.caller(), stage.id, (BEN.id(), role)).await.unwrap()
    };
    change(Role::Member).await;
    assert_eq!((ids(&stage.all(&BEN, "limit=9").await), stage.badge(&BEN).await), (vec![started], 1));
    assert_eq!(stage.mark(&BEN, lapsed, json!({})).await.code(), "notification_not_found");
    assert_eq!(stage.delete(&BEN, lapsed).await.status.as_u16(), 204);
    assert_eq!(stage.mark_all(&BEN, json!({})).await.body["unread_count"], 0);
    change(Role::Admin).await;
    assert_eq!(ids(&stage.all(&BEN, "unread=true").await), [lapsed], "neither read nor deleted meanwhile");
    assert_eq!(stage.badge(&BEN).await, 1);
}

#[tokio::test(start_paused = true)]
async fn events_before_a_member_joined_are_not_theirs() {
    let stage = Stage::set(World::default()).await;
    let (_, record) = stage.record(Happening::WorkspaceSuspended {}, None);
    stage.world.wait(SignedDuration::from_secs(1));
    stage.world.join(stage.id, &ANA, &DORA, Role::Viewer).await;
    assert_eq!(stage.notify([record]).await, 0);
    assert_eq!((stage.badge(&ANA).await, stage.badge(&DORA).await), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn muted_types_are_not_delivered_unless_locked() {
    let stage = Stage::set(World::default()).await;
    let set = async |person: &Person, body| stage.send(person, "POST", "/notifications/preferences", Some(body)).await;
    let off = json!({"in_app": {"agent": false, "billing": false}});
    assert_eq!(set(&BEN, off.clone()).await.status.as_u16(), 200);
    let refused = set(&ANA, off).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "notification_type_locked"), "{refused}");
    assert_eq!(set(&ANA, json!({"in_app": {"agent": false}})).await.status.as_u16(), 200);
    stage.happen(Happening::PlanLapsed {}).await;
    stage.happen(Happening::RuntimeStarted {}).await;
    assert_eq!([stage.badge(&ANA).await, stage.badge(&BEN).await, stage.badge(&CLEO).await], [1, 0, 1]);
    shared::team::change_role(&stage.world.store(), &ANA.caller(), stage.id, (BEN.id(), Role::Owner)).await.unwrap();
    stage.happen(Happening::PlanLapsed {}).await;
    assert_eq!(stage.badge(&BEN).await, 1, "owners are notified of what concerns the bill");
    let shown = stage.send(&BEN, "GET", "/notifications/preferences", None).await;
    let billing = json!({"type": "billing", "in_app": true, "email": "digest", "locked": true});
    assert!(shown.body["types"].as_array().unwrap().contains(&billing), "{shown}");
}

/// The changes themselves write the notices, in their transactions.
#[tokio::test(start_paused = true)]
async fn changes_of_the_team_notify() {
    let stage = Stage::set(World::default()).await;
    stage.world.notify_members().await;
    assert_eq!(events(&stage, &ANA).await, ["member.joined", "member.joined"]);
    let store = stage.world.store();
    shared::team::change_role(&store, &ANA.caller(), stage.id, (CLEO.id(), Role::Viewer)).await.unwrap();
    shared::team::remove_member(&store, &BEN.caller(), stage.id, CLEO.id()).await.unwrap();
    stage.world.notify_members().await;
    assert_eq!(events(&stage, &ANA).await, ["member.removed", "member.joined", "member.joined"]);
    assert_eq!(events(&stage, &BEN).await, ["member.role_changed", "member.joined"]);
    let waiting = stage.world.items().into_keys().filter(|(pk, _)| pk.starts_with("NOTICE#")).count();
    assert_eq!(waiting, 0, "notices are deleted once everybody is notified");
}

/// Invariant 5.
#[tokio::test(start_paused = true)]
async fn strangers_see_nothing() {
    let stage = Stage::set(World::default()).await;
    let id = stage.happen(Happening::WorkspaceSuspended {}).await;
    for (method, target, body) in [
        ("GET", "/notifications".to_owned(), None),
        ("GET", "/notifications/unread-count".to_owned(), None),
        ("GET", "/notifications/preferences".to_owned(), None),
        ("POST", "/notifications/preferences".to_owned(), Some(json!({"in_app": {}}))),
        ("POST", "/notifications/mark-all-read".to_owned(), Some(json!({}))),
        ("PATCH", format!("/notifications/{id}/read"), Some(json!({}))),
        ("DELETE", format!("/notifications/{id}"), None),
    ] {
        let request = Request::new(method, &target).by(&DORA).within(stage.id);
        let answer = stage.world.send(&stage.router, body.into_iter().fold(request, Request::json)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "workspace_not_found"), "{method} {target}");
    }
    for person in &PEOPLE {
        assert_eq!(stage.badge(person).await, 1);
    }
}
