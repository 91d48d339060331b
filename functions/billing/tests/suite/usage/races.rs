//! Counting under faults and concurrency: limits, lost answers, conflicts, ends of months, and changes of plan.

use super::Counting;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Chances, Fault, Moment, World, plan};

/// Returns the sum of the shards of `meter`.
fn used(world: &World, meter: &str) -> i64 {
    shards(world, meter).iter().map(|shard| shard["used"].as_i64().unwrap()).sum()
}

fn shards(world: &World, meter: &str) -> Vec<Value> {
    let of = format!("#{meter}#");
    world.items().into_iter().filter(|((_, sk), _)| sk.contains(&of)).map(|(_, item)| item).collect()
}

/// Returns the sum of the recorded keys.
fn recorded(world: &World, meter: &str) -> i64 {
    let items = world.items();
    let records = items.values().filter(|item| item["_type"] == "usage key" && item["meter"] == meter);
    let signed = |item: &Value| {
        let amount = item["amount"].as_i64().unwrap();
        if item["direction"] == "consume" { amount } else { -amount }
    };
    records.map(signed).sum()
}

/// Asserts that the count equals the sum of the records, no shard is below zero, and the rest is the limit less the usage.
#[track_caller]
fn assert_sums(world: &World, meter: &str, limit: i64, context: &str) {
    let (used, shards) = (used(world, meter), shards(world, meter));
    assert_eq!(used, recorded(world, meter), "{context}: counted against recorded");
    assert!(used <= limit, "{context}: {used} of {limit}");
    let days = |shard: &Value| {
        shard["days"].as_object().map(|days| days.values().map(|day| day.as_i64().unwrap()).sum::<i64>())
    };
    let by_day: Option<i64> = shards.iter().map(days).sum();
    assert_eq!(by_day, Some(used), "{context}: counted by day");
    assert!(shards.iter().all(|shard| shard["used"].as_i64().unwrap() >= 0), "{context}: {shards:?}");
    if !shards.is_empty() {
        let left: i64 = shards.iter().map(|shard| shard["left"].as_i64().unwrap()).sum();
        assert_eq!(left, limit - used, "{context}: {shards:?}");
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn a_hundred_in_parallel_take_exactly_the_rest() {
    for seed in 0..80 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        // A few runs with a hundred, otherwise as many as needed for every order.
        let (crowd, free) = if seed % 40 == 0 { (100, 40) } else { (8, 4) };
        let first = [("a", 500), ("b", 490 - free), ("c", 10)];
        let first = first.map(|(key, amount)| counting.send("consume", "executions", amount, key.to_owned()));
        assert!(join_all(first).await.iter().all(|answer| answer.status == 200), "seed {seed}");
        let answers = join_all((0..crowd).map(|n| counting.send("consume", "executions", 1, format!("k{n}")))).await;
        let taken = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.code() == "workspace_meter_limit").count();
        assert_eq!((taken as u64, (taken + refused) as u64), (free, crowd), "seed {seed}");
        assert_sums(world, "executions", 1_000, &format!("seed {seed}"));
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn the_first_of_a_month_come_at_once() {
    for seed in 0..40 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        let answers = join_all((0..12).map(|n| counting.send("consume", "executions", 100, format!("k{n}")))).await;
        let taken = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(taken, 10, "seed {seed}");
        assert_sums(world, "executions", 1_000, &format!("seed {seed}"));
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn the_same_key_at_once_counts_once() {
    for seed in 0..30 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        let answers = join_all((0..6).map(|n| counting.send("consume", "traces", 7, format!("k{}", n % 2)))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "seed {seed}");
        assert_eq!(used(world, "traces"), 14, "seed {seed}");
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn nothing_is_refused_while_the_sum_allows_it() {
    for seed in 0..50 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        // 300 are used. Concurrent releases and consumptions never add up to more than 700.
        counting.send("consume", "executions", 180, "base".to_owned()).await;
        for n in 0..3 {
            counting.send("consume", "executions", 40, format!("t{n}-0")).await;
        }
        let turns = (0..3).map(|n| {
            let counting = &counting;
            async move {
                for turn in 0..2 {
                    let before = format!("t{n}-{turn}");
                    let back = counting.give_back("executions", 40, format!("b{n}-{turn}"), before).await;
                    assert_eq!(back.status, 200, "seed {seed}: {back}");
                    let taken = counting.send("consume", "executions", 40, format!("t{n}-{}", turn + 1)).await;
                    assert_eq!(taken.status, 200, "seed {seed}: {taken}");
                }
            }
        });
        // A request for the guaranteed rest is never refused.
        let whole = async {
            for turn in 0..2 {
                let taken = counting.send("consume", "executions", 700, format!("w{turn}")).await;
                assert_eq!(taken.status, 200, "seed {seed}: {taken}");
                let back = counting.give_back("executions", 700, format!("x{turn}"), format!("w{turn}")).await;
                assert_eq!(back.status, 200, "seed {seed}: {back}");
            }
        };
        futures::future::join(join_all(turns), whole).await;
        assert_eq!(used(world, "executions"), 300, "seed {seed}");
        assert_sums(world, "executions", 1_000, &format!("seed {seed}"));
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn a_count_is_never_released_below_zero() {
    for seed in 0..30 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        counting.send("consume", "storage_mb", 50, "c".to_owned()).await;
        let answers = join_all((0..8).map(|n| counting.send("release", "storage_mb", 10, format!("r{n}")))).await;
        let given = answers.iter().filter(|answer| answer.status == 200).count();
        let refused = answers.iter().filter(|answer| answer.code() == "usage_below_zero").count();
        assert_eq!((given, refused, used(world, "storage_mb")), (5, 3, 0), "seed {seed}");
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn lost_answers_count_what_was_recorded() {
    for seed in 0..40 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        world.set_fault_chances(Chances::HIGH);
        let one = |n: u64| {
            let counting = &counting;
            async move {
                // A client that retries until it gets an answer; the key counts once.
                for _ in 0..20 {
                    let answer = if n % 3 == 2 {
                        counting.give_back("executions", 100 + n, format!("k{n}"), format!("k{}", n - 1)).await
                    } else {
                        counting.send("consume", "executions", 130 + n, format!("k{n}")).await
                    };
                    if answer.status != 503 {
                        return answer.status == 200;
                    }
                }
                false
            }
        };
        let answers = join_all((0..14).map(one)).await;
        world.clear_fault_chances();
        let done: i64 = (0..14_i64)
            .zip(&answers)
            .filter(|(_, done)| **done)
            .map(|(n, _)| if n % 3 == 2 { -(100 + n) } else { 130 + n })
            .sum();
        assert_eq!(used(world, "executions"), done, "seed {seed}");
        assert_sums(world, "executions", 1_000, &format!("seed {seed}"));
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn concurrent_plan_change_never_exceeds_limits() {
    for seed in 0..20 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        world.subscribe(counting.workspace, plan("starter")).await;
        let consuming = |n: u64| {
            let counting = &counting;
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(n * 10)).await;
                let answer = counting.send("consume", "executions", 500, format!("k{n}")).await;
                assert!([200, 402].contains(&answer.status.as_u16()), "seed {seed}: {answer}");
                answer.status == 200
            }
        };
        let upgrade = async {
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
            world.subscribe(counting.workspace, plan("pro")).await;
            world.overwrite(counting.workspace, "SUBSCRIPTION", "version", json!({"N": "2"}));
        };
        let (answers, ()) = futures::future::join(join_all((0..28).map(consuming)), upgrade).await;
        let taken = answers.iter().filter(|done| **done).count();
        // The first twenty fit in any case; so do all that came after the upgrade.
        assert!(taken >= 20, "seed {seed}: {taken}");
        let limit = shards(world, "executions")[0]["limit"].as_i64().unwrap();
        assert_sums(world, "executions", limit, &format!("seed {seed}"));
        assert_eq!(counting.send("consume", "executions", 1, "last".to_owned()).await.status, 200);
        let limits: Vec<_> = shards(world, "executions").iter().map(|shard| shard["limit"].clone()).collect();
        assert_eq!(limits, vec![json!(100_000); 8], "seed {seed}");
    }
}

/// Invariant 23.
#[tokio::test]
async fn a_crash_at_any_call_counts_once_or_not_at_all() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let counting = Counting::within(World::default()).await;
            let world = &counting.world;
            let ask = || counting.send("consume", "executions", 600, "k".to_owned());
            let done = world.crashing(call, moment, Box::pin(ask())).await;
            assert_sums(world, "executions", 1_000, &format!("{moment:?} {call}"));
            assert_eq!(ask().await.status, 200);
            assert_eq!(used(world, "executions"), 600, "{moment:?} call {call}");
            if done.is_some() {
                assert!(call >= 3, "it takes a read of two items and a transaction");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_conflict_or_a_lost_reply_is_one_movement() {
    for fault in [Fault::Conflict, Fault::LoseReply, Fault::LoseRequest, Fault::Throttle, Fault::InProgress] {
        let counting = Counting::within(World::default()).await;
        let world = &counting.world;
        world.plan("TransactWriteItems", fault);
        let answer = counting.send("consume", "traces", 5, "k".to_owned()).await;
        assert_eq!((answer.status.as_u16(), used(world, "traces")), (200, 5), "{fault:?}: {answer}");
    }
}

/// Invariant 23.
#[tokio::test(start_paused = true)]
async fn months_end_while_others_count() {
    for seed in 0..20 {
        let counting = Counting::within(World::seeded(seed)).await;
        let world = &counting.world;
        // A minute before the month ends.
        world.wait(SignedDuration::from_hours(24 * 30 - 12) - SignedDuration::from_mins(1));
        let consuming = |n: u64| {
            let counting = &counting;
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(n * 5)).await;
                counting.send("consume", "ai_credits", 1, format!("k{n}")).await.status == 200
            }
        };
        let turn = async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            world.wait(SignedDuration::from_mins(2));
        };
        let (answers, ()) = futures::future::join(join_all((0..60).map(consuming)), turn).await;
        let taken = answers.iter().filter(|done| **done).count();
        assert_eq!(taken, 20, "seed {seed}: ten of each month");
        let months = shards(world, "ai_credits");
        assert_eq!(months.iter().map(|shard| shard["used"].clone()).collect::<Vec<_>>(), [json!(10), json!(10)]);
    }
}

/// The first read finds no room, but usage is released before the answer. The second read sees it.
///
/// Invariant 23.
#[tokio::test]
async fn refusal_is_checked_again_before_the_answer() {
    let counting = Counting::within(World::default()).await;
    let world = &counting.world;
    assert_eq!(counting.send("consume", "executions", 1_000, "all".to_owned()).await.status.as_u16(), 200);
    let shards = world.items().into_iter().filter(|((_, sk), _)| sk.contains("#executions#"));
    let (key, shard) = shards.max_by_key(|(_, item)| item["used"].as_i64()).unwrap();
    let changed = |field: &str, by: i64| json!({"N": (shard[field].as_i64().unwrap() + by).to_string()});
    for (field, by) in [("used", -60), ("left", 60), ("version", 1)] {
        world.after_at("Query", key.clone(), field, changed(field, by));
    }
    let answer = counting.send("consume", "executions", 40, "more".to_owned()).await;
    assert_eq!((answer.status.as_u16(), &answer.body["used"]), (200, &json!(980)), "{answer}");
    // A concurrent consumption leaves less, and the refusal reports the usage of that time.
    let refused = counting.send("consume", "executions", 21, "too much".replace(' ', "-")).await;
    assert_eq!((refused.status.as_u16(), &refused.body["used"]), (402, &json!(980)), "{refused}");
}
