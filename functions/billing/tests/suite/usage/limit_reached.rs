//! Reports a limit once: to members when usage is near it, to them and integrations when it is reached, by the movement that
//! gets there, also under concurrency.

use super::Counting;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Chances, Fault, Moment, World, plan};

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Counting {
    /// Sends a movement like [`Self::send`], and asserts that it succeeds.
    async fn done(&self, what: &str, meter: &str, amount: u64, key: &str) {
        let answer = self.send(what, meter, amount, key).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 2), "{answer}");
    }

    /// Returns the notifications about limits that wait to be relayed.
    fn notified(&self) -> Vec<Value> {
        self.world.outbox_events("limit.reached")
    }

    /// Returns what members are notified of about usage that is near a limit.
    fn near(&self) -> Vec<Value> {
        let notices = self.world.items().into_values().filter(|item| item["happening"]["event"] == "limit.near");
        notices.map(|item| item["happening"]["facts"].clone()).collect()
    }

    /// Returns the sum of all shards of all months.
    fn used(&self, meter: &str) -> i64 {
        let of = format!("#{meter}#");
        let shards = self.world.items().into_iter().filter(|((_, sk), _)| sk.contains(&of));
        shards.map(|(_, shard)| shard["used"].as_i64().unwrap()).sum()
    }
}

#[tokio::test]
async fn only_the_movement_that_reaches_the_limit_notifies() {
    for (meter, limit) in [("executions", 1_000), ("traces", 10_000), ("ai_credits", 10), ("plugins", 3)] {
        let counting = Counting::within(World::default()).await;
        counting.done("consume", meter, limit - 2, "most").await;
        counting.done("consume", meter, 1, "one").await;
        assert_eq!(counting.notified(), Vec::<Value>::new(), "{meter}: one is left");
        counting.done("consume", meter, 1, "last").await;
        let notified = [json!({"resource": meter, "limit": limit})];
        assert_eq!(counting.notified(), notified, "{meter}");
        // Refusals, repetitions, and movements that take released usage again do not notify.
        assert_eq!(counting.send("consume", meter, 1, "more").await.status.as_u16(), 402);
        assert_eq!(counting.send("consume", meter, 1, "last").await.status.as_u16(), 200);
        assert_eq!(counting.give_back(meter, 1, "back", "one").await.status.as_u16(), 200);
        counting.done("consume", meter, 1, "again").await;
        assert_eq!(counting.notified(), notified, "{meter}");
    }
    let counting = Counting::within(World::default()).await;
    counting.done("consume", "traces", 10_000, "all-at-once").await;
    assert_eq!(counting.notified().len(), 1);
}

#[tokio::test]
async fn usage_near_its_limit_notifies_members_once_a_month() {
    for (meter, limit) in [("executions", 1_000), ("storage_mb", 1_024), ("ai_credits", 10)] {
        let counting = Counting::within(World::default()).await;
        let from = limit * 4 / 5 + u64::from(limit % 5 != 0);
        counting.done("consume", meter, from - 2, "most").await;
        counting.done("consume", meter, 1, "one").await;
        assert_eq!(counting.near(), Vec::<Value>::new(), "{meter}: {} of {limit}", from - 1);
        counting.done("consume", meter, 1, "crossing").await;
        let notified = [json!({"resource": meter, "limit": limit})];
        assert_eq!((counting.near(), counting.notified()), (notified.to_vec(), vec![]), "{meter}");
        assert_eq!(counting.give_back(meter, 1, "back", "one").await.status.as_u16(), 200);
        counting.done("consume", meter, 1, "again").await;
        counting.done("consume", meter, limit - from, "rest").await;
        assert_eq!((counting.near(), counting.notified()), (notified.to_vec(), notified.to_vec()), "{meter}");
    }
    // A limit that is reached at once was never near, and is not afterwards.
    let counting = Counting::within(World::default()).await;
    counting.done("consume", "executions", 1_000, "all").await;
    assert_eq!(counting.give_back("executions", 1_000, "back", "all").await.status.as_u16(), 200);
    counting.done("consume", "executions", 900, "again").await;
    assert_eq!((counting.near(), counting.notified().len()), (vec![], 1));
    counting.world.wait(31 * DAY);
    counting.done("consume", "executions", 900, "next-month").await;
    assert_eq!((counting.near().len(), counting.notified().len()), (1, 1));
    counting.world.subscribe(counting.workspace, plan("starter")).await;
    counting.done("consume", "executions", 8_000, "of-the-larger").await;
    assert!(counting.near().iter().any(|near| near["limit"] == 10_000), "{:?}", counting.near());
}

#[tokio::test(start_paused = true)]
async fn one_of_thirty_movements_is_near_the_limit() {
    for seed in 0..10 {
        for (meter, limit) in [("executions", 1_000), ("storage_mb", 1_024)] {
            let counting = Counting::within(World::seeded(seed)).await;
            counting.done("consume", meter, limit * 4 / 5 - 20, "first").await;
            let keys: Vec<_> = (0..30).map(|n| format!("k{n}")).collect();
            let answers = join_all(keys.iter().map(|key| counting.send("consume", meter, 1, key))).await;
            assert!(answers.iter().all(|answer| answer.status.as_u16() == 200), "seed {seed} {meter}");
            // Movements that get there together may leave the report to the next.
            counting.done("consume", meter, 1, "next").await;
            assert_eq!(counting.near(), [json!({"resource": meter, "limit": limit})], "seed {seed} {meter}");
        }
    }
}

#[tokio::test]
async fn limit_reached_message_sample() {
    let counting = Counting::within(World::default()).await;
    counting.done("consume", "gateways", 1, "the-only-one").await;
    let items = counting.world.items();
    let waiting: Vec<_> = items.values().filter(|item| item["_type"] == "outbox").collect();
    insta::assert_json_snapshot!(waiting);
    // The movement, its key and the messages: counting touches neither the head nor the billing.
    drop(counting.world.transaction_keys());
    counting.done("release", "gateways", 1, "back").await;
    counting.world.wait(31 * DAY);
    counting.done("consume", "gateways", 1, "again").await;
    let usage = format!("WS#{}#USAGE", counting.workspace);
    let named = counting.world.transaction_keys();
    let is_message = |pk: &str| pk.starts_with("OUTBOX#") || pk.starts_with("NOTICE#");
    assert!(named.iter().all(|(pk, _)| *pk == usage || is_message(pk)), "{named:?}");
}

#[tokio::test]
async fn new_month_and_new_limit_notify_again() {
    let counting = Counting::within(World::default()).await;
    counting.done("consume", "executions", 1_000, "november").await;
    counting.world.wait(30 * DAY);
    counting.done("consume", "executions", 1_000, "december").await;
    assert_eq!(counting.notified().len(), 2);
    // Lasting meters have no month. They notify again after the longest month.
    let counting = Counting::within(World::default()).await;
    counting.done("consume", "plugins", 3, "all").await;
    for (days, notified) in [(30, 1), (1, 2), (30, 2), (1, 3)] {
        counting.world.wait(days * DAY);
        counting.done("release", "plugins", 1, &format!("back-{days}-{notified}")).await;
        counting.done("consume", "plugins", 1, &format!("again-{days}-{notified}")).await;
        assert_eq!(counting.notified().len(), notified, "after {days} days more");
    }
    counting.world.subscribe(counting.workspace, plan("starter")).await;
    counting.done("consume", "plugins", 7, "the-larger").await;
    assert_eq!(counting.notified().len(), 4);
    counting.world.subscribe(counting.workspace, plan("enterprise")).await;
    counting.done("consume", "gateways", 1_000, "without-a-limit").await;
    assert_eq!(counting.notified().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn one_of_thirty_parallel_movements_notifies() {
    for seed in 0..10 {
        for (meter, limit) in [("executions", 1_000), ("storage_mb", 1_024)] {
            let counting = Counting::within(World::seeded(seed)).await;
            // The rest is spread over the shards; thirty take all of it or find less.
            let left = [30, 29, 17, 8, 2][usize::try_from(seed % 5).unwrap()];
            for (n, part) in [500, limit - 500 - left].into_iter().enumerate() {
                assert_eq!(counting.send("consume", meter, part, &format!("first{n}")).await.status.as_u16(), 200);
            }
            let keys: Vec<_> = (0..30).map(|n| format!("k{n}")).collect();
            let answers = join_all(keys.iter().map(|key| counting.send("consume", meter, 1, key))).await;
            let taken = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
            assert_eq!(taken as u64, left, "seed {seed} {meter}");
            assert_eq!(counting.notified(), [json!({"resource": meter, "limit": limit})], "seed {seed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn faults_notify_once_and_only_at_the_limit() {
    let mut reached = 0;
    for seed in 0..20 {
        let counting = Counting::within(World::seeded(seed)).await;
        counting.world.set_fault_chances(Chances::HIGH);
        // Some release what they consumed, so the order decides whether the limit is reached.
        let one = async |n: u64| {
            let key = format!("k{n}");
            // A client that retries until it gets an answer.
            for _ in 0..20 {
                let answer = if n % 5 == 4 {
                    counting.give_back("executions", 100, &key, &format!("k{}", n - 1)).await
                } else {
                    counting.send("consume", "executions", 100, &key).await
                };
                if answer.status.as_u16() != 503 {
                    break;
                }
            }
        };
        join_all((0..14).map(one)).await;
        counting.world.clear_fault_chances();
        let notified = counting.notified().len();
        assert!(notified <= 1, "seed {seed}: {notified}");
        if counting.used("executions") == 1_000 {
            assert_eq!(notified, 1, "seed {seed}");
            reached += 1;
        }
    }
    assert!(reached > 3, "{reached}");
}

#[tokio::test]
async fn crash_counts_and_notifies_or_does_neither() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let counting = Counting::within(World::default()).await;
            let ask = || counting.send("consume", "traces", 10_000, "k");
            let ended = counting.world.crashing(call, moment, Box::pin(ask())).await;
            let counted = usize::from(counting.used("traces") == 10_000);
            assert_eq!(counting.notified().len(), counted, "{moment:?} call {call}");
            assert_eq!(ask().await.status.as_u16(), 200);
            assert_eq!(counting.notified().len(), 1, "{moment:?} call {call}");
            if ended.is_some() {
                assert!(call >= 3, "it takes a read of two items and a transaction");
                break;
            }
        }
    }
    for fault in [Fault::Conflict, Fault::LoseReply, Fault::LoseRequest, Fault::Throttle, Fault::InProgress] {
        let counting = Counting::within(World::default()).await;
        counting.world.plan("TransactWriteItems", fault);
        assert_eq!(counting.send("consume", "traces", 10_000, "k").await.status.as_u16(), 200, "{fault:?}");
        assert_eq!(counting.notified().len(), 1, "{fault:?}");
    }
}
