//! Records that were stored before the log was chained: they get places of their own, and a record of the log binds them.

use super::{
    log::{DAY, Log, RECORDS, Verified, broken, problems},
    table::after,
};
use domain::identity::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::account::delete_account;
use std::time::Duration;
use testkit::{BEN, Moment, World};
use tokio::time::sleep;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Makes the records of `log` such as an earlier version stored them: without places, and some without salts.
fn unlink(log: &Log) -> Vec<String> {
    let records = log.records();
    for (position, record) in records.iter().enumerate() {
        log.remove(&log.key(record), "place");
        if position % 2 == 0 {
            log.remove(&log.key(record), "salts");
        }
    }
    log.delete(&log.chain("HEAD"));
    records
}

/// Returns a log of which all records are from before.
async fn old() -> (Log, Vec<String>) {
    let log = Log::acme().await;
    let records = unlink(&log);
    (log, records)
}

/// The same after its first change, and linked a day later.
async fn linked() -> (Log, Vec<String>) {
    let (log, records) = old().await;
    log.rename("First").await;
    log.next_day().await;
    (log, records)
}

fn place(log: &Log, record: &str) -> Value {
    log.world.items()[&log.key(record)]["place"].clone()
}

/// Invariant 58.
#[tokio::test]
async fn the_first_change_begins_the_log() {
    let (log, records) = old().await;
    assert_eq!(log.verify().await, Verified::Whole(0), "before any change");
    assert_eq!(log.export().await, [""], "records without a place are in no export");
    log.rename("First").await;
    assert!(log.world.items().contains_key(&log.chain("LINKING")));
    log.give_role(Role::Viewer).await;
    assert_eq!(log.verify().await, Verified::Whole(2));
    // Nobody links them before a day has passed: functions of the earlier version may still store some.
    log.world.wait(SignedDuration::from_hours(23));
    log.sweep().await;
    assert!(records.iter().all(|record| place(&log, record).is_null()));

    log.world.wait(SignedDuration::from_hours(1));
    log.sweep().await;
    for (number, record) in (1..).zip(&records) {
        let place = place(&log, record);
        assert_eq!((&place["sequence"], &place["number"]), (&json!("before"), &json!(number)));
        assert!(log.world.items()[&log.key(record)]["salts"].as_object().unwrap().contains_key("actor_name"));
    }
    let began = log.get("/audit?action=audit.began").await.body["records"][0].clone();
    assert_eq!((&began["number"], &began["after"]["records"]), (&json!(3), &json!(RECORDS)));
    assert_eq!(began["after"]["covered"], place(&log, &records[7])["digest"]);
    assert!(!log.world.items().contains_key(&log.chain("LINKING")));
    assert_eq!(log.verify().await, Verified::Whole(RECORDS + 3));
    let report = log.offline_with(&log.checkpoints().await).await;
    assert_eq!((problems(&report), report.before.records, report.bound), (Vec::new(), RECORDS, true));
}

/// Returns a log with `number` records more from before.
async fn old_with(number: usize) -> Log {
    let (log, records) = old().await;
    let ids = (0..number).scan(records[7].clone(), |last, _| {
        *last = after(last);
        Some(last.clone())
    });
    log.world.copy_item(&log.key(&records[7]), ids);
    log.rename("First").await;
    log
}

/// Invariant 58.
#[tokio::test]
async fn many_records_are_linked_in_several_minutes() {
    let log = old_with(220).await;
    log.next_day().await;
    assert!(log.world.items().contains_key(&log.chain("LINKING")), "a sweep does eight pages");
    assert_eq!(log.verify().await, Verified::Whole(201), "the log, and those that have a place");
    log.world.wait(MINUTE);
    log.sweep().await;
    assert_eq!(log.verify().await, Verified::Whole(RECORDS + 220 + 2));
    assert!(log.offline().await.is_whole());
}

/// The last records of a page have no place yet. They, and the first ones of the next page, have one when that is read.
#[tokio::test]
async fn records_linked_during_a_verification_break_nothing() {
    let log = old_with(600).await;
    log.next_day().await;
    log.world.wait(MINUTE);
    log.sweep().await;
    let first = log.get("/audit/verify").await.body;
    assert_eq!((&first["ok"], &first["checked"]), (&json!(true), &json!(400)), "{first}");
    log.world.wait(MINUTE);
    log.sweep().await;
    let cursor = first["pagination"]["next_cursor"].as_str().unwrap();
    let second = log.get(&format!("/audit/verify?cursor={cursor}")).await.body;
    assert_eq!((&second["ok"], &second["checked"]), (&json!(true), &json!(101)), "{second}");
    log.world.wait(MINUTE);
    log.sweep().await;
    assert_eq!(log.verify().await, Verified::Whole(RECORDS + 600 + 2));
}

/// Invariant 59.
#[tokio::test]
async fn a_record_stored_without_a_place_later_is_found() {
    let (log, records) = linked().await;
    let late = after(log.records().last().unwrap());
    log.copy(&records[3], &late);
    log.remove(&log.key(&late), "place");
    assert_eq!(log.verify().await, broken("unlinked", &late));
}

/// Invariant 59.
#[tokio::test]
async fn a_changed_record_from_before_is_found() {
    let (log, records) = linked().await;
    log.world.overwrite_at(&log.key(&records[2]), "actor_name", json!({"S": "Eve"}));
    assert_eq!(log.verify().await, broken("altered", &records[2]));
    assert_eq!(problems(&log.offline().await), ["line 3: altered"]);
}

/// Invariant 59.
#[tokio::test]
async fn a_removed_record_from_before_is_found() {
    for removed in 0..8 {
        let (log, records) = linked().await;
        log.delete(&log.key(&records[removed]));
        let found = match records.get(removed + 1) {
            Some(next) => broken("missing", next),
            None => broken("truncated", &records[removed - 1]),
        };
        assert_eq!(log.verify().await, found, "record {removed}");
        assert!(!log.offline().await.is_whole(), "record {removed}");
    }
    let (log, records) = linked().await;
    for record in &records {
        log.delete(&log.key(record));
    }
    assert_eq!(log.verify().await, Verified::Broken("truncated".to_owned(), None));
    assert!(!log.offline().await.is_whole());
}

/// Returns the stage of the deletion of Ben's account.
fn stage(log: &Log) -> Value {
    let key = (format!("USER#{}", BEN.id()), "ACCOUNT_DELETION".to_owned());
    log.world.items()[&key]["progress"]["stage"].clone()
}

/// Invariants 58 and 60.
#[tokio::test(start_paused = true)]
async fn erasing_while_records_are_linked_leaves_the_log_valid() {
    let (mut linked_again, mut erased_again) = (0, 0);
    for seed in 0..30 {
        let log = Log::acme_of(World::seeded(seed)).await;
        log.world.workspace_of(&BEN).await;
        unlink(&log);
        log.rename("First").await;
        delete_account(&log.world.store(), &BEN.caller()).await.unwrap();
        for _ in 0..5 {
            if stage(&log) != "erasing" {
                log.world.wait(MINUTE);
                log.try_sweep().await;
            }
        }
        assert_eq!(stage(&log), "erasing");
        // The records are linked while one after another is erased.
        let due_at = json!({"N": (log.world.clock.now() + MINUTE).as_millisecond().to_string()});
        log.world.overwrite_at(&log.chain("LINKING"), "due_at", due_at);
        tokio::join!(log.try_sweep(), async {
            sleep(Duration::from_millis(seed * 20)).await;
            log.world.wait(MINUTE);
            log.try_sweep().await;
        });
        linked_again += u32::from(log.world.items().contains_key(&log.chain("LINKING")));
        erased_again += u32::from(stage(&log) == "erasing");
        for _ in 0..3 {
            let verified = log.verify().await;
            assert!(matches!(verified, Verified::Whole(_)), "seed {seed}: {verified:?}");
            log.world.wait(MINUTE);
            log.try_sweep().await;
        }
        let items = log.world.items();
        let ours: Vec<_> = items.iter().filter(|((pk, _), _)| *pk == log.key("").0).collect();
        assert!(ours.iter().all(|(_, item)| !item.to_string().contains(BEN.email)), "seed {seed}");
        assert!(!items.contains_key(&log.chain("LINKING")) && stage(&log) != "erasing", "seed {seed}");
        assert_eq!(log.verify().await, Verified::Whole(ours.len() as u64), "seed {seed}");
        assert!(log.offline().await.is_whole(), "seed {seed}");
    }
    assert!(linked_again > 0 && erased_again > 0, "{linked_again} linked again, {erased_again} erased again");
}

/// Invariant 58.
#[tokio::test(start_paused = true)]
async fn linking_that_crashes_at_any_call_is_resumed() {
    for call in 0.. {
        let log = Log::of(World::default()).await;
        log.rename("Second").await;
        unlink(&log);
        log.rename("First").await;
        log.world.wait(DAY);
        let finished = log.world.crashing(call, Moment::After, log.try_sweep()).await.is_some();
        assert!(matches!(log.verify().await, Verified::Whole(_)), "{call}");
        log.world.wait(MINUTE);
        log.sweep().await;
        assert!(!log.world.items().contains_key(&log.chain("LINKING")), "{call}");
        let began = log.world.items().into_values().filter(|item| item["action"] == "audit.began").count();
        assert_eq!((began, log.verify().await), (1, Verified::Whole(4)), "{call}");
        assert!(log.offline_with(&log.checkpoints().await).await.is_whole(), "{call}");
        if finished {
            break;
        }
    }
}
