//! Checkpoints: signed once a day after changes, kept in the bucket, and verified offline.

use super::log::{DAY, Log, RECORDS, Verified, problems};
use domain::{
    audit::digest::Digest,
    command::Expected,
    integrations::delivery::NewEvent,
    integrations::{Config, Event, IntegrationSettings, IntegrationType, Occurrence},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{
    integrations::set_up_integration,
    workspace::{OtherMembers, delete_workspace},
};
use std::time::Duration;
use testkit::{ANA, Fault, Moment, World, webhook_secret};
use tokio::time::sleep;
use workers::integrations::deliver_event;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Returns the texts of the log's checkpoints, newest first.
async fn texts(log: &Log) -> Vec<Value> {
    let found = log.checkpoints().await["checkpoints"].clone();
    let texts = found.as_array().unwrap().iter().map(|found| found["text"].as_str().unwrap());
    texts.map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Returns the numbers of the records with which the stored checkpoints end.
fn stored(log: &Log) -> Vec<u64> {
    let partition = log.chain("").0;
    let keys = log.world.items().into_keys().filter(|(pk, _)| *pk == partition);
    keys.filter_map(|(_, sk)| sk.strip_prefix("CHECKPOINT#").map(|number| number.parse().unwrap())).collect()
}

/// Asserts that all checkpoints of the log agree with its export.
async fn assert_agree(log: &Log, number: u64) {
    let report = log.offline_with(&log.checkpoints().await).await;
    assert_eq!((problems(&report), report.checkpoints.agree), (Vec::new(), number));
}

#[tokio::test]
async fn a_day_after_a_change_a_checkpoint_is_taken() {
    let log = Log::acme().await;
    log.sweep().await;
    assert_eq!((stored(&log), log.world.kept_objects()), (Vec::new(), Vec::new()));
    log.next_day().await;
    let head = log.world.items()[&log.chain("HEAD")].clone();
    let now = log.world.clock.now();
    let last = log.world.items()[&log.key(log.records().last().unwrap())].clone();
    let kept_until = Timestamp::from_second(last["ttl"].as_i64().unwrap()).unwrap();
    assert_eq!(
        texts(&log).await,
        [json!({
            "v": 1, "workspace": log.id, "number": RECORDS, "digest": head["digest"], "kept_until": kept_until, "at": now,
            "begins": {"number": 1, "previous": "A".repeat(43)},
        })]
    );
    assert_eq!((&head["checkpointed"], &head["due_at"]), (&json!(RECORDS), &Value::Null));
    let checkpoint = &log.world.items()[&log.chain(&format!("CHECKPOINT#{RECORDS:020}"))];
    assert_eq!(checkpoint["ttl"], last["ttl"], "it is kept as long as its record");
    assert_agree(&log, 1).await;

    let shown = log.checkpoints().await["checkpoints"][0].clone();
    let [(name, object)] = &log.world.kept_objects()[..] else { panic!("one object") };
    assert!(name.starts_with(&now.strftime("checkpoints/%Y/%m/%d/").to_string()), "{name}");
    let leaf = Digest::of("berth.audit.leaf.v1", &[shown["text"].as_str().unwrap().as_bytes()]);
    let expected = json!({"batch": shown["batch"], "signature": shown["signature"], "leaves": [leaf]});
    assert_eq!(serde_json::from_str::<Value>(object).unwrap(), expected);
}

#[tokio::test]
async fn there_is_no_checkpoint_without_a_change() {
    let log = Log::acme().await;
    log.next_day().await;
    drop(log.world.calls());
    for _ in 0..3 {
        log.next_day().await;
    }
    assert_eq!(log.world.calls().get("Sign"), None);
    log.rename("Changed").await;
    log.next_day().await;
    assert_eq!(texts(&log).await.iter().map(|text| &text["number"]).collect::<Vec<_>>(), [9, 8]);
    assert_agree(&log, 2).await;
}

#[tokio::test]
async fn workspaces_share_a_signature() {
    let world = World::default();
    let mut logs = Vec::new();
    for _ in 0..5 {
        logs.push(Log::of(world.clone()).await);
    }
    logs[0].next_day().await;
    let calls = world.calls();
    assert_eq!((calls["Sign"], calls["PutObject"]), (1, 1));
    for log in &logs {
        assert_agree(log, 1).await;
        let batch = log.checkpoints().await["checkpoints"][0]["batch"].clone();
        let batch: Value = serde_json::from_str(batch.as_str().unwrap()).unwrap();
        assert_eq!((&batch["size"], &batch["key"]), (&json!(5), &json!("checkpoint-key")));
    }
}

#[tokio::test(start_paused = true)]
async fn changes_go_on_while_the_key_or_the_bucket_fails() {
    for operation in ["Sign", "PutObject"] {
        for fault in [Fault::ServerError, Fault::Throttle, Fault::LoseRequest, Fault::Hang] {
            let log = Log::acme().await;
            log.world.wait(DAY);
            for _ in 0..20 {
                log.world.plan(operation, fault);
            }
            let swept = log.try_sweep().await;
            assert_eq!((swept.failed, stored(&log)), (1, Vec::new()), "{operation} {fault:?}");
            log.rename("Meanwhile").await;
            assert_eq!(log.verify().await, Verified::Whole(RECORDS + 1));
            log.world.forget_plans();
            log.world.wait(MINUTE);
            log.sweep().await;
            assert_eq!(stored(&log), [RECORDS + 1], "{operation} {fault:?}");
            assert_agree(&log, 1).await;
        }
    }
}

/// A sweep that has no time left says so: an alarm watches the number.
#[tokio::test]
async fn logs_without_time_for_a_checkpoint_count_as_failed() {
    let log = Log::acme().await;
    log.world.wait(DAY);
    let (store, notary, now) = (log.world.store(), log.world.notary(), log.world.clock.now());
    let taken = workers::audit::take_checkpoints(&store, &notary, &[log.id], now).await;
    assert_eq!((taken.taken, taken.failed, stored(&log)), (0, 1, Vec::new()));
    let taken = workers::audit::take_checkpoints(&store, &notary, &[log.id], now + MINUTE).await;
    assert_eq!((taken.taken, taken.failed, stored(&log)), (1, 0, vec![RECORDS]));
}

#[tokio::test(start_paused = true)]
async fn a_change_during_a_checkpoint_is_in_the_next_one() {
    let log = Log::acme().await;
    log.world.wait(DAY);
    log.world.plan("Sign", Fault::Hang);
    let (swept, ()) = tokio::join!(log.sweep(), async {
        sleep(Duration::from_millis(100)).await;
        log.rename("Meanwhile").await;
    });
    assert_eq!((swept.failed, stored(&log)), (0, vec![RECORDS]));
    let head = log.world.items()[&log.chain("HEAD")].clone();
    assert_eq!((&head["number"], &head["checkpointed"]), (&json!(RECORDS + 1), &json!(RECORDS)));
    log.world.wait(MINUTE);
    log.sweep().await;
    assert_eq!(stored(&log), [RECORDS], "it is due tomorrow");
    log.next_day().await;
    assert_eq!(stored(&log), [RECORDS, RECORDS + 1]);
    assert_agree(&log, 2).await;
}

#[tokio::test(start_paused = true)]
async fn a_checkpoint_that_crashes_at_any_call_is_taken_again() {
    for call in 0.. {
        let log = Log::of(World::default()).await;
        log.world.wait(DAY);
        let finished = log.world.crashing(call, Moment::After, log.try_sweep()).await.is_some();
        log.world.wait(MINUTE);
        log.sweep().await;
        assert_eq!(stored(&log), [1], "{call}");
        assert_agree(&log, 1).await;
        if finished {
            break;
        }
    }
}

#[tokio::test]
async fn the_chain_of_a_deleted_workspace_stays() {
    let world = World::default();
    world.workspace_of(&ANA).await;
    let log = Log::of(world).await;
    log.next_day().await;
    // Without the subscription nothing is asked of Stripe.
    log.delete(&(format!("WS#{}", log.id), "SUBSCRIPTION".to_owned()));
    delete_workspace(&log.world.store(), &ANA.caller(), log.id, OtherMembers::Include).await.unwrap();
    let records = log.records();
    let last = log.world.items()[&log.key(records.last().unwrap())].clone();
    assert_eq!(last["action"], "workspace.deleted");
    assert_eq!(log.world.items()[&log.chain("HEAD")]["ttl"], last["ttl"], "the head goes with the last record");
    for _ in 0..6 {
        log.world.wait(MINUTE);
        log.try_sweep().await;
    }
    log.world.wait(DAY);
    log.try_sweep().await;
    assert_eq!(stored(&log), [1, 2]);
    assert_eq!(log.records(), records);
    assert_eq!(log.world.items()[&log.chain("HEAD")]["ttl"], last["ttl"]);
    assert_eq!(log.world.items()[&log.chain("HEAD")]["checkpointed"], 2);
}

/// Selects the checkpoints for a webhook, and returns the secret that signs them.
async fn select_checkpoints(log: &Log) -> String {
    let config = json!({"url": "https://hooks.example.com/berth"});
    let config = Config::stored(IntegrationType::Webhook, config).unwrap();
    let secret = webhook_secret("0123456789abcdef");
    let events = Some([Event::AuditCheckpoint].into());
    let wanted = IntegrationSettings { name: None, config, secret: Some(secret.parse().unwrap()), events };
    let (store, secrets) = (log.world.store(), log.world.integration_secrets());
    set_up_integration(&store, &secrets, &ANA.caller(), log.id, wanted, &Expected::Any).await.unwrap();
    secret
}

/// Returns the occurrences of checkpoints that the outbox is to relay.
fn announced(log: &Log) -> Vec<Value> {
    let of_outbox = log.world.items().into_values().filter(|item| item["_type"] == "outbox");
    let occurrences = of_outbox.map(|item| item["message"]["occurrence"].clone());
    occurrences.filter(|occurrence| occurrence["type"] == "audit.checkpoint").collect()
}

#[tokio::test]
async fn a_checkpoint_is_sent_to_who_selected_it() {
    let log = Log::acme().await;
    log.next_day().await;
    assert_eq!(announced(&log), Vec::<Value>::new(), "nobody listens");
    let secret = select_checkpoints(&log).await;
    log.world.receivers.verify_with(&[&secret]);
    log.next_day().await;
    let number = RECORDS + 1;
    let [occurrence] = &announced(&log)[..] else { panic!("one checkpoint") };
    assert_eq!(occurrence["facts"]["number"], number);
    let event = NewEvent {
        id: log.world.store().ambient().fresh(),
        occurrence: Occurrence::AuditCheckpoint { number },
        at: log.world.clock.now(),
    };
    deliver_event(&log.world.delivery_deps(), log.id, event, "deliver").await.unwrap();
    let received = log.world.receivers.take();
    assert_eq!((received.len(), &received[0].objection), (1, &None));
    let mut data = received[0].json()["data"].take();
    for field in ["number", "workspace_id"] {
        assert!(data.as_object_mut().unwrap().remove(field).is_some(), "{field}: {data}");
    }
    assert_eq!(data, log.checkpoints().await["checkpoints"][0]);
    assert_agree(&log, 2).await;
}

/// Invariant 59.
#[tokio::test]
async fn a_replaced_checkpoint_is_found() {
    let log = Log::acme().await;
    let other = Log::of(log.world.clone()).await;
    log.next_day().await;
    let (ours, theirs) = (log.checkpoints().await, other.checkpoints().await);
    let number = format!("\"number\":{RECORDS}");
    let replaced = |field: &str, from: &str, to: &str| {
        let mut changed = ours.clone();
        let text = &mut changed["checkpoints"][0][field];
        let next = text.as_str().unwrap().replacen(from, to, 1);
        assert_ne!(*text, json!(next), "{field}");
        *text = json!(next);
        changed
    };
    let mut of_other = ours.clone();
    of_other["checkpoints"][0]["text"] = theirs["checkpoints"][0]["text"].clone();
    for (changed, reason) in [
        (replaced("text", &number, "\"number\":7"), "checkpoint"),
        (replaced("batch", "2026", "2025"), "checkpoint"),
        (replaced("signature", "M", "N"), "checkpoint"),
        (of_other, "checkpoint"),
        (theirs, "foreign"),
    ] {
        let found = problems(&log.offline_with(&changed).await);
        assert_eq!(found, [format!("checkpoint 1 of checkpoints: {reason}")]);
    }
    assert_agree(&log, 1).await;
}
