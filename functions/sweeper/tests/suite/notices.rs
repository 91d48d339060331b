//! E-mails about the billing: one for each occurrence, for any number of events.

use domain::{identity::origin::Origin, plans::money::Interval};
use jiff::SignedDuration;
use shared::billing::{CheckoutRequest, ReturnUrls, open_checkout};
use testkit::{ANA, PLANS, Shop, plan, plans_with_trial};
use workers::billing::{compare_due, handle_event};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Creates a shop whose workspace has paid for pro, after a trial of `trial` days if given.
async fn paying(trial: Option<u32>) -> Shop {
    let shop = Shop::open(1).await;
    let with = shop.billing_deps();
    let plans = trial.map_or(PLANS, plans_with_trial);
    let wanted = CheckoutRequest {
        plan: plans.named(plan("pro").name).unwrap(),
        interval: Interval::Month,
        currency: None,
        back: ReturnUrls::default(),
    };
    // Boxed, like the others: a debug build's futures are too large for a test's stack.
    Box::pin(open_checkout(&with, &ANA.caller(), shop.workspace, wanted, None)).await.unwrap();
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    listen(&shop).await;
    shop
}

/// Handles all waiting events, each twice and the last first.
async fn listen(shop: &Shop) {
    let mut hints = shop.hints();
    hints.reverse();
    for hint in hints.iter().flat_map(|hint| [hint, hint]) {
        Box::pin(handle_event(&shop.billing_deps(), hint)).await.unwrap();
    }
}

/// Compares with Stripe, as the sweeper does when the workspace is due.
async fn look(shop: &Shop) {
    let origin = Origin { request_id: "sweep".to_owned(), ip_address: None };
    Box::pin(compare_due(&shop.billing_deps(), shop.workspace, origin)).await.unwrap();
}

/// Returns the e-mails enqueued so far, sorted.
fn mails(shop: &Shop) -> Vec<String> {
    let items = shop.world.items();
    let mails = items.values().filter(|item| item["message"]["kind"] == "billing_mail");
    let mut said: Vec<_> = mails.map(|item| item["message"]["notice"].as_str().unwrap().to_owned()).collect();
    said.sort();
    said
}

#[tokio::test]
async fn failed_payments_and_the_end_of_grace_are_mailed_once() {
    let shop = paying(None).await;
    let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(DAY * 31);
    listen(&shop).await;
    assert_eq!(mails(&shop), ["payment_failed"]);
    look(&shop).await;
    assert_eq!(mails(&shop), ["payment_failed"]);
    let attempts = |shop: &Shop| {
        shop.stripe_objects("invoices").iter().find(|invoice| invoice["status"] == "open").unwrap()["attempt_count"]
            .as_u64()
            .unwrap()
    };
    let before = attempts(&shop);
    shop.world.wait(DAY * 10);
    listen(&shop).await;
    for _ in 0..3 {
        look(&shop).await;
    }
    assert!(attempts(&shop) > before, "it was tried again");
    assert_eq!(mails(&shop), ["payment_failed", "payment_failed", "plan_lapsed"]);
}

#[tokio::test]
async fn end_of_trial_is_mailed_once_three_days_before() {
    let shop = paying(Some(14)).await;
    shop.world.wait(DAY * 10);
    look(&shop).await;
    assert_eq!(mails(&shop), Vec::<String>::new());
    // The workspace must become due, since the event may be lost.
    let due: i64 =
        shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())]["due_at"].as_i64().unwrap();
    assert!(due <= (shop.world.clock.now() + DAY).as_millisecond());
    shop.world.wait(DAY + SignedDuration::from_mins(1));
    futures::join!(look(&shop), look(&shop), look(&shop));
    assert_eq!(mails(&shop), ["trial_ending"]);
    listen(&shop).await;
    shop.world.wait(DAY);
    look(&shop).await;
    assert_eq!(mails(&shop), ["trial_ending"]);
}
