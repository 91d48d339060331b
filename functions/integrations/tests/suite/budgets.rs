//! The budgets of tests, new secrets and retries per workspace, since all workspaces share receivers and Secrets Manager.

use axum::Router;
use domain::{bounds::budget::Budget, identity::access::Role, ids::WorkspaceId, integrations::Occurrence};
use futures::future::join_all;
use integrations::IntegrationDeps;
use serde_json::json;
use testkit::{ANA, Answer, BEN, CLEO, Request, World, webhook_secret};

async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let (store, secrets) = (world.store(), world.integration_secrets());
    let router =
        integrations::router(IntegrationDeps { store, secrets, courier: world.courier() }, world.claim_rules());
    let id = world.workspace_of(&ANA).await;
    let set_up = Request::event("integrations/set-up").within(id);
    assert_eq!(world.send(&router, set_up).await.status.as_u16(), 200);
    world.wait(Budget::Secrets.length());
    world.changes();
    (world, router, id)
}

async fn flood(world: &World, router: &Router, request: impl Fn() -> Request) -> Vec<Answer> {
    join_all((0..40).map(|_| world.send(router, request()))).await
}

fn of(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status.as_u16() == status).count()
}

/// Asserts that all other answers are refusals that name the end of the window.
#[track_caller]
fn assert_refused(answers: &[Answer], budget: Budget) {
    let most = usize::try_from(budget.most()).unwrap();
    assert_eq!(of(answers, 429), 40 - most, "{budget:?}");
    let refused = answers.iter().find(|answer| answer.status.as_u16() == 429).unwrap();
    assert_eq!((refused.code(), &refused.body["limit"]), ("budget_exhausted", &json!(budget.most())), "{refused}");
    assert_eq!(
        (&refused.headers["retry-after"], &refused.body["resets_at"]),
        (&"60".parse().unwrap(), &json!("2026-11-21T12:02:00Z"))
    );
}

#[tokio::test(start_paused = true)]
async fn tests_are_bounded_by_their_budget() {
    let (world, router, id) = acme().await;
    let test = || Request::new("POST", "/integrations/webhook/test").within(id);
    let answers = flood(&world, &router, test).await;
    assert_refused(&answers, Budget::Tests);
    let most = usize::try_from(Budget::Tests.most()).unwrap();
    assert_eq!((of(&answers, 200), world.receivers.take().len()), (most, most));
    world.changes();
    assert_eq!(world.send(&router, test()).await.status.as_u16(), 429);
    world.assert_nothing_written();
    world.wait(Budget::Tests.length());
    let next = world.send(&router, test()).await;
    assert_eq!((next.status.as_u16(), next.usage.round_trips), (200, 2), "the next window has a full budget");
}

#[tokio::test(start_paused = true)]
async fn secrets_are_bounded_by_their_budget() {
    let (world, router, id) = acme().await;
    let put = |number: u32| {
        let body = json!({"config": {"url": "https://hooks.example.com/"}, "secret": format!("whsec_{number:0>32}")});
        Request::new("PUT", "/integrations/webhook").within(id).json(body)
    };
    let most = Budget::Secrets.most();
    for number in 0..most {
        let answer = world.send(&router, put(number)).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 4), "{answer}");
    }
    let secrets = world.secrets();
    drop(world.calls());
    world.changes();
    let answers = join_all((most..most + 40).map(|number| world.send(&router, put(number)))).await;
    assert_eq!(of(&answers, 429), 40);
    assert_eq!((world.secrets(), world.calls().get("CreateSecret")), (secrets, None));
    world.assert_nothing_written();
    // A change without a secret takes nothing of the budget.
    let body = json!({"config": {"url": "https://hooks.example.com/", "description": "Ours"}});
    let plain = Request::new("PUT", "/integrations/webhook").within(id).json(body);
    assert_eq!(world.send(&router, plain).await.status.as_u16(), 200);
    // Removal takes no budget.
    assert_eq!(world.send(&router, Request::event("integrations/remove").within(id)).await.status.as_u16(), 204);
}

#[tokio::test(start_paused = true)]
async fn parallel_secrets_are_bounded() {
    let (world, router, id) = acme().await;
    let before = world.secrets().len();
    let put = || {
        let body =
            json!({"config": {"url": "https://hooks.example.com/"}, "secret": webhook_secret("0123456789abcdef")});
        Request::new("PUT", "/integrations/webhook").within(id).json(body)
    };
    let answers = flood(&world, &router, put).await;
    assert_refused(&answers, Budget::Secrets);
    assert!(world.secrets().len() <= before + usize::try_from(Budget::Secrets.most()).unwrap());
}

#[tokio::test(start_paused = true)]
async fn retries_are_bounded_by_their_budget() {
    let (world, router, id) = acme().await;
    let (event, at) = (world.store().ambient().fresh(), world.clock.now());
    let what = domain::integrations::delivery::NewEvent {
        id: event,
        occurrence: Occurrence::RuntimeFailed { generation: 1, reason: None },
        at,
    };
    workers::integrations::deliver_event(&world.delivery_deps(), id, what, "test").await.unwrap();
    let listed = world.send(&router, Request::event("integrations/deliveries").within(id)).await;
    let delivery = listed.body["deliveries"][0]["id"].as_str().unwrap().to_owned();
    let retry = || Request::new("POST", &format!("/integrations/webhook/deliveries/{delivery}/retry")).within(id);
    let most = Budget::Retries.most();
    for _ in 0..most {
        assert_eq!(world.send(&router, retry()).await.status.as_u16(), 202);
    }
    world.changes();
    let refused = world.send(&router, retry()).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "budget_exhausted"), "{refused}");
    world.assert_nothing_written();
    world.wait(Budget::Retries.length());
    assert_eq!(world.send(&router, retry()).await.status.as_u16(), 202);
}

#[tokio::test(start_paused = true)]
async fn refused_callers_take_no_budget() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    for (person, status) in [(&BEN, 403), (&CLEO, 404)] {
        let test = || Request::new("POST", "/integrations/webhook/test").by(person).within(id);
        assert_eq!(of(&flood(&world, &router, test).await, status), 40);
    }
    world.assert_nothing_written();
    assert_eq!(world.receivers.take(), []);
}

#[tokio::test(start_paused = true)]
async fn budgets_of_workspaces_are_separate() {
    let (world, router, id) = acme().await;
    let other = world.workspace_of(&CLEO).await;
    let theirs = || Request::event("integrations/set-up").by(&CLEO).within(other);
    assert_eq!(world.send(&router, theirs()).await.status.as_u16(), 200);
    flood(&world, &router, || Request::new("POST", "/integrations/webhook/test").within(id)).await;
    let test = Request::new("POST", "/integrations/webhook/test").by(&CLEO).within(other);
    assert_eq!(world.send(&router, test).await.status.as_u16(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_test_is_answered_from_its_record() {
    let (world, router, id) = acme().await;
    let test = || Request::event("integrations/test").within(id);
    let first = world.send(&router, test()).await;
    flood(&world, &router, || Request::new("POST", "/integrations/webhook/test").within(id)).await;
    let again = world.send(&router, test()).await;
    assert_eq!((again.status.as_u16(), again.body), (200, first.body));
}
