//! Changes of members: roles, removal, reactivation and ownership, with their permissions and side effects.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, World, plan};

const DORA: Person = Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true };

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

/// Creates a workspace of Ana's with these members, on a plan with free seats. Each member has a workspace of their own as
/// well.
async fn acme(members: &[(&Person, Role)]) -> (World, Router, WorkspaceId) {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.workspace_of(&ANA).await;
    world.subscribe(id, plan("business")).await;
    for (person, role) in members {
        world.workspace_of(person).await;
        world.join(id, &ANA, person, *role).await;
    }
    world.changes();
    (world, router, id)
}

fn give_role(person: &Person, role: Role) -> Request {
    Request::new("PUT", &format!("/team/members/{}/role", person.id())).json(json!({ "role": role }))
}

fn remove(person: &Person) -> Request {
    Request::new("DELETE", &format!("/team/members/{}", person.id()))
}

fn reactivate(person: &Person) -> Request {
    Request::new("POST", &format!("/team/members/{}/reactivate", person.id()))
}

fn leave() -> Request {
    Request::new("POST", "/team/leave")
}

fn transfer(successor: &Person) -> Request {
    Request::new("POST", "/team/transfer-ownership").json(json!({ "member_id": successor.id() }))
}

fn said(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn a_role_is_given_on_both_ends_with_one_record() {
    let (world, router, id) = acme(&[(&BEN, Role::Member)]).await;
    let answer = world.send(&router, give_role(&BEN, Role::Admin).within(id)).await;
    assert_eq!((said(&answer), &answer.body["role"], answer.usage.round_trips), ((200, ""), &json!("admin"), 2));
    assert_snapshot!(world.changes());
    world.assert_counters_consistent("raised");
    let again = world.send(&router, give_role(&BEN, Role::Admin).within(id)).await;
    assert_eq!((said(&again), again.usage.round_trips), ((200, ""), 1));
    world.assert_nothing_written();
}

#[tokio::test]
async fn removed_member_loses_seat_and_address_but_not_the_record() {
    let (world, router, id) = acme(&[(&BEN, Role::Member)]).await;
    let answer = world.send(&router, remove(&BEN).within(id)).await;
    assert_eq!((said(&answer), &answer.body, answer.usage.round_trips), ((204, ""), &Value::Null, 2));
    assert_snapshot!(world.changes());
    world.assert_counters_consistent("removed");
    let again = world.send(&router, remove(&BEN).within(id)).await;
    assert_eq!((said(&again), again.usage.round_trips), ((204, ""), 1));
    world.assert_nothing_written();
}

/// Invariant 5.
#[tokio::test]
async fn removed_or_demoted_members_are_denied_at_once() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin), (&CLEO, Role::Admin)]).await;
    let invite =
        |email: &str| Request::new("POST", "/team/invite").within(id).json(json!({"email": email, "role": "viewer"}));
    world.send(&router, give_role(&BEN, Role::Member).within(id)).await;
    let refused = world.send(&router, invite("x@example.com").by(&BEN)).await;
    assert_eq!(said(&refused), (403, "role_required"));
    world.send(&router, remove(&CLEO).within(id)).await;
    for request in [invite("y@example.com"), Request::new("GET", "/team/members").within(id), leave().within(id)] {
        assert_eq!(said(&world.send(&router, request.by(&CLEO)).await), (404, "workspace_not_found"));
    }
}

#[tokio::test]
async fn members_cannot_act_on_roles_above_their_own() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin), (&CLEO, Role::Member)]).await;
    let above = (403, "role_above_own");
    for request in [give_role(&ANA, Role::Viewer), give_role(&CLEO, Role::Owner), remove(&ANA)] {
        let answer = world.send(&router, request.by(&BEN).within(id)).await;
        assert_eq!((said(&answer), &answer.body["required_role"]), (above, &json!("owner")));
    }
    let weak = world.send(&router, remove(&BEN).by(&CLEO).within(id)).await;
    assert_eq!((said(&weak), &weak.body["required_role"]), ((403, "role_required"), &json!("admin")));
    let transferred = world.send(&router, transfer(&CLEO).by(&BEN).within(id)).await;
    assert_eq!((said(&transferred), &transferred.body["required_role"]), ((403, "role_required"), &json!("owner")));
    world.assert_nothing_written();

    world.send(&router, give_role(&CLEO, Role::Owner).within(id)).await;
    world.send(&router, remove(&CLEO).within(id)).await;
    world.changes();
    assert_eq!(said(&world.send(&router, reactivate(&CLEO).by(&BEN).within(id)).await), above);
    world.assert_nothing_written();
    assert_eq!(said(&world.send(&router, remove(&BEN).by(&BEN).within(id)).await), (204, ""), "oneself");
    world.assert_counters_consistent("the end");
}

/// Invariant 2.
#[tokio::test]
async fn the_last_owner_neither_leaves_nor_falls() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin)]).await;
    for request in [leave(), remove(&ANA), give_role(&ANA, Role::Admin)] {
        let answer = world.send(&router, request.within(id)).await;
        assert_eq!((said(&answer), answer.usage.round_trips), ((409, "last_owner"), 1));
    }
    world.assert_nothing_written();
    world.send(&router, give_role(&BEN, Role::Owner).within(id)).await;
    assert_eq!(said(&world.send(&router, leave().within(id)).await), (204, ""));
    assert_eq!(said(&world.send(&router, leave().by(&BEN).within(id)).await), (409, "last_owner"));
    world.assert_counters_consistent("Ben's alone");
}

/// Invariant 2.
#[tokio::test]
async fn owner_who_becomes_the_last_meanwhile_stays() {
    for request in [leave(), give_role(&ANA, Role::Viewer), remove(&ANA)] {
        let (world, router, id) = acme(&[(&BEN, Role::Owner)]).await;
        world.after("BatchGetItem", id, "META", "owner_count", json!({"N": "1"}));
        let answer = world.send(&router, request.within(id)).await;
        assert_eq!((said(&answer), answer.usage.round_trips), ((409, "last_owner"), 2));
    }
}

#[tokio::test]
async fn ownership_changes_hands_in_one_transaction() {
    let (world, router, id) = acme(&[(&BEN, Role::Viewer)]).await;
    let request = || transfer(&BEN).within(id).header("idempotency-key", "k");
    let answer = world.send(&router, request()).await;
    assert_eq!((said(&answer), &answer.body["role"], answer.usage.round_trips), ((200, ""), &json!("owner"), 2));
    assert_snapshot!(world.changes());
    world.assert_counters_consistent("handed over");
    let again = world.send(&router, request()).await;
    assert_eq!((again.status, &again.body), (answer.status, &answer.body), "although she is no owner any more");
    assert_eq!(said(&world.send(&router, transfer(&BEN).within(id)).await), (403, "role_required"));
    world.assert_nothing_written();
    let already = [(&BEN, (409, "already_owner")), (&CLEO, (404, "member_not_found"))];
    for (successor, refusal) in already {
        assert_eq!(said(&world.send(&router, transfer(successor).by(&BEN).within(id)).await), refusal);
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn reactivation_takes_a_seat_and_the_address_again() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin)]).await;
    world.send(&router, remove(&BEN).within(id)).await;
    world.changes();
    let request = || reactivate(&BEN).within(id).header("idempotency-key", "k");
    let answer = world.send(&router, request()).await;
    assert_eq!((said(&answer), &answer.body["role"], answer.usage.round_trips), ((200, ""), &json!("admin"), 2));
    assert_snapshot!(world.changes());
    world.assert_counters_consistent("back");
    let again = world.send(&router, request()).await;
    assert_eq!((again.status, &again.body), (answer.status, &answer.body));
    assert_eq!(said(&world.send(&router, reactivate(&BEN).within(id)).await), (409, "already_member"));
    assert_eq!(said(&world.send(&router, reactivate(&CLEO).within(id)).await), (404, "member_not_found"));
    world.assert_nothing_written();
}

/// Invariants 1 and 4.
#[tokio::test]
async fn reactivation_needs_a_seat_and_the_address() {
    let (world, router, id) = acme(&[(&BEN, Role::Member)]).await;
    world.send(&router, remove(&BEN).within(id)).await;
    world.invitation(id, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    assert_eq!(said(&world.send(&router, reactivate(&BEN).within(id)).await), (409, "address_taken"));
    world.assert_nothing_written();

    let world = World::default();
    let (router, id) = (self::router(&world), world.workspace_of(&ANA).await);
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.send(&router, remove(&BEN).within(id)).await;
    world.invitation(id, &ANA, &CLEO, Role::Viewer).await;
    world.invitation(id, &ANA, &DORA, Role::Viewer).await;
    world.changes();
    let full = world.send(&router, reactivate(&BEN).within(id)).await;
    assert_eq!(
        (said(&full), &full.body["limit"], &full.body["upgrade_to"]),
        ((402, "workspace_member_limit"), &json!(3), &json!("starter"))
    );
    world.assert_nothing_written();
    world.wait(jiff::SignedDuration::from_hours(7 * 24));
    assert_eq!(said(&world.send(&router, reactivate(&BEN).within(id)).await), (200, ""), "expired ones make room");
    world.assert_counters_consistent("back");
}

/// Invariant 31.
#[tokio::test]
async fn losing_the_last_workspace_gives_one_personal_one() {
    let world = World::default();
    let (router, acme) = (router(&world), world.workspace_of(&ANA).await);
    let other = world.workspace_of(&CLEO).await;
    world.join(acme, &ANA, &BEN, Role::Member).await;
    world.join(other, &CLEO, &BEN, Role::Member).await;
    assert_eq!(said(&world.send(&router, remove(&BEN).within(acme)).await), (204, ""));
    assert_eq!(world.assert_counters_consistent("one is left"), 2);
    world.changes();
    let answer = world.send(&router, leave().by(&BEN).within(other).header("idempotency-key", "k")).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((204, ""), 2));
    assert_snapshot!(world.changes());
    assert_eq!(world.assert_counters_consistent("a personal one"), 3);
    let again = world.send(&router, leave().by(&BEN).within(other).header("idempotency-key", "k")).await;
    assert_eq!(said(&again), (204, ""), "although Ben has left");
    world.assert_nothing_written();
}

#[tokio::test]
async fn joining_another_workspace_meanwhile_needs_no_personal_one() {
    let world = World::default();
    let (router, acme) = (router(&world), world.workspace_of(&ANA).await);
    world.join(acme, &ANA, &BEN, Role::Member).await;
    let own = (format!("USER#{}", BEN.id()), "META".to_owned());
    world.after_at("BatchGetItem", own.clone(), "workspace_count", json!({"N": "2"}));
    let answer = world.send(&router, remove(&BEN).within(acme)).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((204, ""), 4));
    let items = world.items();
    assert_eq!(items.values().filter(|item| item["_type"] == "workspace").count(), 1);
    assert_eq!(items[&own]["workspace_count"], 1);
}

#[tokio::test]
async fn former_member_can_rejoin_and_keeps_the_first_joining_date() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin)]).await;
    world.send(&router, remove(&BEN).within(id)).await;
    world.wait(jiff::SignedDuration::from_hours(1));
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.assert_counters_consistent("back");
    let list = Request::new("GET", "/team/members?role=viewer&status=active").within(id);
    let members = world.send(&router, list).await.body["members"].clone();
    assert_eq!(members[0]["created_at"], "2026-11-21T12:00:00Z");
    assert_eq!(members[0]["accepted_at"], "2026-11-21T13:00:00Z");
}

#[tokio::test]
async fn the_largest_change_there_is_fits_into_one_transaction() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.subscribe(id, plan("enterprise")).await;
    world.join(id, &ANA, &BEN, Role::Owner).await;
    for n in 0..60 {
        let email: &'static str = Box::leak(format!("guest{n}@example.com").into_boxed_str());
        world.invitation(id, &BEN, &Person { email, ..DORA }, Role::Owner).await;
    }
    // An owner leaves their last workspace under an idempotency key, an hour after their last activity: the change with all
    // parts.
    world.wait(jiff::SignedDuration::from_hours(2));
    let answer = world.send(&router, leave().by(&BEN).within(id).header("idempotency-key", "k")).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((204, ""), 2));
    assert_eq!(world.assert_counters_consistent("left"), 2);
    let left = world.items().values().filter(|item| item["_type"] == "invitation").count();
    assert_eq!(left, 20);
}

#[tokio::test]
async fn personal_workspace_does_not_reveal_the_remover() {
    let world = World::default();
    let (router, acme) = (router(&world), world.workspace_of(&ANA).await);
    world.join(acme, &ANA, &BEN, Role::Member).await;
    world.send(&router, remove(&BEN).within(acme)).await;
    let items = world.items();
    let founded =
        items.values().filter(|item| item["action"] == "workspace.created" && item["actor"] == json!(BEN.id()));
    assert_eq!(founded.map(|record| &record["ip_address"]).collect::<Vec<_>>(), [&Value::Null]);
}

/// Invariant 30.
#[tokio::test]
async fn demotion_and_removal_revoke_forbidden_invitations() {
    let cases: [(Request, &[Role]); 4] = [
        (give_role(&BEN, Role::Admin), &[Role::Viewer, Role::Admin]),
        (give_role(&BEN, Role::Member), &[]),
        (remove(&BEN), &[]),
        (transfer(&CLEO).by(&BEN), &[Role::Viewer, Role::Admin]),
    ];
    for (at, (request, left)) in cases.into_iter().enumerate() {
        let (world, router, id) = acme(&[(&BEN, Role::Owner), (&CLEO, Role::Viewer)]).await;
        let guests = ["a@example.com", "b@example.com", "c@example.com"];
        for (email, role) in guests.into_iter().zip([Role::Viewer, Role::Admin, Role::Owner]) {
            world.invitation(id, &BEN, &Person { email, ..DORA }, role).await;
        }
        world.invitation(id, &ANA, &DORA, Role::Owner).await;
        let answer = world.send(&router, request.within(id)).await;
        assert!(answer.status.is_success(), "{answer}");
        assert_eq!(answer.usage.round_trips, 2, "case {at}");
        let items = world.items();
        let standing =
            items.values().filter(|item| item["_type"] == "invitation" && item["invited_by"] == json!(BEN.id()));
        let mut standing: Vec<Role> = standing.map(|item| item["role"].as_str().unwrap().parse().unwrap()).collect();
        standing.sort_unstable();
        assert_eq!(standing, left, "case {at}");
        assert!(items.values().any(|item| item["email"] == "dora@example.com"), "another member's invitation is kept");
        world.assert_counters_consistent(format!("case {at}"));
    }
}

/// Invariant 30.
#[tokio::test]
async fn invitation_beyond_its_inviters_role_cannot_be_accepted() {
    for (attribute, value) in [("role", "admin"), ("role", "viewer"), ("status", "removed")] {
        let (world, router, id) = acme(&[(&BEN, Role::Owner)]).await;
        let (_, token) = world.invitation(id, &BEN, &CLEO, Role::Owner).await;
        world.overwrite(id, format!("MEMBER#{}", BEN.id()), attribute, json!({"S": value}));
        world.changes();
        let request = Request::new("POST", &format!("/team/invitations/{token}/accept")).by(&CLEO);
        assert_eq!(said(&world.send(&router, request).await), (404, "invitation_not_found"), "{value}");
        world.assert_nothing_written();
    }
}

#[tokio::test]
async fn member_changed_meanwhile_is_decided_again() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin), (&CLEO, Role::Viewer)]).await;
    world.after("BatchGetItem", id, format!("MEMBER#{}", CLEO.id()), "role", json!({"S": "owner"}));
    let answer = world.send(&router, remove(&CLEO).by(&BEN).within(id)).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((403, "role_above_own"), 3));
    world.after("BatchGetItem", id, format!("MEMBER#{}", BEN.id()), "role", json!({"S": "member"}));
    let answer = world.send(&router, remove(&CLEO).by(&BEN).within(id)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_lost_answer_leaves_once() {
    let (world, router, id) = acme(&[(&BEN, Role::Admin)]).await;
    world.plan("TransactWriteItems", Fault::LoseReply);
    assert_eq!(said(&world.send(&router, leave().by(&BEN).within(id)).await), (204, ""));
    world.assert_counters_consistent("left");
}

#[tokio::test]
async fn ids_of_other_kinds_and_unknown_roles_are_named() {
    let (world, router, id) = acme(&[]).await;
    let member = format!("/team/members/{}", BEN.id());
    let cases = [
        (
            Request::new("PUT", "/team/members/ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y/role").json(json!({"role": "root"})),
            vec!["id", "role"],
        ),
        (Request::new("PUT", &format!("{member}/role")).json(json!({})), vec!["role"]),
        (Request::new("PUT", &format!("{member}/role")).json(json!({"role": "admin", "owner": true})), vec!["owner"]),
        (Request::new("DELETE", "/team/members/inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Y"), vec!["id"]),
        (Request::new("DELETE", "/team/members/me"), vec!["id"]),
        (Request::new("POST", "/team/members/%00/reactivate"), vec!["id"]),
        (Request::new("POST", "/team/transfer-ownership").json(json!({"member_id": "ben"})), vec!["member_id"]),
        (Request::new("POST", "/team/transfer-ownership").json(json!({"id": BEN.id()})), vec!["id", "member_id"]),
    ];
    for (at, (request, fields)) in cases.into_iter().enumerate() {
        let answer = world.send(&router, request.within(id)).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, fields), "case {at}");
    }
    world.assert_nothing_written();
}
