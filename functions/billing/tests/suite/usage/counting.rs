//! Counting over HTTP: limits, keys, months and refusals.

use super::Counting;
use domain::{
    billing::account::Billing,
    billing::subscription::{Period, Status, Subscription},
    identity::access::Role,
    plans::{money::Interval, plan::Plan},
};
use jiff::SignedDuration;
use serde_json::json;
use testkit::{ANA, BEN, CLEO, Request, World, plan};

impl Counting {
    async fn paid(&self, plan: Plan, interval: Interval, period: (&str, &str)) {
        self.set_billing(plan, interval, Status::Active, period, 1).await;
    }

    async fn set_billing(
        &self,
        plan: Plan,
        interval: Interval,
        status: Status,
        (start, end): (&str, &str),
        version: u64,
    ) {
        let at = |day: &str| format!("{day}T00:00:00Z").parse().unwrap();
        let subscription = Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan.reference(),
            interval,
            currency: None,
            status,
            period: Period { start: at(start), end: at(end) },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
            first_payment: None,
            seats: None,
            addons: domain::plans::addon::HeldAddons::default(),
            scheduled_addons: None,
            collection_paused: false,
            pending_change: None,
        };
        let billing = Billing { version, subscription: Some(subscription), ..Billing::default() };
        self.world.store().set_billing(self.workspace, &billing).await.unwrap();
    }
}

#[tokio::test]
async fn consuming_is_two_trips_and_touches_nothing_but_usage() {
    let counting = Counting::within(World::default()).await;
    for (number, meter) in ["executions", "traces", "ai_credits", "storage_mb"].into_iter().enumerate() {
        for again in 0..3 {
            let answer = counting.consume(meter, 2, &format!("k{number}{again}")).await;
            assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 2), "{answer}");
            assert_eq!(answer.body["used"], 2 * (again + 1));
        }
    }
    let answer = counting.send("release", "storage_mb", 6, "gone").await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips, &answer.body["used"]), (200, 2, &json!(0)));
    let partition = format!("WS#{}#USAGE", counting.workspace);
    let written = counting.world.changes();
    let keys = written.lines().filter(|line| line.starts_with(['+', '-', '~']));
    assert!(
        keys.clone().count() > 10 && keys.clone().all(|key| key.starts_with(&format!("+ {partition} |"))),
        "{written}"
    );
}

#[tokio::test]
async fn the_sample_events_are_answered() {
    let counting = Counting::within(World::default()).await;
    let of = |name: &str| Request::event(name).within(counting.workspace);
    insta::assert_snapshot!(counting.ask(of("billing/consume")).await);
    assert_eq!(counting.ask(of("billing/release")).await.code(), "usage_below_zero");
}

/// Invariant 23.
#[tokio::test]
async fn a_limit_is_reached_and_not_passed() {
    for (meter, limit) in
        [("executions", 1_000), ("traces", 10_000), ("ai_credits", 10), ("gateways", 1), ("plugins", 3)]
    {
        let counting = Counting::within(World::default()).await;
        assert_eq!(counting.consume(meter, limit, "all").await.status.as_u16(), 200);
        counting.world.changes();
        let refused = counting.consume(meter, 1, "more").await;

        assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_meter_limit"), "{refused}");
        let details = ["meter", "limit", "used", "upgrade_to"].map(|name| refused.body[name].clone());
        assert_eq!(details, [json!(meter), json!(limit), json!(limit), json!("starter")]);
        counting.world.assert_nothing_written();
    }
    let counting = Counting::within(World::default()).await;
    let refused = counting.consume("executions", 1_001, "k").await;
    insta::assert_snapshot!(refused);
    counting.world.assert_nothing_written();
    // A refusal is not recorded, so the same key counts once there is room.
    assert_eq!(counting.consume("executions", 1_000, "k").await.status.as_u16(), 200);
}

/// Invariant 23.
#[tokio::test]
async fn the_same_key_counts_once_and_for_one_thing() {
    let counting = Counting::within(World::default()).await;
    let first = counting.consume("storage_mb", 700, "k").await;
    counting.world.changes();
    // The limit would not allow it a second time.
    let again = counting.consume("storage_mb", 700, "k").await;
    assert_eq!((again.status.as_u16(), again.body, again.usage.round_trips), (200, first.body, 1));
    counting.world.assert_nothing_written();
    for other in [
        counting.consume("storage_mb", 701, "k").await,
        counting.consume("traces", 700, "k").await,
        counting.send("release", "storage_mb", 700, "k").await,
    ] {
        assert_eq!((other.status.as_u16(), other.code()), (422, "usage_key_reused"));
    }
    // Another workspace's keys are its own.
    let other = counting.world.workspace_of(&CLEO).await;
    let body = json!({"meter": "storage_mb", "amount": 701, "key": "k"});
    let theirs = counting.ask(Request::new("POST", "/usage/consume").by(&CLEO).within(other).json(body)).await;
    assert_eq!((theirs.status.as_u16(), &theirs.body["used"]), (200, &json!(701)));
}

/// Invariant 23.
#[tokio::test]
async fn a_retry_does_not_count_across_a_rollover_either() {
    let counting = Counting::within(World::default()).await;
    assert_eq!(counting.consume("executions", 1_000, "k").await.body["resets_at"], "2026-12-21T00:00:00Z");
    counting.world.wait(SignedDuration::from_hours(24 * 30));
    let again = counting.consume("executions", 1_000, "k").await;
    assert_eq!(
        (again.status.as_u16(), &again.body["used"]),
        (200, &json!(0)),
        "it counted in the month before: {again}"
    );
    assert_eq!(again.body["resets_at"], "2027-01-21T00:00:00Z");
    // A new month has its whole limit.
    assert_eq!(counting.consume("executions", 1_000, "l").await.status.as_u16(), 200);
    assert_eq!(counting.consume("executions", 1, "m").await.code(), "workspace_meter_limit");
    // Lasting meters do not restart.
    assert_eq!(counting.consume("gateways", 1, "g").await.body["resets_at"], json!(null));
    counting.world.wait(SignedDuration::from_hours(24 * 34));
    assert_eq!(counting.consume("gateways", 1, "h").await.code(), "workspace_meter_limit");
    // After 35 days a key is free again.
    assert_eq!(counting.consume("executions", 1_000, "k").await.body["used"], 1_000);
}

#[tokio::test]
async fn yearly_plans_count_by_month_and_monthly_plans_by_period() {
    let counting = Counting::within(World::default()).await;
    counting.paid(plan("starter"), Interval::Year, ("2026-08-31", "2027-08-31")).await;
    assert_eq!(counting.consume("ai_credits", 100, "a").await.body["resets_at"], "2026-11-30T00:00:00Z");
    assert_eq!(counting.consume("ai_credits", 1, "b").await.code(), "workspace_meter_limit");
    counting.world.wait(SignedDuration::from_hours(24 * 9));
    assert_eq!(counting.consume("ai_credits", 100, "c").await.body["resets_at"], "2026-12-31T00:00:00Z");
    counting.paid(plan("starter"), Interval::Month, ("2026-11-25", "2026-12-25")).await;
    assert_eq!(counting.consume("ai_credits", 100, "d").await.body["resets_at"], "2026-12-25T00:00:00Z");
}

#[tokio::test]
async fn lowered_limit_blocks_until_enough_is_released() {
    for (meter, starter, free) in [("storage_mb", 10_240, 1_024), ("traces", 100_000, 10_000)] {
        let counting = Counting::within(World::default()).await;
        let period = ("2026-11-21", "2026-12-21");
        counting.paid(plan("starter"), Interval::Month, period).await;
        for part in 0..10 {
            counting.consume(meter, starter / 10, &format!("part{part}")).await;
        }
        counting.set_billing(plan("free"), Interval::Month, Status::Active, period, 2).await;
        let refused = counting.consume(meter, 1, "more").await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["used"], &refused.body["limit"]),
            (402, &json!(starter), &json!(free))
        );
        // Down to the limit, in steps: nothing fits before.
        let over = starter - free;
        for step in 0..9 {
            assert_eq!(counting.consume(meter, 1, "more").await.status.as_u16(), 402, "step {step}");
            let back = counting.give_back(meter, over / 9, &format!("step{step}"), &format!("part{step}")).await;
            assert_eq!(back.status.as_u16(), 200, "{back}");
        }
        assert_eq!(counting.consume(meter, 1, "more").await.body["used"], free);
        assert_eq!(counting.give_back(meter, 10, "ten", "part9").await.status.as_u16(), 200);
        assert_eq!(counting.consume(meter, 11, "eleven").await.status.as_u16(), 402);
        assert_eq!(counting.consume(meter, 10, "ten-again").await.body["used"], free);
        // It rises again: what is used stays.
        counting.set_billing(plan("starter"), Interval::Month, Status::Active, period, 3).await;
        assert_eq!(counting.consume(meter, over, "all-of-it").await.body["used"], starter);
        assert_eq!(counting.consume(meter, 1, "more").await.status.as_u16(), 402);
    }
}

#[tokio::test]
async fn overdue_workspace_releases_and_consumes_nothing() {
    let counting = Counting::within(World::default()).await;
    let period = ("2026-11-21", "2026-12-21");
    counting.paid(plan("pro"), Interval::Month, period).await;
    counting.consume("plugins", 2, "two").await;
    counting.set_billing(plan("pro"), Interval::Month, Status::PastDue, period, 2).await;
    counting.world.changes();
    for meter in ["executions", "plugins"] {
        let refused = counting.consume(meter, 1, "k").await;
        assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_past_due"));
    }
    counting.world.assert_nothing_written();
    // Recorded consumptions stay counted.
    assert_eq!(counting.consume("plugins", 2, "two").await.status.as_u16(), 200);
    assert_eq!(counting.send("release", "plugins", 1, "one").await.body["used"], 1);
}

#[tokio::test]
async fn no_more_is_released_than_was_consumed() {
    let counting = Counting::within(World::default()).await;
    assert_eq!(counting.send("release", "plugins", 1, "early").await.code(), "usage_below_zero");
    counting.consume("plugins", 1, "one").await;
    counting.world.changes();
    let refused = counting.send("release", "plugins", 2, "two").await;
    assert_eq!((refused.status.as_u16(), refused.code(), &refused.body["used"]), (409, "usage_below_zero", &json!(1)));
    counting.world.assert_nothing_written();
    assert_eq!(counting.send("release", "plugins", 1, "gone").await.body["used"], 0);
}

#[tokio::test]
async fn there_is_no_limit_on_enterprise() {
    let counting = Counting::within(World::default()).await;
    counting.paid(plan("enterprise"), Interval::Month, ("2026-11-21", "2026-12-21")).await;
    for number in 0..20 {
        let answer = counting.consume("traces", 1_000_000_000_000, &format!("k{number}")).await;
        assert_eq!((answer.status.as_u16(), &answer.body["limit"]), (200, &json!(null)));
    }
    let back = counting.give_back("traces", 1_000_000_000_000, "back", "k0").await;
    assert_eq!(back.body["used"], json!(19_000_000_000_000_u64));
}

#[tokio::test]
async fn invalid_amounts_meters_and_keys_are_refused() {
    let counting = Counting::within(World::default()).await;
    let bodies = [
        r#"{"meter": "executions", "amount": 0, "key": "k"}"#,
        r#"{"meter": "executions", "amount": -1, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 10000000000000000000, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 100000000000000000000, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 1000000000001, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 1.5, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 1.0, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 1e3, "key": "k"}"#,
        r#"{"meter": "executions", "amount": "1", "key": "k"}"#,
        r#"{"meter": "executions", "amount": null, "key": "k"}"#,
        r#"{"meter": "executions", "key": "k"}"#,
        r#"{"meter": "seats", "amount": 1, "key": "k"}"#,
        r#"{"meter": "executions", "amount": 1}"#,
        r#"{"meter": "executions", "amount": 1, "key": ""}"#,
        r#"{"meter": "executions", "amount": 1, "key": "a b"}"#,
        r#"{"meter": "executions", "amount": 1, "key": "k", "more": 1}"#,
    ];
    for path in ["/usage/consume", "/usage/release"] {
        for body in bodies {
            let refused = counting.ask(Request::new("POST", path).within(counting.workspace).body(body)).await;
            assert_eq!((refused.status.as_u16(), refused.wrong_fields().len()), (400, 1), "{body}");
        }
    }
    counting.world.assert_nothing_written();
}

#[tokio::test]
async fn counting_takes_an_admin_of_the_workspace() {
    let counting = Counting::within(World::default()).await;
    counting.world.join(counting.workspace, &ANA, &BEN, Role::Member).await;
    counting.world.changes();
    let body = json!({"meter": "executions", "amount": 1, "key": "k"});
    let of = |person| Request::new("POST", "/usage/consume").by(person).within(counting.workspace).json(body.clone());
    assert_eq!(counting.ask(of(&BEN)).await.body["required_role"], "admin");
    assert_eq!(counting.ask(of(&CLEO)).await.status.as_u16(), 404);
    counting.world.assert_nothing_written();
}

/// Invariant 21.
#[tokio::test]
async fn idempotency_key_repeats_the_first_answer() {
    let counting = Counting::within(World::default()).await;
    let under = |key: &str, amount: u64| {
        let body = json!({"meter": "executions", "amount": amount, "key": "k"});
        Request::new("POST", "/usage/consume").within(counting.workspace).header("idempotency-key", key).json(body)
    };
    let first = counting.ask(under("i", 5)).await;
    assert_eq!(first.usage.round_trips, 2);
    counting.consume("executions", 5, "other").await;
    let again = counting.ask(under("i", 5)).await;
    assert_eq!((again.body, again.usage.round_trips), (first.body, 1));
    assert_eq!(counting.ask(under("i", 6)).await.code(), "idempotency_key_reused");
    let joined = counting.ask(under("j", 5)).await;
    assert_eq!(joined.body["used"], 10, "it counted under its own key before");
    assert_eq!(counting.ask(under("j", 5)).await.body, joined.body);
}
