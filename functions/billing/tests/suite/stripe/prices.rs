//! Prices at Stripe: each says itself which plan it pays for. A price that says nothing, something else than the catalogue,
//! or two things at once gives nothing and is reported.

use domain::{
    billing::{
        account::Billing,
        comparison::Comparison,
        subscription::{Period, Status, Subscription},
    },
    plans::money::Interval,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::CataloguePrice;
use testkit::{Answer, Lines, Moment, PLANS, Request, Shop, plans_with_second_pro};
use workers::billing::{finish_interrupted, handle_event, price_differences};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn put(shop: &Shop, plan: &str) -> Answer {
    send(shop, Request::new("PUT", "/billing/plan").json(json!({"plan": plan}))).await
}

/// Returns the answer to a synchronization with Stripe.
async fn sync(shop: &Shop) -> Value {
    shop.world.wait(SignedDuration::from_mins(2));
    send(shop, Request::new("POST", "/billing/sync")).await.body
}

/// Makes a subscription of the workspace's customer in Stripe.
async fn subscribe(shop: &Shop, price: &str) {
    send(shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "starter"}))).await;
    let customer = shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
    shop.subscribe_in_stripe(&customer, price).await;
}

/// Buys `plan` and pays.
async fn buy(shop: &Shop, plan: &str) {
    assert_eq!(put(shop, plan).await.body["status"], "checkout");
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(sync(shop).await["plan"], plan);
}

/// Returns the price that is paid.
fn paid(shop: &Shop) -> Value {
    shop.stripe_objects("subscriptions")[0]["items"]["data"][0]["price"].clone()
}

/// A price for 19 dollars a month that was sold before there were plans.
fn legacy() -> CataloguePrice {
    CataloguePrice {
        id: "price_legacy".to_owned(),
        product: "prod_legacy".to_owned(),
        name: "Legacy".to_owned(),
        unit_amount: 19_00,
        ..CataloguePrice::default()
    }
}

/// Each row changes the price of business in Stripe's dashboard.
#[tokio::test]
async fn price_that_names_no_plan_gives_nothing_and_is_reported() {
    for change in [
        "metadata[berth_plan]=&metadata[berth_version]=&lookup_key=",
        "metadata[berth_plan]=gold&lookup_key=",
        "metadata[berth_version]=2&lookup_key=",
        "metadata[berth_version]=01&lookup_key=",
        "metadata[berth_version]=2",
        "metadata[berth_plan]=pro",
        "metadata[berth_plan]=&metadata[berth_addon]=business",
        "lookup_key=berth:pro/2/month/usd",
    ] {
        let shop = Shop::open(1).await;
        shop.post_to_stripe("/v1/prices/price_business_month", change).await;
        subscribe(&shop, "price_business_month").await;
        let log = Lines::capture();
        assert_eq!(sync(&shop).await["plan"], "free", "{change}");
        assert!(log.text().contains("price_business_month"), "{change}");
        let refused = put(&shop, "pro").await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "plan_unknown"), "{change}: {refused}");
        // Adopted, it gives the plan without any purchase.
        let adopted = "metadata[berth_addon]=&metadata[berth_plan]=business&metadata[berth_version]=1&lookup_key=";
        shop.post_to_stripe("/v1/prices/price_business_month", adopted).await;
        assert_eq!(sync(&shop).await["plan"], "business", "{change}");
    }
}

/// One of metadata and lookup key is enough.
#[tokio::test]
async fn price_without_its_metadata_keeps_its_plan() {
    let shop = Shop::open(1).await;
    buy(&shop, "pro").await;
    shop.post_to_stripe("/v1/prices/price_pro_month", "metadata[berth_plan]=&metadata[berth_version]=").await;
    assert_eq!(sync(&shop).await["plan"], "pro");
    assert_eq!(put(&shop, "business").await.body["status"], "applied");
}

#[tokio::test]
async fn adopted_price_keeps_its_amount_until_the_plan_is_changed() {
    let shop = Shop::open_with(1, |options| options.catalogue.push(legacy())).await;
    let adopted = "metadata[berth_plan]=pro&metadata[berth_version]=1";
    shop.post_to_stripe("/v1/prices/price_legacy", adopted).await;
    subscribe(&shop, "price_legacy").await;
    assert_eq!(sync(&shop).await["plan"], "pro");
    assert_eq!(put(&shop, "pro").await.code(), "plan_unchanged");
    assert_eq!(put(&shop, "starter").await.body["status"], "scheduled");
    assert_eq!(put(&shop, "pro").await.status.as_u16(), 200, "the downgrade is withdrawn");
    assert_eq!(paid(&shop)["id"], "price_legacy");
    let preview = send(&shop, Request::new("GET", "/billing/plan/preview?plan=business")).await;
    assert_eq!(preview.body["amount_due_now"], 79_00 - 19_00, "{preview}");
    assert_eq!(put(&shop, "business").await.body["status"], "applied");
    assert_eq!(paid(&shop)["lookup_key"], "berth:business/1/month/usd");
}

/// A schedule that was made in Stripe leads to an adopted price, of which the schedule holds the id alone.
#[tokio::test]
async fn scheduled_price_says_what_it_pays_for() {
    let shop = Shop::open_with(1, |options| options.catalogue.push(legacy())).await;
    shop.post_to_stripe("/v1/prices/price_legacy", "metadata[berth_plan]=starter&metadata[berth_version]=1").await;
    buy(&shop, "pro").await;
    let held = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
    let schedule = shop.post_to_stripe("/v1/subscription_schedules", &format!("from_subscription={held}")).await;
    let (id, phase) = (schedule["id"].as_str().unwrap(), &schedule["phases"][0]);
    let form = format!(
        "phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month\
         &phases[1][items][0][price]=price_legacy",
        phase["start_date"], phase["end_date"]
    );
    shop.post_to_stripe(&format!("/v1/subscription_schedules/{id}"), &form).await;
    let view = sync(&shop).await;
    assert_eq!(view["scheduled_plan"], "starter", "{view}");
}

/// Invariant 48.
#[tokio::test]
async fn another_version_leaves_subscribers_as_they_were() {
    let shop = Shop::selling(1, plans_with_second_pro()).await;
    subscribe(&shop, "price_pro_month").await;
    let seats = async || {
        let config = send(&shop, Request::new("GET", "/billing/config")).await.body;
        (config["limits"]["members"].clone(), config["pricing"]["prices"][0]["amount"].clone())
    };
    assert_eq!(sync(&shop).await["plan"], "pro");
    assert_eq!(seats().await, (json!(10), json!(29_00)));
    assert_eq!(put(&shop, "pro").await.code(), "plan_unchanged");
    let night = Comparison::begun(shop.world.clock.now());
    let customer = shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
    handle_event(&shop.billing_deps(), &night.hint(&customer)).await.unwrap();
    assert_eq!((seats().await, &paid(&shop)["id"]), ((json!(10), json!(29_00)), &json!("price_pro_month")));
    // Who changes the plan gets the version that is sold.
    assert_eq!(put(&shop, "business").await.body["status"], "applied");
    assert_eq!(put(&shop, "pro").await.body["status"], "scheduled");
    shop.world.wait(SignedDuration::from_hours(31 * 24 + 2));
    shop.stripe().advance(SignedDuration::ZERO);
    assert_eq!(sync(&shop).await["plan"], "pro");
    assert_eq!(
        (seats().await, &paid(&shop)["lookup_key"]),
        ((json!(12), json!(39_00)), &json!("berth:pro/2/month/usd"))
    );
}

/// An order that was stored before prices had names holds Stripe's id of its price.
#[tokio::test]
async fn order_with_the_id_of_a_price_is_finished() {
    let shop = Shop::open(1).await;
    buy(&shop, "starter").await;
    for (plan, price) in [("pro", "price_pro_month"), ("business", "price_business_month")] {
        let interrupted = shop.world.crashing(3, Moment::Before, Box::pin(put(&shop, plan))).await;
        assert!(interrupted.is_none(), "{interrupted:?}");
        let items = shop.world.items();
        let key = items.keys().find(|(_, sk)| sk.starts_with("INTENT#")).expect("an intent").clone();
        let mut order = items[&key]["order"].clone();
        assert_eq!(order["aim"]["price"], format!("{plan}/1/month/usd"));
        order["aim"]["price"] = json!(price);
        shop.world.overwrite_at(&key, "order", dynamo(&order));
        shop.world.wait(SignedDuration::from_mins(3));
        finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
        assert_eq!((sync(&shop).await["plan"].clone(), paid(&shop)["id"].clone()), (json!(plan), json!(price)));
    }
}

/// Returns `value` as DynamoDB's JSON.
fn dynamo(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(flag) => json!({"BOOL": flag}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(items) => json!({"L": items.iter().map(dynamo).collect::<Vec<_>>()}),
        Value::Object(fields) => {
            json!({"M": fields.iter().map(|(name, field)| (name.clone(), dynamo(field))).collect::<serde_json::Map<_, _>>()})
        }
    }
}

#[tokio::test]
async fn price_that_differs_from_the_catalogue_is_found() {
    let other = CataloguePrice { id: "price_other".to_owned(), unit_amount: 28_00, ..legacy() }.of_plan("pro", 1);
    let shop = Shop::open_with(1, |options| {
        options.catalogue.retain(|price| price.id != "price_pro_month");
        options.catalogue.push(other);
    })
    .await;
    shop.post_to_stripe("/v1/prices/price_business_year", "active=false").await;
    let with = shop.billing_deps();
    let found = price_differences::<workers::billing::Error>(&with.payments, PLANS).await.unwrap();
    let found: Vec<_> = found.iter().map(|found| serde_json::to_value(found).unwrap()).collect();
    assert_eq!(
        found,
        [
            json!({"code": "price", "subject": "pro/1/month/usd", "recorded": {"amount": 29_00},
                "found": {"price": "price_other", "amount": 28_00}, "repair": "by_hand"}),
            json!({"code": "price", "subject": "business/1/year/usd", "recorded": {"amount": 79_000}, "found": null,
                "repair": "by_hand"}),
        ]
    );
}

/// Whatever fails, the subscription is not changed to a price that was not ordered.
#[tokio::test]
async fn failure_while_the_price_is_looked_up_changes_nothing() {
    let shop = Shop::open(1).await;
    buy(&shop, "pro").await;
    let fault = || stripe_standin::RequestFault {
        status: Some(500),
        method: Some("GET".to_owned()),
        path: "/v1/prices".to_owned(),
        count: 4,
        ..stripe_standin::RequestFault::default()
    };
    shop.stripe().add_fault(fault());
    let recorded = put(&shop, "business").await;
    assert_eq!((recorded.status.as_u16(), &recorded.body["status"]), (202, &json!("processing")), "{recorded}");
    assert_eq!(paid(&shop)["id"], "price_pro_month");
    shop.stripe().clear_faults();
    shop.world.wait(SignedDuration::from_mins(3));
    finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
    assert_eq!(paid(&shop)["id"], "price_business_month");
}

/// A subscription of before, whose price was not adopted in time, keeps its plan, and is adopted later.
#[tokio::test]
async fn price_that_was_not_adopted_in_time_keeps_its_plan() {
    let shop = Shop::open_with(1, |options| options.catalogue.push(legacy())).await;
    subscribe(&shop, "price_legacy").await;
    assert_eq!(sync(&shop).await["plan"], "free");
    // What the release before has stored.
    buy_in_the_past(&shop).await;
    for _ in 0..2 {
        assert_eq!(sync(&shop).await["plan"], "pro");
    }
    assert_eq!(put(&shop, "business").await.code(), "not_subscribed");
    let cancelled = send(&shop, Request::new("DELETE", "/billing/subscription")).await;
    assert_eq!(
        (cancelled.status.as_u16(), &cancelled.body["cancel_at_period_end"]),
        (202, &json!(true)),
        "{cancelled}"
    );
    shop.post_to_stripe("/v1/prices/price_legacy", "metadata[berth_plan]=starter&metadata[berth_version]=1").await;
    assert_eq!(sync(&shop).await["plan"], "starter");
}

/// Stores the subscription at Stripe as one to pro whose price was known by a setting.
async fn buy_in_the_past(shop: &Shop) {
    let held = &shop.stripe_objects("subscriptions")[0];
    let store = shop.world.store();
    let before = store.get_billing(shop.workspace).await.unwrap();
    let now = shop.world.clock.now();
    let subscription = Subscription {
        id: held["id"].as_str().unwrap().to_owned(),
        paid_plan: "pro".parse().unwrap(),
        interval: Interval::Month,
        currency: None,
        seats: None,
        addons: domain::plans::addon::HeldAddons::default(),
        scheduled_addons: None,
        status: Status::Active,
        period: Period { start: now, end: now + SignedDuration::from_hours(30 * 24) },
        cancel_at: None,
        cancel_at_period_end: false,
        trial_end: None,
        grace_until: None,
        scheduled: None,
        first_payment: None,
        collection_paused: false,
        pending_change: None,
    };
    let billing = Billing { version: before.version + 1, subscription: Some(subscription), ..before };
    store.set_billing(shop.workspace, &billing).await.unwrap();
}

/// The lookup key of the price was removed after it was paid, before the process ended.
#[tokio::test]
async fn paid_upgrade_is_done_although_its_price_is_not_found() {
    let mut interrupted = 0;
    for call in 2..9 {
        let shop = Shop::open(1).await;
        buy(&shop, "pro").await;
        let crashed = shop.world.crashing(call, Moment::Before, Box::pin(put(&shop, "business"))).await.is_none();
        let has_intent = shop.world.items().keys().any(|(_, sk)| sk.starts_with("INTENT#"));
        if !crashed || !has_intent || paid(&shop)["id"] != "price_business_month" {
            continue;
        }
        interrupted += 1;
        shop.post_to_stripe("/v1/prices/price_business_month", "lookup_key=").await;
        shop.world.wait(SignedDuration::from_mins(3));
        finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
        let view = sync(&shop).await;
        assert_eq!((&view["plan"], &view["last_command"]["status"]), (&json!("business"), &json!("done")), "{view}");
    }
    assert!(interrupted > 0);
}

/// Somebody has moved the lookup key to a price of another amount.
#[tokio::test]
async fn another_amount_than_is_shown_is_never_charged() {
    let dearer = CataloguePrice { id: "price_dearer".to_owned(), unit_amount: 59_00, ..legacy() };
    let shop = Shop::open_with(1, |options| options.catalogue.push(dearer)).await;
    buy(&shop, "starter").await;
    shop.post_to_stripe("/v1/prices/price_pro_month", "lookup_key=").await;
    let moved = "lookup_key=berth:pro/1/month/usd&metadata[berth_plan]=pro&metadata[berth_version]=1";
    shop.post_to_stripe("/v1/prices/price_dearer", moved).await;
    for request in [
        Request::new("PUT", "/billing/plan").json(json!({"plan": "pro"})),
        Request::new("GET", "/billing/plan/preview?plan=pro"),
    ] {
        let refused = send(&shop, request).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (503, "payments_not_set_up"), "{refused}");
    }
    assert_eq!(paid(&shop)["id"], "price_starter_month");
}

/// A change that keeps the plan shows what stays, not what is sold now.
#[tokio::test]
async fn preview_of_what_stays_has_its_own_price() {
    let shop = Shop::selling(1, plans_with_second_pro()).await;
    subscribe(&shop, "price_pro_month").await;
    sync(&shop).await;
    send(&shop, Request::new("DELETE", "/billing/subscription")).await;
    let preview = send(&shop, Request::new("GET", "/billing/plan/preview?plan=pro")).await;
    assert_eq!(
        (&preview.body["next_amount"], &preview.body["amount_due_now"]),
        (&json!(29_00), &json!(0)),
        "{preview}"
    );
}
