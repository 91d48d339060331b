//! Manipulations of stored records and of the head: `GET /audit/verify` finds them, except those that only a checkpoint shows.
//! docs/audit-format.md lists them.

use super::{
    log::{Log, RECORDS, Verified, broken, problems},
    table::after,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::account::{delete_account, read_account_deletion};
use testkit::BEN;

/// Returns Ana's log and the ids of its records.
async fn acme() -> (Log, Vec<String>) {
    let log = Log::acme().await;
    let records = log.records();
    (log, records)
}

/// Asserts that the log is broken at `at`, and what the offline program finds in the export.
async fn assert_found(log: &Log, reason: &str, at: &str, offline: &[&str], context: &str) {
    assert_eq!(log.verify().await, broken(reason, at), "{context}");
    assert_eq!(problems(&log.offline().await), offline, "{context}, offline");
}

/// Invariant 59.
#[tokio::test]
async fn an_untouched_log_is_whole() {
    let (log, records) = acme().await;
    let whole = log.get("/audit/verify").await.body;
    let head = log.world.items()[&log.chain("HEAD")].clone();
    assert_eq!(
        whole,
        json!({
            "ok": true, "checked": RECORDS, "broken_at": null, "reason": null,
            "last_number": RECORDS, "last_digest": head["digest"],
            "pagination": {"has_more": false, "next_cursor": null},
        })
    );
    let report = log.offline().await;
    assert_eq!((problems(&report), report.log.records), (Vec::new(), RECORDS));
    // The records of a range continue ones that were not asked for.
    let at = |record: &String| log.world.items()[&log.key(record)]["at"].as_str().unwrap().to_owned();
    for (first, begin) in records.iter().enumerate() {
        let from = format!("from={}", at(begin));
        assert_eq!(log.verify_range(&from).await, Verified::Whole(RECORDS - first as u64));
        log.world.wait(SignedDuration::from_mins(1));
        for (last, end) in records.iter().enumerate().skip(first + 1) {
            let range = format!("{from}&to={}", at(end));
            assert_eq!(log.verify_range(&range).await, Verified::Whole((last - first) as u64), "{first} to {last}");
        }
    }
}

/// Invariant 59.
#[tokio::test]
async fn a_changed_field_is_found_at_its_record() {
    let text = |text: &str| json!({ "S": text });
    let changes = [
        ("at", text("2026-11-21T12:00:03.5Z")),
        ("actor", text(&BEN.id().to_string())),
        ("action", text("member.removed")),
        ("target", text("usr_00000000000000000000000000")),
        ("before", text("{}")),
        ("after", text(r#"{"role":"owner"}"#)),
        ("request_id", text("another")),
        ("ttl", json!({"N": "1900000000"})),
        ("actor_name", text("Cleo")),
        ("actor_name", json!({"NULL": true})),
        ("ip_address", text("192.0.2.8")),
        ("ip_address", json!({"NULL": true})),
        ("salts", json!({"M": {}})),
        ("digests", json!({"M": {"after.name": {"S": "A".repeat(43)}}})),
    ];
    for (attribute, value) in changes {
        let (log, records) = acme().await;
        log.world.overwrite_at(&log.key(&records[3]), attribute, value);
        assert_found(&log, "altered", &records[3], &["line 4: altered"], attribute).await;
    }
    let places = [
        ("number", json!({"N": "5"})),
        ("previous", text(&"A".repeat(43))),
        ("previous_until", json!({"NULL": true})),
        ("digest", text(&"A".repeat(43))),
    ];
    for (field, value) in places {
        let (log, records) = acme().await;
        log.replace(&records[3], |place| place[field] = value);
        assert_eq!(log.verify().await, broken("altered", &records[3]), "{field}");
        assert!(!log.offline().await.is_whole(), "{field}");
    }
}

/// Invariant 59.
#[tokio::test]
async fn a_changed_erasable_value_is_found() {
    let (log, records) = acme().await;
    let key = log.key(&records[1]);
    let after = log.item(&key)["after"]["S"].as_str().unwrap().replace("ben@example.com", "eve@example.com");
    assert!(after.contains("eve@example.com"), "{after}");
    log.world.overwrite_at(&key, "after", json!({ "S": after }));
    assert_found(&log, "altered", &records[1], &["line 2: altered"], "an address").await;
}

/// Invariant 59.
#[tokio::test]
async fn a_removed_record_is_found_at_the_next_one() {
    for removed in 0..7 {
        let (log, records) = acme().await;
        log.delete(&log.key(&records[removed]));
        let line = format!("line {}: missing", removed + 1);
        assert_found(&log, "missing", &records[removed + 1], &[&line], "one").await;
    }
    // A record that claims that its time is over is absent, too.
    let (log, records) = acme().await;
    log.world.overwrite_at(&log.key(&records[3]), "ttl", json!({"N": "1700000000"}));
    assert_found(&log, "missing", &records[4], &["line 4: missing"], "expired").await;
}

/// Invariant 59.
#[tokio::test]
async fn a_cut_beginning_is_found_at_the_first_record() {
    for left in 1..7 {
        let (log, records) = acme().await;
        for record in &records[..left] {
            log.delete(&log.key(record));
        }
        assert_found(&log, "missing", &records[left], &["line 1: missing"], "cut").await;
    }
}

/// Invariant 59.
#[tokio::test]
async fn a_cut_end_is_found_at_the_last_record() {
    for left in (0..8).rev() {
        let (log, records) = acme().await;
        for record in &records[left..] {
            log.delete(&log.key(record));
        }
        let last = left.checked_sub(1).map(|last| records[last].clone());
        assert_eq!(log.verify().await, Verified::Broken("truncated".to_owned(), last));
        // Nothing in an export shows that its end is missing.
        assert!(log.offline().await.is_whole());
    }
}

/// Invariant 59.
#[tokio::test]
async fn exchanged_records_are_found() {
    let (log, records) = acme().await;
    let [mut one, mut other] = [3, 4].map(|at| log.item(&log.key(&records[at])));
    std::mem::swap(&mut one["sk"], &mut other["sk"]);
    log.put(one);
    log.put(other);
    // The id of a record is its key.
    assert_eq!(log.verify().await, broken("altered", &records[3]));
    assert!(!log.offline().await.is_whole());
    // With right digests.
    for record in [&records[3], &records[4]] {
        log.seal(record).await;
    }
    assert_eq!(log.verify().await, broken("missing", &records[3]));
    // Lines of an export are exchanged more easily.
    let (log, _) = acme().await;
    let pages = log.export().await;
    let mut lines: Vec<_> = pages[0].lines().collect();
    lines.swap(3, 4);
    let window = audit_verify::window::Window { now: log.world.clock.now(), from: None };
    let report = log.verify_offline(window, &[lines.join("\n")], &json!({"checkpoints": []}));
    assert!(problems(&report).iter().all(|problem| problem.ends_with(": moved")), "{:?}", problems(&report));
    assert!(!report.is_whole());
}

/// Invariant 59.
#[tokio::test]
async fn an_inserted_record_is_found() {
    let (log, records) = acme().await;
    let inserted = after(&records[3]);
    log.copy(&records[3], &inserted);
    assert_eq!(log.verify().await, broken("altered", &inserted), "the id is another");
    log.remove(&log.key(&inserted), "place");
    assert_eq!(log.verify().await, broken("unlinked", &inserted), "it has no place");
    assert!(log.offline().await.is_whole(), "a record without a place is in no export");
}

/// Invariant 59.
#[tokio::test]
async fn a_record_with_a_taken_place_is_found() {
    // In the place of the record that it copies.
    let (log, records) = acme().await;
    let inserted = after(&records[3]);
    log.copy(&records[3], &inserted);
    log.seal(&inserted).await;
    assert_found(&log, "moved", &inserted, &["line 5: moved"], "the same place").await;
    // Two records after one: the second in the order of ids is found.
    let (log, records) = acme().await;
    let fork = after(&records[4]);
    log.copy(&records[4], &fork);
    log.world.overwrite_at(&log.key(&fork), "request_id", json!({"S": "another"}));
    log.seal(&fork).await;
    assert_found(&log, "moved", &fork, &["line 6: moved"], "a fork").await;
    // After the last one.
    let (log, records) = acme().await;
    let fork = after(&records[7]);
    log.copy(&records[7], &fork);
    log.seal(&fork).await;
    assert_found(&log, "moved", &fork, &["line 9: moved"], "a fork at the end").await;
}

/// Invariant 59.
#[tokio::test]
async fn a_record_added_after_the_end_is_found() {
    let (log, records) = acme().await;
    let added = after(&records[7]);
    log.copy(&records[7], &added);
    let (last, head) = (log.item(&log.key(&records[7])), log.item(&log.chain("HEAD")));
    log.replace(&added, |place| {
        place["number"] = json!({"N": "9"});
        place["previous"] = last["place"]["M"]["digest"].clone();
        place["previous_until"] = head["kept_until"].clone();
    });
    log.seal(&added).await;
    assert_eq!(log.verify().await, broken("unlinked", &added));
    // An export shows nothing of the head.
    assert!(log.offline().await.is_whole());
}

/// Invariant 59.
#[tokio::test]
async fn an_unreadable_record_is_found_at_its_place() {
    for (attribute, value) in [("after", json!({"S": "{"})), ("at", json!({"N": "7"})), ("place", json!({"S": "log"}))]
    {
        let (log, records) = acme().await;
        log.world.overwrite_at(&log.key(&records[3]), attribute, value);
        assert_found(&log, "unreadable", &records[3], &["line 4: missing"], attribute).await;
    }
}

/// Invariant 59.
#[tokio::test]
async fn a_changed_head_is_found_at_the_last_record() {
    for (attribute, value, reason, at) in [
        ("digest", json!({"S": "A".repeat(43)}), "altered", 7),
        ("number", json!({"N": "9"}), "truncated", 7),
        ("number", json!({"N": "7"}), "altered", 6),
    ] {
        let (log, records) = acme().await;
        log.world.overwrite_at(&log.chain("HEAD"), attribute, value);
        assert_eq!(log.verify().await, broken(reason, &records[at]), "{attribute}");
    }
    let (log, records) = acme().await;
    log.delete(&log.chain("HEAD"));
    assert_eq!(log.verify().await, broken("truncated", &records[7]), "no head");
    // The next change begins another log, whose first record the head names.
    log.rename("Another").await;
    assert_eq!(log.verify().await, broken("altered", &records[0]), "another log");
}

/// Invariant 59.
#[tokio::test]
async fn a_checkpoint_shows_a_cut_end_with_a_changed_head() {
    let (log, records) = acme().await;
    log.next_day().await;
    let checkpoints = log.checkpoints().await;
    assert!(log.offline_with(&checkpoints).await.is_whole());
    for record in &records[6..] {
        log.delete(&log.key(record));
    }
    log.move_head(&records[5]);
    assert_eq!(log.verify().await, Verified::Whole(6));
    assert_eq!(problems(&log.offline_with(&checkpoints).await), ["checkpoint 1 of checkpoints: truncated"]);
    // The log goes on, past the number of the checkpoint.
    for name in ["One", "Two", "Three"] {
        log.rename(name).await;
    }
    assert_eq!(log.verify().await, Verified::Whole(9));
    assert_eq!(problems(&log.offline_with(&checkpoints).await), ["checkpoint 1 of checkpoints: rewritten"]);
}

/// Invariant 59.
#[tokio::test]
async fn a_checkpoint_shows_a_log_that_was_computed_again() {
    let (log, records) = acme().await;
    log.next_day().await;
    let checkpoints = log.checkpoints().await;
    log.world.overwrite_at(&log.key(&records[4]), "target", json!({"S": "another"}));
    let mut previous = None;
    for record in &records[4..] {
        if let Some(previous) = previous {
            log.replace(record, |place| place["previous"] = json!({ "S": previous }));
        }
        previous = Some(log.seal(record).await);
        log.world.wait(SignedDuration::from_mins(1));
    }
    log.move_head(&records[7]);
    assert_eq!(log.verify().await, Verified::Whole(RECORDS));
    assert!(log.offline().await.is_whole());
    assert_eq!(problems(&log.offline_with(&checkpoints).await), ["checkpoint 1 of checkpoints: rewritten"]);
}

/// Deletes Ben's account, and all that is personal.
async fn erase(log: &Log) {
    delete_account(&log.world.store(), &BEN.caller()).await.unwrap();
    for _ in 0..12 {
        log.world.wait(SignedDuration::from_mins(1));
        log.try_sweep().await;
    }
    let receipt = read_account_deletion(&log.world.store(), &BEN.caller()).await.unwrap();
    assert_eq!(serde_json::to_value(receipt).unwrap()["status"], "complete");
}

/// Invariant 60.
#[tokio::test]
async fn erasing_a_person_leaves_the_chain_valid() {
    let (log, _) = acme().await;
    log.world.workspace_of(&BEN).await;
    log.next_day().await;
    let checkpoints = log.checkpoints().await;
    let texts = |pages: Vec<String>| -> Vec<Value> {
        let lines = pages.into_iter().flat_map(|page| page.lines().map(ToOwned::to_owned).collect::<Vec<_>>());
        lines.map(|line| serde_json::from_str(&line).unwrap()).map(|line: Value| line["text"].clone()).collect()
    };
    let before = texts(log.export().await);
    erase(&log).await;
    let pages = log.export().await;
    assert!(!pages[0].contains(BEN.email) && !pages[0].contains("\"Ben\\\""), "{}", pages[0]);
    assert_eq!(texts(pages)[..before.len()], before, "no text has changed");
    let left = log.records().len() as u64;
    assert!(left > RECORDS, "Ben has left");
    assert_eq!(log.verify().await, Verified::Whole(left));
    assert_eq!(problems(&log.offline_with(&checkpoints).await), [""; 0]);
}

/// Invariant 59.
#[tokio::test]
async fn a_value_that_was_never_there_is_found() {
    // The address of an erased value, and of a change that nobody has asked for.
    for (attribute, record) in [("actor_name", 2), ("ip_address", 2), ("ip_address", 4)] {
        let (log, records) = acme().await;
        erase(&log).await;
        let key = log.key(&records[record]);
        assert_eq!(log.world.items()[&key][attribute], Value::Null, "{attribute}");
        assert_eq!(log.verify().await, Verified::Whole(log.records().len() as u64));
        log.world.overwrite_at(&key, attribute, json!({"S": "203.0.113.9"}));
        assert_eq!(log.verify().await, broken("altered", &records[record]), "{attribute} of {record}");
    }
}
