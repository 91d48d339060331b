//! <https://docs.stripe.com/error-codes>, `resource_missing`: 404 for an id in the path, 400 for one in a parameter.

use crate::{
    asking::{delete, get, refused_for},
    browser,
    shop::Shop,
};
use serde_json::json;

async fn check(shop: &Shop, method: &str, path: &str, form: &str, expected: &str) {
    assert_eq!(refused_for(shop, method, path, form).await, expected, "{method} {path} {form}");
}

#[tokio::test]
async fn error_codes_resource_missing_names_the_parameter() {
    let shop = Shop::open().await;
    let unknown = "400 resource_missing customer: No such customer: 'cus_no'";
    for list in
        ["subscriptions", "invoices", "charges", "checkout/sessions", "payment_methods", "subscription_schedules"]
    {
        check(&shop, "GET", &format!("/v1/{list}?customer=cus_no"), "", unknown).await;
    }
    check(&shop, "GET", "/v1/customers/cus_no", "", "404 resource_missing id: No such customer: 'cus_no'").await;
    check(&shop, "DELETE", "/v1/customers/cus_no", "", "404 resource_missing id: No such customer: 'cus_no'").await;
    check(&shop, "GET", "/v1/subscriptions/sub_no", "", "404 resource_missing id: No such subscription: 'sub_no'")
        .await;
    let expected = "400 resource_missing starting_after: No such subscription: 'sub_no'";
    check(&shop, "GET", "/v1/subscriptions?starting_after=sub_no", "", expected).await;
    let expected = "400 resource_missing ending_before: No such customer: 'cus_no'";
    check(&shop, "GET", "/v1/customers?ending_before=cus_no", "", expected).await;
}

/// <https://docs.stripe.com/api/customers/delete>
#[tokio::test]
async fn api_customers_delete_ends_subscriptions_and_refuses_writes() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let session = shop.session(&customer, "price_pro_month").await;
    shop.events();
    assert_eq!(delete(&shop, &format!("/v1/customers/{customer}")).await["deleted"], true);
    assert_eq!(shop.events(), ["customer.subscription.deleted", "customer.deleted"]);
    assert_eq!(get(&shop, &format!("/v1/customers/{customer}")).await["deleted"], true);
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "canceled");
    // The history can still be listed.
    assert_eq!(shop.invoices(&customer).await.len(), 1);
    let missing = |param: &str, status| format!("{status} resource_missing {param}: No such customer: '{customer}'");
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month\
         &line_items[0][quantity]=1"
    );
    check(&shop, "POST", "/v1/checkout/sessions", &form, &missing("customer", 400)).await;
    let form = format!("customer={customer}");
    check(&shop, "POST", "/v1/billing_portal/sessions", &form, &missing("customer", 400)).await;
    let form = format!("customer={customer}&items[0][price]=price_pro_month");
    check(&shop, "POST", "/v1/subscriptions", &form, &missing("customer", 400)).await;
    check(&shop, "POST", &format!("/v1/customers/{customer}"), "name=x", &missing("id", 404)).await;
    check(&shop, "DELETE", &format!("/v1/customers/{customer}"), "", &missing("id", 404)).await;
    assert!(shop.standin().pay(session.id.as_str()).is_err());
}

#[tokio::test]
async fn a_price_can_be_made_unknown_by_a_control() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let set = async |known: bool| {
        let body = json!({ "price": "price_business_month", "known": known });
        browser::post_json(&shop.url("/_standin/price"), &body).await.status
    };
    assert_eq!(set(false).await, 200);
    let missing = |param: &str| format!("400 resource_missing {param}: No such price: 'price_business_month'");
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test\
         &line_items[0][price]=price_business_month&line_items[0][quantity]=1"
    );
    check(&shop, "POST", "/v1/checkout/sessions", &form, &missing("line_items[0][price]")).await;
    let form = format!("items[0][id]={}&items[0][price]=price_business_month", subscription.items.data[0].id);
    let path = format!("/v1/subscriptions/{}", subscription.id);
    check(&shop, "POST", &path, &form, &missing("items[0][price]")).await;
    let expected = "404 resource_missing id: No such price: 'price_business_month'";
    check(&shop, "GET", "/v1/prices/price_business_month", "", expected).await;
    assert_eq!(set(true).await, 200);
    crate::asking::post(&shop, &path, &form).await;
}
