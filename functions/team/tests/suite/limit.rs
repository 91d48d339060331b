//! Notifies integrations when the plan's last seat is taken: once, by the request that takes it, also under concurrency.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use futures::future::join_all;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Request, World, plan};

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

fn invite(id: WorkspaceId, number: usize) -> Request {
    let body = json!({"email": format!("guest{number}@example.com"), "role": "viewer"});
    Request::new("POST", "/team/invite").within(id).json(body)
}

fn full(limit: u64) -> Value {
    json!({"resource": "members", "limit": limit})
}

fn made(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count()
}

#[tokio::test]
async fn taking_the_last_seat_notifies() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.join(id, &ANA, &BEN, Role::Member).await;
    assert_eq!(world.outbox_events("limit.reached"), Vec::<Value>::new(), "one seat is free");
    let last = world.send(&router, invite(id, 1)).await;
    assert_eq!((last.status, last.usage.round_trips), (StatusCode::CREATED, 2));
    assert_eq!(world.outbox_events("limit.reached"), [full(3)]);
    // A refused request does not notify, nor does the acceptance of a reserved seat.
    assert_eq!(world.send(&router, invite(id, 2)).await.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(world.outbox_events("limit.reached").len(), 1);
    // A reactivated member takes a seat as well, and an invitation that frees an expired seat takes the last one again.
    let ben = format!("/team/members/{}", BEN.id());
    world.send(&router, Request::new("DELETE", &ben).within(id)).await;
    assert_eq!(world.outbox_events("limit.reached").len(), 1);
    world.send(&router, Request::new("POST", &format!("{ben}/reactivate")).within(id)).await;
    assert_eq!(world.outbox_events("limit.reached"), [full(3), full(3)]);
    world.wait(SignedDuration::from_hours(24 * 8));
    assert_eq!(world.send(&router, invite(id, 3)).await.status, StatusCode::CREATED);
    assert_eq!(world.outbox_events("limit.reached").len(), 3);
    // Without a limit nothing notifies.
    world.subscribe(id, plan("enterprise")).await;
    world.join(id, &ANA, &CLEO, Role::Member).await;
    assert_eq!(world.outbox_events("limit.reached").len(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_of_thirty_parallel_invites_notifies() {
    for seed in 0..12 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let (seats, crowd) = if seed % 4 == 0 { (10, 30) } else { (3, 4) };
        if seats == 10 {
            world.subscribe(id, plan("pro")).await;
        }
        let answers = join_all((0..crowd).map(|number| world.send(&router, invite(id, number)))).await;
        assert_eq!(made(&answers), seats - 1, "seed {seed}");
        assert_eq!(world.outbox_events("limit.reached"), [full(seats as u64)], "seed {seed}");
        world.assert_counters_consistent(format!("seed {seed}"));
    }
}

#[tokio::test]
async fn concurrent_changes_decide_which_one_reaches_the_limit() {
    for (read, then, count) in [(2, 1, 0), (1, 2, 1)] {
        let world = World::default();
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.overwrite(id, "META", "seat_count", json!({"N": format!("{read}")}));
        world.after("BatchGetItem", id, "META", "seat_count", json!({"N": format!("{then}")}));
        let answer = world.send(&router, invite(id, 1)).await;
        assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::CREATED, 4), "it is decided again");
        assert_eq!(world.outbox_events("limit.reached").len(), count, "{read} seats, then {then}");
    }
}
