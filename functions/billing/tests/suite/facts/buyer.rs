//! Invoices name the workspace at first, then what the buyer typed.

use super::{customer, handle, paying, send};
use serde_json::{Value, json};
use stripe_standin::{Address, Buyer, RequestFault, TaxId};
use testkit::{Request, Shop};
use workers::billing::finish_interrupted;

fn checkout() -> Request {
    Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}))
}

async fn sync(shop: &Shop) {
    let synced = send(shop, Request::new("POST", "/billing/sync")).await;
    assert_eq!(synced.status.as_u16(), 200, "{synced}");
}

/// Returns the customer's name at Stripe.
fn name(shop: &Shop) -> String {
    shop.stripe().state()["customers"][0]["name"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn invoices_name_the_workspace_then_the_buyer() {
    let shop = Shop::open(1).await;
    send(&shop, checkout()).await;
    let page = &shop.stripe_objects("checkout_sessions")[0];
    assert_eq!(
        (&page["tax_id_collection"]["enabled"], &page["billing_address_collection"]),
        (&json!(true), &json!("required"))
    );
    assert_eq!((name(&shop).as_str(), &page["metadata"]["workspace"]), ("Acme", &json!(shop.workspace)));
    let typed = Buyer {
        name: Some("Acme GmbH".to_owned()),
        address: Some(Address { city: "Berlin".to_owned(), country: "DE".to_owned(), ..Address::default() }),
        tax_id: Some(TaxId { kind: "eu_vat".to_owned(), value: "DE123456789".to_owned() }),
        promotion_code: None,
    };
    assert!(shop.stripe().pay_as(&shop.open_sessions()[0], typed).unwrap());
    handle(&shop, &shop.hints()).await;
    sync(&shop).await;
    let invoice = &shop.stripe_objects("invoices")[0];
    let shown =
        [&invoice["customer_name"], &invoice["customer_address"]["city"], &invoice["customer_tax_ids"][0]["value"]];
    assert_eq!(shown, ["Acme GmbH", "Berlin", "DE123456789"]);
    let portal = Buyer { name: Some("Acme AG".to_owned()), ..Buyer::default() };
    shop.stripe().edit_details(&customer(&shop), portal).unwrap();
    handle(&shop, &shop.hints()).await;
    assert_eq!(name(&shop), "Acme AG", "what the buyer types is kept");
}

#[tokio::test]
async fn customer_named_by_id_is_named_after_the_workspace() {
    let shop = paying().await;
    let path = format!("/v1/customers/{}", customer(&shop));
    shop.post_to_stripe(&path, &format!("name={}", shop.workspace)).await;
    let renaming = || RequestFault {
        status: Some(500),
        method: Some("POST".to_owned()),
        path: "/v1/customers/".to_owned(),
        ..RequestFault::default()
    };
    shop.stripe().add_fault(renaming());
    sync(&shop).await;
    assert_eq!(name(&shop), shop.workspace.to_string(), "a failure is repeated by the next comparison");
    handle(&shop, &shop.hints()).await;
    assert_eq!(name(&shop), "Acme");
    let renames = || shop.stripe_requests().iter().filter(|request| *request == "POST /v1/customers/{id}").count();
    let before = renames();
    sync(&shop).await;
    assert_eq!(renames(), before);
}

#[tokio::test]
async fn repeated_creation_of_a_customer_has_the_same_name() {
    let shop = Shop::open(1).await;
    shop.stripe().add_fault(RequestFault {
        status: Some(502),
        applied: true,
        body: Some("<html>".to_owned()),
        path: "/v1/customers".to_owned(),
        ..RequestFault::default()
    });
    assert_eq!(send(&shop, checkout()).await.status.as_u16(), 503);
    assert_eq!(shop.customers(), 1, "the answer was lost");
    shop.world.overwrite(shop.workspace, "META", "name", json!({"S": "Renamed"}));
    finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
    assert_eq!((shop.customers(), name(&shop).as_str(), shop.open_sessions().len()), (1, "Acme", 1));
    let keys: Vec<Value> = shop.world.items().into_values().filter(|item| item["_type"] == "intent").collect();
    assert_eq!(keys, Vec::<Value>::new());
}
