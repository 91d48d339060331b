//! <https://docs.stripe.com/products-prices/manage-prices>: nothing new is sold at an inactive price or of an inactive
//! product, and subscriptions that have it keep it.

use crate::{
    asking::{get, post, refused_for},
    shop::Shop,
};
use serde_json::{Value, json};

const INACTIVE: &str = "The price specified is inactive. This field only accepts active prices.";

async fn check(shop: &Shop, path: &str, form: &str, expected: &str) {
    assert_eq!(refused_for(shop, "POST", path, form).await, expected, "{path} {form}");
}

/// Makes a price inactive. It is no longer the default of its product.
async fn retire(shop: &Shop, price: &str) {
    let product = get(shop, &format!("/v1/prices/{price}")).await["product"].as_str().unwrap().to_owned();
    post(shop, &format!("/v1/products/{product}"), "default_price=").await;
    assert_eq!(post(shop, &format!("/v1/prices/{price}"), "active=false").await["active"], false);
}

fn checkout(customer: &str, price: &str) -> String {
    format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]={price}\
         &line_items[0][quantity]=1"
    )
}

#[tokio::test]
async fn default_prices_cannot_be_made_inactive() {
    let shop = Shop::open().await;
    let expected = "400  : This price cannot be archived because it is the default price of its product.";
    check(&shop, "/v1/prices/price_pro_month", "active=false", expected).await;
    retire(&shop, "price_pro_month").await;
    assert_eq!(post(&shop, "/v1/prices/price_pro_month", "active=true").await["active"], true);
}

#[tokio::test]
async fn inactive_prices_are_not_sold() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    retire(&shop, "price_business_month").await;
    let refused = |param: &str| format!("400  {param}: {INACTIVE}");
    let form = checkout(&customer, "price_business_month");
    check(&shop, "/v1/checkout/sessions", &form, &refused("line_items[0][price]")).await;
    let form = format!("customer={customer}&items[0][price]=price_business_month");
    check(&shop, "/v1/subscriptions", &form, &refused("items[0][price]")).await;
    let path = format!("/v1/subscriptions/{}", subscription.id);
    let item = &subscription.items.data[0].id;
    check(&shop, &path, "items[0][price]=price_business_month", &refused("items[0][price]")).await;
    let change = format!("items[0][id]={item}&items[0][price]=price_business_month");
    check(&shop, &path, &change, &refused("items[0][price]")).await;
    let preview = format!(
        "subscription={}&subscription_details[items][0][id]={item}\
         &subscription_details[items][0][price]=price_business_month",
        subscription.id
    );
    check(&shop, "/v1/invoices/create_preview", &preview, &refused("items[0][price]")).await;
    let form = format!("subscription={}&price=price_business_month", subscription.id);
    check(&shop, "/v1/subscription_items", &form, &refused("items[0][price]")).await;
    assert_eq!(get(&shop, &path).await["items"]["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn subscriptions_keep_an_inactive_price() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    retire(&shop, "price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", subscription.id);
    let item = &subscription.items.data[0].id;
    let more = format!("items[0][id]={item}&items[0][price]=price_pro_month&items[0][quantity]=2");
    assert_eq!(post(&shop, &path, &format!("{more}&proration_behavior=none")).await["quantity"], 2);
    shop.advance_days(31);
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 5_800);
    let shown = get(&shop, &path).await;
    assert_eq!(shown["items"]["data"][0]["price"]["active"], false);
    assert_eq!(shown["plan"]["active"], false);
}

#[tokio::test]
async fn schedules_keep_an_inactive_price_and_begin_none() {
    let shop = Shop::open().await;
    let (_, subscription) = shop.subscriber("price_pro_month").await;
    retire(&shop, "price_pro_month").await;
    retire(&shop, "price_business_month").await;
    let form = format!("from_subscription={}", subscription.id);
    let schedule = post(&shop, "/v1/subscription_schedules", &form).await;
    let path = format!("/v1/subscription_schedules/{}", schedule["id"].as_str().unwrap());
    let phases = |next: &str| {
        format!(
            "phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month\
             &phases[1][items][0][price]={next}",
            schedule["phases"][0]["start_date"], schedule["phases"][0]["end_date"]
        )
    };
    let refused = format!("400  phases[1][items][0][price]: {INACTIVE}");
    check(&shop, &path, &phases("price_business_month"), &refused).await;
    post(&shop, &path, &phases("price_starter_month")).await;
    // A price that was planned while it was sold is begun.
    retire(&shop, "price_starter_month").await;
    shop.advance_days(31);
    let now = shop.subscription(subscription.id.as_str()).await;
    assert_eq!(now.items.data[0].price.id.as_str(), "price_starter_month");
}

/// A phase that begins within a period is an update of the subscription.
#[tokio::test]
async fn schedules_begin_what_was_planned_within_a_period() {
    let shop = Shop::open().await;
    let (_, subscription) = shop.subscriber("price_pro_month").await;
    let form = format!("from_subscription={}", subscription.id);
    let schedule = post(&shop, "/v1/subscription_schedules", &form).await;
    let phases = format!(
        "phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month\
         &phases[1][items][0][price]=price_starter_month",
        schedule["phases"][0]["start_date"],
        shop.standin().now().as_second() + 7_200
    );
    post(&shop, &format!("/v1/subscription_schedules/{}", schedule["id"].as_str().unwrap()), &phases).await;
    retire(&shop, "price_starter_month").await;
    shop.advance_days(1);
    let now = shop.subscription(subscription.id.as_str()).await;
    assert_eq!(now.items.data[0].price.id.as_str(), "price_starter_month");
}

#[tokio::test]
async fn inactive_products_are_not_sold() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    post(&shop, "/v1/products/prod_pro", "active=false").await;
    // Its prices stay active.
    assert_eq!(get(&shop, "/v1/prices/price_pro_month").await["active"], true);
    let expected = "400  line_items[0][price]: Price `price_pro_month` is not available to be purchased because its product \
                    is not active.";
    check(&shop, "/v1/checkout/sessions", &checkout(&customer, "price_pro_month"), expected).await;
    post(&shop, "/v1/products/prod_pro", "active=true").await;
    let session = post(&shop, "/v1/checkout/sessions", &checkout(&customer, "price_pro_month")).await;
    assert_ne!(session["url"], Value::Null);
    assert_eq!(session["amount_total"], json!(2_900));
}
