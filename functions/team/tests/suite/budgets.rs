//! The budgets of exports and of resent invitations per workspace.

use axum::Router;
use domain::{bounds::budget::Budget, identity::access::Role, ids::WorkspaceId};
use futures::future::join_all;
use serde_json::json;
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, plan};

async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let router = team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    );
    let id = world.workspace_of(&ANA).await;
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    (world, router, id)
}

fn of(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status.as_u16() == status).count()
}

#[tokio::test(start_paused = true)]
async fn exports_are_bounded_by_their_budget() {
    let (world, router, id) = acme().await;
    let csv =
        |person: &Person| Request::new("GET", "/team/activity").by(person).within(id).header("accept", "text/csv");
    for (person, status) in [(&BEN, 403), (&CLEO, 404)] {
        let answers = join_all((0..40).map(|_| world.send(&router, csv(person)))).await;
        assert_eq!(of(&answers, status), 40);
    }
    world.assert_nothing_written();
    let answers = join_all((0..40).map(|_| world.send(&router, csv(&ANA)))).await;
    let most = usize::try_from(Budget::Exports.most()).unwrap();
    assert_eq!((of(&answers, 200), of(&answers, 429)), (most, 40 - most));
    assert!(answers.iter().all(|answer| answer.usage.round_trips == 1));
    let refused = answers.iter().find(|answer| answer.status.as_u16() == 429).unwrap();
    assert_eq!((refused.code(), &refused.headers["retry-after"]), ("budget_exhausted", &"60".parse().unwrap()));
    world.assert_only_budgets_written();
    // A page of JSON is no export.
    let shown = Request::new("GET", "/team/activity").within(id);
    assert_eq!(world.send(&router, shown).await.status.as_u16(), 200);
    world.wait(Budget::Exports.length());
    assert_eq!(world.send(&router, csv(&ANA)).await.status.as_u16(), 200);
}

#[tokio::test(start_paused = true)]
async fn resends_are_bounded_by_their_budget() {
    let (world, router, id) = acme().await;
    let (invitation, _) = world.invitation(id, &ANA, &CLEO, Role::Viewer).await;
    let resend = || Request::new("POST", &format!("/team/invitations/{invitation}/resend")).within(id);
    for _ in 0..Budget::Resends.most() {
        let answer = world.send(&router, resend()).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (202, 2), "{answer}");
    }
    world.changes();
    let refused = world.send(&router, resend()).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "budget_exhausted"), "{refused}");
    assert_eq!(refused.body["limit"], json!(Budget::Resends.most()));
    world.assert_nothing_written();
    world.wait(Budget::Resends.length());
    assert_eq!(world.send(&router, resend()).await.status.as_u16(), 202);
}

#[tokio::test(start_paused = true)]
async fn leaving_is_never_refused_by_a_budget() {
    let (world, router, id) = acme().await;
    world.subscribe(id, plan("pro")).await;
    let csv = || Request::new("GET", "/team/activity").within(id).header("accept", "text/csv");
    join_all((0..40).map(|_| world.send(&router, csv()))).await;
    let left = world.send(&router, Request::new("POST", "/team/leave").by(&BEN).within(id)).await;
    assert!(left.status.is_success(), "{left}");
}
