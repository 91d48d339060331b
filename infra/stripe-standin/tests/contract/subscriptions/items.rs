//! <https://docs.stripe.com/billing/subscriptions/multiple-products>: several items, changed one by one.

use crate::{
    asking::{get, post, refused},
    shop::Shop,
};
use serde_json::Value;
use stripe_standin::CataloguePrice;

/// Opens a shop that also sells an add-on for 5 dollars a month.
async fn shop() -> Shop {
    let support = CataloguePrice {
        id: "price_support_month".to_owned(),
        product: "prod_support".to_owned(),
        name: "Support".to_owned(),
        unit_amount: 500,
        ..CataloguePrice::default()
    };
    Shop::with(|options| options.catalogue.push(support)).await
}

fn prices(subscription: &Value) -> Vec<(&str, i64)> {
    let items = subscription["items"]["data"].as_array().unwrap().iter();
    items.map(|item| (item["price"]["id"].as_str().unwrap(), item["quantity"].as_i64().unwrap())).collect()
}

fn item<'a>(subscription: &'a Value, price: &str) -> &'a str {
    let mut items = subscription["items"]["data"].as_array().unwrap().iter();
    items.find(|item| item["price"]["id"] == price).unwrap()["id"].as_str().unwrap()
}

#[tokio::test]
async fn multiple_products_an_added_item_is_listed_first() {
    let shop = shop().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", before.id);
    shop.advance_days(15);
    let form = "items[0][price]=price_support_month&items[0][quantity]=2&proration_behavior=always_invoice";
    let after = post(&shop, &path, form).await;
    assert_eq!(prices(&after), [("price_support_month", 2), ("price_pro_month", 1)]);
    assert_eq!((&after["plan"], &after["quantity"]), (&Value::Null, &Value::Null));
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 500);
    shop.advance_days(16);
    let invoice = &shop.invoices(&customer).await[0];
    assert_eq!((invoice.lines.data.len(), invoice.total), (2, 2_900 + 1_000));
}

#[tokio::test]
async fn multiple_products_items_change_one_by_one() {
    let shop = shop().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", before.id);
    let both = post(&shop, &path, "items[0][price]=price_support_month").await;
    let (plan, support) = (item(&both, "price_pro_month").to_owned(), item(&both, "price_support_month").to_owned());
    let upgrade = format!("items[0][id]={plan}&items[0][price]=price_business_month");
    let upgraded = post(&shop, &path, &format!("{upgrade}&proration_behavior=always_invoice")).await;
    assert_eq!(prices(&upgraded), [("price_support_month", 1), ("price_business_month", 1)]);
    assert_eq!(item(&upgraded, "price_support_month"), support);
    let fewer = post(&shop, &path, &format!("items[0][id]={support}&items[0][deleted]=true")).await;
    assert_eq!(prices(&fewer), [("price_business_month", 1)]);
    // Everything was changed within the first second, so the credits equal the debits.
    shop.advance_days(31);
    let total: i64 = shop.invoices(&customer).await.iter().map(|invoice| invoice.total).sum();
    assert_eq!(total, 7_900 * 2);
}

#[tokio::test]
async fn multiple_products_a_pending_update_keeps_other_items() {
    let shop = shop().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", before.id);
    let both = post(&shop, &path, "items[0][price]=price_support_month&proration_behavior=none").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    let form = format!(
        "items[0][id]={}&items[0][price]=price_business_month&proration_behavior=always_invoice\
         &payment_behavior=pending_if_incomplete",
        item(&both, "price_pro_month")
    );
    let waiting = post(&shop, &path, &form).await;
    assert_eq!(prices(&waiting), prices(&both));
    assert_eq!(waiting["pending_update"]["subscription_items"].as_array().unwrap().len(), 2);
    shop.standin().set_card_fails(&customer, false).unwrap();
    post(&shop, &format!("/v1/invoices/{}/pay", waiting["latest_invoice"].as_str().unwrap()), "").await;
    assert_eq!(prices(&get(&shop, &path).await), [("price_support_month", 1), ("price_business_month", 1)]);
}

#[tokio::test]
async fn multiple_products_refusals_change_nothing() {
    let shop = shop().await;
    let (_, before) = shop.subscriber("price_pro_month").await;
    let (path, id) = (format!("/v1/subscriptions/{}", before.id), before.items.data[0].id.to_string());
    for (form, expected) in [
        (
            "items[0][price]=price_pro_month".to_owned(),
            "400: Cannot add multiple subscription items with the same plan:",
        ),
        (
            "items[0][price]=price_pro_year".to_owned(),
            "400: The stand-in does not model items with different intervals.",
        ),
        (
            format!("items[0][id]={id}&items[0][deleted]=true"),
            "400: A subscription must have at least one active plan.",
        ),
        ("items[0][id]=si_no&items[0][quantity]=2".to_owned(), "400: No such subscription_item: 'si_no'"),
    ] {
        let refused = refused(&shop, &path, &form).await;
        assert!(refused.starts_with(expected), "{form}: {refused}");
    }
    assert_eq!(prices(&get(&shop, &path).await), [("price_pro_month", 1)]);
}
