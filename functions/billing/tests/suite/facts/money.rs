//! Amounts and currencies: what is shown is what is charged.

use super::{billing, config, customer, handle, paying, send};
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::{CataloguePrice, RequestFault};
use testkit::{Answer, Request, Shop, plans_in_two_currencies};

/// Returns total, amount due, amount paid and applied credit of each invoice, newest first.
fn amounts(invoices: &Value) -> Vec<[i64; 4]> {
    let fields = ["total", "amount_due", "amount_paid", "credit_applied"];
    let of = |invoice: &Value| fields.map(|field| invoice[field].as_i64().unwrap());
    invoices.as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn invoices_paid_by_credit_show_what_was_charged() {
    let shop = paying().await;
    shop.post_to_stripe(&format!("/v1/customers/{}", customer(&shop)), "balance=-5000").await;
    for _ in 0..2 {
        shop.world.wait(SignedDuration::from_hours(24 * 31));
        shop.stripe().advance(SignedDuration::ZERO);
    }
    handle(&shop, &shop.hints()).await;
    let listed = send(&shop, Request::new("GET", "/billing/invoices")).await;
    let expected = [[2_900, 800, 800, 2_100], [2_900, 0, 0, 2_900], [2_900, 2_900, 2_900, 0]];
    assert_eq!(amounts(&listed.body["invoices"]), expected);
    let page = config(&shop).await;
    assert_eq!((amounts(&page.body["recent_invoices"]), &page.body["credit"]), (expected.to_vec(), &Value::Null));
}

#[tokio::test]
async fn invoice_that_only_adds_credit_charges_nothing() {
    let shop = paying().await;
    let path = format!("/v1/subscriptions/{}", shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap());
    let item = shop.stripe_objects("subscriptions")[0]["items"]["data"][0]["id"].as_str().unwrap().to_owned();
    let form = format!("items[0][id]={item}&items[0][price]=price_starter_month&proration_behavior=always_invoice");
    shop.post_to_stripe(&path, &form).await;
    handle(&shop, &shop.hints()).await;
    let page = config(&shop).await;
    let [total, due, paid, applied] = amounts(&page.body["recent_invoices"])[0];
    assert!(total < 0 && (due, paid, applied) == (0, 0, total), "{page}");
    assert_eq!(page.body["credit"], json!({"amount": -total, "currency": "usd"}));
}

fn in_euro(id: &str, plan: &str) -> CataloguePrice {
    CataloguePrice {
        id: id.to_owned(),
        product: format!("prod_{plan}"),
        name: plan.to_owned(),
        currency: "eur".parse().unwrap(),
        unit_amount: 2_700,
        ..CataloguePrice::default()
    }
}

#[track_caller]
fn assert_mismatch(shop: &Shop, refused: &Answer) {
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "currency_mismatch"), "{refused}");
    assert!(!shop.world.items().keys().any(|(_, sk)| sk.starts_with("INTENT#")), "the intent is closed");
}

#[tokio::test]
async fn subscription_keeps_its_currency() {
    let shop = Shop::selling(1, plans_in_two_currencies()).await;
    let put = |body: Value| Request::new("PUT", "/billing/plan").json(body);
    let first = send(&shop, Request::new("GET", "/billing/plan/preview?plan=pro&currency=eur")).await;
    assert_eq!((&first.body["currency"], &first.body["amount_due_now"]), (&json!("eur"), &json!(2_900)), "{first}");
    let page = json!({"plan": "pro", "currency": "eur"});
    assert_eq!(send(&shop, put(page)).await.body["status"], "checkout");
    // Another currency is another page.
    let dollars = Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}));
    let euros = Request::new("POST", "/billing/checkout").json(json!({"plan": "pro", "currency": "eur"}));
    for order in [&dollars, &euros] {
        let url = send(&shop, order.clone()).await.body["url"].clone();
        assert_eq!(send(&shop, order.clone()).await.body["url"], url);
        assert_eq!(shop.open_sessions().len(), 1);
    }
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    send(&shop, Request::new("POST", "/billing/sync")).await;
    assert_eq!(billing(&shop)["subscription"]["currency"], "eur");
    for path in ["/billing/plan/preview?plan=business", "/billing/plan/preview?plan=business&currency=eur"] {
        let preview = send(&shop, Request::new("GET", path)).await;
        assert_eq!(
            (&preview.body["currency"], &preview.body["next_amount"]),
            (&json!("eur"), &json!(7_900)),
            "{preview}"
        );
    }
    let preview = send(&shop, Request::new("GET", "/billing/plan/preview?plan=business&currency=usd")).await;
    assert_mismatch(&shop, &preview);
    assert_mismatch(&shop, &send(&shop, put(json!({"plan": "business", "currency": "usd"}))).await);
    let unsold = send(&shop, put(json!({"plan": "business", "currency": "chf"}))).await;
    assert_mismatch(&shop, &unsold);
    assert_eq!(send(&shop, put(json!({"plan": "business"}))).await.body["status"], "applied");
    let price = &shop.stripe_objects("subscriptions")[0]["items"]["data"][0]["price"];
    assert_eq!((&price["currency"], &price["lookup_key"]), (&json!("eur"), &json!("berth:business/1/month/eur")));
    let gone =
        send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "pro", "currency": "euro"}))).await;
    assert_eq!((gone.status.as_u16(), &gone.body["errors"][0]["field"]), (400, &json!("currency")), "{gone}");
}

#[tokio::test]
async fn refusal_of_stripe_keeps_its_code() {
    let shop = Shop::open(1).await;
    send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}))).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    send(&shop, Request::new("POST", "/billing/sync")).await;
    // Another reason of Stripe keeps its own code.
    let body = json!({"error": {"type": "invalid_request_error", "message": "No."}}).to_string();
    let fault = RequestFault {
        status: Some(400),
        body: Some(body),
        method: Some("POST".to_owned()),
        path: "/v1/subscriptions/".to_owned(),
        ..RequestFault::default()
    };
    shop.stripe().add_fault(fault);
    let yearly = json!({"plan": "pro", "interval": "year"});
    assert_eq!(send(&shop, Request::new("PUT", "/billing/plan").json(yearly)).await.code(), "change_refused");
}

#[tokio::test]
async fn checkout_in_another_currency_is_refused() {
    let shop = Shop::open_with(1, |options| options.catalogue.push(in_euro("price_seats_eur", "seats"))).await;
    let checkout = || Request::new("POST", "/billing/checkout").json(json!({"plan": "pro", "interval": "year"}));
    send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}))).await;
    // The customer has paid in another currency before, and Stripe still has a quote in it.
    let form = format!("customer={}&items[0][price]=price_seats_eur&trial_period_days=3", customer(&shop));
    let bought = shop.post_to_stripe("/v1/subscriptions", &form).await;
    let account = shop.billing_deps().payments.stripe_account::<workers::billing::Error>().await.unwrap();
    Box::pin(account.cancel_now(bought["id"].as_str().unwrap(), "end")).await.unwrap();
    let message = "You cannot combine currencies on a single customer. This customer has an active subscription, \
                   subscription schedule, discount, quote, or invoice item with currency eur.";
    let body = json!({"error": {"type": "invalid_request_error", "message": message}}).to_string();
    let fault = RequestFault {
        status: Some(400),
        body: Some(body),
        method: Some("POST".to_owned()),
        path: "/v1/checkout/sessions".to_owned(),
        // The page for the month cannot be closed either.
        count: 2,
        ..RequestFault::default()
    };
    shop.stripe().add_fault(fault);
    let refused = send(&shop, checkout()).await;
    assert_mismatch(&shop, &refused);
    assert_eq!(send(&shop, checkout()).await.status.as_u16(), 200, "the quote is closed");
}
