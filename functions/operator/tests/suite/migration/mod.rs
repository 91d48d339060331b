//! Migrations of customers to the version of their plan that is sold.

mod crashes;
mod customers;
mod effects;
mod skipped;

use super::send_with;
use domain::{ids::WorkspaceId, plans::catalogue::Plans};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Answer, Request, Shop, plans_with_second_pro};
use workers::billing::{Error, finish_interrupted};

/// A shop whose first customer has the first version of pro.
struct Company {
    shop: Shop,
}

impl Company {
    /// Opens a shop of a company that sells a second version of pro, which costs more and has more.
    async fn open() -> Self {
        Self::selling(plans_with_second_pro()).await
    }

    async fn selling(plans: Plans) -> Self {
        let company = Self { shop: Shop::selling(1, plans).await };
        company.send("POST", "/billing/checkout", json!({"plan": "starter"})).await;
        let customer = company.shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
        company.shop.subscribe_in_stripe(&customer, "price_pro_month").await;
        company.sync().await;
        company.shop.world.wait(SignedDuration::from_mins(1));
        company.shop.world.changes();
        company
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let router = billing::router(self.shop.billing_deps(), self.shop.world.claim_rules());
        let request = Request::new(method, path).within(self.shop.workspace).json(body);
        self.shop.world.send(&router, request).await
    }

    async fn request(&self, method: &str, path: &str) -> Answer {
        let router = billing::router(self.shop.billing_deps(), self.shop.world.claim_rules());
        self.shop.world.send(&router, Request::new(method, path).within(self.shop.workspace)).await
    }

    async fn get(&self, path: &str) -> Value {
        self.request("GET", path).await.body
    }

    async fn put(&self, plan: &str) -> Answer {
        self.send("PUT", "/billing/plan", json!({"plan": plan})).await
    }

    async fn sync(&self) -> Value {
        self.shop.world.wait(SignedDuration::from_mins(2));
        self.send("POST", "/billing/sync", json!({})).await.body
    }

    /// Sends the command with these fields in place of the usual ones.
    async fn migrate(&self, fields: Value) -> Value {
        let mut command = json!({"command": "migrate", "plan": "pro", "from": 1, "when": "renewal"});
        command.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        send_with(&self.shop.world, self.shop.doctor_deps(), &command).await.body
    }

    /// Runs the sweeper, after the command must have ended.
    async fn sweep(&self) -> Result<(), Error> {
        self.shop.world.wait(SignedDuration::from_mins(3));
        finish_interrupted(&self.shop.billing_deps(), self.shop.workspace).await
    }

    /// Waits until the period has ended and Stripe has renewed the subscription.
    async fn renew(&self) {
        self.shop.world.wait(SignedDuration::from_hours(31 * 24 + 2));
        self.shop.stripe().advance(SignedDuration::ZERO);
        self.sync().await;
    }

    /// Returns the limit of seats, and the key of the price at Stripe.
    async fn has(&self) -> (Value, Value) {
        let config = self.get("/billing/config").await;
        (config["limits"]["members"].clone(), self.held()["items"]["data"][0]["price"]["lookup_key"].clone())
    }

    /// Returns the subscription at Stripe.
    fn held(&self) -> Value {
        self.shop.stripe_objects("subscriptions").remove(0)
    }

    /// Returns the number of requests that change something at Stripe, except for those of the tests.
    fn writes(&self) -> usize {
        self.shop.stripe_requests().iter().filter(|request| request.starts_with("POST ")).count()
    }

    fn billing(&self) -> Value {
        self.shop.world.items()[&(format!("WS#{}", self.shop.workspace), "SUBSCRIPTION".to_owned())].clone()
    }

    /// Returns the number of messages that announce a migration.
    fn announced(&self) -> usize {
        let items = self.shop.world.items();
        items.values().filter(|item| item["message"]["notice"] == "plan_migrated").count()
    }

    /// Returns the number of records of migrations.
    fn recorded(&self) -> usize {
        self.shop.world.items().values().filter(|item| item["action"] == "plan.migrated").count()
    }

    /// Returns the texts of the letters that the mailer sends for the announcement, delivered twice.
    async fn letters(&self) -> Vec<String> {
        for _ in 0..2 {
            let notice = domain::billing::notice::BillingNoticeKind::PlanMigrated;
            let deps = self.shop.world.mailer_deps();
            workers::billing::mail_notice(&deps, self.shop.workspace, notice).await.unwrap();
        }
        self.shop.world.letters().into_iter().map(|letter| letter.text).collect()
    }
}

/// Returns the workspaces in `list`.
fn workspaces(list: &Value) -> Vec<WorkspaceId> {
    let of = |entry: &Value| entry["workspace"].as_str().unwrap().parse().unwrap();
    list.as_array().unwrap().iter().map(of).collect()
}

fn first_version() -> (Value, Value) {
    (json!(10), json!("berth:pro/1/month/usd"))
}

fn second_version() -> (Value, Value) {
    (json!(12), json!("berth:pro/2/month/usd"))
}
