//! Events in any order, any number of times, from any sender and under any fault: the billing ends as Stripe has it.

use domain::{
    billing::account::Billing,
    billing::comparison::Comparison,
    billing::reversal::DisputeState,
    billing::stripe::event::Hint,
    identity::origin::Origin,
    plans::{money::Interval, names::PlanName},
    runtime::record::RuntimeCommand,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    billing::{CheckoutRequest, ReturnUrls, open_checkout, read_subscription},
    runtime::command_runtime,
};
use stripe_standin::RequestFault;
use testkit::{ANA, Chances, Moment, Request, Shop, plan};
use workers::{
    billing::{BillingDeps, compare_due},
    end_policy::EndPolicy,
};

/// Creates a shop whose workspace has a page for pro, and returns its customer.
pub(super) async fn at_the_page() -> (Shop, String) {
    let shop = Shop::open(1).await;
    open_page(&shop).await;
    let customer = shop.stripe_objects("checkout_sessions")[0]["customer"].as_str().unwrap().to_owned();
    (shop, customer)
}

pub(super) async fn open_page(shop: &Shop) {
    let wanted =
        CheckoutRequest { plan: plan("pro"), interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    open_checkout(&shop.billing_deps(), &ANA.caller(), shop.workspace, wanted, None).await.unwrap();
}

/// Creates a shop whose workspace has paid for pro, and returns Stripe's events about it and the customer.
pub(super) async fn paid() -> (Shop, Vec<Hint>, String) {
    let (shop, customer) = at_the_page().await;
    assert!(shop.stripe().pay(&shop.open_sessions()[0]).unwrap());
    let hints = shop.hints();
    (shop, hints, customer)
}

/// Handles a batch and returns the numbers of the messages that are retried.
pub(super) async fn listen(shop: &Shop, hints: &[Hint]) -> Vec<String> {
    listen_to(shop, Shop::batch(hints)).await
}

async fn listen_to(shop: &Shop, event: Value) -> Vec<String> {
    handle(&shop.billing_deps(), event).await
}

/// Handles a batch under a policy of the operator.
pub(super) async fn listen_under(shop: &Shop, ends: EndPolicy, hints: &[Hint]) {
    let with = BillingDeps { ends, ..shop.billing_deps() };
    assert_eq!(handle(&with, Shop::batch(hints)).await, Vec::<String>::new());
}

async fn handle(with: &BillingDeps, event: Value) -> Vec<String> {
    let event = serde_json::from_value(event).unwrap();
    let response = stripe_events::handle_batch(with, event).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

pub(super) async fn current_plan(shop: &Shop) -> (PlanName, String) {
    let view = read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap();
    (view.plan, serde_json::to_value(view.status).unwrap().as_str().unwrap().to_owned())
}

/// Returns the billing's item, without the counter of its writes.
pub(super) fn item(shop: &Shop) -> Value {
    let mut item = shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
    item.as_object_mut().unwrap().remove("version");
    // The stand-in of each shop has a port of its own.
    item.to_string().replace(shop.stripe_url(), "https://stripe.test").parse().unwrap()
}

fn audited(shop: &Shop) -> usize {
    shop.world.items().values().filter(|item| item["action"] == "billing.changed").count()
}

#[tokio::test]
async fn paying_brings_the_plan_whichever_event_comes_first() {
    let (_, hints, _) = paid().await;
    assert!(hints.len() > 8, "{hints:?}");
    // An invoice payment names no customer, unlike the invoice's own events.
    let named: Vec<_> = (0..hints.len()).filter(|number| hints[*number].customer.is_some()).collect();
    assert!(named.len() + 1 >= hints.len(), "{hints:?}");
    for first in named {
        let (shop, hints, _) = paid().await;
        let asked = shop.stripe_requests().len();
        assert_eq!(listen(&shop, &hints[first..=first]).await, Vec::<String>::new());
        assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()), "{}", hints[first].r#type);
        assert_eq!(shop.stripe_requests()[asked..].len(), 4, "customer, subscriptions, invoices, the page");
        assert_eq!(audited(&shop), 1);
        assert!(shop.world.items().contains_key(&(format!("EVENT#{}", hints[first].id), "META".to_owned())));
    }
}

/// Invariant 10.
#[tokio::test]
async fn repeated_event_calls_no_stripe_and_changes_nothing() {
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    shop.world.changes();
    let asked = shop.stripe_requests().len();
    assert_eq!(listen(&shop, &hints).await, Vec::<String>::new());
    assert_eq!(shop.stripe_requests().len(), asked);
    shop.world.assert_nothing_written();
}

/// Returns the eight relevant events of a subscription: a purchase, a card that fails at the renewal, and the payment.
async fn life() -> (Shop, Vec<Hint>) {
    let (shop, mut hints, customer) = paid().await;
    shop.stripe().set_card_fails(&customer, true).unwrap();
    // The stand-in's clock follows the world's.
    shop.world.wait(SignedDuration::from_hours(31 * 24));
    hints.extend(shop.hints());
    let matters = [
        "checkout.session.completed",
        "customer.subscription.created",
        "invoice.paid",
        "customer.subscription.updated",
        "invoice.payment_failed",
        "payment_intent.payment_failed",
        "invoice.finalized",
        "customer.updated",
    ];
    let mut life = Vec::new();
    for kind in matters {
        life.push(
            hints.iter().rfind(|hint| hint.r#type == kind).unwrap_or_else(|| panic!("no {kind}: {hints:#?}")).clone(),
        );
    }
    (shop, life)
}

/// By induction over the handled events: for every set of the eight events, the billing is the same in any order, and every
/// further event has the same effect. So all 40,320 orders end alike. Each event arrives twice, and once more later.
///
/// Invariant 7.
#[tokio::test]
async fn every_order_of_eight_events_ends_alike() {
    let (shop, events) = life().await;
    // One client for all, since each client reads the system's certificates.
    let (store, with) = (shop.world.store(), shop.billing_deps());
    let billing = async || {
        let billing = store.get_billing(shop.workspace).await.unwrap();
        Billing { version: 0, ..billing }
    };
    // Each event gets a new id, so that it is not skipped as a repetition.
    let mut fresh = 0;
    let mut renamed = |number: usize| {
        fresh += 1;
        Hint { id: format!("evt_{fresh}"), ..events[number].clone() }
    };
    let mut after = vec![None; 1 << events.len()];
    after[0] = Some(billing().await);
    let mut orders = vec![0_u32; after.len()];
    orders[0] = 1;
    for set in 0..after.len() {
        let before = after[set].clone().unwrap();
        for number in (0..events.len()).filter(|number| set & (1 << number) == 0) {
            store.set_billing(shop.workspace, &Billing { version: 1, ..before.clone() }).await.unwrap();
            let event = renamed(number);
            let mut batch = vec![event.clone(), event];
            if number + 1 == events.len() {
                // An earlier event arrives again, under a new id.
                batch.extend((0..events.len()).find(|earlier| set & (1 << earlier) != 0).map(&mut renamed));
            }
            let batch = serde_json::from_value(Shop::batch(&batch)).unwrap();
            assert!(stripe_events::handle_batch(&with, batch).await.batch_item_failures.is_empty());
            let (now, next) = (billing().await, set | (1 << number));
            let known = after[next].get_or_insert_with(|| now.clone());
            assert_eq!(*known, now, "{} behind {set:08b}", events[number].r#type);
            orders[next] += orders[set];
        }
    }
    assert_eq!(orders.last(), Some(&40_320), "every order was gone through");
    let (end, held) = (after.pop().flatten().unwrap().subscription.unwrap(), &shop.stripe_objects("subscriptions")[0]);
    assert_eq!(
        (serde_json::to_value(end.status).unwrap(), end.paid_plan),
        (held["status"].clone(), plan("pro").reference())
    );
    assert!(end.grace_until.is_some());
}

/// The same in batches, as the queue delivers them.
///
/// Invariant 7.
#[tokio::test]
async fn batches_of_a_life_of_events_end_in_the_same_item() {
    let mut ends = std::collections::BTreeMap::new();
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..20 {
        let (shop, events) = life().await;
        let mut twice: Vec<_> = events.iter().chain(&events).cloned().collect();
        random.shuffle(&mut twice);
        for batch in twice.chunks(random.usize(1..6)) {
            assert_eq!(listen(&shop, batch).await, Vec::<String>::new());
        }
        let view = read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap();
        let held = &shop.stripe_objects("subscriptions")[0];
        assert_eq!((serde_json::to_value(view.status).unwrap(), view.plan), (held["status"].clone(), plan("pro").name));
        assert!(view.grace_until.is_some());
        // The page on which the invoice is paid is at the stand-in of this round.
        ends.insert(item(&shop).to_string().replace(shop.stripe_url(), ""), round);
    }
    assert_eq!(ends.len(), 1, "{ends:#?}");
}

/// Invariant 12.
#[tokio::test]
async fn grace_ends_alone_and_payment_restores_the_plan() {
    let (shop, events) = life().await;
    listen(&shop, &events).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "past_due".to_owned()));
    shop.world.wait(SignedDuration::from_hours(8 * 24));
    assert_eq!(current_plan(&shop).await, (plan("free").name, "past_due".to_owned()));
}

#[tokio::test]
async fn events_of_other_customers_write_nothing() {
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    shop.world.changes();
    let stranger =
        Hint { id: "evt_stranger".to_owned(), customer: Some("cus_stranger".to_owned()), ..hints[0].clone() };
    assert_eq!(listen(&shop, &[stranger]).await, Vec::<String>::new());
    for sample in ["stripe-events/foreign", "stripe-events/paid"] {
        assert_eq!(listen_to(&shop, Request::sample(sample)).await, Vec::<String>::new());
    }
    shop.world.assert_nothing_written();
}

/// Invariant 27.
#[tokio::test]
async fn a_message_that_cannot_be_read_fails_alone() {
    let (shop, hints, _) = paid().await;
    let mut event = Shop::batch(&hints[..3]);
    let poison = Request::sample("stripe-events/poison")["Records"][0].clone();
    event["Records"].as_array_mut().unwrap().insert(1, poison.clone());
    assert_eq!(listen_to(&shop, event).await, [poison["messageId"].as_str().unwrap()]);
    assert_eq!(current_plan(&shop).await.0, plan("pro").name);
}

#[tokio::test]
async fn failed_message_delays_only_its_own_customer() {
    let (shop, hints, _) = paid().await;
    let other = Hint { id: "evt_other".to_owned(), customer: Some("cus_other".to_owned()), ..hints[0].clone() };
    let down =
        RequestFault { count: 100, path: "/v1/subscriptions".to_owned(), status: Some(503), ..RequestFault::default() };
    shop.stripe().add_fault(down);
    assert_eq!(listen(&shop, &[hints[0].clone(), other, hints[1].clone()]).await, ["0", "2"]);
    assert_eq!(current_plan(&shop).await.0, plan("free").name);
    assert!(!shop.world.items().keys().any(|(pk, _)| pk.starts_with("EVENT#")), "no event was recorded");
}

/// Invariant 8.
#[tokio::test]
async fn a_crash_at_any_call_loses_no_event() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (shop, hints, _) = paid().await;
            let done = shop.world.crashing(call, moment, Box::pin(listen(&shop, &hints[..1]))).await;
            // The queue retries unreported messages.
            assert_eq!(listen(&shop, &hints[..1]).await, Vec::<String>::new());
            assert_eq!((current_plan(&shop).await.0, audited(&shop)), (plan("pro").name, 1), "{moment:?} call {call}");
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn events_are_handled_despite_faults() {
    for seed in 0..4 {
        let (shop, hints, _) = paid().await;
        shop.world.set_fault_chances(Chances::HIGH);
        let mut left = hints;
        for _ in 0..40 {
            let failed = listen(&shop, &left).await;
            left = failed.iter().map(|number| left[number.parse::<usize>().unwrap()].clone()).collect();
            if left.is_empty() {
                break;
            }
        }
        shop.world.clear_fault_chances();
        assert!(left.is_empty(), "seed {seed}");
        assert_eq!((current_plan(&shop).await.0, audited(&shop)), (plan("pro").name, 1), "seed {seed}");
    }
}

#[tokio::test]
async fn changed_plan_enqueues_the_runtime() {
    let (shop, hints, _) = paid().await;
    command_runtime(
        &shop.world.store(),
        shop.world.free_containers(),
        &ANA.caller(),
        shop.workspace,
        RuntimeCommand::Start,
        None,
    )
    .await
    .unwrap();
    let messages = || shop.world.items().values().filter(|item| item["message"]["kind"] == "reconcile").count();
    assert_eq!(messages(), 1);
    listen(&shop, &hints).await;
    assert_eq!(messages(), 2, "one message for any number of events");
}

#[tokio::test]
async fn due_times_are_handled_without_events() {
    let (shop, hints, customer) = paid().await;
    listen(&shop, &hints).await;
    command_runtime(
        &shop.world.store(),
        shop.world.free_containers(),
        &ANA.caller(),
        shop.workspace,
        RuntimeCommand::Start,
        None,
    )
    .await
    .unwrap();
    let origin = || Origin { request_id: "sweep".to_owned(), ip_address: None };
    let due = || jiff::Timestamp::from_millisecond(item(&shop)["due_at"].as_i64().unwrap()).unwrap();
    assert_eq!(due().to_string(), "2026-12-21T12:00:00Z", "the end of the period");
    // The renewal fails, and all of its events are lost.
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(SignedDuration::from_hours(30 * 24 + 2));
    compare_due(&shop.billing_deps(), shop.workspace, origin()).await.unwrap();
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "past_due".to_owned()));
    let messages = || shop.world.items().values().filter(|item| item["message"]["kind"] == "reconcile").count();
    let before = messages();
    // The end of the grace period is due next. Nothing changes at Stripe until then, but the runtime must stop.
    assert!(due() > shop.world.clock.now());
    shop.world.wait(SignedDuration::from_hours(7 * 24 + 1));
    compare_due(&shop.billing_deps(), shop.workspace, origin()).await.unwrap();
    assert_eq!((current_plan(&shop).await.0, messages()), (plan("free").name, before + 1));
    assert!(due() > shop.world.clock.now(), "the workspace is not due all the time");
}

#[tokio::test]
async fn failed_page_payment_is_shown_until_one_succeeds() {
    let (shop, _) = at_the_page().await;
    listen(&shop, &shop.hints()).await;
    let session = shop.open_sessions()[0].clone();
    shop.stripe().fail(&session).unwrap();
    listen(&shop, &shop.hints()).await;
    assert!(item(&shop)["last_error"]["message"].as_str().unwrap().contains("did not go through"));
    assert_eq!(item(&shop)["pending_checkout"]["session"], json!(session));
    shop.stripe().pay(&session).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await.0, plan("pro").name);
    assert!(item(&shop)["pending_checkout"].is_null());
}

#[tokio::test]
async fn concurrent_change_fetches_from_stripe_again() {
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    shop.world.wait(SignedDuration::from_hours(31 * 24));
    let asked = shop.stripe_requests().len();
    // Another process writes between the read and the write.
    shop.world.after("BatchGetItem", shop.workspace, "SUBSCRIPTION", "version", json!({"N": "99"}));
    let origin = Origin { request_id: "sweep".to_owned(), ip_address: None };
    compare_due(&shop.billing_deps(), shop.workspace, origin).await.unwrap();
    let version = |shop: &Shop| {
        shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())]["version"].clone()
    };
    assert_eq!(version(&shop), 100);
    assert_eq!(shop.stripe_requests()[asked..].len(), 6, "the customer, subscriptions and invoices, twice");
}

#[tokio::test]
async fn dispute_is_handled_for_every_kind_of_charge() {
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    let charge = shop.stripe_objects("charges")[0]["id"].as_str().unwrap().to_owned();
    let dispute = shop.stripe().dispute(&charge).unwrap();
    shop.stripe().close_dispute(&dispute, false).unwrap();
    let disputes: Vec<_> = shop.hints().into_iter().filter(|hint| hint.r#type.starts_with("charge.dispute.")).collect();
    assert!(disputes.len() >= 2 && disputes.iter().all(|hint| hint.customer.is_none()), "{disputes:?}");
    for hint in &disputes {
        let before = shop.stripe_requests().len();
        assert_eq!(listen(&shop, std::slice::from_ref(hint)).await, Vec::<String>::new());
        let asked = shop.stripe_requests()[before..].to_vec();
        assert!(asked.contains(&"GET /v1/subscriptions".to_owned()), "its workspace is compared: {asked:?}");
        let record = (format!("EVENT#{}", hint.id), "META".to_owned());
        assert_eq!(shop.world.items()[&record]["workspace"], shop.workspace.to_string());
        // A repeated event calls no Stripe.
        let before = shop.stripe_requests().len();
        assert_eq!(listen(&shop, std::slice::from_ref(hint)).await, Vec::<String>::new());
        assert_eq!(shop.stripe_requests().len(), before);
    }
    // An event about an unknown charge is ignored, and one that Stripe fails to look up is retried.
    let foreign = Hint { id: "evt_foreign".to_owned(), object: Some("du_unknown".to_owned()), ..disputes[0].clone() };
    assert_eq!(listen(&shop, std::slice::from_ref(&foreign)).await, Vec::<String>::new());
    shop.stripe().add_fault(RequestFault { status: Some(500), count: 9, ..RequestFault::default() });
    let later = Hint { id: "evt_later".to_owned(), ..disputes[0].clone() };
    assert_eq!(listen(&shop, std::slice::from_ref(&later)).await, ["0"]);
}

/// Invariant 7.
#[tokio::test]
async fn newest_failure_is_kept_in_any_order() {
    for newest_first in [true, false] {
        let (shop, _) = at_the_page().await;
        let session = shop.open_sessions()[0].clone();
        let mut failures = Vec::new();
        for _ in 0..2 {
            shop.world.wait(SignedDuration::from_secs(60));
            shop.stripe().fail(&session).unwrap();
            failures.extend(shop.hints().into_iter().filter(|hint| hint.r#type == "payment_intent.payment_failed"));
        }
        assert_eq!(failures.len(), 2);
        if newest_first {
            failures.reverse();
        }
        for failure in failures {
            listen(&shop, &[failure]).await;
        }
        assert_eq!(item(&shop)["last_error"]["at"], "2026-11-21T12:02:00Z", "newest first: {newest_first}");
    }
}

/// Invariant 20.
#[tokio::test]
async fn customer_only_claiming_a_workspace_is_ignored() {
    let (shop, hints, _) = paid().await;
    listen(&shop, &hints).await;
    // Another holder of the account's key creates a customer with the workspace's id.
    let account = shop.billing_deps().payments.stripe_account::<workers::billing::Error>().await.unwrap();
    let impostor = account.create_customer(shop.workspace, "Acme", "impostor").await.unwrap();
    drop(shop.hints());
    shop.world.changes();
    let hint = Hint { id: "evt_impostor".to_owned(), customer: Some(impostor), ..hints[0].clone() };
    assert_eq!(listen(&shop, &[hint]).await, Vec::<String>::new());
    shop.world.assert_nothing_written();
}

/// Invariant 8.
#[tokio::test]
async fn event_faster_than_the_index_is_handled() {
    let (shop, hints, _) = paid().await;
    // The index does not contain the customer yet.
    shop.world.overwrite(shop.workspace, "SUBSCRIPTION", "gsi1pk", json!({"S": "STRIPE#nobody"}));
    assert_eq!(listen(&shop, &hints[..1]).await, Vec::<String>::new());
    assert_eq!(current_plan(&shop).await.0, plan("pro").name);
}

#[tokio::test]
async fn refunds_and_disputes_are_recorded_as_stripe_has_them() {
    let (shop, hints, customer) = paid().await;
    listen(&shop, &hints).await;
    let charge = shop.stripe_objects("charges")[0]["id"].as_str().unwrap().to_owned();
    let known = async || {
        let billing = shop.world.store().get_billing(shop.workspace).await.unwrap();
        let known = billing.reversals.iter().map(|known| (known.amount, known.refunded, known.dispute));
        known.collect::<Vec<_>>()
    };
    let before = audited(&shop);
    shop.stripe().refund(&charge, Some(900)).unwrap();
    let refunds: Vec<_> = shop.hints().into_iter().filter(|hint| hint.r#type == "charge.refunded").collect();
    let asked = shop.stripe_requests().len();
    assert_eq!(listen(&shop, &[refunds[0].clone(), refunds[0].clone()]).await, Vec::<String>::new());
    assert_eq!(known().await, [(2_900, 900, None)]);
    assert_eq!(
        (audited(&shop) - before, shop.stripe_requests()[asked..].len()),
        (1, 4),
        "customer, subscriptions, invoices, charges"
    );

    let dispute = shop.stripe().dispute(&charge).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(known().await, [(2_900, 900, Some(DisputeState::Open))]);
    shop.stripe().close_dispute(&dispute, false).unwrap();
    // The events of its end are lost; the nightly comparison finds it.
    drop(shop.hints());
    listen(&shop, &[Comparison::begun(shop.world.clock.now()).hint(&customer)]).await;
    assert_eq!(known().await, [(2_900, 900, Some(DisputeState::Lost))]);
    // Other events leave it unchanged.
    listen(&shop, &[Hint { id: "evt_other".to_owned(), ..hints[0].clone() }]).await;
    assert_eq!(known().await.len(), 1);
}
