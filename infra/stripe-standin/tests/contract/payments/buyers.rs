//! <https://docs.stripe.com/tax/checkout/tax-ids>, <https://docs.stripe.com/billing/customer/balance>,
//! <https://docs.stripe.com/billing/customer#currency>, <https://docs.stripe.com/billing/subscriptions/pause-payment> and
//! <https://docs.stripe.com/invoicing/integration/workflow-transitions#finalization-failures>.

use crate::{
    asking::{get, post, refused},
    browser,
    shop::Shop,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::CataloguePrice;

async fn session(shop: &Shop, customer: &str, more: &str) -> Value {
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month\
         &line_items[0][quantity]=1{more}"
    );
    post(shop, "/v1/checkout/sessions", &form).await
}

async fn pay(shop: &Shop, session: &Value, buyer: Value) -> u16 {
    browser::post_json(&shop.url("/_standin/pay"), &json!({ "session": session["id"], "buyer": buyer })).await.status
}

async fn newest(shop: &Shop, customer: &str) -> Value {
    get(shop, &format!("/v1/invoices?customer={customer}")).await["data"][0].clone()
}

#[tokio::test]
async fn tax_ids_and_names_reach_customer_and_invoice() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let collect = "&tax_id_collection[enabled]=true&billing_address_collection=required";
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month\
         &line_items[0][quantity]=1{collect}"
    );
    let error = refused(&shop, "/v1/checkout/sessions", &form).await;
    assert!(error.starts_with("400: Tax ID collection requires updating business name"), "{error}");
    let more = format!("{collect}&customer_update[name]=auto&customer_update[address]=auto");
    let session = session(&shop, &customer, &more).await;
    let buyer = json!({
        "name": "Acme GmbH",
        "address": { "line1": "Hafenstr. 1", "postal_code": "20457", "city": "Hamburg", "country": "DE" },
        "tax_id": { "type": "eu_vat", "value": "DE123456789" },
    });
    assert_eq!(pay(&shop, &session, buyer).await, 200);
    let invoice = newest(&shop, &customer).await;
    assert_eq!(invoice["customer_tax_ids"], json!([{ "type": "eu_vat", "value": "DE123456789" }]));
    assert_eq!(
        (&invoice["customer_name"], &invoice["customer_address"]["city"]),
        (&json!("Acme GmbH"), &json!("Hamburg"))
    );
    let found = get(&shop, &format!("/v1/customers/{customer}")).await;
    assert_eq!((&found["name"], &found["address"]["country"]), (&json!("Acme GmbH"), &json!("DE")));
}

#[tokio::test]
async fn customer_update_never_keeps_the_customer() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = session(&shop, &customer, "").await;
    assert_eq!(pay(&shop, &session, json!({ "name": "Other" })).await, 200);
    assert_eq!(get(&shop, &format!("/v1/customers/{customer}")).await["name"], "Acme");
}

#[tokio::test]
async fn promotion_codes_are_typed_on_the_page() {
    let shop = Shop::open().await;
    post(&shop, "/v1/coupons", "id=half&percent_off=50&duration=once").await;
    post(&shop, "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=half&code=SPRING").await;
    let customer = shop.customer().await;
    let session = session(&shop, &customer, "&allow_promotion_codes=true").await;
    assert_eq!(pay(&shop, &session, json!({ "promotion_code": "AUTUMN" })).await, 400);
    assert_eq!(pay(&shop, &session, json!({ "promotion_code": "spring" })).await, 200);
    assert_eq!(newest(&shop, &customer).await["amount_paid"], 1_450);
    let found = get(&shop, &format!("/v1/checkout/sessions/{}", session["id"].as_str().unwrap())).await;
    assert_eq!((&found["amount_total"], &found["total_details"]["amount_discount"]), (&json!(1_450), &json!(1_450)));
}

#[tokio::test]
async fn customer_balance_pays_before_the_card() {
    let shop = Shop::open().await;
    let (customer, _) = shop.subscriber("price_pro_month").await;
    post(&shop, &format!("/v1/customers/{customer}"), "balance=-5000").await;
    let amounts = async || {
        let invoice = newest(&shop, &customer).await;
        ["total", "amount_due", "amount_paid", "starting_balance", "ending_balance"]
            .map(|each| invoice[each].as_i64().unwrap())
    };
    shop.advance_days(31);
    assert_eq!(amounts().await, [2_900, 0, 0, -5_000, -2_100]);
    shop.advance_days(31);
    assert_eq!(amounts().await, [2_900, 800, 800, -2_100, 0]);
}

#[tokio::test]
async fn customer_currency_cannot_be_combined() {
    let euro = CataloguePrice {
        id: "price_pro_month_eur".to_owned(),
        product: "prod_pro".to_owned(),
        name: "Pro".to_owned(),
        currency: "eur".parse().unwrap(),
        unit_amount: 2_700,
        ..CataloguePrice::default()
    };
    let shop = Shop::with(|options| options.catalogue.push(euro)).await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month_eur\
         &line_items[0][quantity]=1"
    );
    let error = refused(&shop, "/v1/checkout/sessions", &form).await;
    assert!(error.starts_with("400: You cannot combine currencies on a single customer."), "{error}");
    let path = format!("/v1/subscriptions/{}", subscription.id);
    let form = format!("items[0][id]={}&items[0][price]=price_pro_month_eur", subscription.items.data[0].id);
    assert!(refused(&shop, &path, &form).await.starts_with("400: The price specified only supports `eur`."));
    let other = shop.customer().await;
    let session = shop.session(&other, "price_pro_month_eur").await;
    shop.standin().pay(session.id.as_str()).unwrap();
    assert_eq!(newest(&shop, &other).await["currency"], "eur");
}

#[tokio::test]
async fn pause_payment_decides_on_new_invoices() {
    for (behavior, expected) in [("keep_as_draft", "draft"), ("mark_uncollectible", "uncollectible"), ("void", "void")]
    {
        let shop = Shop::open().await;
        let (customer, subscription) = shop.subscriber("price_pro_month").await;
        let path = format!("/v1/subscriptions/{}", subscription.id);
        let until = shop.standin().now().as_second() + 40 * 86_400;
        let form = format!("pause_collection[behavior]={behavior}&pause_collection[resumes_at]={until}");
        let paused = post(&shop, &path, &form).await;
        assert_eq!((&paused["status"], &paused["pause_collection"]["behavior"]), (&json!("active"), &json!(behavior)));
        shop.advance_days(31);
        assert_eq!(newest(&shop, &customer).await["status"], expected);
        shop.advance_days(10);
        assert_eq!(get(&shop, &path).await["pause_collection"], Value::Null);
        shop.advance_days(22);
        assert_eq!(newest(&shop, &customer).await["status"], "paid");
    }
}

#[tokio::test]
async fn finalization_failures_leave_a_draft() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let set = async |fails: bool| {
        let body = json!({ "customer": customer, "fails": fails });
        browser::post_json(&shop.url("/_standin/finalization"), &body).await.status
    };
    assert_eq!(set(true).await, 200);
    shop.events();
    shop.advance_days(31);
    let invoice = newest(&shop, &customer).await;
    assert_eq!((&invoice["status"], &invoice["number"]), (&json!("draft"), &Value::Null));
    assert_eq!(invoice["last_finalization_error"]["code"], "customer_tax_location_invalid");
    assert!(shop.events().contains(&"invoice.finalization_failed".to_owned()));
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "active");
    let path = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    assert!(refused(&shop, &format!("{path}/finalize"), "").await.starts_with("400: The customer's location"));
    set(false).await;
    post(&shop, &path, "auto_advance=true").await;
    shop.standin().advance(SignedDuration::from_hours(1));
    let paid = get(&shop, &path).await;
    assert_eq!((&paid["status"], &paid["last_finalization_error"]), (&json!("paid"), &Value::Null));
}
