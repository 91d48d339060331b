//! Releases of monthly meters: each returns a consumption that it names, once, at most in full, within 15 minutes.

use super::Counting;
use domain::usage::RETURNABLE;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;
use testkit::{CLEO, Fault, Request, World};

impl Counting {
    /// Returns the sum of the shards of the month that begins on `month`.
    fn used_in(&self, month: &str, meter: &str) -> i64 {
        let (from, of) = (month.to_owned(), format!("#{meter}#"));
        let shards = self.world.items().into_iter();
        let shards = shards.filter(|((_, sk), _)| sk.starts_with(&from) && sk.contains(&of));
        shards.map(|(_, shard)| shard["used"].as_i64().unwrap()).sum()
    }
}

const NOVEMBER: &str = "2026-11-21";
const DECEMBER: &str = "2026-12-21";

#[tokio::test]
async fn a_monthly_release_names_its_consumption() {
    let counting = Counting::within(World::default()).await;
    assert_eq!(counting.consume("ai_credits", 10, "all").await.status.as_u16(), 200);
    counting.world.changes();
    for meter in ["executions", "traces", "ai_credits"] {
        let body = json!({"meter": meter, "amount": 10, "key": "back"});
        let refused = counting.post("release", body).await;
        assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["consumption"]), "{refused}");
    }
    counting.world.assert_nothing_written();
}

#[tokio::test]
async fn a_consumption_is_returned_once() {
    let counting = Counting::within(World::default()).await;
    for meter in ["ai_credits", "executions", "gateways"] {
        let (key, back) = (format!("{meter}-1"), format!("{meter}-2"));
        counting.consume(meter, 1, &key).await;
        let first = counting.give_back(meter, 1, &back, &key).await;
        assert_eq!((first.status.as_u16(), first.usage.round_trips, &first.body["used"]), (200, 2, &json!(0)));
        counting.world.changes();
        let again = counting.give_back(meter, 1, &back, &key).await;
        assert_eq!((again.status.as_u16(), again.body, again.usage.round_trips), (200, first.body, 1));
        let refused = counting.give_back(meter, 1, "another", &key).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "consumption_returned"), "{refused}");
        let other = counting.give_back(meter, 1, &back, "another").await;
        assert_eq!((other.status.as_u16(), other.code()), (422, "usage_key_reused"), "{other}");
        // A returned consumption has counted, so its key consumes nothing again.
        assert_eq!(counting.consume(meter, 1, &key).await.body["used"], 0);
        counting.world.assert_nothing_written();
    }
}

#[tokio::test]
async fn no_more_is_returned_than_was_consumed() {
    let counting = Counting::within(World::default()).await;
    counting.consume("ai_credits", 6, "others").await;
    for (meter, amount) in [("ai_credits", 4), ("plugins", 2)] {
        counting.consume(meter, amount, meter).await;
        counting.world.changes();
        let refused = counting.give_back(meter, amount + 1, "back", meter).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "release_exceeds_consumption"));
        assert_eq!((&refused.body["limit"], &refused.body["meter"]), (&json!(amount), &json!(meter)));
        counting.world.assert_nothing_written();
    }
    // Part of it may be returned, and no more of it later.
    assert_eq!(counting.give_back("ai_credits", 1, "part", "ai_credits").await.body["used"], 9);
    assert_eq!(counting.give_back("ai_credits", 3, "rest", "ai_credits").await.code(), "consumption_returned");
}

#[tokio::test]
async fn a_monthly_consumption_is_returned_in_time() {
    let counting = Counting::within(World::default()).await;
    counting.consume("traces", 5, "in-time").await;
    counting.consume("traces", 5, "late").await;
    counting.consume("plugins", 2, "lasting").await;
    counting.world.wait(RETURNABLE);
    assert_eq!(counting.give_back("traces", 5, "a", "in-time").await.status.as_u16(), 200);
    counting.world.wait(SignedDuration::from_secs(1));
    counting.world.changes();
    let refused = counting.give_back("traces", 5, "b", "late").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "release_too_late"), "{refused}");
    counting.world.assert_nothing_written();
    // Lasting meters can be released at any time.
    assert_eq!(counting.give_back("plugins", 2, "c", "lasting").await.status.as_u16(), 200);
}

/// The transaction itself checks the time, so a request that is slow between its read and its write returns nothing.
#[tokio::test]
async fn a_consumption_that_grew_too_old_meanwhile_stays() {
    let counting = Counting::within(World::default()).await;
    counting.consume("ai_credits", 5, "a").await;
    let record = (format!("WS#{}#USAGE", counting.workspace), "KEY#a".to_owned());
    counting.world.after_at("BatchGetItem", record, "counted_at", json!({"N": "0"}));
    assert_ne!(counting.give_back("ai_credits", 5, "back", "a").await.status.as_u16(), 200);
    assert_eq!(counting.used_in(NOVEMBER, "ai_credits"), 5);
}

#[tokio::test]
async fn a_release_goes_to_the_month_of_its_consumption() {
    for meter in ["ai_credits", "executions"] {
        let counting = Counting::within(World::default()).await;
        counting.world.wait(SignedDuration::from_hours(24 * 30 - 12) - SignedDuration::from_mins(5));
        counting.consume(meter, 9, "old").await;
        counting.world.wait(SignedDuration::from_mins(10));
        counting.consume(meter, 3, "new").await;
        assert_eq!((counting.used_in(NOVEMBER, meter), counting.used_in(DECEMBER, meter)), (9, 3), "{meter}");
        let back = counting.give_back(meter, 9, "back", "old").await;
        assert_eq!((back.status.as_u16(), &back.body["used"]), (200, &json!(0)), "{back}");
        assert_eq!(back.body["resets_at"], "2026-12-21T00:00:00Z");
        assert_eq!((counting.used_in(NOVEMBER, meter), counting.used_in(DECEMBER, meter)), (0, 3), "{meter}");
    }
}

#[tokio::test]
async fn only_a_consumption_of_the_same_meter_is_returned() {
    let counting = Counting::within(World::default()).await;
    counting.consume("traces", 5, "traces").await;
    counting.consume("ai_credits", 5, "credits").await;
    counting.give_back("traces", 5, "released", "traces").await;
    let other = counting.world.workspace_of(&CLEO).await;
    let body = json!({"meter": "ai_credits", "amount": 5, "key": "theirs"});
    let theirs = Request::new("POST", "/usage/consume").by(&CLEO).within(other).json(body);
    assert_eq!(counting.ask(theirs).await.status.as_u16(), 200);
    counting.world.changes();
    // Unknown, another meter's, a release, and another workspace's.
    for of in ["unknown", "traces", "released", "theirs"] {
        let refused = counting.give_back("ai_credits", 5, "back", of).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (404, "consumption_not_found"), "{of}: {refused}");
    }
    let refused = counting.give_back("traces", 5, "back", "back").await;
    assert_eq!(refused.code(), "consumption_not_found", "a release does not return itself");
    counting.world.assert_nothing_written();
}

#[tokio::test(start_paused = true)]
async fn parallel_releases_return_a_consumption_once() {
    for seed in 0..30 {
        let counting = Counting::within(World::seeded(seed)).await;
        for meter in ["executions", "storage_mb"] {
            counting.consume(meter, 500, &format!("others-{meter}")).await;
            counting.consume(meter, 50, meter).await;
            let keys: Vec<_> = (0..8).map(|n| format!("{meter}-{n}")).collect();
            let answers = join_all(keys.iter().map(|key| counting.give_back(meter, 50, key, meter))).await;
            let given = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
            let refused = answers.iter().filter(|answer| answer.code() == "consumption_returned").count();
            assert_eq!((given, refused), (1, 7), "seed {seed} {meter}");
            assert_eq!(counting.used_in("", meter), 500, "seed {seed} {meter}");
        }
    }
}

#[tokio::test]
async fn a_lost_reply_returns_once() {
    let counting = Counting::within(World::default()).await;
    counting.consume("ai_credits", 5, "a").await;
    counting.world.plan("TransactWriteItems", Fault::LoseReply);
    assert_eq!(counting.give_back("ai_credits", 5, "back", "a").await.status.as_u16(), 200);
    assert_eq!(counting.used_in(NOVEMBER, "ai_credits"), 0);
}

/// Records from before consumptions could be returned have neither the month nor the time as a number.
#[tokio::test]
async fn records_of_older_versions_are_read() {
    let counting = Counting::within(World::default()).await;
    for (meter, code) in [("ai_credits", "release_too_late"), ("plugins", "")] {
        counting.consume(meter, 2, meter).await;
        let record = (format!("WS#{}#USAGE", counting.workspace), format!("KEY#{meter}"));
        for attribute in ["counted_at", "month"] {
            counting.world.overwrite_at(&record, attribute, json!({"NULL": true}));
        }
        assert_eq!(counting.consume(meter, 2, meter).await.body["used"], 2, "it has counted");
        let back = counting.give_back(meter, 2, &format!("back-{meter}"), meter).await;
        let expected = if code.is_empty() { 200 } else { 409 };
        assert_eq!(back.status.as_u16(), expected, "{back}");
        assert!(code.is_empty() || back.code() == code, "{back}");
    }
}
