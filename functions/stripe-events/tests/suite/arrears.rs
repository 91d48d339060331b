//! Overdue payments: the beginning of grace, and the end of the error.

use super::listen::{current_plan, item, listen, listen_under, paid};
use domain::{
    billing::{stripe::event::Hint, subscription::GRACE},
    plans::money::Interval,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::billing::{CheckoutRequest, ReturnUrls, open_checkout, read_subscription};
use stripe_standin::{Dunning, Exhausted};
use testkit::{ANA, Shop, plan, plans_with_trial};
use workers::end_policy::{EndPolicy, EndedInvoices};

/// A month, and the hour after which Stripe finalizes the invoice of its renewal.
const MONTH: SignedDuration = SignedDuration::from_hours(31 * 24 + 2);

/// Lets the next renewal fail or succeed, and handles its events.
pub(super) async fn renew(shop: &Shop, customer: &str, fails: bool) {
    shop.stripe().set_card_fails(customer, fails).unwrap();
    shop.world.wait(MONTH);
    listen(shop, &shop.hints()).await;
}

async fn grace_until(shop: &Shop) -> Option<Timestamp> {
    shop.world.store().get_billing(shop.workspace).await.unwrap().subscription.unwrap().grace_until
}

/// Returns the time at which the newest invoice became payable.
fn newest_invoice(shop: &Shop) -> Timestamp {
    let invoices = shop.stripe_objects("invoices").into_iter();
    let finalized = invoices.filter_map(|invoice| invoice["status_transitions"]["finalized_at"].as_i64());
    Timestamp::from_second(finalized.max().unwrap()).unwrap()
}

#[tokio::test]
async fn grace_counts_from_the_failure_after_the_last_payment() {
    let (shop, hints, customer) = paid().await;
    shop.stripe().set_dunning(Dunning::after_days(&[], Exhausted::PastDue));
    listen(&shop, &hints).await;
    renew(&shop, &customer, true).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "past_due".to_owned()));
    assert_eq!(grace_until(&shop).await, Some(newest_invoice(&shop) + GRACE));
    // The invoice stays open, but the next one is paid.
    renew(&shop, &customer, false).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
    renew(&shop, &customer, true).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "past_due".to_owned()));
    assert_eq!(grace_until(&shop).await, Some(newest_invoice(&shop) + GRACE));
    // A further failure does not extend it.
    let until = grace_until(&shop).await;
    renew(&shop, &customer, true).await;
    assert_eq!((current_plan(&shop).await.0, grace_until(&shop).await), (plan("free").name, until));
}

#[tokio::test]
async fn only_a_customer_who_has_paid_gets_grace() {
    let shop = Shop::open(1).await;
    let with = shop.billing_deps();
    let tried = plans_with_trial(14).named(plan("pro").name).unwrap();
    let wanted =
        CheckoutRequest { plan: tried, interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    Box::pin(open_checkout(&with, &ANA.caller(), shop.workspace, wanted, None)).await.unwrap();
    let session = shop.open_sessions().remove(0);
    shop.stripe().pay(&session).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "trialing".to_owned()));
    let customer = item(&shop)["customer"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(SignedDuration::from_hours(14 * 24 + 2));
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("free").name, "past_due".to_owned()));
    assert_eq!(grace_until(&shop).await, None);
}

#[tokio::test]
async fn last_error_goes_when_nothing_is_owed() {
    let (shop, hints, customer) = paid().await;
    listen(&shop, &hints).await;
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(MONTH);
    let failed = shop.hints();
    listen(&shop, &failed).await;
    assert!(item(&shop)["last_error"]["message"].is_string());
    assert_eq!(shop.world.outbox_events("payment.recovered"), Vec::<serde_json::Value>::new());
    shop.stripe().set_card_fails(&customer, false).unwrap();
    let account = shop.billing_deps().payments.stripe_account::<workers::billing::Error>().await.unwrap();
    let subscription = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
    // The next attempt succeeds.
    shop.world.wait(SignedDuration::from_hours(4 * 24));
    listen(&shop, &shop.hints()).await;
    assert_eq!((current_plan(&shop).await.1, item(&shop)["last_error"].clone()), ("active".to_owned(), json!(null)));
    assert_eq!(shop.world.outbox_events("payment.recovered"), [json!({})], "integrations are notified once");
    account.cancel_now(&subscription, "end").await.unwrap();
    listen(&shop, &shop.hints()).await;
    // Events of the failure come late.
    let late = failed.into_iter().map(|hint| Hint { id: format!("{}_late", hint.id), ..hint }).collect::<Vec<_>>();
    listen(&shop, &late).await;
    let view = read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap();
    assert_eq!((view.plan, item(&shop)["last_error"].clone()), (plan("free").name, json!(null)));
    assert_eq!(shop.world.outbox_events("payment.recovered").len(), 1);
}

#[tokio::test]
async fn last_error_stays_while_an_ended_subscription_is_owed() {
    let (shop, hints, customer) = paid().await;
    shop.stripe().set_dunning(Dunning::after_days(&[], Exhausted::Cancel));
    listen(&shop, &hints).await;
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(MONTH);
    // The operator keeps the debts of ended subscriptions.
    let keep = EndPolicy { ended_invoices: EndedInvoices::Keep, ..EndPolicy::default() };
    listen_under(&shop, keep, &shop.hints()).await;
    let open = shop.stripe_objects("invoices").into_iter().filter(|invoice| invoice["status"] == "open").count();
    assert_eq!((current_plan(&shop).await.0, open), (plan("free").name, 1));
    assert!(item(&shop)["last_error"]["message"].is_string());
}
