//! The onboarding: a user's progress, and the parts of the billing that need attention.

use domain::{
    billing::account::{Billing, BillingError, PendingCheckout},
    billing::subscription::{Period, Status, Subscription},
    identity::access::Role,
    plans::money::Interval,
    runtime::record::RuntimeCommand,
};
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::runtime;
use testkit::{ANA, Answer, BEN, CLEO, Request, World, plan};
use workspace::WorkspaceDeps;

async fn ask(world: &World, request: Request) -> Answer {
    world
        .send(
            &workspace::router(
                WorkspaceDeps {
                    store: world.store(),
                    free_workspaces: world.free_workspaces(),
                    free_containers: world.free_containers(),
                },
                world.claim_rules(),
            ),
            request,
        )
        .await
}

fn done(answer: &Answer) -> Vec<&str> {
    let steps = answer.body["steps"].as_array().unwrap().iter();
    steps.filter(|step| step["done"] == true).map(|step| step["id"].as_str().unwrap()).collect()
}

fn nowhere() -> Request {
    Request::event("workspace/onboarding-without-workspace")
}

#[tokio::test]
async fn new_user_gets_all_onboarding_steps() {
    let world = World::default();
    let answer = ask(&world, nowhere()).await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
}

#[tokio::test]
async fn each_step_is_done_when_it_is() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let mut steps = vec!["create_workspace"];
    let here = || Request::event("workspace/onboarding").within(id);
    assert_eq!(done(&ask(&world, here()).await), steps);
    world.invitation(id, &ANA, &BEN, Role::Viewer).await;
    steps.push("invite_member");
    assert_eq!(done(&ask(&world, here()).await), steps);
    world.subscribe(id, plan("pro")).await;
    steps.push("choose_plan");
    assert_eq!(done(&ask(&world, here()).await), steps);
    runtime::command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
        .await
        .unwrap();
    steps.push("start_runtime");
    assert_eq!(done(&ask(&world, here()).await), steps);
    world.overwrite(id, "META", "integration_count", json!({"N": "1"}));
    steps.push("connect_integration");
    let answer = ask(&world, here()).await;
    assert_eq!((done(&answer), answer.usage.round_trips), (steps.clone(), 1));
    let answer = ask(&world, nowhere()).await;
    assert_eq!((done(&answer), answer.usage.round_trips), (steps, 2), "the newest workspace is the only one");
    let other = world.workspace_of(&ANA).await;
    world.overwrite(other, "META", "live", json!({"BOOL": false}));
    assert_eq!(done(&ask(&world, nowhere()).await).len(), 5, "a workspace that is being deleted is not found");
}

#[tokio::test]
async fn onboarding_shows_billing_errors_checkouts_and_renewal() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let now = world.clock.now();
    let period = Period { start: now, end: now + SignedDuration::from_hours(720) };
    let subscription = Subscription {
        id: "sub_test".to_owned(),
        paid_plan: plan("pro").reference(),
        interval: Interval::Month,
        currency: None,
        seats: None,
        addons: domain::plans::addon::HeldAddons::default(),
        scheduled_addons: None,
        status: Status::PastDue,
        period,
        cancel_at: None,
        cancel_at_period_end: false,
        trial_end: None,
        grace_until: None,
        scheduled: None,
        first_payment: None,
        collection_paused: false,
        pending_change: None,
    };
    let checkout = PendingCheckout {
        session: "cs_test".to_owned(),
        url: "https://checkout.example.com".to_owned(),
        plan: plan("business").reference(),
        interval: Interval::Month,
        currency: None,
        quantity: 1,
        trial: None,
        expires_at: now + SignedDuration::from_hours(1),
    };
    let billing = Billing {
        version: 1,
        customer: None,
        subscription: Some(subscription.clone()),
        pending_checkout: Some(checkout),
        last_error: Some(BillingError { message: "Your card was declined.".to_owned(), at: now }),
        ..Billing::default()
    };
    world.store().set_billing(id, &billing).await.unwrap();
    let shown = async || ask(&world, Request::event("workspace/onboarding").within(id)).await.body["billing"].clone();
    assert_snapshot!(format!("{:#}", shown().await));
    world.wait(SignedDuration::from_hours(1));
    assert_eq!(shown().await["has_pending_checkout"], false);
    let notice = async |change: fn(&mut Subscription)| {
        let mut subscription = subscription.clone();
        change(&mut subscription);
        world.store().set_billing(id, &Billing { subscription: Some(subscription), ..billing.clone() }).await.unwrap();
        shown().await["subscription"].clone()
    };
    let ending = notice(|subscription| subscription.cancel_at_period_end = true).await;
    assert_eq!((&ending["renews_at"], &ending["cancel_at_period_end"]), (&Value::Null, &json!(true)));
    let dated = notice(|subscription| subscription.cancel_at = Some(subscription.period.end)).await;
    assert_eq!((&dated["renews_at"], &dated["cancel_at"]), (&Value::Null, &json!(period.end)));
    assert_eq!(notice(|subscription| subscription.status = Status::Canceled).await, Value::Null);
}

#[tokio::test]
async fn a_stranger_learns_nothing() {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    let answer = ask(&world, Request::event("workspace/onboarding").within(id).by(&CLEO)).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (404, "workspace_not_found"));
    assert_eq!(done(&ask(&world, nowhere().by(&CLEO)).await), Vec::<&str>::new());
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    assert_eq!(done(&ask(&world, nowhere().by(&BEN)).await), ["create_workspace", "invite_member"]);
}
