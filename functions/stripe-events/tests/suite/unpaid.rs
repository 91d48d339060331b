//! Subscriptions that dunning has left unpaid: every one has a way back, and a way to start over.

use super::arrears::renew;
use super::listen::{at_the_page, current_plan, item, listen, paid};
use domain::{error::Refusal, plans::money::Interval};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::{
    CheckoutRequest, Error, ReturnUrls, SubscriptionView, cancel_subscription, open_checkout, read_subscription,
};
use stripe_standin::{Dunning, Exhausted};
use testkit::{ANA, Moment, Shop, plan};

/// Creates a shop whose subscription is unpaid and has begun a further period.
async fn unpaid() -> (Shop, String) {
    let (shop, hints, customer) = paid().await;
    shop.stripe().set_dunning(Dunning::after_days(&[], Exhausted::Unpaid));
    listen(&shop, &hints).await;
    renew(&shop, &customer, true).await;
    renew(&shop, &customer, true).await;
    assert_eq!(current_plan(&shop).await, (plan("free").name, "unpaid".to_owned()));
    assert_eq!(invoices(&shop), ["paid", "open", "draft"]);
    (shop, customer)
}

fn invoices(shop: &Shop) -> Vec<String> {
    let mut found = shop.stripe_objects("invoices");
    found.sort_by_key(|invoice| invoice["created"].as_i64());
    found.iter().map(|invoice| invoice["status"].as_str().unwrap().to_owned()).collect()
}

fn statuses(shop: &Shop) -> Vec<Value> {
    shop.stripe_objects("subscriptions").iter().map(|held| held["status"].clone()).collect()
}

async fn view(shop: &Shop) -> SubscriptionView {
    read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap()
}

async fn buy(shop: &Shop) -> Result<(), Error> {
    let wanted =
        CheckoutRequest { plan: plan("pro"), interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    Box::pin(open_checkout(&shop.billing_deps(), &ANA.caller(), shop.workspace, wanted, None)).await.map(drop)
}

/// Pays the invoice that the subscription names.
async fn pay_owed(shop: &Shop) {
    let url = view(shop).await.payment_url.unwrap();
    let found = shop.stripe_objects("invoices").into_iter().find(|invoice| invoice["hosted_invoice_url"] == url);
    let invoice = found.unwrap()["id"].as_str().unwrap().to_owned();
    shop.post_to_stripe(&format!("/v1/invoices/{invoice}/pay"), "").await;
}

#[tokio::test]
async fn paying_what_is_owed_restores_the_plan() {
    let (shop, customer) = unpaid().await;
    shop.stripe().set_card_fails(&customer, false).unwrap();
    pay_owed(&shop).await;
    listen(&shop, &shop.hints()).await;
    // Stripe collects the draft of the running period, which makes the subscription active.
    shop.world.wait(SignedDuration::from_mins(1));
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
    assert_eq!((invoices(&shop), view(&shop).await.payment_url), (vec!["paid".to_owned(); 3], None));
}

#[tokio::test]
async fn declined_draft_can_be_paid_on_its_page() {
    let (shop, customer) = unpaid().await;
    shop.stripe().set_card_fails(&customer, false).unwrap();
    pay_owed(&shop).await;
    shop.stripe().set_card_fails(&customer, true).unwrap();
    listen(&shop, &shop.hints()).await;
    shop.world.wait(SignedDuration::from_mins(1));
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("free").name, "unpaid".to_owned()));
    shop.stripe().set_card_fails(&customer, false).unwrap();
    pay_owed(&shop).await;
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
}

/// Invariant 13.
#[tokio::test]
async fn customer_starts_over_whatever_crashes() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (shop, customer) = unpaid().await;
            shop.stripe().set_card_fails(&customer, false).unwrap();
            let done = shop.world.crashing(call, moment, Box::pin(buy(&shop))).await;
            if done.is_none() {
                buy(&shop).await.unwrap();
            }
            assert_eq!(
                (statuses(&shop), shop.open_sessions().len()),
                (vec![json!("canceled")], 1),
                "{moment:?} {call}"
            );
            shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
            listen(&shop, &shop.hints()).await;
            assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()), "{moment:?} {call}");
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn cancelling_an_unpaid_subscription_ends_it_now() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (shop, _) = unpaid().await;
            let with = shop.billing_deps();
            let caller = ANA.caller();
            let done =
                shop.world.crashing(call, moment, Box::pin(cancel_subscription(&with, &caller, shop.workspace))).await;
            if done.is_none() {
                // The next command finishes the one that crashed, so there may be nothing left to cancel.
                let again = Box::pin(cancel_subscription(&with, &caller, shop.workspace)).await;
                assert!(again.is_ok() || again.unwrap_err().to_string().contains("no subscription"));
            }
            assert_eq!(statuses(&shop), [json!("canceled")], "{moment:?} {call}");
            listen(&shop, &shop.hints()).await;
            let seen = view(&shop).await;
            assert_eq!((seen.plan, seen.payment_url), (plan("free").name, None), "{moment:?} {call}");
            assert!(
                shop.world
                    .store()
                    .get_billing(shop.workspace)
                    .await
                    .unwrap()
                    .standing(shop.world.plans(), shop.world.clock.now())
                    .may_run
            );
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn trial_that_paused_can_be_replaced_or_ended() {
    for buys in [true, false] {
        let (shop, customer) = at_the_page().await;
        let form = format!(
            "customer={customer}&items[0][price]=price_pro_month&trial_period_days=7\
             &trial_settings[end_behavior][missing_payment_method]=pause"
        );
        shop.post_to_stripe("/v1/subscriptions", &form).await;
        listen(&shop, &shop.hints()).await;
        assert_eq!(current_plan(&shop).await, (plan("pro").name, "trialing".to_owned()));
        shop.world.wait(SignedDuration::from_hours(8 * 24));
        listen(&shop, &shop.hints()).await;
        assert_eq!(current_plan(&shop).await, (plan("free").name, "paused".to_owned()));
        if buys {
            buy(&shop).await.unwrap();
        } else {
            let caller = ANA.caller();
            Box::pin(cancel_subscription(&shop.billing_deps(), &caller, shop.workspace)).await.unwrap();
        }
        assert_eq!((statuses(&shop), shop.open_sessions().len()), (vec![json!("canceled")], usize::from(buys)));
    }
}

/// Invariant 13.
#[tokio::test]
async fn payment_during_a_checkout_keeps_the_subscription() {
    let (shop, hints, customer) = paid().await;
    shop.stripe().set_dunning(Dunning::after_days(&[], Exhausted::Unpaid));
    listen(&shop, &hints).await;
    renew(&shop, &customer, true).await;
    assert_eq!(invoices(&shop), ["paid", "open"]);
    shop.stripe().set_card_fails(&customer, false).unwrap();
    // The latest invoice is paid before the checkout reads the subscription, and its events are late.
    pay_owed(&shop).await;
    let refused = buy(&shop).await.unwrap_err();
    assert!(refused.to_string().contains("already has a subscription"), "{refused}");
    assert_eq!((statuses(&shop), shop.open_sessions().len()), (vec![json!("active")], 0));
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
}

/// Invariant 13.
#[tokio::test]
async fn paid_arrears_keep_the_subscription_before_their_events() {
    for by_bank in [false, true] {
        let (shop, customer) = unpaid().await;
        shop.stripe().set_card_fails(&customer, false).unwrap();
        if by_bank {
            shop.stripe().use_method(&customer, "pm_usBankAccount_success").unwrap();
        }
        pay_owed(&shop).await;
        let refused = buy(&shop).await.unwrap_err();
        assert_eq!(refused.code(), "payment_pending", "by bank: {by_bank}");
        assert_eq!(shop.open_sessions().len(), 0, "by bank: {by_bank}");
        assert_ne!(statuses(&shop), [json!("canceled")], "by bank: {by_bank}");
        // The bank confirms the debit of the arrears, and that of the draft.
        for _ in 0..2 {
            shop.world.wait(SignedDuration::from_hours(5 * 24));
            listen(&shop, &shop.hints()).await;
        }
        assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()), "by bank: {by_bank}");
    }
}

#[tokio::test]
async fn refused_purchase_leaves_what_restores_the_plan() {
    let (shop, customer) = unpaid().await;
    shop.stripe().set_card_fails(&customer, false).unwrap();
    shop.stripe().set_price_known("price_business_month", false).unwrap();
    let wanted = CheckoutRequest {
        plan: plan("business"),
        interval: Interval::Month,
        currency: None,
        back: ReturnUrls::default(),
    };
    let caller = ANA.caller();
    let refused =
        Box::pin(open_checkout(&shop.billing_deps(), &caller, shop.workspace, wanted, None)).await.unwrap_err();
    assert_eq!(refused.code(), "payments_not_set_up");
    assert_eq!(statuses(&shop), [json!("unpaid")]);
    pay_owed(&shop).await;
    listen(&shop, &shop.hints()).await;
    shop.world.wait(SignedDuration::from_mins(1));
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "active".to_owned()));
}

#[tokio::test]
async fn past_due_refusal_names_the_page_that_restores_the_plan() {
    let (shop, hints, customer) = paid().await;
    shop.stripe().set_dunning(Dunning::after_days(&[], Exhausted::PastDue));
    listen(&shop, &hints).await;
    renew(&shop, &customer, true).await;
    shop.world.wait(SignedDuration::from_hours(8 * 24));
    assert_eq!(current_plan(&shop).await, (plan("free").name, "past_due".to_owned()));
    let refused = buy(&shop).await.unwrap_err();
    assert!(refused.to_string().contains("`payment_url` of GET /billing/subscription"), "{refused}");
    // The customer pays on that page.
    shop.stripe().set_card_fails(&customer, false).unwrap();
    pay_owed(&shop).await;
    listen(&shop, &shop.hints()).await;
    assert_eq!(
        (current_plan(&shop).await, item(&shop)["owed"].clone()),
        ((plan("pro").name, "active".to_owned()), json!(null))
    );
}
