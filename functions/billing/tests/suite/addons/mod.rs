//! Add-ons over HTTP, against the stand-in for Stripe: more is paid now, less comes when the period ends.

mod orders;
mod plans;
mod trouble;

use domain::identity::origin::Origin;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::{Answer, Request, Shop, plans_with_addons};
use workers::billing::compare_due;

/// Ana's workspace in a company that sells add-ons.
struct Buyer {
    shop: Shop,
}

impl Buyer {
    /// A workspace that pays for `plan`.
    async fn of(plan: &str, interval: &str) -> Self {
        Self::in_shop(Shop::selling(1, plans_with_addons()).await, plan, interval).await
    }

    async fn in_shop(shop: Shop, plan: &str, interval: &str) -> Self {
        let buyer = Self { shop };
        let wanted = json!({"plan": plan, "interval": interval});
        buyer.send(Request::new("POST", "/billing/checkout").json(wanted)).await;
        buyer.shop.stripe().pay(&buyer.shop.open_sessions()[0]).unwrap();
        buyer.sync().await;
        buyer
    }

    async fn send(&self, request: Request) -> Answer {
        let router = billing::router(self.shop.billing_deps(), self.shop.world.claim_rules());
        self.shop.world.send(&router, request.within(self.shop.workspace)).await
    }

    async fn order(&self, name: &str, quantity: u64) -> Answer {
        let wanted = json!({"name": name, "quantity": quantity});
        self.send(Request::new("PUT", "/billing/addons").json(wanted)).await
    }

    /// Orders units that apply at once.
    async fn buy(&self, name: &str, quantity: u64) {
        let answer = self.order(name, quantity).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({"status": "applied"})), "{answer}");
    }

    async fn preview(&self, name: &str, quantity: u64) -> Answer {
        self.send(Request::new("GET", &format!("/billing/addons/preview?name={name}&quantity={quantity}"))).await
    }

    async fn put_plan(&self, plan: &str, interval: &str) -> Answer {
        self.send(Request::new("PUT", "/billing/plan").json(json!({"plan": plan, "interval": interval}))).await
    }

    async fn shown(&self) -> Value {
        self.send(Request::new("GET", "/billing/subscription")).await.body
    }

    /// Returns name, units and scheduled units of each add-on, as customers see them.
    async fn held(&self) -> Vec<(String, u64, Option<u64>)> {
        let addons = self.shown().await["addons"].as_array().unwrap().clone();
        let held = |of: &Value| {
            let name = of["addon"].as_str().unwrap().to_owned();
            (name, of["quantity"].as_u64().unwrap(), of["scheduled_quantity"].as_u64())
        };
        addons.iter().map(held).collect()
    }

    async fn sync(&self) {
        let origin = Origin { request_id: "sweep".to_owned(), ip_address: None };
        compare_due(&self.shop.billing_deps(), self.shop.workspace, origin).await.unwrap();
    }

    async fn limit(&self, meter: &str) -> Value {
        self.shown().await["limits"][meter].clone()
    }

    /// Waits until `hours` after the end of the period, and compares with Stripe.
    async fn period_ends(&self) {
        let end: Timestamp = self.shown().await["current_period_end"].as_str().unwrap().parse().unwrap();
        self.shop.world.wait(end.duration_since(self.shop.world.clock.now()) + SignedDuration::from_hours(2));
        self.sync().await;
    }

    /// Returns prices and quantities of the one subscription, as Stripe has them.
    fn items(&self) -> Vec<(String, u64)> {
        let held = self.shop.stripe_objects("subscriptions");
        let [subscription] = held.as_slice() else { panic!("one subscription: {held:#?}") };
        let mut items: Vec<_> = subscription["items"]["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["price"]["id"].as_str().unwrap().to_owned(), item["quantity"].as_u64().unwrap()))
            .collect();
        items.sort();
        items
    }

    /// Returns the amounts of all paid invoices, oldest first.
    fn paid(&self) -> Vec<i64> {
        let mut paid: Vec<_> =
            self.shop.stripe_objects("invoices").into_iter().filter(|invoice| invoice["status"] == "paid").collect();
        paid.sort_by_key(|invoice| (invoice["created"].as_i64(), invoice["id"].as_str().map(str::to_owned)));
        paid.iter().map(|invoice| invoice["amount_paid"].as_i64().unwrap()).collect()
    }

    fn customer(&self) -> String {
        self.shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned()
    }

    fn set_card_fails(&self, fails: bool) {
        self.shop.stripe().set_card_fails(&self.customer(), fails).unwrap();
    }

    fn open_invoices(&self) -> Vec<String> {
        let open = self.shop.stripe_objects("invoices").into_iter().filter(|invoice| invoice["status"] == "open");
        open.map(|invoice| invoice["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// The items of a monthly plan and `addons`.
fn items(plan: &str, addons: &[(&str, u64)]) -> Vec<(String, u64)> {
    let price = |name: &str| format!("price_{name}_month");
    let mut items: Vec<_> = addons.iter().map(|(name, quantity)| (price(name), *quantity)).collect();
    items.push((price(plan), 1));
    items.sort();
    items
}
