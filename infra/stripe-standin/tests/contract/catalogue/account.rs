//! <https://docs.stripe.com/api/accounts/retrieve>, and the catalogue that an account begins with.

use crate::{
    asking::{get, refused_for},
    shop::Shop,
};
use serde_json::{Value, json};
use stripe_standin::{CataloguePrice, Interval};

#[tokio::test]
async fn account_has_its_id_and_name() {
    let account = get(&Shop::open().await, "/v1/account").await;
    assert_eq!((&account["object"], &account["id"]), (&json!("account"), &json!("acct_1Standin")));
    assert_eq!(account["settings"]["dashboard"]["display_name"], "Stand-in");
    let shop = Shop::with(|options| "acct_other".clone_into(&mut options.account)).await;
    assert_eq!(get(&shop, "/v1/account").await["id"], "acct_other");
    let refused = refused_for(&shop, "GET", "/v1/account?x=1", "").await;
    assert_eq!(refused, "400 parameter_unknown x: Received unknown parameter: x");
}

/// Returns lookup key, metadata, currency, amount and interval.
async fn sold(shop: &Shop, price: &str) -> [Value; 5] {
    let mut price = get(shop, &format!("/v1/prices/{price}")).await;
    let interval = price["recurring"]["interval"].take();
    let mut field = |name: &str| price[name].take();
    [field("lookup_key"), field("metadata"), field("currency"), field("unit_amount"), interval]
}

#[tokio::test]
async fn initial_catalogue_names_plans_and_versions() {
    let shop = Shop::open().await;
    let metadata = json!({ "berth_plan": "pro", "berth_version": "1" });
    let month = [json!("berth:pro/1/month/usd"), metadata.clone(), json!("usd"), json!(2_900), json!("month")];
    assert_eq!(sold(&shop, "price_pro_month").await, month);
    let year = [json!("berth:pro/1/year/usd"), metadata, json!("usd"), json!(29_000), json!("year")];
    assert_eq!(sold(&shop, "price_pro_year").await, year);
}

#[tokio::test]
async fn initial_catalogue_can_be_any() {
    let storage = CataloguePrice {
        id: "price_storage".to_owned(),
        product: "berth_addon_storage".to_owned(),
        name: "Storage".to_owned(),
        currency: "jpy".parse().unwrap(),
        unit_amount: 500,
        interval: Interval::Year,
        ..CataloguePrice::default()
    };
    let adopted =
        CataloguePrice { id: "price_old".to_owned(), lookup_key: None, ..storage.clone().of_addon("storage", 2) };
    let sold_now = storage.of_addon("storage", 3);
    let shop = Shop::with(|options| options.catalogue = vec![sold_now, adopted]).await;
    let metadata = |version| json!({ "berth_addon": "storage", "berth_version": version });
    let amount = || [json!("jpy"), json!(500), json!("year")];
    let [currency, unit, interval] = amount();
    let key = json!("berth:addon:storage/3/year/jpy");
    assert_eq!(sold(&shop, "price_storage").await, [key, metadata("3"), currency, unit, interval]);
    let [currency, unit, interval] = amount();
    assert_eq!(sold(&shop, "price_old").await, [Value::Null, metadata("2"), currency, unit, interval]);
    assert_eq!(get(&shop, "/v1/products").await["data"].as_array().unwrap().len(), 1);
    assert_eq!(get(&shop, "/v1/products/berth_addon_storage").await["name"], "Storage");
}
