//! Add-ons when the plan, the interval or their version changes.

use super::{Buyer, items};
use serde_json::{Value, json};
use testkit::{Request, Shop, plans_with_addons, plans_with_second_runs};

#[tokio::test]
async fn offers_are_listed_with_the_plans() {
    let buyer = Buyer::of("starter", "month").await;
    let offers = buyer.send(Request::new("GET", "/billing/plans")).await.body["addons"].clone();
    let space = json!({
        "addon": "space", "version": 1, "title": "10 GB more", "description": "More space for files.",
        "meter": "storage_mb", "amount": 10_240, "maximum_quantity": 20,
        "prices": [{"interval": "month", "currency": "usd", "amount": 5_00}],
    });
    assert_eq!((offers.as_array().unwrap().len(), &offers[1]), (3, &space));
}

/// Invariant 47.
#[tokio::test]
async fn upgrade_removes_what_has_no_effect() {
    let buyer = Buyer::of("starter", "month").await;
    buyer.buy("links", 2).await;
    buyer.buy("runs", 1).await;
    assert_eq!(buyer.limit("integrations").await, 5);
    let preview = buyer.send(Request::new("GET", "/billing/plan/preview?plan=pro")).await.body;
    assert_eq!(preview["next_amount"], 29_00 + 3_00, "{preview:#}");
    let before: i64 = buyer.paid().iter().sum();
    assert_eq!(buyer.put_plan("pro", "month").await.body, json!({"status": "applied"}));
    assert_eq!(buyer.items(), items("pro", &[("runs", 1)]));
    let charged = buyer.paid().iter().sum::<i64>() - before;
    assert_eq!(json!(charged), preview["amount_due_now"], "with credit for the integrations");
    assert_eq!((buyer.limit("integrations").await, buyer.limit("executions").await), (Value::Null, json!(101_000)));
}

/// Invariant 47.
#[tokio::test]
async fn downgrade_keeps_add_ons() {
    let buyer = Buyer::of("pro", "month").await;
    buyer.buy("runs", 2).await;
    let preview = buyer.send(Request::new("GET", "/billing/plan/preview?plan=starter")).await.body;
    assert_eq!((&preview["next_amount"], &preview["amount_due_now"]), (&json!(9_00 + 6_00), &json!(0)));
    assert_eq!(buyer.put_plan("starter", "month").await.body["status"], "scheduled");
    // What is scheduled, and what would stay, is shown with its add-ons.
    for (plan, amount) in [("starter", 9_00 + 6_00), ("pro", 29_00 + 6_00)] {
        let preview = buyer.send(Request::new("GET", &format!("/billing/plan/preview?plan={plan}"))).await.body;
        assert_eq!(preview["next_amount"], amount, "{preview:#}");
    }
    // Fewer units are added to the scheduled change, which stays.
    assert_eq!(buyer.order("runs", 3).await.code(), "change_scheduled");
    assert_eq!(buyer.order("runs", 1).await.body["status"], "scheduled");
    let seen = buyer.shown().await;
    assert_eq!((&seen["scheduled_plan"], &seen["addons"][0]["scheduled_quantity"]), (&json!("starter"), &json!(1)));
    buyer.period_ends().await;
    assert_eq!(buyer.items(), items("starter", &[("runs", 1)]));
    assert_eq!(buyer.paid().last(), Some(&12_00));
}

#[tokio::test]
async fn another_interval_has_other_prices() {
    let buyer = Buyer::of("pro", "month").await;
    buyer.buy("runs", 2).await;
    buyer.buy("space", 1).await;
    let refused = buyer.put_plan("pro", "year").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "addon_not_sold"), "{refused}");
    buyer.order("space", 0).await;
    buyer.period_ends().await;
    assert_eq!(buyer.put_plan("pro", "year").await.body, json!({"status": "applied"}));
    assert_eq!(buyer.items(), [("price_pro_year".to_owned(), 1), ("price_runs_year".to_owned(), 2)]);
    assert_eq!(buyer.order("space", 1).await.code(), "addon_not_sold");
    // And back when the year ends.
    assert_eq!(buyer.put_plan("pro", "month").await.body["status"], "scheduled");
    buyer.period_ends().await;
    assert_eq!(buyer.items(), items("pro", &[("runs", 2)]));
}

/// Invariant 48.
#[tokio::test]
async fn customers_keep_the_version_of_an_add_on() {
    let mut buyer = Buyer::of("pro", "month").await;
    buyer.buy("runs", 1).await;
    let next = plans_with_second_runs();
    for price in next.addons.iter().find(|addon| addon.name.as_str() == "runs").unwrap().prices {
        let interval = price.interval.name();
        let form = format!(
            "product=prod_runs&currency=usd&unit_amount={}&recurring[interval]={interval}\
             &lookup_key=berth:addon:runs/2/{interval}/usd&metadata[berth_addon]=runs&metadata[berth_version]=2",
            price.amount
        );
        buyer.shop.post_to_stripe("/v1/prices", &form).await;
    }
    buyer.shop.world = buyer.shop.world.with_plans(next);
    buyer.buy("runs", 2).await;
    assert_eq!(buyer.items(), items("pro", &[("runs", 2)]), "the price of the first version");
    // Another interval is another purchase.
    assert_eq!(buyer.put_plan("pro", "year").await.body, json!({"status": "applied"}));
    let version = buyer.shop.stripe_objects("subscriptions")[0]["items"]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["price"]["metadata"]["berth_version"].clone())
        .collect::<Vec<_>>();
    assert!(version.contains(&json!("2")), "{version:?}");
    assert_eq!(buyer.limit("executions").await, 102_000);
}

#[tokio::test]
async fn units_of_another_catalogue_give_nothing() {
    let shop = Shop::selling(1, plans_with_addons()).await;
    let buyer = Buyer::in_shop(shop, "starter", "month").await;
    let subscription = buyer.shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
    let form = "product=prod_runs&currency=usd&unit_amount=100&recurring[interval]=month\
                &metadata[berth_addon]=runs&metadata[berth_version]=9";
    let price = buyer.shop.post_to_stripe("/v1/prices", form).await["id"].as_str().unwrap().to_owned();
    let items = format!("items[0][price]={price}&items[0][quantity]=5");
    buyer.shop.post_to_stripe(&format!("/v1/subscriptions/{subscription}"), &items).await;
    buyer.sync().await;
    assert_eq!((buyer.limit("executions").await, buyer.shown().await["addons"].clone()), (json!(10_000), json!([])));
    // An order leaves the item as it is.
    buyer.buy("runs", 1).await;
    assert!(buyer.items().contains(&(price, 5)), "{:?}", buyer.items());
}
