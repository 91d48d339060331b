//! The life of a customer with each catalogue: buying, using, upgrades, a downgrade and the end. No route knows a plan or a
//! meter by name.

use super::{buy, get, names, send};
use domain::plans::{
    catalogue::Plans,
    money::Interval,
    plan::{Plan, Sale},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Shop, catalogues};

/// Longer than any month.
const MONTH: SignedDuration = SignedDuration::from_hours(32 * 24);

#[tokio::test]
async fn every_catalogue_can_be_bought_used_and_left() {
    for plans in catalogues(7) {
        let shop = Shop::selling(1, plans).await;
        offers_are_those_of_the_catalogue(&shop, plans).await;
        uses_what_it_has(&shop, plans, plans.unpaid()).await;
        let sold: Vec<_> = plans.sold().collect();
        for (index, plan) in sold.iter().copied().enumerate() {
            match index {
                0 => buy(&shop, plan.name.as_str()).await,
                _ => upgrade(&shop, plan).await,
            }
            uses_what_it_has(&shop, plans, plan).await;
            no_other_interval_is_sold(&shop, plans).await;
            // The budget of commands is that of an hour.
            shop.world.wait(SignedDuration::from_hours(1));
        }
        if let [smallest, .., _] = sold.as_slice() {
            downgrade(&shop, plans, *smallest).await;
        }
        leave(&shop, plans).await;
        assert_eq!((shop.customers(), shop.stripe_objects("subscriptions").len()), (1, 1), "{plans:?}");
        shop.world.assert_counters_consistent(format!("{plans:?}"));
    }
}

async fn offers_are_those_of_the_catalogue(shop: &Shop, plans: Plans) {
    let shown = get(shop, "/billing/plans").await.body;
    let offered: Vec<_> = plans.iter().filter(|plan| plan.sale != Sale::Hidden).collect();
    let expected: Vec<_> = offered.iter().map(|plan| plan.name.to_string()).collect();
    assert_eq!(names(&shown["plans"], "plan"), expected);
    for (plan, shown) in offered.iter().zip(shown["plans"].as_array().unwrap()) {
        assert_eq!(shown["limits"], json!(plans.limits(*plan)), "{plan}");
        let price = |price: &Value| {
            let text = |name: &str| price[name].as_str().unwrap().to_owned();
            (text("interval"), text("currency"), price["amount"].as_u64().unwrap())
        };
        let prices: Vec<_> = shown["prices"].as_array().unwrap().iter().map(price).collect();
        let own = plan.prices.iter().map(|own| (own.interval.to_string(), own.currency.to_string(), own.amount));
        assert_eq!(prices, own.collect::<Vec<_>>(), "{plan}");
    }
    for plan in plans.iter() {
        for interval in Interval::ALL {
            let code = match plan.sale {
                Sale::Contract => "contract_required",
                Sale::Open if plan.is_sold_by(interval) => continue,
                Sale::Open if plan.is_sold() => "interval_not_sold",
                Sale::Open | Sale::Hidden => "plan_not_sold",
            };
            let refused = checkout(shop, plan.name.as_str(), interval).await;
            assert_eq!((refused.status.as_u16(), refused.code()), (409, code), "{plan} {interval}: {refused}");
        }
    }
    let unknown = checkout(shop, "no_plan_of_any_company", Interval::Month).await;
    assert_eq!((unknown.status.as_u16(), unknown.wrong_fields()), (400, vec!["plan"]), "{unknown}");
    assert_eq!((shop.customers(), shop.open_sessions().len()), (0, 0));
}

/// Uses every meter up to the limit of `plan`, which is in force, and no further.
async fn uses_what_it_has(shop: &Shop, plans: Plans, plan: Plan) {
    let standing = get(shop, "/billing/subscription").await.body;
    assert_eq!((&standing["plan"], &standing["limits"]), (&json!(plan.name), &json!(plans.limits(plan))));
    for meter in plans.consumed() {
        let Some(limit) = plans.limits(plan).of(meter) else { continue };
        let usage = get(shop, "/billing/usage").await.body["usage"].clone();
        let used = usage.as_array().unwrap().iter().find(|row| row["meter"] == meter.name.as_str()).unwrap();
        let left = limit - used["used"].as_u64().unwrap();
        let consume = async |amount: u64, key: String| {
            send(shop, "POST", "/usage/consume", json!({"meter": meter, "amount": amount, "key": key})).await
        };
        if left > 0 {
            let accepted = consume(left, format!("{plan}-{meter}")).await;
            assert_eq!(accepted.status.as_u16(), 200, "{plan} {meter}: {accepted}");
        }
        let refused = consume(1, format!("{plan}-{meter}-more")).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (402, "workspace_meter_limit"), "{plan} {meter}");
        let details = ["meter", "limit", "used", "upgrade_to"].map(|name| refused.body[name].clone());
        let next = plans.next_with_more(plan, meter, limit);
        assert_eq!(details, [json!(meter), json!(limit), json!(limit), json!(next)], "{plan}: {refused}");
    }
}

/// Asks for the intervals by which plans are not sold.
async fn no_other_interval_is_sold(shop: &Shop, plans: Plans) {
    let asked = shop.stripe_requests().len();
    for plan in plans.sold() {
        for interval in Interval::ALL.into_iter().filter(|interval| !plan.is_sold_by(*interval)) {
            let preview = get(shop, &format!("/billing/plan/preview?plan={plan}&interval={interval}")).await;
            let change = send(shop, "PUT", "/billing/plan", json!({"plan": plan.name, "interval": interval})).await;
            for refused in [preview, change] {
                assert_eq!((refused.status.as_u16(), refused.code()), (409, "interval_not_sold"), "{plan}: {refused}");
            }
        }
    }
    assert_eq!(shop.stripe_requests().len(), asked);
}

async fn upgrade(shop: &Shop, plan: Plan) {
    let preview = get(shop, &format!("/billing/plan/preview?plan={plan}")).await;
    let price = plan.prices.iter().find(|price| price.interval == Interval::Month).unwrap();
    assert_eq!((preview.status.as_u16(), &preview.body["next_amount"]), (200, &json!(price.amount)), "{preview}");
    assert_eq!(preview.body["over_limits"], json!([]), "{preview}");
    let changed = send(shop, "PUT", "/billing/plan", json!({ "plan": plan.name })).await;
    assert_eq!(changed.body["status"], "applied", "{plan}: {changed}");
}

/// Changes to a smaller plan, under which everything that was used is over its limits.
async fn downgrade(shop: &Shop, plans: Plans, plan: Plan) {
    let preview = get(shop, &format!("/billing/plan/preview?plan={plan}")).await;
    assert!(!preview.body["over_limits"].as_array().unwrap().is_empty(), "{preview}");
    let changed = send(shop, "PUT", "/billing/plan", json!({ "plan": plan.name })).await;
    assert_eq!(changed.body["status"], "scheduled", "{plan}: {changed}");
    let before = get(shop, "/billing/subscription").await.body;
    assert_eq!((before["plan"] == json!(plan.name), &before["scheduled_plan"]), (false, &json!(plan.name)));
    shop.world.wait(MONTH);
    let after = send(shop, "POST", "/billing/sync", json!(null)).await.body;
    assert_eq!((&after["plan"], &after["limits"]), (&json!(plan.name), &json!(plans.limits(plan))));
}

async fn leave(shop: &Shop, plans: Plans) {
    let unpaid = plans.unpaid();
    let changed = send(shop, "PUT", "/billing/plan", json!({ "plan": unpaid.name })).await;
    assert_eq!(changed.body["status"], "scheduled", "{unpaid}: {changed}");
    assert_ne!(get(shop, "/billing/subscription").await.body["plan"], json!(unpaid.name));
    shop.world.wait(MONTH);
    let after = send(shop, "POST", "/billing/sync", json!(null)).await.body;
    assert_eq!((&after["plan"], &after["limits"]), (&json!(unpaid.name), &json!(plans.limits(unpaid))));
    let again = send(shop, "PUT", "/billing/plan", json!({ "plan": unpaid.name })).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "plan_unchanged"), "{again}");
}

async fn checkout(shop: &Shop, plan: &str, interval: Interval) -> testkit::Answer {
    send(shop, "POST", "/billing/checkout", json!({"plan": plan, "interval": interval})).await
}
