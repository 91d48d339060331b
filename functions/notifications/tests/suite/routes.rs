//! The routes: answers, refusals, languages, pages, and their costs.

use super::stage::{Stage, ids};
use domain::notifications::happening::Happening;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Request, World};

const LAPSED: Happening = Happening::PlanLapsed {};

#[tokio::test(start_paused = true)]
async fn notification_has_text_link_and_facts() {
    let stage = Stage::set(World::default()).await;
    let until = stage.world.clock.now() + SignedDuration::from_hours(24 * 7);
    stage.happen(Happening::PaymentFailed { grace_until: Some(until) }).await;
    let answer = stage.send(&ANA, "GET", "/notifications", None).await;
    insta::assert_snapshot!("one_notification", answer);
}

#[tokio::test(start_paused = true)]
async fn texts_follow_the_language_of_the_profile() {
    let stage = Stage::set(World::default()).await;
    let id = stage.happen(LAPSED).await;
    let title = async || stage.all(&ANA, "limit=1").await[0]["title"].clone();
    assert_eq!(title().await, "Plan no longer in force");
    let changes = domain::identity::profile::ProfileChanges {
        language: domain::identity::profile::Edit::Set(domain::identity::profile::Language::De),
        ..Default::default()
    };
    shared::profile::update_profile(&stage.world.store(), &ANA.caller(), &changes).await.unwrap();
    assert_eq!(title().await, "Tarif nicht mehr gültig");
    let marked = stage.mark(&ANA, id, json!({})).await;
    assert_eq!(marked.body["notification"]["title"], "Tarif nicht mehr gültig");
}

#[tokio::test(start_paused = true)]
async fn marking_counts_once_and_can_be_undone() {
    let stage = Stage::set(World::default()).await;
    let (first, second) = (stage.happen(LAPSED).await, stage.happen(LAPSED).await);
    for _ in 0..2 {
        let read = stage.mark(&ANA, first, json!({})).await;
        assert_eq!((&read.body["unread_count"], &read.body["by_type"]["billing"]), (&json!(1), &json!(1)), "{read}");
        assert!(read.body["notification"]["read_at"].is_string());
    }
    for _ in 0..2 {
        let unread = stage.mark(&ANA, first, json!({"read": false})).await;
        assert_eq!((&unread.body["unread_count"], &unread.body["notification"]["read_at"]), (&json!(2), &Value::Null));
    }
    assert_eq!(stage.mark_all(&ANA, json!({"type": "team"})).await.body["unread_count"], 2);
    assert_eq!(stage.mark_all(&ANA, json!({})).await.body["unread_count"], 0);
    let unread = stage.mark(&ANA, second, json!({"read": false})).await;
    assert_eq!(unread.body["unread_count"], 1);
    assert_eq!(ids(&stage.all(&ANA, "unread=true").await), [second]);
    assert_eq!(ids(&stage.all(&ANA, "unread=false").await), [first]);
}

#[tokio::test(start_paused = true)]
async fn deleting_answers_the_same_each_time() {
    let stage = Stage::set(World::default()).await;
    let id = stage.happen(LAPSED).await;
    for _ in 0..3 {
        let answer = stage.delete(&ANA, id).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (204, &Value::Null), "{answer}");
    }
    let gone = stage.mark(&ANA, id, json!({})).await;
    assert_eq!((gone.status.as_u16(), gone.code()), (404, "notification_not_found"));
    assert_eq!((stage.badge(&ANA).await, stage.badge(&BEN).await), (0, 1));
    let place = stage.world.items()[&stage.key(&ANA, id)].clone();
    assert!(place["happening"].is_null(), "the content is gone: {place}");
}

#[tokio::test(start_paused = true)]
async fn mark_all_is_repeated_under_its_key() {
    let stage = Stage::set(World::default()).await;
    stage.happen(LAPSED).await;
    let request = || {
        let request = Request::new("POST", "/notifications/mark-all-read").within(stage.id).json(json!({}));
        request.header("idempotency-key", "all")
    };
    let first = stage.world.send(&stage.router, request()).await;
    stage.happen(LAPSED).await;
    let again = stage.world.send(&stage.router, request()).await;
    assert_eq!((first.status.as_u16(), &first.body), (200, &again.body));
    assert_eq!(stage.badge(&ANA).await, 1, "the second notification is unread");
}

#[tokio::test(start_paused = true)]
async fn unknown_filters_and_fields_are_refused() {
    let stage = Stage::set(World::default()).await;
    let answer = stage.send(&ANA, "GET", "/notifications?type=mail&unread=maybe&page=2", None).await;
    assert_eq!((answer.status.as_u16(), answer.wrong_fields().len()), (400, 3), "{answer}");
    let answer = stage.send(&ANA, "POST", "/notifications/preferences", Some(json!({"in_app": {"mail": true}}))).await;
    assert_eq!(answer.status.as_u16(), 400, "{answer}");
    let answer = stage.mark_all(&ANA, json!({"type": "mail", "all": true})).await;
    assert_eq!((answer.status.as_u16(), answer.wrong_fields().len()), (400, 2), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn pages_end_and_leave_nothing_out() {
    let stage = Stage::set(World::default()).await;
    let mut all = Vec::new();
    for number in 0..25 {
        stage.world.wait(SignedDuration::from_secs(1));
        let happening = if number % 5 == 0 { Happening::RuntimeStarted {} } else { LAPSED };
        all.insert(0, stage.happen(happening).await);
    }
    for limit in [1, 4, 5, 24, 25, 26, 100] {
        assert_eq!(ids(&stage.all(&ANA, &format!("limit={limit}")).await), all, "{limit}");
        assert_eq!(stage.all(&ANA, &format!("type=agent&limit={limit}")).await.len(), 5, "{limit}");
    }
    for id in all.iter().step_by(2) {
        stage.delete(&ANA, *id).await;
    }
    let left: Vec<_> = all.iter().skip(1).step_by(2).copied().collect();
    for limit in [1, 3, 100] {
        assert_eq!(ids(&stage.all(&ANA, &format!("limit={limit}")).await), left, "{limit}");
    }
}

/// Invariant 52.
#[tokio::test(start_paused = true)]
async fn full_inbox_costs_what_an_empty_one_costs() {
    let mut costs = Vec::new();
    for others in [300_usize, 5_000] {
        let stage = Stage::set(World::default()).await;
        let id = stage.happen(LAPSED).await;
        // Older ones, and those of a neighbour in the same partition.
        let old = |person: &testkit::Person, n: usize| format!("{}#N#ntf_01M7TE000000000000000{n:05}", person.id());
        for person in [ANA, BEN] {
            stage.world.copy_item(&stage.key(&ANA, id), (0..others).map(|n| old(&person, n)));
        }
        let mut of_stage = Vec::new();
        let mut note = |answer: testkit::Answer| {
            assert!(answer.status.is_success(), "{answer}");
            let calls: Vec<_> = stage.world.calls().into_iter().collect();
            of_stage.push((answer.usage.round_trips, answer.usage.capacity, calls));
        };
        drop(stage.world.calls());
        note(stage.send(&ANA, "GET", "/notifications", None).await);
        note(stage.send(&ANA, "GET", "/notifications?unread=true&type=billing&limit=100", None).await);
        note(stage.send(&ANA, "GET", "/notifications/unread-count", None).await);
        note(stage.mark(&ANA, id, json!({})).await);
        note(stage.delete(&ANA, id).await);
        stage.happen(LAPSED).await;
        drop(stage.world.calls());
        note(stage.mark_all(&ANA, json!({})).await);
        let trips: Vec<_> = of_stage.iter().map(|(trips, ..)| *trips).collect();
        // A change also finds the caller's other live connections, once it is made.
        assert_eq!(trips, [1, 1, 1, 3, 3, 3]);
        stage.happen(LAPSED).await;
        costs.push((of_stage, stage.world.calls()));
    }
    assert_eq!(costs[0], costs[1]);
}
