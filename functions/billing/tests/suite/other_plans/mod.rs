//! A company whose plans and meters have none of the default names.

mod lives;

use domain::{
    error::Refusal,
    identity::access::Role,
    plans::{
        catalogue::Plans,
        file::{lock::Lock, read},
    },
    runtime::record::RuntimeCommand,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::runtime::{command_runtime, read_runtime};
use testkit::{ANA, Answer, BEN, CLEO, Request, Shop};
use workers::runtime::reconcile_runtime;

const PLANS: &str = r#"
currencies = ["eur"]
unpaid = "pebble"

[[meters]]
name = "letters"
title = "Letters"
unit = "letters a month"
counts = "monthly"
shards = 2

[[meters]]
name = "doors"
title = "Doors"
unit = "doors"
counts = "lasting"

[[plans]]
name = "pebble"
version = 3
title = "Pebble"
description = "Small."
retention_days = 2

[plans.limits]
members = 1
integrations = 0
api_keys = 0
storage_mb = 1
letters = 5
doors = 0

[[plans]]
name = "brass"
version = 1
title = "Brass"
description = "Medium."
prices.month = { eur = 7_00 }
prices.year = { eur = 70_00 }
retention_days = 20
container = { cpu_units = 256, memory_mib = 1_024 }

[plans.limits]
members = 2
integrations = 1
api_keys = 1
storage_mb = 10
letters = 50
doors = 2

[[plans]]
name = "onyx"
version = 2
title = "Onyx"
description = "Large."
prices.month = { eur = 21_00 }
retention_days = 200
container = { cpu_units = 1_024, memory_mib = 4_096 }

[plans.limits]
members = "unlimited"
integrations = "unlimited"
api_keys = "unlimited"
storage_mb = "unlimited"
letters = 500
doors = "unlimited"
"#;

fn plans() -> Plans {
    read(PLANS, &Lock::default()).unwrap()
}

/// The plans after those of before were sold: a next version of one, and a plan by contract.
fn next_plans() -> Plans {
    let mut lock = Lock::default();
    lock.record(plans());
    let brass = PLANS.replace("name = \"brass\"\nversion = 1", "name = \"brass\"\nversion = 2");
    let onyx = PLANS.find("[[plans]]\nname = \"onyx\"").unwrap();
    let fleet = PLANS[onyx..].replace("onyx", "fleet").replace("prices.month = { eur = 21_00 }", "sale = \"contract\"");
    read(&[&brass, &fleet].map(String::as_str).concat(), &lock).unwrap()
}

async fn send(shop: &Shop, method: &str, path: &str, body: Value) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    let request = Request::new(method, path).within(shop.workspace);
    shop.world.send(&router, if body.is_null() { request } else { request.json(body) }).await
}

async fn get(shop: &Shop, path: &str) -> Answer {
    send(shop, "GET", path, json!(null)).await
}

async fn buy(shop: &Shop, plan: &str) {
    let page = send(shop, "POST", "/billing/checkout", json!({"plan": plan})).await;
    assert_eq!(page.status.as_u16(), 200, "{page}");
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    send(shop, "POST", "/billing/sync", json!(null)).await;
    assert_eq!(get(shop, "/billing/subscription").await.body["plan"], plan);
}

async fn consume(shop: &Shop, meter: &str, amount: u64, key: &str) -> Answer {
    send(shop, "POST", "/usage/consume", json!({"meter": meter, "amount": amount, "key": key})).await
}

fn names(rows: &Value, name: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn other_plans_are_shown_and_the_default_ones_are_unknown() {
    let shop = Shop::selling(1, plans()).await;
    let shown = get(&shop, "/billing/plans").await.body["plans"].clone();
    assert_eq!(names(&shown, "plan"), ["pebble", "brass", "onyx"]);
    let prices = |plan: usize| shown[plan]["prices"].as_array().unwrap().iter().map(|price| price["amount"].clone());
    assert_eq!(prices(1).collect::<Vec<_>>(), [700, 7_000]);
    assert_eq!((shown[1]["prices"][0]["currency"].clone(), prices(2).collect()), (json!("eur"), vec![json!(2_100)]));
    assert_eq!((shown[0]["version"].clone(), shown[0]["runtime"].clone()), (json!(3), json!(null)));
    let limits = json!({
        "members": 2, "integrations": 1, "api_keys": 1, "storage_mb": 10, "letters": 50, "doors": 2, "retention_days": 20,
    });
    assert_eq!(shown[1]["limits"], limits);
    for (path, body) in [
        ("/billing/checkout", json!({"plan": "pro"})),
        ("/usage/consume", json!({"meter": "executions", "amount": 1, "key": "k"})),
    ] {
        let refused = send(&shop, "POST", path, body).await;
        let field = if path == "/billing/checkout" { "plan" } else { "meter" };
        assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec![field]), "{refused}");
        let known = if field == "plan" { "pebble, brass, onyx" } else { "storage_mb, letters, doors" };
        assert_eq!(refused.body["errors"][0]["message"], format!("must be one of {known}"));
    }
    // A plan that has no price for the interval is not sold by it.
    let yearly = send(&shop, "POST", "/billing/checkout", json!({"plan": "onyx", "interval": "year"})).await;
    assert_eq!(yearly.status.as_u16(), 409, "{yearly}");
    assert_eq!((shop.customers(), shop.open_sessions().len()), (0, 0));
}

#[tokio::test]
async fn other_plans_are_bought_changed_and_counted() {
    let shop = Shop::selling(1, plans()).await;
    assert_eq!(get(&shop, "/billing/subscription").await.body["plan"], "pebble");
    assert_eq!(consume(&shop, "letters", 5, "a").await.status.as_u16(), 200);
    let full = consume(&shop, "letters", 1, "b").await;
    let details = ["code", "meter", "limit", "used", "upgrade_to"].map(|name| full.body[name].clone());
    assert_eq!(
        details,
        [json!("workspace_meter_limit"), json!("letters"), json!(5), json!(5), json!("brass")],
        "{full}"
    );
    assert_eq!(consume(&shop, "doors", 1, "c").await.body["upgrade_to"], "brass");
    assert!(!shop.world.try_invite(shop.workspace, &ANA, BEN, Role::Viewer).await, "the owner has the only seat");

    buy(&shop, "brass").await;
    assert!(shop.world.try_invite(shop.workspace, &ANA, BEN, Role::Viewer).await);
    assert!(!shop.world.try_invite(shop.workspace, &ANA, CLEO, Role::Viewer).await);
    assert_eq!(consume(&shop, "doors", 2, "d").await.status.as_u16(), 200);
    assert_eq!(consume(&shop, "doors", 1, "e").await.body["upgrade_to"], "onyx");
    let usage = get(&shop, "/billing/usage").await.body;
    assert_eq!(names(&usage["usage"], "meter"), ["storage_mb", "letters", "doors"]);

    let preview = get(&shop, "/billing/plan/preview?plan=onyx").await;
    assert_eq!(preview.status.as_u16(), 200, "{preview}");
    let changed = send(&shop, "PUT", "/billing/plan", json!({"plan": "onyx"})).await;
    assert_eq!(changed.body["status"], "applied", "{changed}");
    assert_eq!(consume(&shop, "doors", 1, "e").await.status.as_u16(), 200);
    let config = get(&shop, "/billing/config").await.body;
    assert_eq!((&config["limits"]["letters"], &config["limits"]["members"]), (&json!(500), &json!(null)));
    assert_eq!((&config["current_usage"]["doors"], &config["current_usage"]["members"]), (&json!(3), &json!(2)));
    // The stored item has the version that was bought.
    let item = &shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())];
    assert_eq!(item["subscription"]["paid_plan"], "onyx/2");
    let back = send(&shop, "PUT", "/billing/plan", json!({"plan": "brass"})).await;
    assert_eq!(back.body["status"], "scheduled", "{back}");
    let item = &shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())];
    assert_eq!(item["subscription"]["scheduled"], json!(["brass", "month"]));
}

#[tokio::test]
async fn plan_without_a_container_starts_none() {
    let shop = Shop::selling(1, plans()).await;
    let (store, limit, caller) = (shop.world.store(), shop.world.free_containers(), ANA.caller());
    let start = || command_runtime(&store, limit, &caller, shop.workspace, RuntimeCommand::Start, None);
    let shown = read_runtime(&store, &caller, shop.workspace).await.unwrap();
    assert_eq!((shown.resources.cpu_units, shown.resources.ram_limit_mb), (None, None));
    let refused = start().await.unwrap_err();
    let upgrade = refused.details().upgrade_to;
    assert_eq!((refused.code(), upgrade), ("runtime_not_included", Some("brass".parse().unwrap())));
    buy(&shop, "brass").await;
    start().await.unwrap();
    reconcile_runtime(&shop.world.reconciler_deps(), shop.workspace).await.unwrap();
    let sizes: Vec<_> = shop.world.tasks().into_iter().map(|task| task.size.to_string()).collect();
    assert_eq!(sizes, ["256/1024"]);
}

/// Returns name, `current` and `change` of each plan in an answer.
fn offers(answer: &Answer) -> Vec<[Value; 3]> {
    let plans = answer.body["plans"].as_array().unwrap().iter();
    plans.map(|plan| ["plan", "current", "change"].map(|name| plan[name].clone())).collect()
}

fn offer(plan: &str, current: bool, change: &str) -> [Value; 3] {
    [json!(plan), json!(current), json!(change)]
}

#[tokio::test]
async fn listed_plans_say_what_they_are_to_the_workspace() {
    let mut shop = Shop::selling(1, plans()).await;
    let free = get(&shop, "/billing/plans").await;
    assert_eq!((free.status.as_u16(), free.usage.round_trips, free.usage.requests), (200, 1, 1));
    let wanted = [offer("pebble", true, "none"), offer("brass", false, "upgrade"), offer("onyx", false, "upgrade")];
    assert_eq!(offers(&free), wanted);
    buy(&shop, "brass").await;
    let wanted = [offer("pebble", false, "downgrade"), offer("brass", true, "none"), offer("onyx", false, "upgrade")];
    assert_eq!(offers(&get(&shop, "/billing/plans").await), wanted);
    // A downgrade that is scheduled is none before it applies.
    send(&shop, "PUT", "/billing/plan", json!({"plan": "pebble"})).await;
    assert_eq!(offers(&get(&shop, "/billing/plans").await), wanted);

    // The workspace keeps the version that it has bought, and buys no other of the same plan.
    shop.world = shop.world.with_plans(next_plans());
    let first = get(&shop, "/billing/plans?limit=2").await;
    assert_eq!(first.body["plans"][1]["version"], 2);
    assert_eq!(offers(&first), [offer("pebble", false, "downgrade"), offer("brass", false, "none")]);
    let cursor = first.body["pagination"]["next_cursor"].as_str().unwrap();
    let rest = get(&shop, &format!("/billing/plans?cursor={cursor}")).await;
    assert_eq!(offers(&rest), [offer("onyx", false, "upgrade"), offer("fleet", false, "contract")]);
    let entitled = get(&shop, "/entitlements").await.body;
    assert_eq!(entitled["plan"], json!({"name": "brass", "version": 1, "title": "Brass"}));
    assert_eq!(names(&entitled["meters"], "meter").last().unwrap(), "doors");
    assert_eq!((&entitled["features"], &entitled["retention_days"]), (&json!([]), &json!(20)));
}

/// The route is still open to everybody who has signed in. What a workspace has is shown to its members.
///
/// Invariant 20.
#[tokio::test]
async fn listed_plans_show_a_workspace_to_its_members_only() {
    let shop = Shop::selling(1, plans()).await;
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    let request = |person| Request::new("GET", "/billing/plans").by(person);
    for person in [&ANA, &CLEO] {
        let plain = shop.world.send(&router, request(person)).await;
        assert_eq!((plain.status.as_u16(), plain.usage.requests), (200, 0));
        assert!(plain.body["plans"][0].get("current").is_none() && plain.body["plans"][0].get("change").is_none());
    }
    let refused = shop.world.send(&router, request(&CLEO).within(shop.workspace)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (404, "workspace_not_found"));
    buy(&shop, "brass").await;
    shop.world.join(shop.workspace, &ANA, &BEN, Role::Viewer).await;
    assert_eq!(shop.world.send(&router, request(&BEN).within(shop.workspace)).await.status.as_u16(), 200);
    let twice = shop.world.send(&router, request(&ANA).within("ws_1")).await;
    assert_eq!(twice.wrong_fields(), ["X-Workspace-ID"]);
    // The position in the list of one workspace is none in that of another.
    let page = shop.world.send(&router, Request::new("GET", "/billing/plans?limit=1").within(shop.workspace)).await;
    let cursor = page.body["pagination"]["next_cursor"].as_str().unwrap();
    let foreign = Request::new("GET", &format!("/billing/plans?cursor={cursor}"));
    assert_eq!(shop.world.send(&router, foreign).await.wrong_fields(), ["cursor"]);
}

#[tokio::test]
async fn unknown_plan_is_reported_with_all_other_errors() {
    let shop = Shop::selling(1, plans()).await;
    for (method, path) in [("POST", "/billing/checkout"), ("PUT", "/billing/plan")] {
        let wrong = json!({"plan": "pro", "interval": "century", "more": 1});
        let refused = send(&shop, method, path, wrong).await;
        let mut fields = refused.wrong_fields();
        fields.sort_unstable();
        assert_eq!((refused.status.as_u16(), fields), (400, vec!["interval", "more", "plan"]), "{refused}");
        let elsewhere =
            json!({"plan": "pro", "success_url": "https://evil.example", "cancel_url": "https://evil.example"});
        let refused = send(&shop, method, path, elsewhere).await;
        assert_eq!(refused.wrong_fields(), ["plan", "success_url", "cancel_url"], "{refused}");
    }
    assert!(shop.stripe_requests().is_empty());
}

/// Returns the plans with `number` further meters of 7 in each plan.
fn with_meters(number: usize, terms: &str) -> Plans {
    let meters: String =
        (0..number).map(|n| format!("[[meters]]\nname = \"m{n}\"\ntitle = \"M\"\nunit = \"m\"\n{terms}\n\n")).collect();
    let limits: String = (0..number).map(|n| format!("m{n} = 7\n")).collect();
    let (before, plans) = PLANS.split_once("[[plans]]").unwrap();
    let plans = plans.replace("[plans.limits]\n", &format!("[plans.limits]\n{limits}"));
    read(&format!("{before}{meters}[[plans]]{plans}"), &Lock::default()).unwrap()
}

/// A request for items has at most 100 keys, and a page of a query at most 1 MB.
#[tokio::test]
async fn counts_of_many_items_are_read_completely() {
    for (meters, terms, left, trips) in [(12, "shards = 10", 1, 1), (50, "counts = \"monthly\"\nshards = 64", 4, 2)] {
        let shop = Shop::selling(1, with_meters(meters, terms)).await;
        // Next to the present month, the one before is read.
        for month in 0..2 {
            shop.world.wait(SignedDuration::from_hours(24 * 30 * month));
            for meter in 0..meters {
                let counted = consume(&shop, &format!("m{meter}"), 3, &format!("k{month}-{meter}")).await;
                assert_eq!(counted.status.as_u16(), 200, "{counted}");
            }
        }
        for path in ["/entitlements", "/billing/usage", "/billing/config"] {
            let read = get(&shop, path).await;
            assert_eq!((read.status.as_u16(), read.usage.round_trips), (200, trips), "{path}");
        }
        let entitled = get(&shop, "/entitlements").await.body;
        let rest =
            entitled["meters"].as_array().unwrap().iter().filter(|row| row["limit"] == 7 && row["remaining"] == left);
        assert_eq!(rest.count(), meters);
        let full = consume(&shop, "m7", 5, "more").await;
        assert_eq!((full.code(), &full.body["used"]), ("workspace_meter_limit", &json!(7 - left)));
    }
}
