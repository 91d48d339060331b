//! Counting while Stripe's clock and the function's differ.

use domain::billing::subscription::Period;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, PLANS, Request, World, meter, plan};

const DAY: i64 = 86_400;

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn usage_counts_although_the_clock_of_stripe_is_ahead() {
    for skew in [-5, 5, 3_599, 3_601, DAY, 10 * DAY, 40 * DAY, 400 * DAY] {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        let router = billing::router(world.billing_deps("http://127.0.0.1:9"), world.claim_rules());
        world.subscribe(workspace, plan("starter")).await;
        let mut paid = world.store().get_billing(workspace).await.unwrap();
        let start = world.clock.now() + SignedDuration::from_secs(skew);
        let period = Period { start, end: start + SignedDuration::from_hours(30 * 24) };
        paid.subscription.as_mut().unwrap().period = period;
        world.store().set_billing(workspace, &paid).await.unwrap();
        let limit = PLANS.limits(plan("starter")).of(meter("ai_credits")).unwrap();
        let consume = async |amount: u64, key: &str| {
            let body = json!({"meter": "ai_credits", "amount": amount, "key": key});
            world.send(&router, Request::new("POST", "/usage/consume").within(workspace).json(body)).await
        };
        let used = async |path: &str| {
            let answer = world.send(&router, Request::new("GET", path).within(workspace)).await;
            answer.body["usage"].as_array().unwrap().iter().find(|meter| meter["meter"] == "ai_credits").unwrap()["used"]
                .clone()
        };
        assert_eq!(consume(limit - 1, "most").await.status, 200, "{skew}");
        assert_eq!(consume(1, "rest").await.status, 200, "{skew}");
        let full = consume(1, "more").await;
        assert_eq!((full.status.as_u16(), &full.body["used"]), (402, &json!(limit)), "{skew}: {full}");
        assert_eq!(used("/billing/usage").await, json!(limit), "{skew}");
        let days = world.send(&router, Request::new("GET", "/billing/usage/days").within(workspace)).await;
        let credits =
            days.body["meters"].as_array().unwrap().iter().find(|meter| meter["meter"] == "ai_credits").unwrap();
        let sum: u64 =
            credits["days"].as_array().unwrap().iter().map(|day: &Value| day["used"].as_u64().unwrap()).sum();
        assert_eq!(sum, limit, "{skew}: {days}");
        if skew < 41 * DAY {
            // The same month counts once the function's clock has reached the period.
            world.wait(SignedDuration::from_secs(skew.max(0)));
            assert_eq!(consume(1, "later").await.status, 402, "{skew}");
            assert_eq!(used("/billing/usage").await, json!(limit), "{skew}");
        }
    }
}
