//! Customers: creating once, finding, changing and deleting.

use crate::shop::{Shop, refusal, send_under};
use std::collections::HashMap;
use stripe_core::customer::{
    CreateCustomer, DeleteCustomer, ListCustomer, RetrieveCustomer, RetrieveCustomerReturned, UpdateCustomer,
};
use stripe_types::{RangeBoundsTs, RangeQueryTs};

#[tokio::test]
async fn a_key_creates_one_customer() {
    let shop = Shop::open().await;
    let request = CreateCustomer::new().name("Acme").metadata([("workspace".to_owned(), "ws_1".to_owned())]);
    let first = send_under(&shop, "ws_1.1.customer", &request).await.unwrap();
    let again = send_under(&shop, "ws_1.1.customer", &request).await.unwrap();
    assert_eq!(first.id, again.id);
    assert_eq!(first.metadata.unwrap()["workspace"], "ws_1");
    assert_eq!(ListCustomer::new().send(&shop.client).await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn without_a_key_each_request_creates_one() {
    let shop = Shop::open().await;
    let (one, other) = (shop.customer().await, shop.customer().await);
    assert_ne!(one, other);
}

#[tokio::test]
async fn customers_around_a_time_can_be_listed() {
    let shop = Shop::open().await;
    let early = shop.customer().await;
    shop.advance_days(1);
    let noon = shop.standin().now().as_second();
    let late = shop.customer().await;
    assert_eq!(since(&shop, noon).await, std::slice::from_ref(&late));
    assert_eq!(since(&shop, noon - 86_400).await, [late, early]);
}

async fn since(shop: &Shop, from: i64) -> Vec<String> {
    let bounds = RangeBoundsTs { gte: Some(from), ..RangeBoundsTs::default() };
    let list = ListCustomer::new().created(RangeQueryTs::Bounds(bounds)).send(&shop.client).await.unwrap();
    list.data.into_iter().map(|customer| customer.id.to_string()).collect()
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let shop = Shop::open().await;
    let id = shop.customer().await;
    let metadata = |pairs: &[(&str, &str)]| -> HashMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let update = UpdateCustomer::new(id.as_str()).email("a@acme.test").metadata(metadata(&[("a", "1"), ("b", "2")]));
    update.send(&shop.client).await.unwrap();
    let update = UpdateCustomer::new(id.as_str()).metadata(metadata(&[("a", "")]));
    let customer = update.send(&shop.client).await.unwrap();
    assert_eq!(customer.name.as_deref(), Some("Acme"));
    assert_eq!(customer.email.as_deref(), Some("a@acme.test"));
    assert_eq!(customer.metadata.unwrap(), metadata(&[("b", "2")]));
    assert_eq!(shop.events(), ["customer.created", "customer.updated", "customer.updated"]);
}

#[tokio::test]
async fn a_deleted_customer_is_nothing_but_its_id() {
    let shop = Shop::open().await;
    let (id, subscription) = shop.subscriber("price_pro_month").await;
    DeleteCustomer::new(id.as_str()).send(&shop.client).await.unwrap();
    match RetrieveCustomer::new(id.as_str()).send(&shop.client).await.unwrap() {
        RetrieveCustomerReturned::DeletedCustomer(gone) => assert_eq!(gone.id.to_string(), id),
        RetrieveCustomerReturned::Customer(_) => panic!("still there"),
    }
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "canceled");
    assert!(ListCustomer::new().send(&shop.client).await.unwrap().data.is_empty());
    let update = UpdateCustomer::new(id.as_str()).name("x").send(&shop.client).await;
    assert_eq!(refusal(update), format!("404 resource_missing: No such customer: '{id}'"));
}
