//! <https://docs.stripe.com/api/subscription_schedules/update>: the phases are replaced as a whole.

use crate::{
    asking::{get, post, refused},
    shop::Shop,
};
use serde_json::{Value, json};

struct Planner {
    shop: Shop,
    subscription: String,
    schedule: Value,
}

impl Planner {
    /// Subscribes to pro with more parameters, and begins a schedule.
    async fn with(more: &str) -> Self {
        let shop = Shop::open().await;
        post(&shop, "/v1/coupons", "id=half&percent_off=50&duration=forever").await;
        let customer = shop.customer().await;
        let card = post(&shop, "/v1/payment_methods/pm_card_visa/attach", &format!("customer={customer}")).await;
        let form = format!(
            "customer={customer}&items[0][price]=price_pro_month&default_payment_method={}{more}",
            card["id"].as_str().unwrap()
        );
        let subscription = post(&shop, "/v1/subscriptions", &form).await["id"].as_str().unwrap().to_owned();
        let form = format!("from_subscription={subscription}");
        let schedule = post(&shop, "/v1/subscription_schedules", &form).await;
        Self { shop, subscription, schedule }
    }

    fn path(&self) -> String {
        format!("/v1/subscription_schedules/{}", self.schedule["id"].as_str().unwrap())
    }

    /// Returns the running phase with this price, then a phase of starter.
    fn phases(&self, more: &str) -> String {
        let phase = &self.schedule["phases"][0];
        format!(
            "phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month{more}\
             &phases[1][items][0][price]=price_starter_month",
            phase["start_date"], phase["end_date"]
        )
    }

    async fn subscription(&self) -> Value {
        get(&self.shop, &format!("/v1/subscriptions/{}", self.subscription)).await
    }
}

#[tokio::test]
async fn subscription_schedules_update_drops_omitted_discounts() {
    let planner = Planner::with("&discounts[0][coupon]=half").await;
    let discount = planner.schedule["phases"][0]["discounts"][0]["discount"].as_str().unwrap().to_owned();
    post(&planner.shop, &planner.path(), &planner.phases(&format!("&phases[0][discounts][0][discount]={discount}")))
        .await;
    assert_eq!(planner.subscription().await["discounts"], json!([discount]));
    post(&planner.shop, &planner.path(), &planner.phases("")).await;
    assert_eq!(planner.subscription().await["discounts"], json!([]));
}

#[tokio::test]
async fn subscription_schedules_phase_applies_its_own_discounts() {
    let planner = Planner::with("&discounts[0][coupon]=half").await;
    let discount = planner.schedule["phases"][0]["discounts"][0]["discount"].as_str().unwrap();
    let phases = planner.phases(&format!("&phases[0][discounts][0][discount]={discount}"));
    post(&planner.shop, &planner.path(), &phases).await;
    planner.shop.advance_days(31);
    let after = planner.subscription().await;
    assert_eq!((&after["discounts"], &after["plan"]["id"]), (&json!([]), &json!("price_starter_month")));
    let invoice = get(&planner.shop, &format!("/v1/invoices/{}", after["latest_invoice"].as_str().unwrap())).await;
    assert_eq!(invoice["total"], 900);
}

#[tokio::test]
async fn subscription_schedules_update_ends_an_omitted_trial() {
    let planner = Planner::with("&trial_period_days=14").await;
    let end = planner.schedule["phases"][0]["trial_end"].as_i64().unwrap();
    post(&planner.shop, &planner.path(), &planner.phases(&format!("&phases[0][trial_end]={end}"))).await;
    assert_eq!(planner.subscription().await["status"], "trialing");
    post(&planner.shop, &planner.path(), &planner.phases("")).await;
    let after = planner.subscription().await;
    assert_eq!(
        (&after["status"], &after["trial_end"]),
        (&json!("active"), &json!(planner.shop.standin().now().as_second()))
    );
}

#[tokio::test]
async fn subscription_schedules_update_drops_omitted_tax_and_metadata() {
    let planner = Planner::with("&automatic_tax[enabled]=true").await;
    assert_eq!(planner.schedule["phases"][0]["automatic_tax"]["enabled"], true);
    let named = planner.phases("&phases[0][automatic_tax][enabled]=true&phases[0][metadata][a]=b");
    let schedule = post(&planner.shop, &planner.path(), &named).await;
    assert_eq!(schedule["phases"][0]["metadata"], json!({ "a": "b" }));
    assert_eq!(planner.subscription().await["automatic_tax"]["enabled"], true);
    let schedule = post(&planner.shop, &planner.path(), &planner.phases("")).await;
    assert_eq!(
        (&schedule["phases"][0]["metadata"], &schedule["phases"][0]["automatic_tax"]),
        (&json!({}), &Value::Null)
    );
    let after = planner.subscription().await;
    // The metadata of a subscription is merged, never removed by a phase.
    assert_eq!((&after["automatic_tax"]["enabled"], &after["metadata"]["a"]), (&json!(false), &json!("b")));
}

#[tokio::test]
async fn subscription_schedules_update_keeps_the_running_start() {
    let planner = Planner::with("").await;
    let start = planner.schedule["phases"][0]["start_date"].as_i64().unwrap();
    let moved = planner.phases("").replace(&format!("[start_date]={start}"), &format!("[start_date]={}", start + 60));
    let refused = refused(&planner.shop, &planner.path(), &moved).await;
    assert_eq!(refused, "400: You can not modify the start date of the current phase.");
}

#[tokio::test]
async fn subscription_schedules_update_drops_omitted_items() {
    let planner = Planner::with("&items[1][price]=price_starter_month").await;
    assert_eq!(planner.schedule["phases"][0]["items"].as_array().unwrap().len(), 2);
    let before = planner.subscription().await;
    post(&planner.shop, &planner.path(), &planner.phases("&phases[0][items][0][quantity]=2")).await;
    let after = planner.subscription().await;
    assert_eq!(after["items"]["data"].as_array().unwrap().len(), 1);
    assert_eq!(after["items"]["data"][0]["id"], before["items"]["data"][0]["id"]);
    assert_eq!(after["quantity"], 2);
}
