//! <https://docs.stripe.com/currencies>: amounts in minor units, shown with the decimals of their currency.

use crate::{
    asking::{get, post, refused},
    browser,
    shop::Shop,
};
use serde_json::{Value, json};

/// Sells pro in a currency, and returns the customer and the subscription.
async fn subscriber(shop: &Shop, currency: &str, amount: i64) -> (String, Value) {
    let form = format!("product=prod_pro&currency={currency}&unit_amount={amount}&recurring[interval]=month");
    let price = post(shop, "/v1/prices", &form).await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, price["id"].as_str().unwrap()).await;
    let url = session.url.unwrap();
    let page = browser::get(&url).await.body;
    assert!(page.contains(shown(currency)), "{page}");
    assert_eq!(browser::post(&format!("{url}/pay")).await.status, 303);
    let subscriptions = get(shop, &format!("/v1/subscriptions?customer={customer}")).await;
    (customer, subscriptions["data"][0].clone())
}

fn shown(currency: &str) -> &str {
    match currency {
        "jpy" => "¥2900 per month",
        "eur" => "€29.00 per month",
        _ => "KWD 2.900 per month",
    }
}

#[tokio::test]
async fn currencies_are_kept_from_the_price_to_the_charge() {
    for currency in ["jpy", "eur", "kwd"] {
        let shop = Shop::open().await;
        let (customer, subscription) = subscriber(&shop, currency, 2_900).await;
        assert_eq!(subscription["currency"], currency);
        assert_eq!(subscription["items"]["data"][0]["price"]["unit_amount"], 2_900);
        let invoice = get(&shop, &format!("/v1/invoices?customer={customer}")).await["data"][0].clone();
        assert_eq!((&invoice["currency"], &invoice["amount_paid"]), (&json!(currency), &json!(2_900)));
        assert_eq!(invoice["lines"]["data"][0]["currency"], currency);
        let charges = get(&shop, &format!("/v1/charges?customer={customer}")).await;
        assert_eq!((&charges["data"][0]["currency"], &charges["data"][0]["amount"]), (&json!(currency), &json!(2_900)));
        assert_eq!(get(&shop, &format!("/v1/customers/{customer}")).await["currency"], currency);
        let session = get(&shop, &format!("/v1/checkout/sessions?customer={customer}")).await["data"][0].clone();
        assert_eq!((&session["currency"], &session["amount_total"]), (&json!(currency), &json!(2_900)));
    }
}

#[tokio::test]
async fn pages_show_the_decimals_of_the_currency() {
    for (currency, amount, ascii) in
        [("jpy", "¥2900", "JPY 2900"), ("eur", "€29.00", "EUR 29.00"), ("kwd", "KWD 2.900", "KWD 2.900")]
    {
        let shop = Shop::open().await;
        let (customer, _) = subscriber(&shop, currency, 2_900).await;
        let invoice = get(&shop, &format!("/v1/invoices?customer={customer}")).await["data"][0].clone();
        assert_eq!(invoice["lines"]["data"][0]["description"], format!("1 × Pro (at {amount} / month)"));
        let portal = post(&shop, "/v1/billing_portal/sessions", &format!("customer={customer}")).await;
        for url in [&invoice["hosted_invoice_url"], &portal["url"]] {
            let page = browser::get(url.as_str().unwrap()).await.body;
            assert!(page.contains(amount) && !page.contains('$'), "{page}");
        }
        let pdf = browser::get(invoice["invoice_pdf"].as_str().unwrap()).await.body;
        assert!(pdf.contains(ascii), "{pdf}");
    }
}

/// <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
#[tokio::test]
async fn currencies_have_their_own_minimum_charge() {
    for (currency, amount, paid) in
        [("gbp", 30, 30), ("gbp", 29, 0), ("usd", 49, 0), ("huf", 17_499, 0), ("jpy", 50, 50)]
    {
        let shop = Shop::open().await;
        let form = format!("product=prod_pro&currency={currency}&unit_amount={amount}&recurring[interval]=month");
        let price = post(&shop, "/v1/prices", &form).await;
        let (customer, _) = shop.subscriber(price["id"].as_str().unwrap()).await;
        let invoice = &shop.invoices(&customer).await[0];
        assert_eq!((invoice.amount_paid, invoice.ending_balance), (paid, Some(amount - paid)), "{currency} {amount}");
    }
}

/// <https://docs.stripe.com/billing/customer#currency>
#[tokio::test]
async fn customers_keep_their_first_currency() {
    let shop = Shop::open().await;
    let (customer, subscription) = subscriber(&shop, "jpy", 2_900).await;
    let form = format!(
        "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month\
         &line_items[0][quantity]=1"
    );
    let error = refused(&shop, "/v1/checkout/sessions", &form).await;
    assert!(error.starts_with("400: You cannot combine currencies on a single customer."), "{error}");
    assert!(error.ends_with("with currency jpy."), "{error}");
    let path = format!("/v1/subscriptions/{}", subscription["id"].as_str().unwrap());
    let error = refused(&shop, &path, "items[0][price]=price_pro_month").await;
    assert!(error.starts_with("400: The price specified only supports `usd`."), "{error}");
    let mixed = format!("{form}&line_items[1][price]={}&line_items[1][quantity]=1", price(&subscription));
    let other = mixed.replace(&customer, &shop.customer().await);
    let error = refused(&shop, "/v1/checkout/sessions", &other).await;
    assert_eq!(error, "400: The price specified supports currencies of `jpy` but the subscription has `usd`.");
}

fn price(subscription: &Value) -> &str {
    subscription["items"]["data"][0]["price"]["id"].as_str().unwrap()
}

#[tokio::test]
async fn coupons_take_any_currency() {
    let shop = Shop::open().await;
    let coupon = post(&shop, "/v1/coupons", "amount_off=500&currency=jpy&duration=once").await;
    assert_eq!(coupon["currency"], "jpy");
    let error = refused(&shop, "/v1/coupons", "amount_off=500&currency=yen&duration=once").await;
    assert!(error.starts_with("400: Invalid currency: yen."), "{error}");
}

#[tokio::test]
async fn coupons_of_an_amount_apply_to_their_currency_only() {
    let shop = Shop::open().await;
    post(&shop, "/v1/coupons", "id=yen&amount_off=500&currency=jpy&duration=once").await;
    post(&shop, "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=yen&code=YEN").await;
    let expected = "400: Coupon yen is in jpy and cannot be applied to usd.";
    let customer = shop.customer().await;
    let form = |more: &str| {
        format!(
            "mode=subscription&customer={customer}&success_url=https://app.test&line_items[0][price]=price_pro_month\
             &line_items[0][quantity]=1{more}"
        )
    };
    let error = refused(&shop, "/v1/checkout/sessions", &form("&discounts[0][coupon]=yen")).await;
    assert_eq!(error, expected);
    let session = post(&shop, "/v1/checkout/sessions", &form("&allow_promotion_codes=true")).await;
    let typed = json!({ "session": session["id"], "buyer": { "promotion_code": "YEN" } });
    assert_eq!(browser::post_json(&shop.url("/_standin/pay"), &typed).await.status, 400);
    let (_, dollars) = shop.subscriber("price_pro_month").await;
    let path = format!("/v1/subscriptions/{}", dollars.id);
    assert_eq!(refused(&shop, &path, "discounts[0][coupon]=yen").await, expected);
    let (customer, yen) = subscriber(&shop, "jpy", 2_900).await;
    post(&shop, &format!("/v1/subscriptions/{}", yen["id"].as_str().unwrap()), "discounts[0][coupon]=yen").await;
    shop.advance_days(31);
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 2_400);
}
