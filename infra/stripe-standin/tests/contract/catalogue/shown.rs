//! Every place that shows or expands a price shows its metadata, lookup key, currency and amount
//! (<https://docs.stripe.com/api/expanding_objects>).

use crate::{
    asking::{get, post, refused_for},
    shop::Shop,
};
use serde_json::{Value, json};

/// Sells pro at a price that the API made, and returns the customer, the subscription and the price.
async fn sell(shop: &Shop) -> (String, Value, Value) {
    let form = "product=prod_pro&currency=usd&unit_amount=4900&recurring[interval]=month&lookup_key=team&nickname=Team\
                &metadata[berth_plan]=team&metadata[berth_version]=3";
    let price = post(shop, "/v1/prices", form).await;
    let (customer, subscription) = shop.subscriber(price["id"].as_str().unwrap()).await;
    (customer, get(shop, &format!("/v1/subscriptions/{}", subscription.id)).await, price)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn subscriptions_and_events_show_the_whole_price() {
    let shop = Shop::open().await;
    let (customer, subscription, price) = sell(&shop).await;
    assert_eq!(subscription["items"]["data"][0]["price"], price);
    assert_eq!(subscription["plan"]["metadata"], price["metadata"]);
    let events = shop.standin().take_all_deliveries();
    let made = events.iter().find(|event| event.event_type == "customer.subscription.created").unwrap();
    let made: Value = serde_json::from_slice(&made.body).unwrap();
    assert_eq!(made["data"]["object"]["items"]["data"][0]["price"], price);
    shop.standin().set_card_fails(&customer, true).unwrap();
    let form = format!(
        "items[0][id]={}&items[0][quantity]=2&proration_behavior=always_invoice\
         &payment_behavior=pending_if_incomplete",
        text(&subscription["items"]["data"][0]["id"])
    );
    let waiting = post(&shop, &format!("/v1/subscriptions/{}", text(&subscription["id"])), &form).await;
    assert_eq!(waiting["pending_update"]["subscription_items"][0]["price"], price);
}

#[tokio::test]
async fn checkout_lines_show_the_whole_price() {
    let shop = Shop::open().await;
    let (customer, _, price) = sell(&shop).await;
    let session = shop.session(&customer, text(&price["id"])).await;
    let path = format!("/v1/checkout/sessions/{}", session.id);
    assert_eq!(get(&shop, &format!("{path}/line_items")).await["data"][0]["price"], price);
    let expanded = get(&shop, &format!("{path}?expand[]=line_items")).await;
    assert_eq!(expanded["line_items"]["data"][0]["price"], price);
}

#[tokio::test]
async fn schedule_phases_expand_their_prices() {
    let shop = Shop::open().await;
    let (customer, subscription, price) = sell(&shop).await;
    let id = text(&subscription["id"]);
    let schedule = post(&shop, "/v1/subscription_schedules", &format!("from_subscription={id}")).await;
    assert_eq!(schedule["phases"][0]["items"][0]["price"], price["id"]);
    let path = format!("/v1/subscription_schedules/{}", text(&schedule["id"]));
    let expanded = get(&shop, &format!("{path}?expand[]=phases.items.price&expand[]=phases.items.plan")).await;
    assert_eq!(expanded["phases"][0]["items"][0]["price"], price);
    assert_eq!(expanded["phases"][0]["items"][0]["plan"]["object"], "plan");
    let owner = get(&shop, &format!("/v1/subscriptions/{id}?expand[]=schedule.phases.items.price")).await;
    assert_eq!(owner["schedule"]["phases"][0]["items"][0]["price"], price);
    let list = format!("/v1/subscription_schedules?customer={customer}&expand[]=data.phases.items.price");
    assert_eq!(get(&shop, &list).await["data"][0]["phases"][0]["items"][0]["price"], price);
    let deep = "/v1/subscriptions?expand[]=data.schedule.phases.items.price";
    let expected = "400  expand: You cannot expand more than 4 levels of a property. Property: \
                    data.schedule.phases.items.price";
    assert_eq!(refused_for(&shop, "GET", deep, "").await, expected);
}

/// <https://docs.stripe.com/api/invoice-line-item/retrieve>
#[tokio::test]
async fn invoice_lines_expand_their_prices() {
    let shop = Shop::open().await;
    let (_, subscription, price) = sell(&shop).await;
    let path = format!("/v1/invoices/{}", text(&subscription["latest_invoice"]));
    let invoice = get(&shop, &path).await;
    let pricing = &invoice["lines"]["data"][0]["pricing"];
    assert_eq!(pricing["price_details"], json!({ "price": price["id"], "product": "prod_pro" }));
    assert_eq!(pricing["unit_amount_decimal"], "4900");
    let lines = get(&shop, &format!("{path}/lines?expand[]=data.pricing.price_details.price")).await;
    assert_eq!(lines["data"][0]["pricing"]["price_details"]["price"], price);
    assert_eq!(lines["data"][0]["id"], invoice["lines"]["data"][0]["id"]);
    let missing = refused_for(&shop, "GET", "/v1/invoices/in_no/lines", "").await;
    assert_eq!(missing, "404 resource_missing id: No such invoice: 'in_no'");
}
