//! Open invoices of subscriptions that have ended.

use super::arrears::renew;
use super::listen::{current_plan, item, listen, listen_under, paid};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::sync_billing;
use stripe_standin::{Dunning, Exhausted, RequestFault};
use testkit::{ANA, Lines, Moment, Shop, plan};
use workers::{
    billing::Error,
    end_policy::{EndPolicy, EndedInvoices},
};

/// Creates a shop whose renewal has failed, with dunning that cancels three days later.
async fn failing() -> (Shop, String) {
    let (shop, hints, customer) = paid().await;
    shop.stripe().set_dunning(Dunning::after_days(&[3], Exhausted::Cancel));
    listen(&shop, &hints).await;
    renew(&shop, &customer, true).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "past_due".to_owned()));
    (shop, customer)
}

fn newest_invoice(shop: &Shop) -> Value {
    shop.stripe_objects("invoices").into_iter().max_by_key(|invoice| invoice["created"].as_i64()).unwrap()
}

#[tokio::test]
async fn open_invoice_is_voided_when_the_subscription_ends() {
    let (shop, _) = failing().await;
    shop.world.wait(SignedDuration::from_hours(4 * 24));
    let ended = shop.hints();
    listen(&shop, &ended).await;
    assert_eq!(
        (current_plan(&shop).await.0, newest_invoice(&shop)["status"].clone()),
        (plan("free").name, json!("void"))
    );
    // Nothing is left to pay.
    assert_eq!((item(&shop)["owed"].clone(), item(&shop)["last_error"].clone()), (json!(null), json!(null)));
}

#[tokio::test]
async fn operator_may_keep_invoices_of_ended_subscriptions() {
    let (shop, _) = failing().await;
    shop.world.wait(SignedDuration::from_hours(4 * 24));
    let keep = EndPolicy { ended_invoices: EndedInvoices::Keep, ..EndPolicy::default() };
    listen_under(&shop, keep, &shop.hints()).await;
    assert_eq!(
        (current_plan(&shop).await.0, newest_invoice(&shop)["status"].clone()),
        (plan("free").name, json!("open"))
    );
}

#[tokio::test]
async fn crash_at_any_call_leaves_no_payable_invoice() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (shop, _) = failing().await;
            shop.world.wait(SignedDuration::from_hours(4 * 24));
            let hints = shop.hints();
            let done = shop.world.crashing(call, moment, Box::pin(listen(&shop, &hints[..1]))).await;
            listen(&shop, &hints[..1]).await;
            assert_eq!(newest_invoice(&shop)["status"], "void", "{moment:?} {call}");
            if done.is_some() {
                break;
            }
        }
    }
}

/// The invoice is paid in the moment in which the subscription is cancelled, so that the payment gives nothing.
#[tokio::test]
async fn payment_of_an_ended_subscription_is_reported() {
    let (shop, customer) = failing().await;
    let invoice = newest_invoice(&shop)["id"].as_str().unwrap().to_owned();
    let subscription = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
    let account = shop.billing_deps().payments.stripe_account::<Error>().await.unwrap();
    account.cancel_now(&subscription, "end").await.unwrap();
    shop.stripe().set_card_fails(&customer, false).unwrap();
    for before_the_comparison in [true, false] {
        let (log, hints) = (Lines::capture(), shop.hints());
        if before_the_comparison {
            shop.post_to_stripe(&format!("/v1/invoices/{invoice}/pay"), "").await;
            listen(&shop, &hints).await;
        } else {
            listen(&shop, &hints).await;
        }
        assert_eq!(log.text().contains("refund the payment"), before_the_comparison, "{}", log.text());
    }
}

/// A bank debit of the invoice is on its way when the subscription ends. It is reported once, when it has arrived.
#[tokio::test]
async fn debit_that_arrives_after_the_end_is_reported_once() {
    for arrives in [true, false] {
        let (shop, customer) = failing().await;
        let invoice = newest_invoice(&shop)["id"].as_str().unwrap().to_owned();
        let subscription = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
        shop.stripe().set_card_fails(&customer, false).unwrap();
        shop.stripe().use_method(&customer, "pm_usBankAccount_success").unwrap();
        shop.post_to_stripe(&format!("/v1/invoices/{invoice}/pay"), "").await;
        let account = shop.billing_deps().payments.stripe_account::<Error>().await.unwrap();
        account.cancel_now(&subscription, "end").await.unwrap();
        let log = Lines::capture();
        for _ in 0..2 {
            listen(&shop, &shop.hints()).await;
            sync(&shop).await;
        }
        assert!(!log.text().contains("refund the payment"), "{}", log.text());
        shop.stripe().settle_payment(&invoice, arrives).unwrap();
        for _ in 0..2 {
            listen(&shop, &shop.hints()).await;
            sync(&shop).await;
        }
        assert_eq!(log.text().matches("refund the payment").count(), usize::from(arrives), "{}", log.text());
        assert_eq!(newest_invoice(&shop)["status"], if arrives { "paid" } else { "void" });
    }
}

/// Compares the workspace with Stripe, as its members can.
async fn sync(shop: &Shop) {
    Box::pin(sync_billing(&shop.billing_deps(), &ANA.caller(), shop.workspace)).await.unwrap();
}

/// The invoice is paid between the comparison's read of the open invoices and the request that voids one.
#[tokio::test]
async fn payment_before_voiding_is_reported() {
    let (shop, customer) = failing().await;
    shop.world.wait(SignedDuration::from_hours(4 * 24));
    let invoice = newest_invoice(&shop)["id"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, false).unwrap();
    let slow = RequestFault {
        path: format!("/v1/invoices/{invoice}/void"),
        method: Some("POST".to_owned()),
        delay_ms: 1_000,
        ..RequestFault::default()
    };
    shop.stripe().add_fault(slow);
    let (log, hints) = (Lines::capture(), shop.hints());
    let path = format!("/v1/invoices/{invoice}/pay");
    tokio::join!(listen(&shop, &hints[..1]), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        shop.post_to_stripe(&path, "").await;
    });
    assert_eq!(newest_invoice(&shop)["status"], "paid");
    assert!(log.text().contains("refund the payment"), "{}", log.text());
}
