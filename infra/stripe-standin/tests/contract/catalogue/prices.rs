//! <https://docs.stripe.com/api/prices> and <https://docs.stripe.com/products-prices/manage-prices#lookup-keys>.

use crate::{
    asking::{get, post, refused_for},
    shop::Shop,
};
use serde_json::{Value, json};

const TEAM: &str = "product=prod_pro&currency=usd&unit_amount=4900&recurring[interval]=month";

async fn check(shop: &Shop, path: &str, form: &str, expected: &str) {
    assert_eq!(refused_for(shop, "POST", path, form).await, expected, "{path} {form}");
}

fn id(price: &Value) -> &str {
    price["id"].as_str().unwrap()
}

async fn listed(shop: &Shop, query: &str) -> Vec<String> {
    let list = get(shop, &format!("/v1/prices?limit=100&{query}")).await;
    list["data"].as_array().unwrap().iter().map(|each| id(each).to_owned()).collect()
}

#[tokio::test]
async fn prices_are_created_with_all_fields() {
    let shop = Shop::open().await;
    let form = format!(
        "{TEAM}&lookup_key=berth:team/1/month/usd&nickname=Team&metadata[berth_plan]=team&recurring[interval_count]=1\
         &recurring[usage_type]=licensed&billing_scheme=per_unit"
    );
    let made = post(&shop, "/v1/prices", &form).await;
    assert!(id(&made).starts_with("price_1"));
    for (field, expected) in [
        ("object", json!("price")),
        ("active", json!(true)),
        ("currency", json!("usd")),
        ("lookup_key", json!("berth:team/1/month/usd")),
        ("metadata", json!({ "berth_plan": "team" })),
        ("nickname", json!("Team")),
        ("product", json!("prod_pro")),
        ("type", json!("recurring")),
        ("unit_amount", json!(4_900)),
        ("unit_amount_decimal", json!("4900")),
    ] {
        assert_eq!(made[field], expected, "{field}");
    }
    assert_eq!((&made["recurring"]["interval"], &made["recurring"]["interval_count"]), (&json!("month"), &json!(1)));
    assert_eq!(get(&shop, &format!("/v1/prices/{}", id(&made))).await, made);
    assert_eq!(shop.events(), ["price.created"]);
    let plain = "product=prod_pro&currency=EUR&unit_amount=0&recurring[interval]=year&active=false";
    let plain = post(&shop, "/v1/prices", plain).await;
    assert_eq!((&plain["currency"], &plain["unit_amount"]), (&json!("eur"), &json!(0)));
    assert_eq!(
        (&plain["lookup_key"], &plain["nickname"], &plain["metadata"]),
        (&Value::Null, &Value::Null, &json!({}))
    );
    assert_eq!((&plain["active"], &plain["recurring"]["interval"]), (&json!(false), &json!("year")));
}

#[tokio::test]
async fn prices_change_metadata_name_and_state_only() {
    let shop = Shop::open().await;
    let path = "/v1/prices/price_pro_year";
    let changed = post(&shop, path, "nickname=Pro&active=false&metadata[berth_version]=2&metadata[a]=b").await;
    assert_eq!(changed["metadata"], json!({ "a": "b", "berth_plan": "pro", "berth_version": "2" }));
    assert_eq!((&changed["nickname"], &changed["active"]), (&json!("Pro"), &json!(false)));
    assert_eq!(changed["lookup_key"], "berth:pro/1/year/usd");
    assert_eq!(shop.events(), ["price.updated"]);
    assert_eq!(post(&shop, path, "active=false").await, changed);
    assert!(shop.events().is_empty());
    let cleared = post(&shop, path, "nickname=&metadata=&lookup_key=").await;
    assert_eq!((&cleared["nickname"], &cleared["metadata"]), (&Value::Null, &json!({})));
    assert_eq!(cleared["lookup_key"], Value::Null);
    for param in ["unit_amount", "currency", "product"] {
        let expected = format!("400 parameter_unknown {param}: Received unknown parameter: {param}");
        check(&shop, path, &format!("{param}=1"), &expected).await;
    }
    let expected = "400 parameter_unknown recurring[interval]: Received unknown parameter: recurring[interval]";
    check(&shop, path, "recurring[interval]=month", expected).await;
    check(&shop, "/v1/prices/price_no", "active=true", "404 resource_missing id: No such price: 'price_no'").await;
}

#[tokio::test]
async fn lookup_keys_are_unique_unless_they_are_transferred() {
    let shop = Shop::open().await;
    let key = "lookup_key=berth:pro/1/month/usd";
    let taken = "400  lookup_key: A price (`price_pro_month`) already uses that lookup key.";
    check(&shop, "/v1/prices", &format!("{TEAM}&{key}"), taken).await;
    check(&shop, "/v1/prices", &format!("{TEAM}&{key}&transfer_lookup_key=false"), taken).await;
    check(&shop, "/v1/prices/price_pro_year", key, taken).await;
    // An inactive price keeps its key.
    post(&shop, "/v1/products/prod_pro", "default_price=").await;
    post(&shop, "/v1/prices/price_pro_month", "active=false").await;
    check(&shop, "/v1/prices", &format!("{TEAM}&{key}"), taken).await;
    assert_eq!((listed(&shop, "").await.len(), listed(&shop, "active=false").await.len()), (5, 1));
    shop.events();
    let made = post(&shop, "/v1/prices", &format!("{TEAM}&{key}&transfer_lookup_key=true")).await;
    assert_eq!(made["lookup_key"], "berth:pro/1/month/usd");
    assert_eq!(get(&shop, "/v1/prices/price_pro_month").await["lookup_key"], Value::Null);
    assert_eq!(shop.events(), ["price.updated", "price.created"]);
    let back = post(&shop, "/v1/prices/price_pro_month", &format!("{key}&transfer_lookup_key=true")).await;
    assert_eq!(back["lookup_key"], "berth:pro/1/month/usd");
    assert_eq!(get(&shop, &format!("/v1/prices/{}", id(&made))).await["lookup_key"], Value::Null);
    // A price may name its own key.
    post(&shop, "/v1/prices/price_pro_month", key).await;
}

#[tokio::test]
async fn prices_that_are_refused_transfer_no_key() {
    let shop = Shop::open().await;
    let keys: String = (0..51).map(|index| format!("&metadata[k{index}]=v")).collect();
    let form = format!("lookup_key=berth:pro/1/month/usd&transfer_lookup_key=true{keys}");
    let refused = refused_for(&shop, "POST", "/v1/prices", &format!("{TEAM}&{form}")).await;
    assert_eq!(refused, "400  metadata: You can set up to 50 metadata keys.");
    let refused = refused_for(&shop, "POST", "/v1/prices/price_pro_year", &form).await;
    assert_eq!(refused, "400  metadata: You can set up to 50 metadata keys.");
    assert_eq!(get(&shop, "/v1/prices/price_pro_month").await["lookup_key"], "berth:pro/1/month/usd");
    assert!(shop.events().is_empty());
}

#[tokio::test]
async fn prices_are_listed_by_every_filter() {
    let shop = Shop::open().await;
    let euro = post(&shop, "/v1/prices", "product=prod_pro&currency=eur&unit_amount=1&recurring[interval]=month").await;
    let euro = id(&euro).to_owned();
    post(&shop, "/v1/prices/price_pro_year", "active=false").await;
    assert_eq!(listed(&shop, "product=prod_pro").await, [euro.as_str(), "price_pro_month"]);
    assert_eq!(listed(&shop, "product=prod_pro&active=true").await, [euro.as_str(), "price_pro_month"]);
    assert_eq!(listed(&shop, "product=prod_pro&active=false").await, ["price_pro_year"]);
    assert_eq!(listed(&shop, "currency=eur").await, [euro.as_str()]);
    assert_eq!(listed(&shop, "recurring[interval]=year").await, ["price_business_year", "price_starter_year"]);
    assert_eq!(listed(&shop, "type=recurring").await.len(), 6);
    assert!(listed(&shop, "type=one_time").await.is_empty());
    let keys = "lookup_keys[]=berth:pro/1/month/usd&lookup_keys[]=berth:starter/1/month/usd&lookup_keys[]=no";
    assert_eq!(listed(&shop, keys).await, ["price_pro_month", "price_starter_month"]);
    assert!(listed(&shop, "lookup_keys[]=berth:pro/1/year/usd").await.is_empty());
    assert_eq!(listed(&shop, "lookup_keys[]=berth:pro/1/year/usd&active=false").await, ["price_pro_year"]);
    let later = shop.standin().now().as_second() + 1;
    assert!(listed(&shop, &format!("created[gte]={later}")).await.is_empty());
    let eleven: String = (0..11).map(|index| format!("&lookup_keys[]=k{index}")).collect();
    for (query, expected) in [
        (eleven.as_str(), "400  lookup_keys: You can filter by up to 10 lookup keys."),
        ("&product=no", "400 resource_missing product: No such product: 'no'"),
        ("&recurring[interval]=week", "400  recurring[interval]: Invalid interval: must be one of month, year"),
        ("&active=1", "400  active: Invalid boolean: 1"),
    ] {
        assert_eq!(refused_for(&shop, "GET", &format!("/v1/prices?limit=1{query}"), "").await, expected);
    }
}

#[tokio::test]
async fn prices_refusals_name_the_parameter() {
    let shop = Shop::open().await;
    let with = |from: &str, to: &str| TEAM.replace(from, to);
    for (form, expected) in [
        (with("currency=usd&", ""), "400 parameter_missing currency: Missing required param: currency."),
        (
            with("product=prod_pro&", ""),
            "400  product: You must specify either `product` or `product_data` when creating a price.",
        ),
        (with("prod_pro", "no"), "400 resource_missing product: No such product: 'no'"),
        (
            with("unit_amount=4900&", ""),
            "400  unit_amount: Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.",
        ),
        (with("4900", "-1"), "400  unit_amount: Invalid non-negative integer"),
        (with("4900", "49.5"), "400  unit_amount: Invalid integer: 49.5"),
        (
            with("4900", "1000000000000"),
            "400  unit_amount: This value must be less than or equal to 999999999999 (it currently is '1000000000000').",
        ),
        (with("&recurring[interval]=month", ""), "400  recurring: The stand-in does not model one-time prices."),
        (
            with("[interval]=month", "[interval_count]=1"),
            "400 parameter_missing recurring[interval]: Missing required param: recurring[interval].",
        ),
        (
            with("=month", "=century"),
            "400  recurring[interval]: Invalid recurring[interval]: must be one of day, month, week, or year",
        ),
        (with("=month", "=week"), "400  recurring[interval]: The stand-in does not model intervals of days and weeks."),
        (
            format!("{TEAM}&recurring[interval_count]=3"),
            "400  recurring[interval_count]: The stand-in does not model several intervals in a period.",
        ),
        (format!("{TEAM}&active=maybe"), "400  active: Invalid boolean: maybe"),
        (format!("{TEAM}&metadata[a][b]=c"), "400  metadata[a]: Metadata values must be strings."),
        (format!("{TEAM}&id=price_x"), "400 parameter_unknown id: Received unknown parameter: id"),
    ] {
        check(&shop, "/v1/prices", &form, expected).await;
    }
    let currency = refused_for(&shop, "POST", "/v1/prices", &with("usd", "euro")).await;
    assert!(currency.starts_with("400  currency: Invalid currency: euro. Stripe currently supports"), "{currency}");
    let long = refused_for(&shop, "POST", "/v1/prices", &format!("{TEAM}&lookup_key={}", "k".repeat(201))).await;
    assert!(long.ends_with("must be at most 200 characters"), "{long}");
    post(&shop, "/v1/prices", &format!("{TEAM}&lookup_key={}", "k".repeat(200))).await;
    assert_eq!(listed(&shop, "").await.len(), 7);
}
