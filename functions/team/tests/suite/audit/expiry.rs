//! Records whose time is over count as absent, and plans show a part of the log.

use super::log::{DAY, Log, RECORDS, Verified, broken, next, problems};
use audit_verify::window::Window;
use domain::plans::{
    catalogue::Plans,
    file::{self, lock::Lock},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, Request, World, plan};

/// Returns a log with one record a day. Each is kept for 730 days, and the plan shows all of them.
async fn daily() -> (Log, Vec<String>) {
    daily_of(World::default(), 7).await
}

async fn daily_of(world: World, days: usize) -> (Log, Vec<String>) {
    let log = Log::of(world).await;
    for day in 1..days {
        log.world.wait(DAY);
        log.rename(&format!("Day {day}")).await;
    }
    let records = log.records();
    assert_eq!(records.len(), days);
    (log, records)
}

/// Lets the time of the first `over` records of [`daily`] pass.
async fn expire(log: &Log, over: i32) {
    let passed = log.world.clock.now() - "2026-11-21T12:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let wanted = DAY * (730 + over - 1) + SignedDuration::from_mins(1);
    log.world.wait(wanted - SignedDuration::try_from(passed).unwrap());
    log.world.subscribe(log.id, plan("enterprise")).await;
}

/// Invariant 59.
#[tokio::test]
async fn expired_records_count_as_absent_in_any_order() {
    let (log, records) = daily().await;
    expire(&log, 3).await;
    let expired: Vec<_> = records[..3].iter().map(|record| log.item(&log.key(record))).collect();
    for deleted in 0..8 {
        log.world.wait(SignedDuration::from_mins(1));
        for (position, item) in expired.iter().enumerate() {
            if deleted & (1 << position) == 0 {
                log.put(item.clone());
            } else {
                log.delete(&log.key(&records[position]));
            }
        }
        assert_eq!(log.verify().await, Verified::Whole(4), "{deleted:b}");
        let report = log.offline().await;
        assert_eq!((problems(&report), report.log.records), (Vec::new(), 4), "{deleted:b}");
    }
}

/// Invariant 59.
#[tokio::test]
async fn a_beginning_cut_before_its_time_is_found() {
    let (log, records) = daily().await;
    expire(&log, 3).await;
    for record in &records[..4] {
        log.delete(&log.key(record));
    }
    assert_eq!(log.verify().await, broken("missing", &records[4]));
    assert_eq!(problems(&log.offline().await), ["line 1: missing"]);
    // A day later the time of the record that was deleted is over.
    log.world.wait(DAY);
    assert_eq!(log.verify().await, Verified::Whole(3));
    assert_eq!(problems(&log.offline().await), [""; 0]);
}

#[tokio::test]
async fn a_log_without_records_that_count_is_whole() {
    let (log, records) = daily().await;
    expire(&log, 8).await;
    assert_eq!(log.verify().await, Verified::Whole(0));
    for record in &records {
        log.delete(&log.key(record));
    }
    assert_eq!(log.verify().await, Verified::Whole(0));
    // The next change continues the chain.
    log.rename("Again").await;
    assert_eq!(log.verify().await, Verified::Whole(1));
    assert_eq!(problems(&log.offline().await), [""; 0]);
    assert_eq!(log.get("/audit").await.body["records"][0]["number"], 8);
}

/// Invariant 59.
#[tokio::test]
async fn a_checkpoint_says_where_the_log_begins() {
    let (log, records) = daily().await;
    expire(&log, 3).await;
    log.rename("Now").await;
    log.next_day().await;
    let text = log.checkpoints().await["checkpoints"][0]["text"].clone();
    let text: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    // Four records have passed by now, and are still stored.
    let first = log.item(&log.key(&records[4]))["place"]["M"].clone();
    assert_eq!(text["begins"], json!({"number": 5, "previous": first["previous"]["S"]}));
    assert_eq!(text["number"], 8);
    assert!(log.offline_with(&log.checkpoints().await).await.is_whole());
}

/// Returns the default catalogue, whose largest plan shows records for `days` days.
fn plans_of(days: u32) -> Plans {
    let text = include_str!("../../../../../infra/plans.toml");
    file::read(&text.replace("retention_days = 730", &format!("retention_days = {days}")), &Lock::default()).unwrap()
}

/// The operator sells another catalogue, whose records are kept for another time.
#[tokio::test]
async fn the_time_of_records_never_descends() {
    for days in [400, 900] {
        let (log, _) = daily_of(World::default(), 3).await;
        let world = log.world.with_plans(plans_of(days));
        let deps =
            TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() };
        let router = team::router(deps, world.claim_rules());
        let log = Log { world, router, id: log.id };
        log.rename("Another catalogue").await;
        let kept: Vec<_> =
            log.records().iter().map(|record| log.world.items()[&log.key(record)]["ttl"].clone()).collect();
        let kept: Vec<_> = kept.iter().map(|ttl| ttl.as_i64().unwrap()).collect();
        assert!(kept.is_sorted(), "{days}: {kept:?}");
        assert_eq!(log.verify().await, Verified::Whole(4), "{days}");
    }
}

#[tokio::test]
async fn the_plan_limits_what_is_listed_and_exported() {
    let log = Log::acme().await;
    log.world.wait(DAY * 366);
    log.world.subscribe(log.id, plan("business")).await;
    log.rename("A year later").await;
    let listed = log.get("/audit").await;
    assert_eq!(listed.body["records"].as_array().unwrap().len(), 1);
    assert_eq!(log.verify().await, Verified::Whole(1));
    let pages = log.export().await;
    assert_eq!(pages[0].lines().count(), 1);
    let now = log.world.clock.now();
    let window = Window { now, from: Some(now - DAY * 365) };
    assert_eq!(problems(&log.verify_offline(window, &pages, &json!({"checkpoints": []}))), [""; 0]);
    // A program cannot see that the plan shows no older records.
    assert_eq!(problems(&log.offline().await), ["line 1: missing"]);

    log.world.subscribe(log.id, plan("enterprise")).await;
    assert_eq!(log.verify().await, Verified::Whole(RECORDS + 1));
    assert_eq!(log.export().await[0].lines().count() as u64, RECORDS + 1);
    log.world.subscribe(log.id, plan("pro")).await;
    for route in ["/audit", "/audit/verify", "/audit/export", "/audit/checkpoints"] {
        assert_eq!(log.get_as(&ANA, route).await.code(), "audit_log_not_included", "{route}");
    }
    assert_eq!(log.get("/team/activity").await.body["activity"].as_array().unwrap().len(), 1);
}

/// A cursor of a page whose records the plan no longer shows.
#[tokio::test]
async fn a_cursor_from_before_the_retention_is_an_empty_page() {
    let log = Log::acme().await;
    let page = log.get("/audit?limit=7").await;
    let cursor = page.body["pagination"]["next_cursor"].as_str().unwrap().to_owned();
    let csv = Request::new("GET", "/audit?limit=3").within(log.id).header("accept", "text/csv");
    let link = next(&log.world.send(&log.router, csv).await).unwrap();
    log.world.wait(DAY * 366);
    log.world.subscribe(log.id, plan("business")).await;
    for target in [format!("/audit?limit=7&cursor={cursor}"), link] {
        let page = log.get(&target).await;
        assert_eq!(page.body["records"], json!([]), "{target}");
        assert_eq!(page.body["pagination"]["has_more"], false, "{target}");
    }
}
