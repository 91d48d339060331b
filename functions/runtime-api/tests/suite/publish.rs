//! Notifications that containers publish: to members of their own workspace only, once for each key, and not too many.

use super::{MINUTE, container_router, give, running, token};
use domain::{
    bounds::budget::Budget,
    identity::access::Role,
    ids::WorkspaceId,
    notifications::{preferences::PreferenceChanges, shelf::NotificationType},
    page::{Limit, PageRequest},
    runtime::record::RuntimeCommand,
};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::notifications::{
    InboxFilter, NotificationView, delete_notification, list_notifications, read_counts, set_preferences,
};
use std::collections::BTreeSet;
use testkit::{ANA, Answer, BEN, CLEO, Chances, Moment, Person, Request, World, plan};

fn notification(key: &str) -> Value {
    json!({"key": key, "type": "agent", "title": "Report ready", "body": "The weekly report was written."})
}

async fn publish(world: &World, token: &str, body: &Value) -> Answer {
    let request = Request::event("runtime-api/notifications").header("authorization", format!("Bearer {token}"));
    world.send(&container_router(world), request.json(body.clone())).await
}

/// Publishes `body` and delivers it.
async fn published(world: &World, body: &Value) -> String {
    let answer = publish(world, &token(world), body).await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (202, 2), "{answer}");
    world.notify_members().await;
    answer.body["id"].as_str().unwrap().to_owned()
}

/// Returns what `person` sees in their inbox, newest first, without what Berth itself notifies of.
async fn inbox(world: &World, workspace: WorkspaceId, person: &Person) -> Vec<NotificationView> {
    let (store, caller) = (world.store(), person.caller());
    let (page, _) = list_notifications(
        &store,
        &caller,
        workspace,
        InboxFilter::default(),
        PageRequest { limit: Limit::MOST, after: None },
    )
    .await
    .unwrap();
    page.items.into_iter().filter(|seen| seen.event == "published").collect()
}

async fn seen_by(world: &World, workspace: WorkspaceId, person: &Person) -> usize {
    inbox(world, workspace, person).await.len()
}

/// Creates a workspace on pro whose container runs, with Ana as owner, Ben as member and Cleo as viewer.
async fn peopled() -> (World, WorkspaceId) {
    let (world, workspace) = running(plan("pro")).await;
    world.join(workspace, &ANA, &BEN, Role::Member).await;
    world.join(workspace, &ANA, &CLEO, Role::Viewer).await;
    world.notify_members().await;
    world.changes();
    (world, workspace)
}

#[tokio::test]
async fn members_see_what_the_container_published() {
    let (world, workspace) = peopled().await;
    let body = json!({
        "key": "report-7",
        "type": "kb",
        "category": "warning",
        "title": " <b>Report</b> ",
        "body": "It is late.",
        "link": "/reports/7?tab=1",
        "data": {"report": 7, "share": 1e300, "parts": [null, true]},
    });
    let id = published(&world, &body).await;
    for person in [&ANA, &BEN, &CLEO] {
        let seen = inbox(&world, workspace, person).await;
        let [seen] = seen.as_slice() else { panic!("one notification: {seen:?}") };
        assert_eq!(
            (seen.id.to_string(), seen.kind, seen.category.name()),
            (id.clone(), NotificationType::Kb, "warning")
        );
        assert_eq!((seen.title.as_str(), seen.body.as_str()), ("<b>Report</b>", "It is late."));
        assert_eq!(seen.link, format!("/w/{workspace}/reports/7?tab=1"));
        assert_eq!(Value::Object(seen.data.clone()), body["data"]);
    }
    published(&world, &notification("plain")).await;
    let newest = inbox(&world, workspace, &CLEO).await.remove(0);
    assert_eq!((newest.link, newest.data.len(), newest.category.name()), (format!("/w/{workspace}"), 0, "info"));
}

/// Invariant 51.
#[tokio::test]
async fn only_addressed_members_are_notified() {
    let (world, workspace) = peopled().await;
    let counts = async || {
        [
            seen_by(&world, workspace, &ANA).await,
            seen_by(&world, workspace, &BEN).await,
            seen_by(&world, workspace, &CLEO).await,
        ]
    };
    let to = |key: &str, to: Value| json!({"key": key, "type": "agent", "title": "t", "body": "b", "to": to});
    published(&world, &to("roles", json!({"roles": ["owner", "member"]}))).await;
    assert_eq!(counts().await, [1, 1, 0]);
    published(&world, &to("member", json!({"members": [CLEO.id().to_string()]}))).await;
    assert_eq!(counts().await, [1, 1, 1]);
    published(&world, &to("both", json!({"roles": ["owner"], "members": [CLEO.id().to_string()]}))).await;
    assert_eq!(counts().await, [2, 1, 2]);
    // A stranger who is named gets nothing, and nothing is stored for them.
    let stranger = domain::ids::UserId::of("test", "stranger");
    published(&world, &to("stranger", json!({"members": [stranger.to_string()]}))).await;
    assert_eq!(counts().await, [2, 1, 2]);
    assert!(!world.items().keys().any(|(_, sk)| sk.starts_with(&stranger.to_string())));
    // A member who loses the role no longer sees what was for it.
    shared::team::change_role(&world.store(), &ANA.caller(), workspace, (BEN.id(), Role::Viewer)).await.unwrap();
    assert_eq!(counts().await, [2, 0, 2]);
    let unread = read_counts(&world.store(), &BEN.caller(), workspace).await.unwrap();
    assert_eq!(unread.by_type[&NotificationType::Agent], 0);
}

#[tokio::test]
async fn types_that_a_member_turned_off_are_left_out() {
    let (world, workspace) = peopled().await;
    let off = PreferenceChanges { in_app: [(NotificationType::Agent, false)].into(), ..PreferenceChanges::default() };
    set_preferences(&world.store(), &BEN.caller(), workspace, &off, None).await.unwrap();
    published(&world, &notification("k")).await;
    assert_eq!((seen_by(&world, workspace, &BEN).await, seen_by(&world, workspace, &CLEO).await), (0, 1));
}

/// Invariant 50.
#[tokio::test]
async fn the_same_key_publishes_once() {
    let (world, workspace) = peopled().await;
    let id = published(&world, &notification("k")).await;
    for delivered in [false, true] {
        let again = publish(&world, &token(&world), &notification("k")).await;
        assert_eq!((again.status.as_u16(), again.usage.round_trips, again.body["id"].as_str()), (202, 1, Some(&*id)));
        if delivered {
            world.notify_members().await;
        }
    }
    assert_eq!(seen_by(&world, workspace, &ANA).await, 1);
    let id = inbox(&world, workspace, &ANA).await[0].id;
    delete_notification(&world.store(), &ANA.caller(), workspace, id).await.unwrap();
    publish(&world, &token(&world), &notification("k")).await;
    world.notify_members().await;
    assert_eq!(seen_by(&world, workspace, &ANA).await, 0);
    let other = json!({"key": "k", "type": "agent", "title": "Another", "body": "b"});
    let refused = publish(&world, &token(&world), &other).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "publish_key_reused"));
    // The record of the key is gone after 35 days.
    world.wait(SignedDuration::from_hours(36 * 24));
    assert_eq!(publish(&world, &token(&world), &other).await.status.as_u16(), 202);
}

#[tokio::test(start_paused = true)]
async fn parallel_requests_with_one_key_publish_once() {
    for seed in 0..10 {
        let world = World::seeded(seed);
        let workspace = world.workspace_of(&ANA).await;
        give(&world, workspace, RuntimeCommand::Start).await;
        world.set_fault_chances(Chances { throttle: 0.0, ..Chances::HIGH });
        let (token, body) = (token(&world), notification("k"));
        let answers = join_all((0..6).map(|_| publish(&world, &token, &body))).await;
        world.clear_fault_chances();
        let ids: BTreeSet<_> = answers
            .iter()
            .filter(|answer| answer.status.as_u16() == 202)
            .map(|answer| answer.body["id"].clone().to_string())
            .collect();
        assert!(ids.len() <= 1, "seed {seed}: {ids:?}");
        assert_eq!(publish(&world, &token, &body).await.status.as_u16(), 202);
        world.notify_members().await;
        assert_eq!(seen_by(&world, workspace, &ANA).await, 1, "seed {seed}");
    }
}

#[tokio::test]
async fn crash_publishes_or_does_not_and_a_repetition_does() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (world, workspace) = running(plan("free")).await;
            let (token, body) = (token(&world), notification("k"));
            let ended = world.crashing(call, moment, Box::pin(publish(&world, &token, &body))).await;
            assert_eq!(publish(&world, &token, &body).await.status.as_u16(), 202, "{moment:?} call {call}");
            world.notify_members().await;
            assert_eq!(seen_by(&world, workspace, &ANA).await, 1, "{moment:?} call {call}");
            if ended.is_some() {
                assert!(call >= 2, "it takes a read and a transaction");
                break;
            }
        }
    }
}

#[tokio::test]
async fn notifications_are_bounded_by_their_budget() {
    let (world, workspace) = running(plan("free")).await;
    let token = token(&world);
    let most = usize::try_from(Budget::Publications.most()).unwrap();
    for n in 0..most {
        assert_eq!(publish(&world, &token, &notification(&n.to_string())).await.status.as_u16(), 202);
    }
    let refused = publish(&world, &token, &notification("more")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "budget_exhausted"));
    assert_eq!(publish(&world, &token, &notification("0")).await.status.as_u16(), 202, "a repetition is free");
    world.wait(MINUTE * 60);
    assert_eq!(publish(&world, &token, &notification("more")).await.status.as_u16(), 202);
    world.notify_members().await;
    let unread = read_counts(&world.store(), &ANA.caller(), workspace).await.unwrap();
    assert_eq!(unread.by_type[&NotificationType::Agent] as usize, most + 1 + 1, "and one for the start of the runtime");
}

/// Invariant 20.
#[tokio::test]
async fn token_publishes_in_its_own_workspace_only() {
    let (world, own) = running(plan("free")).await;
    let old = token(&world);
    let other = world.workspace_of(&ANA).await;
    world.subscribe(other, plan("pro")).await;
    give(&world, other, RuntimeCommand::Start).await;
    world.notify_members().await;
    let request = Request::event("runtime-api/notifications").header("authorization", format!("Bearer {old}"));
    assert_eq!(world.send(&container_router(&world), request.within(other)).await.status.as_u16(), 202);
    world.notify_members().await;
    assert_eq!((seen_by(&world, own, &ANA).await, seen_by(&world, other, &ANA).await), (1, 0));
    give(&world, own, RuntimeCommand::Restart).await;
    world.notify_members().await;
    world.changes();
    let forged = old.replace(&own.to_string(), &other.to_string());
    for token in ["", "x", &old, &forged] {
        let refused = publish(&world, token, &notification("k")).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (401, "runtime_token_invalid"), "{token}");
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn suspended_workspace_publishes_nothing() {
    let (world, workspace) = running(plan("free")).await;
    let token = token(&world);
    world.suspend(workspace, "spam").await;
    world.changes();
    let refused = publish(&world, &token, &notification("k")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "workspace_suspended"));
    world.assert_nothing_written();
}

#[tokio::test]
async fn impossible_notifications_are_refused() {
    let (world, _) = running(plan("free")).await;
    let token = token(&world);
    let cases = [
        ("key", json!("")),
        ("key", json!("a b")),
        ("type", json!("news")),
        ("category", json!("fatal")),
        ("title", json!("")),
        ("title", json!("x".repeat(101))),
        ("body", json!("x".repeat(501))),
        ("body", json!("pay\u{202e}pal")),
        ("link", json!("https://evil.example")),
        ("link", json!("//evil.example")),
        ("link", json!("/../../ws_other")),
        ("data", json!([1])),
        ("data", json!({"x": "y".repeat(1025)})),
        ("to", json!({})),
        ("to", json!({"roles": []})),
        ("to.roles[0]", json!({"roles": ["root"]})),
        ("to.members[0]", json!({"members": ["ana"]})),
        ("to.teams", json!({"teams": ["a"]})),
        ("extra", json!(1)),
    ];
    for (field, value) in cases {
        let mut body = notification("k");
        body[field.split('.').next().unwrap()] = value.clone();
        let refused = publish(&world, &token, &body).await;
        let wrong = refused.wrong_fields().into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!((refused.status.as_u16(), wrong), (400, vec![field.to_owned()]), "{value}: {refused}");
    }
    world.assert_nothing_written();
}
