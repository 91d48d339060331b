//! What happens to keys without a request: reminders, the mention of unused ones, and the deletion of expired ones. The
//! plan is free, so no bill is due in these months.

use super::stage::{DAY, HOUR, Key, SECOND, Stage, outcome};
use domain::{
    identity::access::Role,
    keys::record::{KEPT_AFTER_EXPIRY, REMINDER, UNUSED},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, Fault, World};

async fn stage() -> Stage {
    Stage::on("free", World::default()).await
}

/// Makes a key that is valid for `days`.
async fn key_of_days(stage: &Stage, days: u16) -> Key {
    let body = json!({"name": "A", "scopes": ["workspace:read"], "expires_in_days": days});
    stage.key_of(&ANA, body).await
}

/// Waits, runs a sweep, and returns the number of notifications in Ana's inbox that a key expires, and that one is unused.
async fn after(stage: &Stage, time: SignedDuration) -> [usize; 2] {
    stage.world.wait(time);
    stage.sweep().await;
    [stage.notified(&ANA, "api_key.expiring").await, stage.notified(&ANA, "api_key.unused").await]
}

#[tokio::test]
async fn admins_are_reminded_once_a_week_before_the_end() {
    let stage = stage().await;
    let key = key_of_days(&stage, 30).await;
    assert_eq!(after(&stage, DAY * 30 - REMINDER - SECOND).await, [0, 0]);
    assert_eq!(after(&stage, SECOND).await, [1, 0]);
    for _ in 0..3 {
        assert_eq!(after(&stage, DAY).await, [1, 0], "once");
    }
    assert_eq!(stage.notified(&BEN, "api_key.expiring").await, 1, "admins, too");
    assert_eq!(stage.notified(&CLEO, "api_key.expiring").await, 0, "and no members");
    assert_eq!(stage.shown(&key).await["state"], "expiring");
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
}

#[tokio::test]
async fn short_keys_end_without_a_reminder() {
    for days in [1, 7] {
        let stage = stage().await;
        key_of_days(&stage, days).await;
        for _ in 0..=days {
            assert_eq!(after(&stage, DAY).await, [0, 0], "{days} days");
        }
    }
    let stage = stage().await;
    key_of_days(&stage, 8).await;
    assert_eq!(after(&stage, DAY).await, [1, 0], "a week is left");
}

#[tokio::test]
async fn unused_key_is_mentioned_once() {
    let stage = stage().await;
    key_of_days(&stage, 366).await;
    assert_eq!(after(&stage, UNUSED - SECOND).await, [0, 0]);
    assert_eq!(after(&stage, SECOND).await, [0, 1]);
    for _ in 0..3 {
        stage.world.wait(DAY);
        stage.sweep().await;
    }
    assert_eq!(after(&stage, DAY).await, [0, 1], "once");
}

#[tokio::test]
async fn use_postpones_the_mention() {
    let stage = stage().await;
    let key = key_of_days(&stage, 366).await;
    stage.world.wait(DAY * 60);
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
    assert_eq!(after(&stage, UNUSED - DAY * 60).await, [0, 0], "it was used a month ago");
    let due = stage.stored(&key)["due_at"].as_i64().unwrap();
    assert!(due > stage.world.clock.now().as_millisecond(), "it is not looked at each minute");
    assert_eq!(after(&stage, DAY * 60 - SECOND).await, [0, 0]);
    assert_eq!(after(&stage, SECOND).await, [0, 1]);
}

/// A key that ends soon anyway is not mentioned in addition.
#[tokio::test]
async fn key_that_ends_before_it_is_unused_is_not_mentioned() {
    let stage = stage().await;
    key_of_days(&stage, 90).await;
    assert_eq!(after(&stage, DAY * 90 - REMINDER).await, [1, 0]);
    assert_eq!(after(&stage, REMINDER).await, [1, 0]);
}

/// Invariant 24.
#[tokio::test]
async fn expired_key_is_deleted_a_month_later() {
    let stage = stage().await;
    let key = key_of_days(&stage, 1).await;
    after(&stage, DAY + KEPT_AFTER_EXPIRY - SECOND).await;
    assert_eq!((&stage.shown(&key).await["state"], stage.counts()), (&json!("expired"), (1, 1)));
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (401, "key_expired"));
    after(&stage, SECOND).await;
    assert_eq!((stage.stored(&key), stage.used(&key), stage.counts()), (Value::Null, Value::Null, (0, 0)));
    assert_eq!(outcome(&stage.get(&key, "/workspace").await), (401, "key_invalid"));
    let records = stage.records("api_key.expired");
    assert_eq!((records.len(), &records[0]["target"]), (1, &json!(key.id)));
    after(&stage, DAY).await;
    assert_eq!((stage.records("api_key.expired").len(), stage.counts()), (1, (0, 0)));
    key_of_days(&stage, 1).await;
    assert_eq!(stage.counts(), (1, 1), "its place is free");
}

#[tokio::test]
async fn rotation_begins_the_steps_again() {
    let stage = stage().await;
    let key = key_of_days(&stage, 30).await;
    assert_eq!(after(&stage, DAY * 30 - REMINDER).await, [1, 0]);
    stage.rotate(&ANA, &key, 24).await;
    assert_eq!(after(&stage, REMINDER).await, [1, 0], "the end it had");
    assert_eq!(after(&stage, DAY * 30 - REMINDER * 2).await, [2, 0], "a week before its new end");
    // Rotated after its end, it is not deleted.
    stage.world.wait(REMINDER + DAY);
    stage.rotate(&ANA, &key, 0).await;
    after(&stage, DAY * 29).await;
    assert_eq!((stage.counts(), stage.records("api_key.expired").len()), ((1, 1), 0));
}

/// The sweeper has read the key when its maker rotates it.
#[tokio::test]
async fn rotation_meanwhile_prevents_the_deletion() {
    let stage = stage().await;
    let key = key_of_days(&stage, 1).await;
    // Nothing else is due in the last second.
    after(&stage, DAY + KEPT_AFTER_EXPIRY - SECOND).await;
    stage.sweep().await;
    stage.world.wait(SECOND);
    stage.world.after("BatchGetItem", stage.id, stage.place(&key).1, "version", json!({"N": "2"}));
    stage.sweep().await;
    assert_eq!((stage.counts(), stage.records("api_key.expired").len()), ((1, 1), 0));
}

/// Invariants 24 and 33.
#[tokio::test(start_paused = true)]
async fn steps_under_faults_are_made_once() {
    for fault in [Fault::LoseReply, Fault::LoseRequest, Fault::Conflict, Fault::Throttle] {
        let stage = stage().await;
        let key = key_of_days(&stage, 30).await;
        for time in [DAY * 30 - REMINDER, REMINDER + KEPT_AFTER_EXPIRY] {
            stage.world.wait(time);
            (0..3).for_each(|_| stage.world.plan("TransactWriteItems", fault));
            stage.sweep().await;
            stage.world.forget_plans();
            assert_eq!(after(&stage, HOUR).await[0], 1, "{fault:?}");
        }
        assert_eq!((stage.counts(), stage.stored(&key)), ((0, 0), Value::Null), "{fault:?}");
        assert_eq!(stage.records("api_key.expired").len(), 1, "{fault:?}");
    }
}

/// The keys of a demoted maker are theirs: nothing is deleted before its end.
#[tokio::test]
async fn demotion_deletes_no_key() {
    let stage = stage().await;
    let body = json!({"name": "A", "scopes": ["workspace:read"]});
    let key = stage.key_of(&BEN, body).await;
    stage.give_role(&BEN, Role::Viewer).await;
    after(&stage, DAY).await;
    assert_eq!(stage.counts(), (1, 1));
    assert_eq!(stage.get(&key, "/workspace").await.status.as_u16(), 200);
}
