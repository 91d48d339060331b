//! What is pushed, to whom, and what happens when it cannot be.

use super::stage::Stage;
use domain::{
    identity::access::Role,
    identity::profile::{Edit, Language, ProfileChanges},
    notifications::happening::Happening,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{profile, team};
use testkit::{ANA, BEN, CLEO, Fault, World};

fn joined() -> Happening {
    Happening::MemberJoined { user_id: CLEO.id(), role: Role::Member }
}

/// Invariant 55.
#[tokio::test]
async fn notifications_reach_those_who_may_see_them_in_their_language() {
    let stage = Stage::set(World::default()).await;
    let german = ProfileChanges { language: Edit::Set(Language::De), ..ProfileChanges::default() };
    profile::update_profile(&stage.world.store(), &BEN.caller(), &german).await.unwrap();
    let [ana, ben, cleo] =
        [stage.listen(&ANA, "ana").await, stage.listen(&BEN, "ben").await, stage.listen(&CLEO, "cleo").await];
    let silent = stage.connect(&ANA, "silent").await;
    stage.happen(joined(), None).await;
    let [english] = stage.got(&ana).try_into().unwrap();
    let [german] = stage.got(&ben).try_into().unwrap();
    assert_eq!(
        (&english["type"], &english["notification"]["title"]),
        (&json!("notification"), &json!("Member joined"))
    );
    assert_eq!(german["notification"]["title"], "Mitglied beigetreten");
    assert!(english["unread_count"].as_u64() > Some(0) && english["rev"].is_u64());
    assert_eq!(stage.got(&cleo), Vec::<Value>::new(), "a member is not notified of members");
    assert_eq!(stage.got(&silent), Vec::<Value>::new(), "it has not subscribed");
    let other = Stage::set(World::default()).await;
    assert_eq!(other.stored(), Vec::<String>::new());
}

#[tokio::test]
async fn runtime_and_plan_are_hints_to_read_again() {
    let stage = Stage::set(World::default()).await;
    let [ana, cleo] = [stage.listen(&ANA, "ana").await, stage.listen(&CLEO, "cleo").await];
    stage.happen(Happening::RuntimeStarted {}, None).await;
    assert_eq!(stage.types(&ana), ["notification", "status"]);
    assert_eq!(stage.types(&cleo), ["notification", "status"]);
    stage.happen(Happening::PlanLapsed {}, None).await;
    assert_eq!(stage.types(&ana), ["notification", "standing"]);
}

/// Invariant 55.
#[tokio::test]
async fn removal_ends_connections_with_the_next_push() {
    let stage = Stage::set(World::default()).await;
    let [ana, ben] = [stage.listen(&ANA, "ana").await, stage.listen(&BEN, "ben").await];
    // Until then, the places of the tickets are kept.
    stage.world.wait(SignedDuration::from_secs(30));
    team::remove_member(&stage.world.store(), &ANA.caller(), stage.id, BEN.id()).await.unwrap();
    for notice in stage.world.notices() {
        assert!(stage.world.push(&notice).await);
    }
    assert_eq!(stage.world.pushed(&ben.id), None, "it was ended");
    assert_eq!(stage.stored().len(), 1, "and forgotten");
    stage.happen(joined(), None).await;
    assert!(stage.types(&ana).contains(&"notification".to_owned()));
}

/// Invariant 55.
#[tokio::test]
async fn demotion_and_expiry_take_effect_with_the_next_push() {
    let stage = Stage::set(World::default()).await;
    let [ana, ben] = [stage.listen(&ANA, "ana").await, stage.listen(&BEN, "ben").await];
    team::change_role(&stage.world.store(), &ANA.caller(), stage.id, (BEN.id(), Role::Viewer)).await.unwrap();
    stage.happen(joined(), None).await;
    assert_eq!((stage.types(&ana), stage.types(&ben)), (vec!["notification".to_owned()], vec![]));
    // The connections go on for five minutes after the token.
    stage.world.wait(SignedDuration::from_mins(5));
    stage.happen(joined(), None).await;
    assert_eq!(stage.got(&ana), Vec::<Value>::new());
    assert_eq!(stage.send(&ana, r#"{"action":"subscribe"}"#).await, 200);
    assert_eq!(stage.got(&ana), Vec::<Value>::new(), "nor does it get answers");
}

/// Invariant 56.
#[tokio::test]
async fn dead_connections_cost_one_call() {
    let stage = Stage::set(World::default()).await;
    let [ana, dead] = [stage.listen(&ANA, "ana").await, stage.listen(&ANA, "dead").await];
    assert!(stage.world.reset_socket(&dead.id));
    stage.world.wait(SignedDuration::from_secs(40));
    for expected in [1, 0, 0] {
        stage.happen(joined(), None).await;
        assert_eq!((stage.world.calls_in_vain(), stage.types(&ana).len()), (expected, 1));
    }
    assert_eq!(stage.stored().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn inboxes_do_not_wait_for_the_socket_service() {
    for fault in [Fault::Hang, Fault::ServerError, Fault::LoseRequest, Fault::Throttle] {
        let stage = Stage::set(World::default()).await;
        let ana = stage.listen(&ANA, "ana").await;
        stage.world.plan("PostToConnection", fault);
        let begun = tokio::time::Instant::now();
        stage.happen(joined(), None).await;
        assert!(begun.elapsed() <= std::time::Duration::from_millis(1_100), "{fault:?}");
        assert_eq!(stage.got(&ana), Vec::<Value>::new(), "{fault:?}");
        // Nothing is sent again; the next push says that one was missed.
        stage.happen(joined(), None).await;
        let [next] = stage.got(&ana).try_into().unwrap();
        assert!(next["seq"].as_u64() > Some(1), "{fault:?}: {next}");
        assert_eq!(stage.world.notices().len(), 0);
    }
}
