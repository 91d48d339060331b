//! Subscriptions that hold more than a plan: other items, discounts, a trial. A change of plan keeps them.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::billing::BillingDeps;
use stripe_standin::CataloguePrice;
use testkit::{Answer, PLANS, Request, Shop, plans_with_trial};

/// A shop with its billing, and the id of the subscription.
struct Buyer {
    shop: Shop,
    with: BillingDeps,
    subscription: String,
}

impl Buyer {
    /// Buys pro by the month, after a trial of `trial` days if there are any.
    async fn of_pro(trial: u32) -> Self {
        let support = CataloguePrice {
            id: "price_support_month".to_owned(),
            product: "prod_support".to_owned(),
            name: "Support".to_owned(),
            unit_amount: 500,
            ..CataloguePrice::default()
        };
        let plans = if trial == 0 { PLANS } else { plans_with_trial(trial) };
        let shop = Shop::selling_with(1, plans, |options| options.catalogue.push(support)).await;
        let with = shop.billing_deps();
        let mut buyer = Self { shop, with, subscription: String::new() };
        buyer.put("pro").await;
        buyer.shop.stripe().pay(&buyer.shop.open_sessions()[0]).unwrap();
        buyer.sync().await;
        buyer.subscription = buyer.shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
        buyer
    }

    async fn send(&self, request: Request) -> Answer {
        let router = billing::router(self.with.clone(), self.shop.world.claim_rules());
        self.shop.world.send(&router, request.within(self.shop.workspace)).await
    }

    async fn put(&self, plan: &str) -> Value {
        let answer =
            self.send(Request::new("PUT", "/billing/plan").json(json!({"plan": plan, "interval": "month"}))).await;
        assert_eq!(answer.status, 200, "{answer}");
        answer.body["status"].clone()
    }

    async fn sync(&self) {
        self.send(Request::new("POST", "/billing/sync")).await;
    }

    async fn plan(&self) -> Value {
        self.send(Request::new("GET", "/billing/subscription")).await.body["plan"].clone()
    }

    async fn update(&self, form: &str) {
        self.shop.post_to_stripe(&format!("/v1/subscriptions/{}", self.subscription), form).await;
        self.sync().await;
    }

    async fn wait_days(&self, days: i64) {
        self.shop.world.wait(SignedDuration::from_hours(24 * days + 2));
        self.sync().await;
    }

    fn held(&self) -> Value {
        self.shop.stripe_objects("subscriptions")[0].clone()
    }

    /// Returns prices and quantities, as Stripe lists them.
    fn items(&self) -> Vec<(String, u64)> {
        let held = self.held();
        let items = held["items"]["data"].as_array().unwrap().iter();
        items
            .map(|item| (item["price"]["id"].as_str().unwrap().to_owned(), item["quantity"].as_u64().unwrap()))
            .collect()
    }
}

fn support_and(plan: &str) -> Vec<(String, u64)> {
    vec![("price_support_month".to_owned(), 3), (format!("price_{plan}_month"), 1)]
}

#[tokio::test]
async fn plan_is_that_of_its_item_and_changes_keep_the_others() {
    let buyer = Buyer::of_pro(0).await;
    buyer.update("items[0][price]=price_support_month&items[0][quantity]=3").await;
    assert_eq!((buyer.items(), buyer.plan().await), (support_and("pro"), json!("pro")));
    let path = "/billing/plan/preview?plan=business&interval=month";
    assert!(buyer.send(Request::new("GET", path)).await.body["amount_due_now"].as_i64().unwrap() > 4_900);
    assert_eq!(buyer.put("business").await, "applied");
    assert_eq!((buyer.items(), buyer.plan().await), (support_and("business"), json!("business")));
    assert_eq!(buyer.put("starter").await, "scheduled");
    assert_eq!((buyer.items(), buyer.plan().await), (support_and("business"), json!("business")));
    // Another downgrade replaces the first.
    assert_eq!(buyer.put("pro").await, "scheduled");
    buyer.wait_days(31).await;
    let mut items = buyer.items();
    items.sort_by_key(|(price, _)| price != "price_support_month");
    assert_eq!((items, buyer.plan().await), (support_and("pro"), json!("pro")));
}

#[tokio::test]
async fn downgrade_keeps_a_discount() {
    let buyer = Buyer::of_pro(0).await;
    buyer.shop.post_to_stripe("/v1/coupons", "id=half&percent_off=50&duration=forever").await;
    buyer.update("discounts[0][coupon]=half&metadata[agent]=Ana").await;
    let discounts = buyer.held()["discounts"].clone();
    assert_eq!(discounts.as_array().unwrap().len(), 1);
    assert_eq!(buyer.put("starter").await, "scheduled");
    assert_eq!((&buyer.held()["discounts"], &buyer.held()["metadata"]["agent"]), (&discounts, &json!("Ana")));
    buyer.wait_days(31).await;
    assert_eq!((buyer.plan().await, &buyer.held()["metadata"]["agent"]), (json!("starter"), &json!("Ana")));
    let newest = buyer.shop.stripe_objects("invoices").into_iter().max_by_key(|invoice| invoice["created"].as_i64());
    assert_eq!(newest.unwrap()["total"], 450);
}

#[tokio::test]
async fn downgrade_keeps_a_trial() {
    let buyer = Buyer::of_pro(14).await;
    let before = buyer.held();
    assert_eq!(before["status"], "trialing");
    assert_eq!(buyer.put("starter").await, "scheduled");
    let now = buyer.held();
    assert_eq!((&now["status"], &now["trial_end"]), (&json!("trialing"), &before["trial_end"]));
    assert_eq!(buyer.plan().await, "pro");
    buyer.wait_days(15).await;
    assert_eq!((buyer.plan().await, &buyer.held()["status"]), (json!("starter"), &json!("active")));
}
