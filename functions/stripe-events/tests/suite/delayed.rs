//! Delayed payment methods: money that is on its way gives nothing at first, and keeps what was paid for.

use super::arrears::renew;
use super::listen::{at_the_page, current_plan, listen, open_page};
use domain::plans::money::Interval;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::{CheckoutRequest, ReturnUrls, SubscriptionView, open_checkout, read_subscription};
use testkit::{ANA, Shop, plan};

/// Creates a shop whose first payment is a bank debit that is on its way, and returns its customer.
async fn on_its_way() -> (Shop, String) {
    let (shop, customer) = at_the_page().await;
    let session = shop.open_sessions().remove(0);
    shop.stripe().pay_by_bank(&session).unwrap();
    let session = shop.stripe_objects("checkout_sessions").remove(0);
    assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!("unpaid")));
    (shop, customer)
}

async fn view(shop: &Shop) -> SubscriptionView {
    read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap()
}

/// Returns the text of the refusal of a purchase.
async fn refused(shop: &Shop) -> String {
    let wanted = CheckoutRequest {
        plan: plan("business"),
        interval: Interval::Month,
        currency: None,
        back: ReturnUrls::default(),
    };
    let bought = Box::pin(open_checkout(&shop.billing_deps(), &ANA.caller(), shop.workspace, wanted, None)).await;
    bought.unwrap_err().to_string()
}

fn newest_invoice(shop: &Shop) -> String {
    let invoices = shop.stripe_objects("invoices").into_iter();
    invoices.max_by_key(|invoice| invoice["created"].as_i64()).unwrap()["id"].as_str().unwrap().to_owned()
}

fn live(shop: &Shop) -> usize {
    let held = shop.stripe_objects("subscriptions");
    held.iter().filter(|held| held["status"] != "canceled").count()
}

#[tokio::test]
async fn no_plan_before_the_first_payment_has_arrived() {
    for known in [true, false] {
        let (shop, _) = on_its_way().await;
        if known {
            listen(&shop, &shop.hints()).await;
            let seen = view(&shop).await;
            assert_eq!((seen.plan, seen.payment_pending, seen.payment_url), (plan("free").name, true, None));
        }
        // Nothing is sold a second time, whether the events have arrived or not.
        let refused = refused(&shop).await;
        assert!(refused.contains("a payment is on its way"), "{refused}");
        assert_eq!((live(&shop), shop.open_sessions().len()), (1, 0));
        shop.stripe().settle_payment(&newest_invoice(&shop), true).unwrap();
        listen(&shop, &shop.hints()).await;
        let seen = view(&shop).await;
        assert_eq!((seen.plan, seen.payment_pending), (plan("pro").name, false));
    }
}

#[tokio::test]
async fn plan_can_be_bought_again_after_a_failed_first_payment() {
    let (shop, _) = on_its_way().await;
    listen(&shop, &shop.hints()).await;
    shop.stripe().settle_payment(&newest_invoice(&shop), false).unwrap();
    listen(&shop, &shop.hints()).await;
    let seen = view(&shop).await;
    assert_eq!((seen.plan, seen.payment_pending, seen.payment_url.is_some()), (plan("free").name, false, true));
    let standing = shop
        .world
        .store()
        .get_billing(shop.workspace)
        .await
        .unwrap()
        .standing(shop.world.plans(), shop.world.clock.now());
    assert!(standing.may_run, "as before the purchase");
    open_page(&shop).await;
    assert_eq!((live(&shop), shop.open_sessions().len()), (0, 1));
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    listen(&shop, &shop.hints()).await;
    assert_eq!((current_plan(&shop).await, live(&shop)), ((plan("pro").name, "active".to_owned()), 1));
    let open = |invoice: &Value| invoice["status"] == "open";
    assert!(!shop.stripe_objects("invoices").iter().any(open), "the failed invoice cannot be paid any more");
}

#[tokio::test]
async fn renewal_on_its_way_counts_as_paid_until_it_fails() {
    let (shop, customer) = on_its_way().await;
    shop.stripe().settle_payment(&newest_invoice(&shop), true).unwrap();
    listen(&shop, &shop.hints()).await;
    renew(&shop, &customer, false).await;
    let seen = view(&shop).await;
    assert_eq!((seen.plan, seen.payment_pending), (plan("pro").name, false));
    shop.stripe().settle_payment(&newest_invoice(&shop), false).unwrap();
    shop.world.wait(SignedDuration::from_mins(1));
    listen(&shop, &shop.hints()).await;
    assert_eq!(current_plan(&shop).await, (plan("pro").name, "past_due".to_owned()));
    assert!(view(&shop).await.grace_until.is_some());
}
