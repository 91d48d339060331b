//! <https://docs.stripe.com/billing/subscriptions/pending-updates>, and since 2026-09-30
//! <https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation>.

use crate::{
    asking::{get, post, refused},
    shop::Shop,
};
use serde_json::{Value, json};

struct Buyer {
    shop: Shop,
    customer: String,
    path: String,
    item: String,
}

impl Buyer {
    /// Creates a subscriber of pro who has cancelled and whose card declines from now on.
    async fn who_cancelled() -> Self {
        let shop = Shop::open().await;
        let (customer, subscription) = shop.subscriber("price_pro_month").await;
        let path = format!("/v1/subscriptions/{}", subscription.id);
        post(&shop, &path, "cancel_at_period_end=true").await;
        shop.standin().set_card_fails(&customer, true).unwrap();
        shop.events();
        Self { shop, customer, path, item: subscription.items.data[0].id.to_string() }
    }

    fn upgrade(&self, price: &str, more: &str) -> String {
        format!(
            "items[0][id]={}&items[0][price]={price}&proration_behavior=always_invoice\
             &payment_behavior=pending_if_incomplete{more}",
            self.item
        )
    }

    async fn asks(&self, price: &str, more: &str) -> Value {
        post(&self.shop, &self.path, &self.upgrade(price, more)).await
    }

    async fn subscription(&self) -> Value {
        get(&self.shop, &self.path).await
    }

    /// Returns the statuses of the invoices, newest first.
    async fn invoices(&self) -> Vec<String> {
        let list = get(&self.shop, &format!("/v1/invoices?customer={}", self.customer)).await;
        let statuses = list["data"].as_array().unwrap().iter().map(|each| each["status"].as_str().unwrap().to_owned());
        statuses.collect()
    }
}

fn price(subscription: &Value) -> &str {
    subscription["items"]["data"][0]["price"]["id"].as_str().unwrap()
}

#[tokio::test]
async fn scheduled_subscription_cancellation_waits_for_payment() {
    let buyer = Buyer::who_cancelled().await;
    let waiting = buyer.asks("price_business_month", "&cancel_at_period_end=false&metadata[by]=u1").await;
    assert_eq!((price(&waiting), &waiting["cancel_at_period_end"]), ("price_pro_month", &json!(true)));
    let update = &waiting["pending_update"];
    assert_eq!((&update["cancel_at_period_end"], &update["metadata"]), (&json!(false), &json!({ "by": "u1" })));
    buyer.shop.standin().set_card_fails(&buyer.customer, false).unwrap();
    post(&buyer.shop, &format!("/v1/invoices/{}/pay", waiting["latest_invoice"].as_str().unwrap()), "").await;
    let paid = buyer.subscription().await;
    assert_eq!((price(&paid), &paid["cancel_at_period_end"]), ("price_business_month", &json!(false)));
    assert_eq!((&paid["canceled_at"], &paid["pending_update"]), (&Value::Null, &Value::Null));
    assert_eq!(paid["metadata"]["by"], "u1");
}

#[tokio::test]
async fn scheduled_subscription_cancellation_applies_when_paid() {
    let buyer = Buyer::who_cancelled().await;
    buyer.shop.standin().set_card_fails(&buyer.customer, false).unwrap();
    let paid = buyer.asks("price_business_month", "&cancel_at_period_end=false").await;
    assert_eq!((price(&paid), &paid["cancel_at_period_end"]), ("price_business_month", &json!(false)));
}

#[tokio::test]
async fn scheduled_subscription_cancellation_conflict_expires_it() {
    let buyer = Buyer::who_cancelled().await;
    buyer.asks("price_business_month", "&cancel_at_period_end=false").await;
    post(&buyer.shop, &buyer.path, "metadata[a]=b").await;
    assert_ne!(buyer.subscription().await["pending_update"], Value::Null);
    let cancelled = post(&buyer.shop, &buyer.path, "cancel_at_period_end=true").await;
    assert_eq!((&cancelled["pending_update"], &cancelled["cancel_at_period_end"]), (&Value::Null, &json!(true)));
    assert_eq!(buyer.invoices().await, ["void", "paid"]);
    assert!(buyer.shop.events().contains(&"customer.subscription.pending_update_expired".to_owned()));
}

#[tokio::test]
async fn pending_updates_cancel_by_voiding_the_invoice() {
    let buyer = Buyer::who_cancelled().await;
    let waiting = buyer.asks("price_business_month", "&cancel_at_period_end=false").await;
    // Stripe documents no other way: the items in force again change nothing and make no invoice.
    let same = buyer.asks("price_pro_month", "").await;
    assert_eq!(same["pending_update"], waiting["pending_update"]);
    buyer.shop.events();
    post(&buyer.shop, &format!("/v1/invoices/{}/void", waiting["latest_invoice"].as_str().unwrap()), "").await;
    let after = buyer.subscription().await;
    assert_eq!((price(&after), &after["cancel_at_period_end"]), ("price_pro_month", &json!(true)));
    assert_eq!((&after["pending_update"], &after["status"]), (&Value::Null, &json!("active")));
    let events = buyer.shop.events();
    assert_eq!(events, ["payment_intent.canceled", "invoice.voided", "customer.subscription.updated"]);
}

#[tokio::test]
async fn pending_updates_are_replaced_by_new_values() {
    let buyer = Buyer::who_cancelled().await;
    let first = buyer.asks("price_business_month", "").await;
    buyer.shop.standin().advance(jiff::SignedDuration::from_hours(1));
    let second = buyer.asks("price_pro_year", "").await;
    let pending = |waiting: &Value| waiting["pending_update"]["subscription_items"][0]["price"]["id"].clone();
    assert_eq!((pending(&first), pending(&second)), (json!("price_business_month"), json!("price_pro_year")));
    let expiry = |waiting: &Value| waiting["pending_update"]["expires_at"].as_i64().unwrap();
    assert_eq!(expiry(&second) - expiry(&first), 3_600);
    assert_eq!(buyer.invoices().await, ["open", "void", "paid"]);
}

#[tokio::test]
async fn pending_updates_expire_with_the_old_cancellation() {
    let buyer = Buyer::who_cancelled().await;
    buyer.asks("price_business_month", "&cancel_at_period_end=false").await;
    buyer.shop.advance_days(1);
    let after = buyer.subscription().await;
    assert_eq!((&after["pending_update"], &after["cancel_at_period_end"]), (&Value::Null, &json!(true)));
    assert_eq!(buyer.invoices().await, ["void", "paid"]);
}

#[tokio::test]
async fn pending_updates_support_only_some_attributes() {
    let buyer = Buyer::who_cancelled().await;
    for more in ["&cancel_at=", "&cancel_at=min_period_end", "&description=x", "&cancellation_details[comment]=x"] {
        let refused = refused(&buyer.shop, &buyer.path, &buyer.upgrade("price_business_month", more)).await;
        assert!(refused.starts_with("400: When `payment_behavior` is set to"), "{more}: {refused}");
    }
    assert_eq!(buyer.invoices().await, ["paid"]);
}

#[tokio::test]
async fn pending_updates_and_schedules_a_phase_discards_them() {
    let buyer = Buyer::who_cancelled().await;
    post(&buyer.shop, &buyer.path, "cancel_at_period_end=false").await;
    let id = buyer.path.rsplit('/').next().unwrap();
    let schedule = post(&buyer.shop, "/v1/subscription_schedules", &format!("from_subscription={id}")).await;
    let (phase, now) = (&schedule["phases"][0], buyer.shop.standin().now().as_second());
    let phases = format!(
        "phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month\
         &phases[1][items][0][price]=price_pro_month&phases[1][metadata][phase]=2",
        phase["start_date"],
        now + 7_200
    );
    post(&buyer.shop, &format!("/v1/subscription_schedules/{}", schedule["id"].as_str().unwrap()), &phases).await;
    buyer.asks("price_business_month", "").await;
    buyer.shop.standin().advance(jiff::SignedDuration::from_hours(2));
    assert_eq!(buyer.subscription().await["pending_update"], Value::Null);
    assert_eq!(buyer.invoices().await, ["void", "paid"]);
}
