//! Trials, taxes and promotion codes: off by default, and one trial for each workspace, despite crashes and repetitions.

use domain::{
    billing::intent::Offers,
    billing::trial::TrialDays,
    plans::{money::Interval, plan::Plan},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::{
    BillingDeps, CheckoutRequest, Error, PreviewRequest, ReturnUrls, open_checkout, preview_plan, read_subscription,
    sync_billing,
};
use testkit::{ANA, Moment, Shop, plan, plans_with_trial};
use workers::{
    billing::finish_interrupted,
    operator::{ActingOperator, grant_trial},
};

fn days(number: u32) -> TrialDays {
    number.try_into().unwrap()
}

/// Returns the plan `name`, which begins with a trial of two weeks.
fn tried(name: &str) -> Plan {
    plans_with_trial(14).named(name.parse().unwrap()).unwrap()
}

async fn page(shop: &Shop, with: &BillingDeps) -> Result<(), Error> {
    page_for(tried("pro"), shop, with).await
}

async fn page_for(plan: Plan, shop: &Shop, with: &BillingDeps) -> Result<(), Error> {
    let wanted = CheckoutRequest { plan, interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    // Boxed, like the others: a debug build's futures are too large for a test's stack.
    Box::pin(open_checkout(with, &ANA.caller(), shop.workspace, wanted, None)).await.map(drop)
}

async fn look(shop: &Shop, with: &BillingDeps) {
    Box::pin(sync_billing(with, &ANA.caller(), shop.workspace)).await.unwrap();
}

/// Runs the sweeper's step some minutes later.
async fn finish(shop: &Shop, with: &BillingDeps) {
    shop.world.wait(SignedDuration::from_mins(3));
    Box::pin(finish_interrupted(with, shop.workspace)).await.unwrap();
}

/// Pays the only page.
fn pay(shop: &Shop) {
    let open = shop.open_sessions();
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(shop.stripe().pay(&open[0]).unwrap());
}

/// Ends the subscription at Stripe without delivering an event.
async fn end(shop: &Shop) {
    let account = shop.billing_deps().payments.stripe_account::<workers::billing::Error>().await.unwrap();
    for held in shop.stripe_objects("subscriptions") {
        if held["status"] != "canceled" {
            let id = held["id"].as_str().unwrap();
            Box::pin(account.cancel_now(id, &format!("end-{id}"))).await.unwrap();
        }
    }
}

/// Returns the lengths of all trials ever, in days.
fn trials(shop: &Shop) -> Vec<i64> {
    let mut held = shop.stripe_objects("subscriptions");
    held.sort_by_key(|held| held["created"].as_i64());
    let spans = held.iter().filter_map(|held| Some((held["trial_start"].as_i64()?, held["trial_end"].as_i64()?)));
    spans.map(|(start, end)| (end - start) / 86_400).collect()
}

#[tokio::test]
async fn the_first_subscription_begins_with_a_trial_and_no_other_does() {
    let shop = Shop::selling(1, plans_with_trial(14)).await;
    let with = shop.billing_deps();
    let due = async || {
        let wanted = PreviewRequest { plan: tried("pro"), interval: Some(Interval::Month), currency: None };
        Box::pin(preview_plan(&with, &ANA.caller(), shop.workspace, wanted)).await.unwrap().amount_due_now
    };
    assert_eq!(due().await, 0);
    page(&shop, &with).await.unwrap();
    pay(&shop);
    look(&shop, &with).await;
    let view = read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap();
    let view = serde_json::to_value(view).unwrap();
    assert_eq!((&view["plan"], &view["status"]), (&json!("pro"), &json!("trialing")));
    let end_of_trial = shop.world.clock.now() + SignedDuration::from_hours(14 * 24);
    assert_eq!(view["trial_end"], json!(end_of_trial));
    end(&shop).await;
    look(&shop, &with).await;
    assert_eq!(due().await, 2_900);
    page(&shop, &with).await.unwrap();
    pay(&shop);
    assert_eq!(trials(&shop), [14]);
}

/// The event of the first trial was lost, so Stripe is asked before a page is opened.
#[tokio::test]
async fn unseen_trial_is_found_before_another_is_granted() {
    let shop = Shop::open(1).await;
    let with = shop.billing_deps();
    page(&shop, &with).await.unwrap();
    pay(&shop);
    shop.world.wait(SignedDuration::from_secs(5));
    end(&shop).await;
    page_for(tried("starter"), &shop, &with).await.unwrap();
    pay(&shop);
    assert_eq!((trials(&shop), shop.stripe_objects("subscriptions").len()), (vec![14], 2));
}

#[tokio::test]
async fn crashes_and_repeats_grant_one_trial() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let shop = Shop::open(1).await;
            let with = shop.billing_deps();
            let first = shop.world.crashing(call, moment, Box::pin(page(&shop, &with))).await;
            finish(&shop, &with).await;
            page(&shop, &with).await.unwrap();
            pay(&shop);
            end(&shop).await;
            let second = shop.world.crashing(call, moment, Box::pin(page_for(tried("starter"), &shop, &with))).await;
            finish(&shop, &with).await;
            page_for(tried("starter"), &shop, &with).await.unwrap();
            pay(&shop);
            assert_eq!(trials(&shop), [14], "{moment:?} call {call}");
            if first.is_some() && second.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_grant_gives_one_more_and_takes_the_place_of_a_page_without() {
    let shop = Shop::open(1).await;
    let with = shop.billing_deps();
    page(&shop, &with).await.unwrap();
    pay(&shop);
    look(&shop, &with).await;
    shop.world.wait(SignedDuration::from_hours(1));
    end(&shop).await;
    look(&shop, &with).await;
    page(&shop, &with).await.unwrap();
    let without = shop.open_sessions();
    let jane = ActingOperator::named("Jane Doe".parse().unwrap(), "invocation".to_owned());
    grant_trial(&shop.world.store(), &jane, shop.workspace, days(30)).await.unwrap();
    page(&shop, &with).await.unwrap();
    assert_ne!(shop.open_sessions(), without);
    page(&shop, &with).await.unwrap();
    pay(&shop);
    look(&shop, &with).await;
    shop.world.wait(SignedDuration::from_hours(1));
    end(&shop).await;
    look(&shop, &with).await;
    page(&shop, &with).await.unwrap();
    pay(&shop);
    assert_eq!((trials(&shop), shop.stripe_objects("subscriptions").len()), (vec![14, 30], 3));
}

#[tokio::test]
async fn taxes_and_codes_are_offered_where_they_are_set() {
    let offered = async |offers: Offers| {
        let shop = Shop::open(1).await;
        page_for(plan("pro"), &shop, &BillingDeps { offers, ..shop.billing_deps() }).await.unwrap();
        let session = shop.stripe_objects("checkout_sessions").remove(0);
        (session["automatic_tax"]["enabled"] == true, session["allow_promotion_codes"] == true, trial_of(&session))
    };
    assert_eq!(offered(Offers::default()).await, (false, false, Value::Null));
    let all = Offers { automatic_tax: true, promotion_codes: true, billing_details: true };
    assert_eq!(offered(all).await, (true, true, Value::Null));
    let one = Offers { automatic_tax: false, promotion_codes: true, billing_details: true };
    assert_eq!(offered(one).await, (false, true, Value::Null));
}

fn trial_of(session: &Value) -> Value {
    session["metadata"]["trial_days"].clone()
}
