//! Usage by day: counting, its beginning, and read access.

use super::Counting;
use domain::{
    identity::access::Role,
    usage::{UsageCommand, UsageKey},
};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Chances, Request, World, meter, plan};
use workers::operator::{ActingOperator, return_usage};

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Counting {
    /// Returns the days of `meter` in an answer, as `11-21: 5`.
    fn days(answer: &Answer, meter: &str) -> String {
        let meters = answer.body["meters"].as_array().unwrap();
        let found = meters.iter().find(|of| of["meter"] == meter).unwrap();
        let day = |day: &Value| format!("{}: {}", &day["date"].as_str().unwrap()[5..], day["used"]);
        found["days"].as_array().unwrap().iter().map(day).collect::<Vec<_>>().join(", ")
    }

    /// Returns the total of `meter` in the current month.
    async fn total(&self, meter: &str) -> u64 {
        let usage = self.get("/billing/usage").await.body;
        let rows = usage["usage"].as_array().unwrap();
        rows.iter().find(|row| row["meter"] == meter).unwrap()["used"].as_u64().unwrap()
    }

    /// Restores the shards to the format without days.
    fn without_days(&self) {
        for ((pk, sk), item) in self.world.items() {
            if item["_type"] == "usage" {
                let body = json!({
                    "TableName": "berth",
                    "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
                    "UpdateExpression": "REMOVE days, days_since",
                });
                assert_eq!(self.world.aws("DynamoDB_20120810.UpdateItem", "/", body).0, 200);
            }
        }
        self.world.changes();
    }
}

#[tokio::test]
async fn usage_counts_on_its_day_in_the_same_write() {
    let counting = Counting::within(World::default()).await;
    counting.consume("executions", 5, "a").await;
    counting.consume("gateways", 1, "g").await;
    counting.world.wait(DAY * 2);
    let _ = counting.world.calls();
    let second = counting.consume("executions", 7, "b").await;
    assert_eq!(second.usage.round_trips, 2);
    let calls = [("BatchGetItem".to_owned(), 1), ("Query".to_owned(), 1), ("TransactWriteItems".to_owned(), 1)];
    assert_eq!(counting.world.calls(), calls.into());
    assert_eq!(counting.world.changes().matches("#executions#").count(), 8, "the first deals all shards out");
    counting.consume("executions", 1, "c").await;
    assert_eq!(counting.world.changes().matches("#executions#").count(), 1, "the others change one");
    let answer = counting.get("/billing/usage/days").await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 1));
    assert_eq!(Counting::days(&answer, "executions"), "11-21: 5, 11-22: 0, 11-23: 8");
    assert_eq!(Counting::days(&answer, "traces"), "11-21: 0, 11-22: 0, 11-23: 0");
    assert_eq!(answer.body["meters"].as_array().unwrap().len(), 3, "lasting meters have no days");
    let whole = json!({"start": "2026-11-21T00:00:00Z", "end": "2026-12-21T00:00:00Z"});
    assert_eq!((&answer.body["month"], &answer.body["since"]), (&whole, &whole["start"]));
    assert_eq!(answer.body["timezone"], "UTC");
    counting.world.assert_nothing_written();
}

#[tokio::test]
async fn a_release_counts_against_the_day_of_its_consumption() {
    let counting = Counting::within(World::default()).await;
    counting.consume("executions", 3, "first").await;
    // Five minutes before midnight.
    counting.world.wait(SignedDuration::from_mins(12 * 60 - 5));
    counting.consume("executions", 9, "late").await;
    counting.world.wait(SignedDuration::from_mins(10));
    counting.consume("executions", 1, "early").await;
    assert_eq!(counting.give_back("executions", 4, "back", "late").await.status.as_u16(), 200);
    let answer = counting.get("/billing/usage/days").await;
    assert_eq!(Counting::days(&answer, "executions"), "11-21: 8, 11-22: 1");
}

#[tokio::test]
async fn an_operators_return_leaves_no_day_below_zero() {
    let counting = Counting::within(World::default()).await;
    counting.consume("ai_credits", 8, "a").await;
    counting.world.wait(DAY);
    counting.consume("ai_credits", 1, "b").await;
    let key: UsageKey = "goodwill".parse().unwrap();
    let command = UsageCommand::operator_return(meter("ai_credits"), 4.try_into().unwrap(), key);
    let jane = ActingOperator::named("Jane Doe".parse().unwrap(), "return".to_owned());
    return_usage(&counting.world.store(), &jane, counting.workspace, &command).await.unwrap();
    let answer = counting.get("/billing/usage/days").await;
    assert_eq!(Counting::days(&answer, "ai_credits"), "11-21: 5, 11-22: 0");
    assert_eq!(counting.total("ai_credits").await, 5);
}

#[tokio::test]
async fn shards_from_before_count_days_from_their_next_consumption() {
    let counting = Counting::within(World::default()).await;
    counting.consume("executions", 100, "old").await;
    counting.consume("ai_credits", 2, "old-credits").await;
    counting.without_days();
    counting.world.wait(DAY);
    let before = counting.get("/billing/usage/days").await;
    assert_eq!(Counting::days(&before, "executions"), "", "nothing is counted by day yet");
    assert_eq!(before.body["since"], json!(counting.world.clock.now()));
    assert_eq!(Counting::days(&before, "traces"), "11-21: 0, 11-22: 0");
    // A release does not begin the counting by day.
    counting.give_back("executions", 1, "back-too-late", "old").await;
    counting.consume("executions", 6, "new").await;
    counting.consume("executions", 1, "newer").await;
    counting.consume("ai_credits", 3, "credits").await;
    let began = json!(counting.world.clock.now());
    counting.world.wait(DAY);
    counting.consume("executions", 2, "newest").await;
    let after = counting.get("/billing/usage/days").await;
    assert_eq!(Counting::days(&after, "executions"), "11-22: 7, 11-23: 2");
    assert_eq!(Counting::days(&after, "ai_credits"), "11-22: 3, 11-23: 0");
    assert_eq!(after.body["since"], began);
    assert_eq!(counting.total("executions").await, 109, "the total has everything");
    // The next month is counted from its start.
    counting.world.wait(DAY * 30);
    counting.consume("executions", 4, "next-month").await;
    let next = counting.get("/billing/usage/days").await;
    assert_eq!(next.body["since"], "2026-12-21T00:00:00Z");
    assert_eq!(Counting::days(&next, "executions"), "12-21: 0, 12-22: 0, 12-23: 4");
}

#[tokio::test]
async fn a_month_is_that_of_its_last_day() {
    let counting = Counting::within(World::default()).await;
    counting.consume("traces", 5, "a").await;
    counting.world.wait(DAY * 40);
    counting.world.subscribe(counting.workspace, plan("starter")).await;
    counting.consume("traces", 7, "b").await;
    let november = counting.get("/billing/usage/days?month=2026-11").await;
    let usage = counting.get("/billing/usage?period=2026-11-30").await;
    assert_eq!(november.body["month"], usage.body["period"]);
    let days = Counting::days(&november, "traces");
    assert!(days.starts_with("11-21: 5, 11-22: 0, ") && days.ends_with(", 12-20: 0"), "{days}");
    let present = counting.get("/billing/usage/days").await;
    for month in ["2026-12", "2027-03"] {
        assert_eq!(counting.get(&format!("/billing/usage/days?month={month}")).await.body, present.body, "{month}");
    }
    for wrong in ["?month=2026-13", "?month=", "?month=2026-11-21", "?period=2026-11", "?month=2026-11&month=2026-11"] {
        assert_eq!(counting.get(&format!("/billing/usage/days{wrong}")).await.status.as_u16(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn viewers_read_the_days_and_strangers_find_nothing() {
    let counting = Counting::within(World::default()).await;
    counting.world.join(counting.workspace, &ANA, &BEN, Role::Viewer).await;
    for (person, status) in [(BEN, 200), (CLEO, 404)] {
        let request = Request::event("billing/usage-days").by(&person).within(counting.workspace);
        assert_eq!(counting.world.send(&counting.router, request).await.status.as_u16(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn the_days_of_a_month_add_up_to_its_total_in_races() {
    for seed in 0..10 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        world.set_fault_chances(Chances::HIGH);
        for day in 0..3 {
            let one = |n: u64| {
                let counting = &counting;
                async move {
                    let key = |n: u64| format!("k{day}-{n}");
                    // The same key counts once, so a request whose answer was lost is sent again.
                    for _ in 0..20 {
                        let answer = if n % 3 == 2 {
                            counting.give_back("executions", 20 + n, &key(n), &key(n - 1)).await
                        } else {
                            counting.consume("executions", 40 + n, &key(n)).await
                        };
                        if answer.status != 503 {
                            break;
                        }
                    }
                }
            };
            join_all((0..9).map(one)).await;
            world.wait(DAY);
        }
        world.clear_fault_chances();
        let answer = counting.get("/billing/usage/days").await;
        let executions =
            answer.body["meters"].as_array().unwrap().iter().find(|of| of["meter"] == "executions").unwrap();
        let executions = executions["days"].as_array().unwrap();
        let sum: u64 = executions.iter().map(|day| day["used"].as_u64().unwrap()).sum();
        let total = counting.total("executions").await;
        assert!(total > 0, "seed {seed}");
        assert_eq!(sum, total, "seed {seed}: {executions:?}");
    }
}
