//! The clock: periods are renewed, trials end, and failed renewals are retried and given up.

use crate::{
    asking::{get, post},
    browser,
    shop::Shop,
};
use jiff::SignedDuration;
use serde_json::json;
use stripe_billing::{
    InvoiceStatus, Subscription, SubscriptionStatus,
    invoice::{ListInvoice, PayInvoice},
    subscription::UpdateSubscription,
};
use stripe_checkout::checkout_session::CreateCheckoutSessionSubscriptionData;
use stripe_standin::{Dunning, Exhausted};

fn period(subscription: &Subscription) -> (i64, i64) {
    let item = &subscription.items.data[0];
    (item.current_period_start, item.current_period_end)
}

fn count(events: &[String], kind: &str) -> usize {
    events.iter().filter(|event| *event == kind).count()
}

/// <https://docs.stripe.com/billing/subscriptions/trials/free-trials#create-free-trials-without-payment>
#[tokio::test]
async fn free_trials_pause_without_a_payment_method() {
    for (setting, ended) in [("pause", "paused"), ("create_invoice", "past_due")] {
        let shop = Shop::open().await;
        let form = format!(
            "customer={}&items[0][price]=price_pro_month&trial_period_days=7\
             &trial_settings[end_behavior][missing_payment_method]={setting}",
            shop.customer().await
        );
        let made = post(&shop, "/v1/subscriptions", &form).await;
        assert_eq!(made["trial_settings"]["end_behavior"]["missing_payment_method"], setting);
        shop.advance_days(7);
        shop.standin().advance(jiff::SignedDuration::from_hours(1));
        let path = format!("/v1/subscriptions/{}", made["id"].as_str().unwrap());
        assert_eq!(get(&shop, &path).await["status"], ended);
        // A paused subscription makes no invoices.
        let invoices = get(&shop, &format!("/v1/invoices?subscription={}", made["id"].as_str().unwrap())).await;
        assert_eq!(invoices["data"].as_array().unwrap().len(), if setting == "pause" { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_period_rolls_over_and_its_invoice_is_paid_an_hour_later() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    browser::post_json(&shop.url("/_standin/clock"), &json!({ "advance": 30 * 86_400 })).await;
    let after = shop.subscription(before.id.as_str()).await;
    assert_eq!(period(&after).0, period(&before).1);
    let draft = &shop.invoices(&customer).await[0];
    assert_eq!(draft.status, Some(InvoiceStatus::Draft));
    assert_eq!(draft.billing_reason.as_ref().unwrap().as_str(), "subscription_cycle");
    // The invoice has the past period, its line the next one.
    assert_eq!((draft.period_start, draft.period_end), period(&before));
    let line = &draft.lines.data[0];
    assert_eq!((line.period.start, line.period.end, line.amount), (period(&after).0, period(&after).1, 2_900));
    shop.standin().advance(SignedDuration::from_hours(1));
    let paid = &shop.invoices(&customer).await[0];
    assert_eq!((paid.status.clone(), paid.amount_paid), (Some(InvoiceStatus::Paid), 2_900));
    assert_eq!(shop.subscription(before.id.as_str()).await.status, SubscriptionStatus::Active);
}

#[tokio::test]
async fn every_period_of_a_year_is_invoiced_once() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_starter_month").await;
    shop.events();
    shop.advance_days(366);
    let invoices = ListInvoice::new().customer(customer.as_str()).limit(100).send(&shop.client).await.unwrap().data;
    assert_eq!(invoices.len(), 13);
    assert!(invoices.iter().all(|invoice| invoice.status == Some(InvoiceStatus::Paid)));
    let mut starts: Vec<_> = invoices.iter().map(|invoice| invoice.lines.data[0].period.start).collect();
    starts.sort_unstable();
    starts.dedup();
    assert_eq!(starts.len(), 13);
    let events = shop.events();
    assert_eq!((count(&events, "invoice.paid"), count(&events, "invoice.upcoming")), (12, 12));
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status, SubscriptionStatus::Active);
}

#[tokio::test]
async fn a_failing_card_makes_it_past_due_with_an_open_invoice() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let said = json!({ "customer": customer, "fails": true });
    browser::post_json(&shop.url("/_standin/card"), &said).await;
    shop.events();
    shop.advance_days(31);
    let now = shop.subscription(subscription.id.as_str()).await;
    assert_eq!(now.status, SubscriptionStatus::PastDue);
    let open = ListInvoice::new().customer(customer.as_str()).status(InvoiceStatus::Open);
    let [invoice] = open.send(&shop.client).await.unwrap().data.try_into().unwrap();
    assert_eq!((invoice.amount_due, invoice.amount_remaining, invoice.attempt_count), (2_900, 2_900, 1));
    // An hour after the period's end, when the grace period begins.
    let finalized = period(&subscription).1 + 3_600;
    assert_eq!(invoice.status_transitions.finalized_at, Some(finalized));
    assert_eq!(invoice.next_payment_attempt, Some(finalized + 3 * 86_400));
    let events = shop.events();
    assert_eq!((count(&events, "invoice.payment_failed"), count(&events, "charge.failed")), (1, 1));
    assert_eq!(count(&events, "invoice.paid"), 0);
}

#[tokio::test]
async fn a_retry_with_a_good_card_makes_it_active_again() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    shop.advance_days(31);
    shop.standin().set_card_fails(&customer, false).unwrap();
    shop.advance_days(3);
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status, SubscriptionStatus::Active);
    assert_eq!(shop.invoices(&customer).await[0].attempt_count, 2);
}

#[tokio::test]
async fn the_last_retry_ends_as_the_account_is_set() {
    for (then, status) in
        [(Exhausted::Unpaid, "unpaid"), (Exhausted::Cancel, "canceled"), (Exhausted::PastDue, "past_due")]
    {
        let shop = Shop::with(|options| options.dunning = Dunning { then, ..Dunning::default() }).await;
        let (customer, subscription) = shop.subscriber("price_pro_month").await;
        shop.standin().set_card_fails(&customer, true).unwrap();
        shop.advance_days(30 + 16);
        let now = shop.subscription(subscription.id.as_str()).await;
        assert_eq!(now.status.as_str(), status);
        let invoice = &shop.invoices(&customer).await[0];
        assert_eq!((invoice.attempt_count, invoice.next_payment_attempt), (4, None));
        assert_eq!(invoice.status, Some(InvoiceStatus::Open));
    }
}

#[tokio::test]
async fn invoices_stay_drafts_until_the_latest_is_paid() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    shop.advance_days(30 + 31 + 2);
    let invoices = shop.invoices(&customer).await;
    let statuses: Vec<_> = invoices.iter().map(|invoice| invoice.status.as_ref().unwrap().as_str()).collect();
    assert_eq!(statuses, ["draft", "open", "paid"]);
    shop.standin().set_card_fails(&customer, false).unwrap();
    PayInvoice::new(invoices[0].id.clone().unwrap()).send(&shop.client).await.unwrap();
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status, SubscriptionStatus::Active);
}

#[tokio::test]
async fn a_cancellation_takes_effect_at_the_periods_end() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let update = UpdateSubscription::new(subscription.id.clone()).cancel_at_period_end(true);
    let pending = update.send(&shop.client).await.unwrap();
    assert_eq!((pending.cancel_at_period_end, pending.cancel_at), (true, Some(period(&subscription).1)));
    assert_eq!(pending.status, SubscriptionStatus::Active);
    shop.events();
    shop.advance_days(30);
    let ended = shop.subscription(subscription.id.as_str()).await;
    assert_eq!((ended.status, ended.ended_at), (SubscriptionStatus::Canceled, Some(period(&subscription).1)));
    assert_eq!(shop.invoices(&customer).await.len(), 1);
    assert_eq!(shop.events(), ["customer.subscription.deleted"]);
}

#[tokio::test]
async fn a_trial_is_announced_to_end_and_then_paid_for() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let data = CreateCheckoutSessionSubscriptionData {
        trial_period_days: Some(14),
        ..CreateCheckoutSessionSubscriptionData::new()
    };
    let session = shop.session_of(&customer, "price_pro_month").subscription_data(data);
    let session = session.send(&shop.client).await.unwrap();
    shop.standin().pay(session.id.as_str()).unwrap();
    shop.events();
    shop.advance_days(11);
    assert_eq!(shop.events(), ["customer.subscription.trial_will_end"]);
    shop.advance_days(4);
    let [subscription] = shop.subscriptions(&customer).await.try_into().unwrap();
    assert_eq!(subscription.status, SubscriptionStatus::Active);
    assert_eq!(Some(period(&subscription).0), subscription.trial_end);
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 2_900);
}

#[tokio::test]
async fn events_are_kept_for_thirty_days() {
    let shop = Shop::open().await;
    shop.customer().await;
    shop.advance_days(29);
    assert_eq!(get(&shop, "/v1/events").await["data"].as_array().unwrap().len(), 1);
    shop.advance_days(1);
    assert_eq!(get(&shop, "/v1/events").await["data"].as_array().unwrap().len(), 0);
}
