//! <https://docs.stripe.com/api/products>: created once under a chosen id, changed, and listed.

use crate::{
    asking::{get, post, refused_for},
    shop::{self, Shop, refusal},
};
use serde_json::{Value, json};
use stripe_core::customer::CreateCustomer;

async fn check(shop: &Shop, path: &str, form: &str, expected: &str) {
    assert_eq!(refused_for(shop, "POST", path, form).await, expected, "{path} {form}");
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|each| each["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn products_are_created_under_a_chosen_id_once() {
    let shop = Shop::open().await;
    let form = "id=berth_plan_team&name=Team&description=For%20teams&metadata[berth_plan]=team\
                &marketing_features[0][name]=Ten%20seats";
    let made = post(&shop, "/v1/products", form).await;
    assert_eq!(
        (&made["id"], &made["object"], &made["name"]),
        (&json!("berth_plan_team"), &json!("product"), &json!("Team"))
    );
    assert_eq!((&made["description"], &made["active"]), (&json!("For teams"), &json!(true)));
    assert_eq!(made["metadata"], json!({ "berth_plan": "team" }));
    assert_eq!(made["marketing_features"], json!([{ "name": "Ten seats" }]));
    assert_eq!(made["default_price"], Value::Null);
    assert_eq!(get(&shop, "/v1/products/berth_plan_team").await, made);
    assert_eq!(shop.events(), ["product.created"]);
    check(&shop, "/v1/products", form, "400 resource_already_exists : Product already exists.").await;
    assert!(shop.events().is_empty());
    let other = post(&shop, "/v1/products", "name=Other&active=false").await;
    assert!(other["id"].as_str().unwrap().starts_with("prod_"));
    assert_eq!(other["active"], false);
}

#[tokio::test]
async fn products_repeat_their_answer_under_an_idempotency_key() {
    let shop = Shop::open().await;
    let make = async |name: &str| {
        let request = http::Request::post(shop.url("/v1/products"))
            .header("authorization", format!("Bearer {}", shop::KEY))
            .header("idempotency-key", "push.1");
        crate::browser::send(request, &format!("id=p1&name={name}")).await
    };
    let first = make("One").await;
    let again = make("One").await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(make("Two").await.json()["error"]["type"], "idempotency_error");
}

#[tokio::test]
async fn products_change_what_is_named() {
    let shop = Shop::open().await;
    post(&shop, "/v1/products", "id=p1&name=One&description=First&metadata[a]=1&metadata[b]=2").await;
    shop.events();
    shop.advance_days(1);
    let changed = post(&shop, "/v1/products/p1", "name=Uno&metadata[a]=&metadata[c]=3&active=false").await;
    assert_eq!((&changed["name"], &changed["description"]), (&json!("Uno"), &json!("First")));
    assert_eq!((&changed["metadata"], &changed["active"]), (&json!({ "b": "2", "c": "3" }), &json!(false)));
    assert_eq!(changed["updated"].as_i64().unwrap() - changed["created"].as_i64().unwrap(), 86_400);
    let events = shop.standin().take_all_deliveries();
    let event: Value = serde_json::from_slice(&events[0].body).unwrap();
    assert_eq!(event["type"], "product.updated");
    assert_eq!(event["data"]["previous_attributes"]["name"], "One");
    // The same again changes nothing.
    shop.advance_days(1);
    assert_eq!(post(&shop, "/v1/products/p1", "name=Uno").await, changed);
    assert!(shop.events().is_empty());
    assert_eq!(post(&shop, "/v1/products/p1", "description=").await["description"], Value::Null);
}

#[tokio::test]
async fn products_have_a_default_price_of_their_own() {
    let shop = Shop::open().await;
    let made = post(&shop, "/v1/products/prod_pro", "default_price=price_pro_year").await;
    assert_eq!(made["default_price"], "price_pro_year");
    let path = "/v1/products/prod_pro";
    let expected = "400 resource_missing default_price: No such price: 'price_no'";
    check(&shop, path, "default_price=price_no", expected).await;
    let expected = "400  default_price: The price `price_business_month` does not belong to the product `prod_pro`.";
    check(&shop, path, "default_price=price_business_month", expected).await;
    post(&shop, "/v1/prices/price_pro_month", "active=false").await;
    let expected = "400  default_price: The price specified is inactive. This field only accepts active prices.";
    check(&shop, path, "default_price=price_pro_month", expected).await;
    assert_eq!(post(&shop, path, "default_price=").await["default_price"], Value::Null);
}

#[tokio::test]
async fn products_are_listed_by_ids_and_state() {
    let shop = Shop::open().await;
    post(&shop, "/v1/products", "id=p1&name=One").await;
    post(&shop, "/v1/products/prod_pro", "active=false").await;
    assert_eq!(ids(&get(&shop, "/v1/products").await), ["p1", "prod_business", "prod_pro", "prod_starter"]);
    assert_eq!(ids(&get(&shop, "/v1/products?active=true").await), ["p1", "prod_business", "prod_starter"]);
    assert_eq!(ids(&get(&shop, "/v1/products?active=false").await), ["prod_pro"]);
    assert_eq!(ids(&get(&shop, "/v1/products?ids[]=p1&ids[]=prod_pro&ids[]=no").await), ["p1", "prod_pro"]);
    let later = shop.standin().now().as_second() + 1;
    assert!(ids(&get(&shop, &format!("/v1/products?created[gte]={later}")).await).is_empty());
}

#[tokio::test]
async fn products_refusals_name_the_parameter() {
    let shop = Shop::open().await;
    for (path, form, expected) in [
        ("/v1/products", "id=p1", "400 parameter_missing name: Missing required param: name."),
        ("/v1/products", "name=A&active=yes", "400  active: Invalid boolean: yes"),
        ("/v1/products", "name=A&metadata=x", "400  metadata: Invalid hash"),
        ("/v1/products", "name=A&color=red", "400 parameter_unknown color: Received unknown parameter: color"),
        (
            "/v1/products",
            "name=A&marketing_features[0][title]=x",
            "400 parameter_missing marketing_features[0][name]: Missing required param: marketing_features[0][name].",
        ),
        ("/v1/products/no", "name=A", "404 resource_missing id: No such product: 'no'"),
        ("/v1/products/prod_pro", "id=x", "400 parameter_unknown id: Received unknown parameter: id"),
    ] {
        check(&shop, path, form, expected).await;
    }
    let empty = refused_for(&shop, "POST", "/v1/products/prod_pro", "name=").await;
    assert!(empty.starts_with("400 parameter_invalid_empty name: You passed an empty string for 'name'."), "{empty}");
    let many: String = (0..16).map(|index| format!("&marketing_features[{index}][name]=f")).collect();
    let many = refused_for(&shop, "POST", "/v1/products", &format!("name=A{many}")).await;
    assert_eq!(many, "400  marketing_features: A product can have up to 15 marketing features.");
    assert_eq!(get(&shop, "/v1/products").await["data"].as_array().unwrap().len(), 3);
}

/// <https://docs.stripe.com/keys/restricted-api-keys>
#[tokio::test]
async fn catalogue_is_not_changed_by_a_key_that_reads() {
    let shop = Shop::open().await;
    let reader = |method: &str, path: &str| {
        let request = http::Request::builder().method(method).uri(shop.url(path));
        request.header("authorization", "Bearer rk_test_standin")
    };
    for path in ["/v1/account", "/v1/products", "/v1/prices", "/v1/products/prod_pro", "/v1/prices/price_pro_month"] {
        assert_eq!(crate::browser::send(reader("GET", path), "").await.status, 200, "{path}");
    }
    for path in ["/v1/products", "/v1/prices", "/v1/products/prod_pro", "/v1/prices/price_pro_month"] {
        let refused = crate::browser::send(reader("POST", path), "name=x").await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
    }
    let reader = shop::client(&shop.served, "rk_test_standin");
    assert!(refusal(CreateCustomer::new().send(&reader).await).starts_with("403"));
    assert!(shop.events().is_empty());
}
