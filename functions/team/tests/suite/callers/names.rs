//! The names that users set for themselves, in lists of members, in activity and in invitations.

use super::{acme, router};
use axum::Router;
use domain::{
    identity::access::Role,
    identity::profile::{Edit, ProfileChanges},
    ids::WorkspaceId,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    profile,
    team::{PresentedInvitation, accept_invitation},
};
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World};

async fn rename(world: &World, person: &Person, name: Option<&str>) -> Result<(), profile::Error> {
    let name = name.map_or(Edit::Clear, |name| Edit::Set(name.parse().unwrap()));
    let changes = ProfileChanges { name, ..ProfileChanges::default() };
    profile::update_profile(&world.store(), &person.caller(), &changes).await.map(drop)
}

async fn list(world: &World, router: &Router, id: WorkspaceId, person: &Person) -> Answer {
    world.send(router, Request::new("GET", "/team/members?limit=100").by(person).within(id)).await
}

/// Returns the name of `person` in the list that Ana sees.
async fn shown(world: &World, router: &Router, id: WorkspaceId, person: &Person) -> Value {
    let members = list(world, router, id, &ANA).await.body["members"].take();
    let id = json!(person.id());
    members.as_array().unwrap().iter().find(|member| member["id"] == id).unwrap()["full_name"].clone()
}

/// Reads the workspace only. A list would be read while the copy is refreshed.
async fn look(world: &World, router: &Router, id: WorkspaceId, person: &Person) -> u32 {
    let answer = world.send(router, Request::new("GET", "/access").by(person).within(id)).await;
    assert_eq!(answer.status.as_u16(), 200);
    answer.usage.round_trips
}

/// Returns the name in the record of `action`.
async fn named(world: &World, router: &Router, id: WorkspaceId, action: &str) -> Value {
    let target = format!("/team/activity?action={action}");
    let answer = world.send(router, Request::new("GET", &target).within(id)).await;
    assert_eq!(answer.usage.round_trips, 1);
    answer.body["activity"][0]["actor_name"].clone()
}

#[tokio::test]
async fn a_chosen_name_wins_over_the_providers_until_cleared() {
    let (world, router, id) = acme(Role::Admin).await;
    let other = world.workspace_of(&ANA).await;
    world.join(other, &ANA, &BEN, Role::Viewer).await;
    rename(&world, &BEN, Some("Benjamin")).await.unwrap();
    assert_eq!(shown(&world, &router, id, &BEN).await, "Benjamin");
    assert_eq!(shown(&world, &router, other, &BEN).await, "Benjamin");
    // The provider's name is noted, and does not replace the chosen one.
    let renamed = Person { name: "B. Franklin", ..BEN };
    world.wait(SignedDuration::from_hours(2));
    let seen = list(&world, &router, id, &renamed).await;
    assert_eq!((seen.status.as_u16(), seen.usage.round_trips), (200, 1));
    assert_eq!(shown(&world, &router, id, &BEN).await, "Benjamin");
    world.wait(SignedDuration::from_hours(2));
    let body = json!({"email": "dora@example.com", "role": "viewer"});
    world.send(&router, Request::new("POST", "/team/invite").by(&renamed).within(id).json(body)).await;
    assert_eq!(shown(&world, &router, id, &BEN).await, "Benjamin");
    rename(&world, &BEN, None).await.unwrap();
    assert_eq!(shown(&world, &router, id, &BEN).await, "B. Franklin");
    world.assert_counters_consistent("renamed");
}

#[tokio::test]
async fn a_new_seat_has_the_name_that_was_chosen() {
    let world = World::default();
    let router = router(&world);
    rename(&world, &ANA, Some("Ana María")).await.unwrap();
    rename(&world, &BEN, Some("Benjamin")).await.unwrap();
    let id = world.workspace_of(&ANA).await;
    assert_eq!(named(&world, &router, id, "workspace.created").await, "Ana María");
    world.join(id, &ANA, &BEN, Role::Admin).await;
    assert_eq!(named(&world, &router, id, "member.joined").await, "Benjamin");
    assert_eq!(shown(&world, &router, id, &ANA).await, "Ana María");
    assert_eq!(shown(&world, &router, id, &BEN).await, "Benjamin");
    // The personal workspace replaces the last one.
    world.send(&router, Request::new("DELETE", &format!("/team/members/{}", BEN.id())).within(id)).await;
    let items = world.items();
    let seats = items.iter().filter(|((pk, sk), _)| *sk == format!("MEMBER#{}", BEN.id()) && *pk != format!("WS#{id}"));
    assert_eq!(seats.map(|(_, item)| item["chosen_name"].clone()).collect::<Vec<_>>(), ["Benjamin"]);
}

#[tokio::test]
async fn workspaces_beyond_the_newest_99_follow_at_the_next_look() {
    let world = World::default();
    let router = router(&world);
    let mut ids = Vec::new();
    for _ in 0..100 {
        world.wait(SignedDuration::from_secs(1));
        ids.push(world.workspace_of(&ANA).await);
    }
    rename(&world, &ANA, Some("Ana María")).await.unwrap();
    let copies = world.items().values().filter(|item| item["chosen_name"] == "Ana María").count();
    assert_eq!(copies, 99);
    assert_eq!(look(&world, &router, ids[99], &ANA).await, 1);
    assert_eq!(look(&world, &router, ids[0], &ANA).await, 2);
    assert_eq!(look(&world, &router, ids[0], &ANA).await, 1);
    assert_eq!(shown(&world, &router, ids[0], &ANA).await, "Ana María");
}

#[tokio::test]
async fn a_rename_brings_no_seat_back() {
    let (world, _, id) = acme(Role::Admin).await;
    let seat = format!("MEMBER#{}", BEN.id());
    world.after("Query", id, &seat, "status", json!({"S": "removed"}));
    assert!(matches!(rename(&world, &BEN, Some("Benjamin")).await, Err(profile::Error::ChangedMeanwhile)));
    let items = world.items();
    assert_eq!(items[&(format!("WS#{id}"), seat)]["chosen_name"], Value::Null);
    assert!(!items.contains_key(&(format!("USER#{}", BEN.id()), "PROFILE".to_owned())), "all or nothing");
}

#[tokio::test]
async fn a_late_look_does_not_bring_an_earlier_name_back() {
    let (world, router, id) = acme(Role::Admin).await;
    let seat = format!("MEMBER#{}", BEN.id());
    rename(&world, &BEN, Some("Benjamin")).await.unwrap();
    world.overwrite(id, &seat, "chosen_name_version", json!({"N": "0"}));
    // Ben's read sees the first version. Before it writes the copy, a change writes the copy of a later version.
    world.after("BatchGetItem", id, &seat, "chosen_name_version", json!({"N": "7"}));
    world.after("BatchGetItem", id, &seat, "chosen_name", json!({"S": "Benny"}));
    assert_eq!(look(&world, &router, id, &BEN).await, 2, "it tries");
    assert_eq!(world.items()[&(format!("WS#{id}"), seat)]["chosen_name"], "Benny");
}

#[tokio::test(start_paused = true)]
async fn names_agree_in_the_end_whatever_happens_at_once() {
    for seed in 0..40 {
        let world = World::seeded(seed);
        let router = router(&world);
        let (old, new) = (world.workspace_of(&ANA).await, world.workspace_of(&ANA).await);
        world.join(old, &ANA, &BEN, Role::Admin).await;
        let (_, token) = world.invitation(new, &ANA, &BEN, Role::Viewer).await;
        let (store, key, ben) = (world.store(), world.invitation_key(), BEN.caller());
        let shown_token = PresentedInvitation::Token(token.parse().unwrap());
        let (joined, one, other, ..) = tokio::join!(
            accept_invitation(&store, &key, &ben, shown_token, None),
            rename(&world, &BEN, Some("Benjamin")),
            rename(&world, &BEN, Some("Benny")),
            list(&world, &router, old, &BEN),
            list(&world, &router, old, &BEN),
        );
        assert!(joined.is_ok() && one.is_ok() && other.is_ok(), "seed {seed}");
        let name = profile::read_profile(&store, &ben).await.unwrap().name.unwrap().to_string();
        for id in [old, new] {
            list(&world, &router, id, &BEN).await;
            assert_eq!(shown(&world, &router, id, &BEN).await, name, "seed {seed}");
        }
    }
}

#[tokio::test]
async fn records_and_invitations_keep_the_name_of_their_time() {
    let (world, router, id) = acme(Role::Admin).await;
    rename(&world, &BEN, Some("Benjamin")).await.unwrap();
    let body = json!({"email": CLEO.email, "role": "viewer"});
    let made = world.send(&router, Request::new("POST", "/team/invite").by(&BEN).within(id).json(body)).await;
    assert_eq!(made.body["invited_by_name"], "Benjamin");
    rename(&world, &BEN, Some("Benny")).await.unwrap();
    // The first record of this kind is Ben's, about Ana.
    let target = format!("/team/activity?action=invitation.created&actor={}", BEN.id());
    let record = world.send(&router, Request::new("GET", &target).within(id)).await;
    assert_eq!(record.body["activity"][0]["actor_name"], "Benjamin");
    let listed = world.send(&router, Request::new("GET", "/team/invitations").within(id)).await;
    assert_eq!(listed.body["invitations"][0]["invited_by_name"], "Benjamin");
    assert_eq!(listed.usage.round_trips, 1);
    let own = world.send(&router, Request::new("GET", "/invitations").by(&CLEO)).await;
    assert_eq!((&own.body["invitations"][0]["invited_by_name"], own.usage.round_trips), (&json!("Benjamin"), 2));
    let resend = format!("/team/invitations/{}/resend", made.body["id"].as_str().unwrap());
    let again = world.send(&router, Request::new("POST", &resend).within(id)).await;
    assert_eq!(again.body["invited_by_name"], "Benjamin", "the inviter's name, also after a resend by another member");
}
