//! `deliver` under faults: processes that end at any call, lost answers, concurrency, and secrets that stay secret.

use crate::customer::{self, Customer};
use domain::integrations::Occurrence;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Behaviour, Chances, Fault, Lines, Moment, Request, World, webhook_secret};

const STARTED: Occurrence = Occurrence::RuntimeStarted { generation: 1 };
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Runs the queue and the sweeper after a process has ended: retries the messages and attempts the due deliveries.
async fn recover(customer: &Customer, messages: &[Value]) {
    customer.deliver(messages).await;
    for _ in 0..10 {
        customer.world.wait(MINUTE);
        let due = customer.due().await;
        if due.is_empty() {
            return;
        }
        customer.deliver(&due).await;
    }
}

fn deliveries(world: &World) -> Vec<Value> {
    world.items().into_values().filter(|item| item["_type"] == "delivery").collect()
}

fn counted(world: &World, counter: &str) -> u64 {
    let items = world.items();
    items.values().filter(|item| item["_type"] == "health").filter_map(|item| item[counter].as_u64()).sum()
}

#[tokio::test(start_paused = true)]
async fn crash_delivers_and_counts_the_event_once() {
    let (mut calls, mut over) = (0, false);
    while !over {
        over = true;
        for moment in [Moment::Before, Moment::After] {
            let customer = Customer::with("webhook").await;
            let message = customer.event(STARTED);
            let batch = [message];
            let ended = customer.world.crashing(calls, moment, customer.deliver(&batch)).await;
            over &= ended.is_some();
            recover(&customer, &batch).await;
            let case = format!("call {calls}, {moment:?}");
            let received = customer.world.receivers.take();
            assert!((1..=2).contains(&received.len()), "{case}: {} arrived", received.len());
            let ids: BTreeSet<_> = received.iter().map(|request| request.header("webhook-id").to_owned()).collect();
            assert_eq!(ids.len(), 1, "{case}: a receiver can recognize the repeated event");
            assert_eq!(customer.delivery().await["state"], "delivered", "{case}");
            assert_eq!(counted(&customer.world, "sent"), 1, "{case}");
        }
        calls += 1;
    }
    assert!(calls >= 5, "the read, two writes, the secret and the end");
}

#[tokio::test(start_paused = true)]
async fn crash_disables_a_gone_receiver_once() {
    let (mut calls, mut over) = (0, false);
    while !over {
        over = true;
        for moment in [Moment::Before, Moment::After] {
            let customer = Customer::with("webhook").await;
            customer.world.receivers.always(Some(Behaviour::Status(410)));
            let batch = [customer.event(STARTED)];
            let ended = customer.world.crashing(calls, moment, customer.deliver(&batch)).await;
            over &= ended.is_some();
            recover(&customer, &batch).await;
            // The result of an attempt that ended with its process is found by the next event.
            customer.happens(STARTED).await;
            let case = format!("call {calls}, {moment:?}");
            assert_eq!(customer.integration().await["is_enabled"], false, "{case}");
            let items = customer.world.items();
            let of = |name: &str, value: &str| items.values().filter(|item| item[name] == value).count();
            assert_eq!(of("action", "integration.disabled"), 1, "{case}");
            let mails = items.values().filter(|item| item["message"]["kind"] == "integration_mail");
            assert_eq!(mails.count(), 1, "{case}");
            let head = items.values().find(|item| item["_type"] == "workspace").unwrap();
            assert_eq!(head["integration_count"], 0, "{case}");
        }
        calls += 1;
    }
}

#[tokio::test(start_paused = true)]
async fn faults_deliver_every_event_everywhere_and_count_once() {
    for seed in 0..80 {
        let customer = Customer::of(World::seeded(seed)).await;
        for kind in ["slack", "webhook"] {
            customer.set_up(kind).await;
        }
        let events: Vec<_> = (0..3).map(|_| customer.event(STARTED)).collect();
        customer.world.set_fault_chances(Chances::HIGH);
        // Each message arrives twice, in two processes.
        tokio::join!(customer.deliver(&events), customer.deliver(&events));
        customer.world.clear_fault_chances();
        recover(&customer, &events).await;
        let deliveries = deliveries(&customer.world);
        assert_eq!(deliveries.len(), 6, "seed {seed}");
        assert!(deliveries.iter().all(|item| item["state"]["status"] == "delivered"), "seed {seed}: {deliveries:?}");
        assert_eq!(counted(&customer.world, "sent"), 6, "seed {seed}");
        let received = customer.world.receivers.take();
        let at = |host: &str| received.iter().filter(|request| request.host == host).count();
        assert!(at("hooks.example.com") >= 3 && at("hooks.slack.com") >= 3, "seed {seed}");
        assert!(received.iter().all(|request| request.objection.is_none()), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_that_find_a_receiver_gone_disable_it_once() {
    for seed in 0..50 {
        let customer = Customer::of(World::seeded(seed)).await;
        customer.set_up("webhook").await;
        customer.world.receivers.always(Some(Behaviour::Status(410)));
        customer.world.set_fault_chances(Chances::HIGH);
        let events: Vec<_> = (0..6).map(|_| customer.event(STARTED)).collect();
        customer.deliver(&events).await;
        customer.world.clear_fault_chances();
        recover(&customer, &events).await;
        customer.happens(STARTED).await;
        let items = customer.world.items();
        let records = items.values().filter(|item| item["action"] == "integration.disabled").count();
        let head = items.values().find(|item| item["_type"] == "workspace").unwrap();
        assert_eq!((records, &head["integration_count"]), (1, &json!(0)), "seed {seed}");
    }
}

/// The queue and the sweeper may both handle a delivery, and each more than once.
#[tokio::test(start_paused = true)]
async fn one_of_many_workers_attempts_a_due_delivery() {
    for seed in 0..30 {
        let customer = Customer::of(World::seeded(seed)).await;
        customer.set_up("webhook").await;
        customer.world.receivers.plan(Behaviour::Status(500));
        customer.happens(STARTED).await;
        customer.world.wait(MINUTE);
        let due = customer.due().await;
        tokio::join!(customer.deliver(&due), customer.deliver(&due), customer.deliver(&due), customer.deliver(&due));
        assert_eq!(customer.world.receivers.take().len(), 2, "seed {seed}");
        assert_eq!(customer.delivery().await["attempts"], 2, "seed {seed}");
        assert_eq!((counted(&customer.world, "sent"), counted(&customer.world, "errors")), (1, 1), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn early_and_late_messages_attempt_nothing() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
    let (_, message) = customer.world.delayed_messages().pop().unwrap();
    customer.world.wait(SignedDuration::from_secs(5) - SignedDuration::from_millis(1));
    let batch = [message];
    assert_eq!(customer.deliver(&batch).await, Vec::<String>::new());
    assert_eq!(customer.world.receivers.take().len(), 1, "the delivery is not due");
    customer.world.wait(SignedDuration::from_millis(1));
    for _ in 0..2 {
        customer.deliver(&batch).await;
    }
    assert_eq!(customer.world.receivers.take().len(), 1, "the delivery has arrived already");
}

/// An attempt may outlast its lease. The next worker makes another one, and the result of the first is discarded.
#[tokio::test(start_paused = true)]
async fn overtaken_attempt_records_no_result() {
    for attribute in ["attempts", "due_at"] {
        let customer = Customer::with("webhook").await;
        let place = {
            customer.world.receivers.plan(Behaviour::Status(500));
            customer.happens(STARTED).await;
            customer.world.wait(MINUTE);
            let items = customer.world.items();
            items.into_iter().find(|(_, item)| item["_type"] == "delivery").unwrap().0
        };
        let due = customer.due().await;
        // Reading the secret is the last call before the attempt, since the cached copy has expired.
        customer.world.wait(SignedDuration::from_mins(6));
        let later = (customer.world.clock.now() + 2 * MINUTE).as_millisecond();
        let overtaken = if attribute == "attempts" { 3 } else { later };
        customer.world.after_at("GetSecretValue", place.clone(), attribute, json!({"N": overtaken.to_string()}));
        customer.deliver(&due).await;
        assert_eq!(customer.world.receivers.take().len(), 2, "{attribute}: the attempt was made");
        assert_eq!(counted(&customer.world, "sent"), 0, "{attribute}");
        assert_eq!(customer.world.items()[&place]["state"]["status"], "under_way", "{attribute}");
    }
}

/// Two transactions that name one item conflict, even if neither changes it.
#[tokio::test(start_paused = true)]
async fn deliveries_write_only_their_own_items() {
    let customer = Customer::with_all().await;
    drop(customer.world.transaction_keys());
    customer.happens(STARTED).await;
    customer.world.receivers.always(Some(Behaviour::Status(500)));
    customer.happens(STARTED).await;
    customer.world.receivers.always(None);
    customer.world.wait(MINUTE);
    customer.deliver(&customer.due().await).await;
    let named = customer.world.transaction_keys();
    assert!(named.len() > 24, "{}", named.len());
    for (pk, sk) in named {
        let own = pk.ends_with("#DELIVERIES") || pk.ends_with("#HEALTH") || sk.starts_with("INCIDENT#");
        assert!(own, "{pk} {sk}");
    }
}

#[tokio::test(start_paused = true)]
async fn deleted_workspace_gets_no_deliveries() {
    let customer = Customer::with("webhook").await;
    customer.world.receivers.plan(Behaviour::Status(500));
    customer.happens(STARTED).await;
    customer.world.overwrite(customer.id, "META", "live", json!({"BOOL": false}));
    customer.happens(STARTED).await;
    customer.world.wait(MINUTE);
    customer.deliver(&customer.due().await).await;
    assert_eq!(customer.world.receivers.take().len(), 1, "the first");
    assert_eq!(customer.due().await, Vec::<Value>::new());
}

#[tokio::test(start_paused = true)]
async fn delivery_that_always_crashes_is_given_up() {
    let customer = Customer::with("webhook").await;
    // Each attempt reads the secret, and each process ends there.
    let mut message = vec![customer.event(STARTED)];
    for attempt in 0..20 {
        (0..3).for_each(|_| customer.world.plan("GetSecretValue", Fault::ServerError));
        customer.deliver(&message).await;
        customer.world.wait(MINUTE);
        message = customer.due().await;
        if message.is_empty() {
            assert_eq!(attempt, 8);
            assert_eq!(customer.delivery().await["state"], "failed");
            return;
        }
    }
    unreachable!("the delivery is retried without end");
}

/// A unique text of letters and digits.
const CANARY: &str = "canary7f3a9c51e8d2b604";

fn canaries() -> [(&'static str, String); 8] {
    let key = format!("{CANARY}0123456789");
    [
        ("datadog", key.clone()),
        ("discord", format!("https://discord.com/api/webhooks/1234567890/{CANARY}")),
        ("github", format!("ghp_{CANARY}")),
        ("microsoft_teams", format!("https://a.logic.azure.com/workflows/x?sig={CANARY}0123")),
        ("pagerduty", key.clone()),
        ("sentry", format!("https://{key}@o1.ingest.sentry.io/42")),
        ("slack", format!("https://hooks.slack.com/services/T0/B0/{CANARY}")),
        ("webhook", webhook_secret(CANARY)),
    ]
}

/// Invariant 25.
#[tokio::test(start_paused = true)]
async fn secret_reaches_only_its_receiver() {
    let lines = Lines::capture();
    let customer = Customer::with_all().await;
    let mut answers = String::new();
    let mut keep = |answer: testkit::Answer| answers.push_str(&format!("{answer}{:?}", answer.headers));
    let world = &customer.world;
    for (kind, secret) in canaries() {
        // The budget of secrets and tests in a minute.
        world.wait(SignedDuration::from_mins(1));
        let (_, config, _) = customer::of_each_type().into_iter().find(|(name, ..)| *name == kind).unwrap();
        let body = json!({"config": config, "secret": secret});
        let path = format!("/integrations/{kind}");
        let made = customer.send(Request::new("PUT", &path).json(body)).await;
        assert_eq!(made.status.as_u16(), 200, "{made}");
        keep(made);
        for behaviour in [None, Some(Behaviour::Status(500)), Some(Behaviour::Garbage), Some(Behaviour::Hang)] {
            world.receivers.always(behaviour);
            keep(customer.post(&format!("{path}/test")).await);
        }
        world.receivers.always(None);
    }
    let received: String = world.receivers.take().iter().map(|request| format!("{request:?}")).collect();
    assert!(received.contains(CANARY), "receivers get their own secret");
    for behaviour in [Behaviour::Status(500), Behaviour::Break, Behaviour::Hang, Behaviour::Status(410)] {
        world.receivers.always(Some(behaviour));
        customer.happens(STARTED).await;
        world.wait(MINUTE);
        customer.deliver(&customer.due().await).await;
    }
    world.receivers.always(None);
    (0..30).for_each(|_| world.plan("GetSecretValue", Fault::ServerError));
    customer.happens(STARTED).await;
    world.forget_plans();
    customer.relay().await;
    for (kind, _) in canaries() {
        keep(customer.post(&format!("/integrations/{kind}/enable")).await);
        let listed = customer.send(Request::new("GET", &format!("/integrations/{kind}/deliveries"))).await;
        let id = listed.body["deliveries"][0]["id"].as_str().unwrap().to_owned();
        keep(listed);
        keep(customer.post(&format!("/integrations/{kind}/deliveries/{id}/retry")).await);
    }
    keep(customer.send(Request::new("GET", "/integrations")).await);
    for (kind, _) in canaries() {
        keep(customer.send(Request::new("DELETE", &format!("/integrations/{kind}"))).await);
    }

    let items = world.items().into_iter().map(|(key, item)| format!("{key:?} {item}")).collect::<String>();
    let logged = lines.text();
    assert!(logged.contains("attempted"), "the log of `deliver` was read: {} bytes", logged.len());
    assert!(logged.contains("round_trips"), "the log of the routes was read");
    assert_eq!(world.letters().len(), 5, "admins get as many letters as a recipient gets in a day");
    for (place, text) in [
        ("an answer", answers),
        ("the table", items),
        ("the stream", world.stream().to_string()),
        ("a queue", format!("{:?}", world.queued())),
        ("the log", logged),
    ] {
        let at = text.find(CANARY).map(|at| text[at.saturating_sub(200)..(at + 60).min(text.len())].to_owned());
        assert_eq!(at, None, "a secret was found in {place}");
    }
    assert_eq!(world.secrets().len(), 0, "all were removed");
}

/// Sends ten thousand events with `EVENTS=10000`.
#[tokio::test(start_paused = true)]
async fn many_events_all_arrive_in_a_bounded_number_of_calls() {
    let events: u32 = std::env::var("EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let customer = Customer::with("webhook").await;
    drop(customer.world.calls());
    #[expect(clippy::disallowed_methods, reason = "it is measured")]
    let began = std::time::Instant::now();
    for _ in 0..events / 10 {
        let batch: Vec<_> = (0..10).map(|_| customer.event(STARTED)).collect();
        assert_eq!(customer.deliver(&batch).await, Vec::<String>::new());
    }
    println!("{events} events in {:?}", began.elapsed());
    let calls = customer.world.calls();
    println!("{calls:?}");
    assert_eq!(customer.world.receivers.take().len(), events as usize);
    assert_eq!(customer.integration().await["stats"]["total_events_sent"], events);
    // One read, one write before and one after; the secret once in five minutes for each process.
    assert_eq!((calls["BatchGetItem"], calls["TransactWriteItems"]), (events, 2 * events));
}

#[tokio::test(start_paused = true)]
async fn receivers_that_hang_hold_up_no_other_tenant() {
    let crowd = Customer::with("webhook").await;
    let other = Customer::of(crowd.world.clone()).await;
    other.set_up("webhook").await;
    (0..9).for_each(|_| crowd.world.receivers.plan(Behaviour::Hang));
    let batch: Vec<_> = (0..9).map(|_| crowd.event(STARTED)).chain([other.event(STARTED)]).collect();
    let states = || {
        let mut states: Vec<_> = deliveries(&crowd.world).iter().map(|item| item["state"]["status"].clone()).collect();
        states.sort_by_key(Value::to_string);
        states
    };
    let one_is_delivered = async {
        // Time stops as long as any task can make progress, so nothing has timed out by then.
        for _ in 0..10_000 {
            if states().contains(&json!("delivered")) {
                return states();
            }
            tokio::task::yield_now().await;
        }
        states()
    };
    let (failed, then) = tokio::join!(crowd.deliver(&batch), one_is_delivered);
    let wanted: Vec<_> = ["delivered"].into_iter().chain(["under_way"; 9]).map(|status| json!(status)).collect();
    assert_eq!((failed, then), (Vec::new(), wanted));
}
