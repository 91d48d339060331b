//! Interleavings that chance rarely makes: a change of the inbox, or of the recipient's seat, between a read and the write.

use super::stage::{Stage, ids};
use domain::notifications::happening::Happening;
use jiff::SignedDuration;
use serde_json::json;
use testkit::{ANA, BEN, CLEO, Fault, World};

const LAPSED: Happening = Happening::PlanLapsed {};

/// A batch read may return a notification as it was before a change, and the head as it was after it. Nothing is counted
/// twice then.
///
/// Invariant 49.
#[tokio::test(start_paused = true)]
async fn items_of_two_moments_do_not_drift() {
    for act in ["mark", "delete"] {
        let stage = Stage::set(World::default()).await;
        let (id, _other) = (stage.happen(LAPSED).await, stage.happen(LAPSED).await);
        assert_eq!(stage.mark(&ANA, id, json!({})).await.body["unread_count"], 1);
        let (key, world) = (stage.key(&ANA, id), &stage.world);
        let read = world.items()[&key]["read_at"].clone();
        world.overwrite_at(&key, "version", json!({"N": "1"}));
        world.overwrite_at(&key, "read_at", json!({"NULL": true}));
        world.after_at("BatchGetItem", key.clone(), "version", json!({"N": "2"}));
        world.after_at("BatchGetItem", key, "read_at", json!({"S": read}));
        let answer = match act {
            "mark" => stage.mark(&ANA, id, json!({})).await,
            _ => stage.delete(&ANA, id).await,
        };
        assert!(answer.status.is_success(), "{act}: {answer}");
        assert_eq!(stage.badge(&ANA).await, 1, "{act}");
        assert_eq!(stage.all(&ANA, "unread=true").await.len(), 1, "{act}");
    }
}

/// Invariant 51.
#[tokio::test(start_paused = true)]
async fn nothing_arrives_after_a_member_has_left() {
    let stage = Stage::set(World::default()).await;
    let seat = format!("MEMBER#{}", BEN.id());
    stage.world.after("BatchGetItem", stage.id, &seat, "status", json!({"S": "removed"}));
    let id = stage.happen(LAPSED).await;
    let items = stage.world.items();
    assert!(!items.contains_key(&stage.key(&BEN, id)), "Ben has left while Ana was notified");
    assert!(items.contains_key(&stage.key(&ANA, id)));
}

/// Invariant 50.
#[tokio::test(start_paused = true)]
async fn events_return_after_nothing_that_a_member_does() {
    let stage = Stage::set(World::default()).await;
    let (id, record) = stage.record(LAPSED, None);
    let again = || stage.notify([record.clone(), record.clone()]);
    assert_eq!(again().await, 0);
    assert_eq!((stage.badge(&ANA).await, stage.badge(&BEN).await, stage.badge(&CLEO).await), (1, 1, 0));
    stage.mark(&ANA, id, json!({})).await;
    assert_eq!(again().await, 0);
    assert_eq!(stage.badge(&ANA).await, 0, "read stays read");
    stage.delete(&ANA, id).await;
    assert_eq!(again().await, 0);
    assert_eq!((stage.all(&ANA, "limit=9").await.len(), stage.badge(&ANA).await), (0, 0), "deleted stays deleted");
    stage.mark_all(&BEN, json!({})).await;
    assert_eq!(again().await, 0);
    assert_eq!((stage.all(&BEN, "limit=9").await.len(), stage.badge(&BEN).await), (1, 0));
    // As if the record were sent again from the dead-letter queue, and after the table's TTL has come.
    stage.world.wait(SignedDuration::from_hours(14 * 24));
    assert_eq!(again().await, 0);
    assert_eq!(stage.badge(&ANA).await, 0);
    stage.world.wait(SignedDuration::from_hours(14 * 7 * 24));
    assert_eq!(again().await, 0);
    for person in [ANA, BEN] {
        assert_eq!((stage.all(&person, "limit=9").await.len(), stage.badge(&person).await), (0, 0));
    }
}

/// Invariant 50.
#[tokio::test(start_paused = true)]
async fn lost_answers_notify_once() {
    for operation in ["TransactWriteItems", "BatchGetItem", "DeleteItem", "Query"] {
        for fault in [Fault::LoseReply, Fault::LoseRequest, Fault::Throttle, Fault::Conflict] {
            let stage = Stage::set(World::default()).await;
            let (id, record) = stage.record(LAPSED, None);
            (0..4).for_each(|_| stage.world.plan(operation, fault));
            stage.notify([record.clone()]).await;
            stage.world.forget_plans();
            assert_eq!(stage.notify([record]).await, 0, "{operation} {fault:?}");
            for person in [ANA, BEN] {
                assert_eq!(ids(&stage.all(&person, "limit=9").await), [id], "{operation} {fault:?}");
                assert_eq!(stage.badge(&person).await, 1, "{operation} {fault:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn busy_inbox_of_one_member_does_not_stop_the_others() {
    let stage = Stage::set(World::default()).await;
    let (id, record) = stage.record(LAPSED, None);
    let unread = (format!("WS#{}#INBOX", stage.id), format!("{}#HEAD", ANA.id()));
    // A head that cannot be read is a defect.
    stage.happen(LAPSED).await;
    stage.world.overwrite_at(&unread, "seq", json!({"S": "x"}));
    assert_eq!(stage.notify([record.clone()]).await, 1, "it will be sent again");
    stage.world.overwrite_at(&unread, "seq", json!({"N": "1"}));
    assert_eq!(stage.notify([record]).await, 0);
    assert_eq!((stage.badge(&ANA).await, stage.badge(&BEN).await), (2, 2));
    assert_eq!(ids(&stage.all(&BEN, "limit=1").await)[0], id);
}
