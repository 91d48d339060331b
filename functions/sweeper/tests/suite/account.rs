//! The deletion of accounts: nothing of the person is left, and crashes at any call are resumed.

use super::sweep::minute_passes;
use domain::{
    identity::access::Role,
    identity::profile::{Edit, ProfileChanges},
    ids::{UserId, WorkspaceId},
    notifications::{preferences::PreferenceChanges, shelf::NotificationType},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    account, notifications, profile, team,
    workspace::{OtherMembers, delete_workspace},
};
use testkit::{ANA, BEN, CLEO, Moment, Person, Shop, World, plan};
use workers::{account::advance_account_deletion, runtime::reconcile_runtime};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn delete(world: &World, person: &Person) {
    account::delete_account(&world.store(), &person.caller()).await.unwrap();
}

async fn status(world: &World, person: &Person) -> Value {
    let receipt = account::read_account_deletion(&world.store(), &person.caller()).await.unwrap();
    serde_json::to_value(receipt).unwrap()
}

/// Runs one minute of the sweeper.
async fn minute(shop: &Shop) {
    let world = &shop.world;
    minute_passes(shop).await;
    let heads = world.items().into_iter().filter(|(_, item)| item["_type"] == "workspace");
    let ids: Vec<WorkspaceId> = heads.map(|((pk, _), _)| pk.trim_start_matches("WS#").parse().unwrap()).collect();
    for id in ids {
        let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), id)).await;
    }
}

async fn finish(shop: &Shop, person: &Person) {
    for _ in 0..12 {
        minute(shop).await;
        if status(&shop.world, person).await["status"] == "complete" {
            return;
        }
    }
    panic!("{:#}", status(&shop.world, person).await);
}

/// Returns the keys of items that hold `text` anywhere.
fn holding(world: &World, text: &str) -> Vec<(String, String)> {
    let items = world.items().into_iter().filter(|((pk, sk), item)| {
        format!("{pk} {sk} {item}").to_ascii_lowercase().contains(&text.to_ascii_lowercase())
    });
    items.map(|(key, _)| key).collect()
}

/// Returns the sort keys of everything in the inboxes of `person`.
fn inbox(world: &World, person: &Person) -> Vec<String> {
    let items =
        world.items().into_keys().filter(|(pk, sk)| pk.ends_with("#INBOX") && sk.starts_with(&person.id().to_string()));
    items.map(|(_, sk)| sk).collect()
}

/// Creates Ana's workspace, of which Ben is an admin who acts, with another that Ben has left, and one of Ben's own.
async fn full() -> Shop {
    let shop = Shop::open(7).await;
    let (world, id) = (&shop.world, shop.workspace);
    world.subscribe(id, plan("business")).await;
    let left = world.workspace_of(&ANA).await;
    world.workspace_of(&BEN).await;
    for workspace in [id, left] {
        world.join(workspace, &ANA, &BEN, Role::Admin).await;
    }
    let name = ProfileChanges { name: Edit::Set("Benjamin".parse().unwrap()), ..ProfileChanges::default() };
    profile::update_profile(&world.store(), &BEN.caller(), &name).await.unwrap();
    world.invitation(id, &BEN, &CLEO, Role::Member).await;
    team::change_role(&world.store(), &ANA.caller(), id, (BEN.id(), Role::Member)).await.unwrap();
    team::change_role(&world.store(), &ANA.caller(), id, (BEN.id(), Role::Admin)).await.unwrap();
    world.notify_members().await;
    let quiet = PreferenceChanges { in_app: [(NotificationType::Agent, false)].into(), ..PreferenceChanges::default() };
    notifications::set_preferences(&world.store(), &BEN.caller(), id, &quiet, None).await.unwrap();
    assert_eq!(inbox(world, &BEN).len(), 5, "the head, two notifications, their digest, and the preferences");
    team::leave_workspace(&world.store(), &BEN.caller(), left, None).await.unwrap();
    world.assert_counters_consistent("before");
    shop
}

/// Invariant 44.
#[tokio::test]
async fn nothing_of_a_deleted_account_is_left() {
    let shop = full().await;
    let (world, id) = (&shop.world, shop.workspace);
    assert!(!holding(world, "benjamin").is_empty() && !holding(world, "ben@example.com").is_empty());
    delete(world, &BEN).await;
    finish(&shop, &BEN).await;
    for text in ["ben@example.com", "benjamin", "\"Ben\""] {
        assert_eq!(holding(world, text), [], "{text}");
    }
    assert_eq!(inbox(world, &BEN), Vec::<String>::new());
    let own = world.items().into_keys().filter(|(pk, _)| *pk == format!("USER#{}", BEN.id()));
    let own: Vec<_> = own.map(|(_, sk)| sk).filter(|sk| !sk.starts_with("DELETION#")).collect();
    assert_eq!(own, ["ACCOUNT_DELETION"]);
    // Records stay, with digests. The invitation that Ben made is revoked.
    let records = world.items().into_iter().filter(|((pk, _), _)| *pk == format!("WS#{id}#AUDIT"));
    let records: Vec<_> =
        records.map(|(_, record)| record).filter(|record| record["actor"] == json!(BEN.id())).collect();
    let of = |action: &str| records.iter().find(|record| record["action"] == action).unwrap();
    assert_eq!((records.len(), of("member.left")["digests"].is_null()), (3, true));
    assert!(of("invitation.created")["digests"]["actor_name"].is_string());
    assert!(of("member.joined")["digests"]["after.email"].is_string());
    assert!(!world.items().keys().any(|(_, sk)| sk.starts_with("INVITE#")));
    world.assert_counters_consistent("after");
}

/// Invariant 44.
#[tokio::test]
async fn a_deletion_that_crashes_anywhere_is_resumed() {
    for moment in [Moment::Before, Moment::After] {
        for call in (0..40).step_by(7) {
            let shop = full().await;
            let world = &shop.world;
            delete(world, &BEN).await;
            for _ in 0..3 {
                world.wait(MINUTE);
                let origin = domain::identity::origin::Origin { request_id: "sweep".to_owned(), ip_address: None };
                let store = world.store();
                let work = advance_account_deletion(&store, BEN.id(), &origin);
                let _ = world.crashing(call, moment, work).await;
            }
            finish(&shop, &BEN).await;
            assert_eq!(holding(world, "ben@example.com"), [], "{call} {moment:?}");
            assert_eq!(inbox(world, &BEN), Vec::<String>::new(), "{call} {moment:?}");
            world.assert_counters_consistent(format!("{call} {moment:?}"));
        }
    }
}

#[tokio::test]
async fn the_same_person_begins_again_with_an_empty_profile() {
    let shop = full().await;
    let world = &shop.world;
    delete(world, &BEN).await;
    finish(&shop, &BEN).await;
    let again = serde_json::to_value(profile::read_profile(&world.store(), &BEN.caller()).await.unwrap()).unwrap();
    assert_eq!((&again["name"], &again["language"]), (&json!("Ben"), &Value::Null));
    world.join(shop.workspace, &ANA, &BEN, Role::Viewer).await;
    world.assert_counters_consistent("joined again");
    // Another deletion waits a day, since each searches the table.
    let early = account::delete_account(&world.store(), &BEN.caller()).await.unwrap_err();
    assert_eq!(domain::error::Refusal::code(&early), "account_deleted_recently");
    world.wait(SignedDuration::from_hours(24));
    delete(world, &BEN).await;
    finish(&shop, &BEN).await;
    assert_eq!(holding(world, "ben@example.com"), []);
}

/// Invariant 2.
/// They have neither a profile nor a seat, but have had one since.
#[tokio::test]
async fn an_account_that_was_used_again_is_deleted_again() {
    let shop = full().await;
    let (world, id) = (&shop.world, shop.workspace);
    delete(world, &BEN).await;
    finish(&shop, &BEN).await;
    world.wait(SignedDuration::from_hours(25));
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    team::remove_member(&world.store(), &ANA.caller(), id, BEN.id()).await.unwrap();
    for own in
        world.items().into_iter().filter(|((pk, sk), _)| *pk == format!("USER#{}", BEN.id()) && sk.starts_with("WS#"))
    {
        let own: WorkspaceId = own.0.1.trim_start_matches("WS#").parse().unwrap();
        delete_workspace(&world.store(), &BEN.caller(), own, OtherMembers::Refuse).await.unwrap();
    }
    for _ in 0..6 {
        minute(&shop).await;
    }
    assert!(!holding(world, BEN.email).is_empty(), "the former seat");
    delete(world, &BEN).await;
    assert_ne!(status(world, &BEN).await["status"], "complete");
    finish(&shop, &BEN).await;
    assert_eq!(holding(world, BEN.email), Vec::<(String, String)>::new());
}

#[tokio::test]
async fn a_deletion_waits_for_another_owner() {
    let shop = Shop::open(7).await;
    let (world, id) = (&shop.world, shop.workspace);
    world.join(id, &ANA, &BEN, Role::Owner).await;
    world.join(id, &ANA, &CLEO, Role::Viewer).await;
    delete(world, &ANA).await;
    // The other owner is faster than the sweeper.
    team::leave_workspace(&world.store(), &BEN.caller(), id, None).await.unwrap();
    minute(&shop).await;
    let waiting = status(world, &ANA).await;
    assert_eq!((&waiting["status"], &waiting["blocked_by"]), (&json!("leaving"), &json!([id])));
    world.assert_counters_consistent("waiting");
    team::transfer_ownership(&world.store(), world.free_workspaces(), &ANA.caller(), id, CLEO.id(), None)
        .await
        .unwrap();
    world.wait(SignedDuration::from_mins(10));
    finish(&shop, &ANA).await;
    assert_eq!(holding(world, "ana@example.com"), []);
    world.assert_counters_consistent("handed over");
}

#[tokio::test]
async fn a_removed_person_whose_account_ends_gets_no_workspace() {
    let shop = Shop::open(7).await;
    let (world, id) = (&shop.world, shop.workspace);
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    delete(world, &BEN).await;
    team::remove_member(&world.store(), &ANA.caller(), id, BEN.id()).await.unwrap();
    let heads = world.items().into_values().filter(|item| item["_type"] == "workspace").count();
    assert_eq!(heads, 1);
    finish(&shop, &BEN).await;
    assert_eq!(holding(world, "ben@example.com"), []);
    world.assert_counters_consistent("removed");
}

#[tokio::test]
async fn an_account_with_many_workspaces_ends_in_steps() {
    let shop = Shop::open(7).await;
    let world = &shop.world;
    let owner = Person { subject: "owner", email: "owner@example.com", name: "Owner", verified: true };
    for _ in 0..30 {
        let id = world.workspace_of(&owner).await;
        world.join(id, &owner, &BEN, Role::Viewer).await;
    }
    delete(world, &BEN).await;
    minute(&shop).await;
    let memberships = |user: UserId| {
        let pk = format!("USER#{user}");
        world.items().into_keys().filter(|(at, sk)| *at == pk && sk.starts_with("WS#")).count()
    };
    assert_eq!(memberships(BEN.id()), 5);
    finish(&shop, &BEN).await;
    assert_eq!(holding(world, "ben@example.com"), []);
    world.assert_counters_consistent("many");
}
