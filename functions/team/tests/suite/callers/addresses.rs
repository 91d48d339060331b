//! Addresses that a person changes or verifies at their identity provider after they joined.

use super::{acme, router};
use axum::Router;
use domain::{
    identity::{access::Role, origin::Origin},
    ids::WorkspaceId,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::team::read_access;
use testkit::{ANA, BEN, CLEO, Fault, Person, Request, World};

const MOVED: Person = Person { email: "ben@work.example", ..BEN };

/// Sends a request of `person` that reads the workspace, and returns its number of round trips.
async fn look(world: &World, router: &Router, id: WorkspaceId, person: &Person) -> u32 {
    let answer = world.send(router, Request::new("GET", "/access").by(person).within(id)).await;
    assert_eq!(answer.status.as_u16(), 200);
    answer.usage.round_trips
}

/// Returns the member `person` in the list that `viewer` sees.
async fn shown(world: &World, router: &Router, id: WorkspaceId, viewer: &Person, person: &Person) -> [Value; 2] {
    let list = world.send(router, Request::new("GET", "/team/members").by(viewer).within(id)).await;
    let member = list.body["members"].as_array().unwrap().iter().find(|member| member["id"] == json!(person.id()));
    ["email", "blocked_email"].map(|field| member.unwrap()[field].clone())
}

/// Returns the holder of each guarded address.
fn guards(world: &World) -> Vec<(String, String)> {
    let items = world.items().into_iter().filter(|((_, sk), _)| sk.starts_with("EMAIL#"));
    items.map(|((_, sk), guard)| (sk, guard["id"].as_str().unwrap().to_owned())).collect()
}

/// Invariant 43.
#[tokio::test]
async fn a_changed_address_moves_with_the_next_request() {
    let (world, router, id) = acme(Role::Admin).await;
    // The same address in other letters is no change.
    assert_eq!(look(&world, &router, id, &Person { email: "BEN@example.com", ..BEN }).await, 1);
    // The list of the request that moves the address shows the new one already.
    assert_eq!(shown(&world, &router, id, &MOVED, &BEN).await, [json!("ben@work.example"), Value::Null]);
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await, [json!("ben@work.example"), Value::Null]);
    assert_eq!(
        guards(&world),
        [("EMAIL#ana@example.com", ANA.id()), ("EMAIL#ben@work.example", BEN.id())]
            .map(|(address, id)| (address.to_owned(), id.to_string()))
    );
    assert_eq!(look(&world, &router, id, &MOVED).await, 1);
    let records =
        world.send(&router, Request::new("GET", "/team/activity?action=member.address_changed").within(id)).await;
    let record = &records.body["activity"][0];
    assert_eq!(
        [&record["actor"], &record["target"], &record["before"], &record["after"]],
        [
            &json!(BEN.id()),
            &json!(BEN.id()),
            &json!({"email": "ben@example.com"}),
            &json!({"email": "ben@work.example"})
        ]
    );
    // The former address is free for somebody else.
    assert!(world.try_invite(id, &ANA, Person { email: "ben@example.com", ..CLEO }, Role::Viewer).await);
    world.assert_counters_consistent("moved");
}

/// Returns the number of reads and of transactions since the last call.
fn called(world: &World) -> [u32; 2] {
    let calls = world.calls();
    ["BatchGetItem", "TransactWriteItems"].map(|operation| calls.get(operation).copied().unwrap_or_default())
}

#[tokio::test]
async fn a_moved_address_takes_two_reads_and_a_write_more() {
    let (world, router, id) = acme(Role::Admin).await;
    let _ = world.calls();
    // One is of the head of the audit log.
    look(&world, &router, id, &MOVED).await;
    assert_eq!(called(&world), [3, 1]);
    look(&world, &router, id, &MOVED).await;
    assert_eq!(called(&world), [1, 0]);
    // A change moves it, too, and is decided with the new one.
    let leave = Request::new("POST", "/team/leave").by(&BEN).within(id);
    assert_eq!(world.send(&router, leave).await.status.as_u16(), 204);
    assert_eq!(called(&world), [4, 2]);
    world.assert_counters_consistent("left with the address");
}

#[tokio::test]
async fn an_unverified_address_changes_nothing() {
    let (world, router, id) = acme(Role::Admin).await;
    assert_eq!(look(&world, &router, id, &Person { verified: false, ..MOVED }).await, 1);
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await, [json!("ben@example.com"), Value::Null]);
}

#[tokio::test]
async fn an_address_verified_after_founding_is_taken() {
    let world = World::default();
    let id = world.workspace_of(&Person { verified: false, ..ANA }).await;
    let router = router(&world);
    assert_eq!(guards(&world), []);
    look(&world, &router, id, &ANA).await;
    assert_eq!(shown(&world, &router, id, &ANA, &ANA).await[0], "ana@example.com");
    world.assert_counters_consistent("verified");
}

/// Invariant 43.
#[tokio::test]
async fn an_address_of_another_member_is_noted_and_taken_once_free() {
    let (world, router, id) = acme(Role::Admin).await;
    let greedy = Person { email: ANA.email, ..BEN };
    let _ = world.calls();
    look(&world, &router, id, &greedy).await;
    assert_eq!(called(&world), [3, 1]);
    let note = [json!("ben@example.com"), json!("ana@example.com")];
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await, note);
    world.assert_counters_consistent("blocked");
    // It is not tried again with every request.
    assert_eq!(look(&world, &router, id, &greedy).await, 1);
    let moved = Person { email: "ana@work.example", ..ANA };
    look(&world, &router, id, &moved).await;
    assert_eq!(look(&world, &router, id, &greedy).await, 1);
    world.wait(SignedDuration::from_mins(10));
    look(&world, &router, id, &greedy).await;
    assert_eq!(shown(&world, &router, id, &moved, &BEN).await, [json!("ana@example.com"), Value::Null]);
    world.assert_counters_consistent("free");
}

#[tokio::test]
async fn a_note_ends_when_the_former_address_is_back() {
    let (world, router, id) = acme(Role::Admin).await;
    look(&world, &router, id, &Person { email: ANA.email, ..BEN }).await;
    assert_eq!(shown(&world, &router, id, &BEN, &BEN).await[0], "ben@example.com");
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await, [json!("ben@example.com"), Value::Null]);
}

/// Invariant 43.
#[tokio::test]
async fn members_who_exchange_addresses_get_them() {
    let (world, router, id) = acme(Role::Admin).await;
    world.join(id, &ANA, &CLEO, Role::Viewer).await;
    let [ana, ben, cleo] =
        [(ANA, BEN.email), (BEN, CLEO.email), (CLEO, ANA.email)].map(|(person, email)| Person { email, ..person });
    for person in [&ana, &ben] {
        look(&world, &router, id, person).await;
        world.assert_counters_consistent("waiting");
    }
    look(&world, &router, id, &cleo).await;
    for (person, email) in [(ANA, BEN.email), (BEN, CLEO.email), (CLEO, ANA.email)] {
        assert_eq!(shown(&world, &router, id, &cleo, &person).await, [json!(email), Value::Null], "{}", person.name);
    }
    world.assert_counters_consistent("exchanged");
    let records = world.items().into_values().filter(|item| item["action"] == "member.address_changed");
    assert_eq!(records.count(), 3);
}

#[tokio::test]
async fn an_invitation_to_the_new_address_ends() {
    let (world, router, id) = acme(Role::Admin).await;
    world.invitation(id, &ANA, &MOVED, Role::Viewer).await;
    world.assert_counters_consistent("invited");
    look(&world, &router, id, &MOVED).await;
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await, [json!("ben@work.example"), Value::Null]);
    // The seat that the invitation held is free.
    world.assert_counters_consistent("ended");
    let head = &world.items()[&(format!("WS#{id}"), "META".to_owned())];
    assert_eq!([&head["seat_count"], &head["member_count"]], [&json!(2), &json!(2)]);
}

#[tokio::test]
async fn two_requests_at_once_move_an_address_once() {
    let (world, router, id) = acme(Role::Admin).await;
    let access = || Request::new("GET", "/access").by(&MOVED).within(id);
    let (one, other) = tokio::join!(world.send(&router, access()), world.send(&router, access()));
    assert_eq!([one.status.as_u16(), other.status.as_u16()], [200, 200]);
    let records = world.items().into_values().filter(|item| item["action"] == "member.address_changed");
    assert_eq!(records.count(), 1);
    world.assert_counters_consistent("twice");
}

#[tokio::test]
async fn a_request_survives_the_failure_of_a_move() {
    let (world, router, id) = acme(Role::Admin).await;
    world.plan("TransactWriteItems", Fault::LoseReply);
    look(&world, &router, id, &MOVED).await;
    world.assert_counters_consistent("lost reply");
    world.forget_plans();
    look(&world, &router, id, &MOVED).await;
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await[0], "ben@work.example");
    world.assert_counters_consistent("tried again");
}

/// Reads the workspace as Ben, with an ID token that was issued `at` with this address.
async fn look_with_token(world: &World, id: WorkspaceId, email: &'static str, at: i64) {
    let mut claims = Person { email, ..BEN }.claims();
    claims["iat"] = json!(at.to_string());
    let claims = claims.as_object().unwrap().iter();
    let claims = claims.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    let origin = Origin { request_id: "test".to_owned(), ip_address: None };
    let caller = world.claim_rules().caller(&claims, origin).unwrap();
    read_access(&world.store(), &caller, id).await.unwrap();
}

/// Invariant 43.
#[tokio::test]
async fn an_older_token_does_not_bring_the_former_address_back() {
    let (world, router, id) = acme(Role::Admin).await;
    look_with_token(&world, id, "ben@work.example", 2_000).await;
    // Another tab still has the token of before.
    look_with_token(&world, id, "ben@example.com", 1_000).await;
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await[0], "ben@work.example");
    look_with_token(&world, id, "ben@example.com", 3_000).await;
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await[0], "ben@example.com");
    // Nor does it end the note of a blocked one.
    look_with_token(&world, id, "ana@example.com", 5_000).await;
    look_with_token(&world, id, "ben@example.com", 4_000).await;
    assert_eq!(shown(&world, &router, id, &ANA, &BEN).await[1], "ana@example.com");
    world.assert_counters_consistent("tokens");
}

/// A member whose address was not verified takes one while they are being removed.
#[tokio::test]
async fn removal_frees_an_address_that_was_taken_meanwhile() {
    let (world, router, id) = acme(Role::Admin).await;
    let seat = format!("MEMBER#{}", BEN.id());
    world.overwrite(id, &seat, "email", json!({"NULL": true}));
    world.after("BatchGetItem", id, &seat, "email", json!({"S": BEN.email}));
    let removal = Request::new("DELETE", &format!("/team/members/{}", BEN.id())).within(id);
    assert_eq!(world.send(&router, removal).await.status.as_u16(), 204);
    // The workspace that Ben gets in its place has a guard of its own.
    let guard = (format!("WS#{id}"), format!("EMAIL#{}", BEN.email));
    assert!(!world.items().contains_key(&guard), "{:?}", guards(&world));
}
