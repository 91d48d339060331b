//! The examples of docs/plans.md: each change of `infra/plans.toml` is seen in the API and at the stand-in for Stripe.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an unexpected value should fail the test"
)]

use berth::{
    files::Files,
    push::{self, Options, Person, Record},
    stripe::Client,
};
use domain::plans::{
    catalogue::Plans,
    file::{lock::Lock, read as read_plans},
};
use serde_json::{Value, json};
use std::fs;
use testkit::{Request, Shop};

/// Returns the changes on the page.
fn examples() -> Vec<String> {
    let page = include_str!("../../../docs/plans.md");
    let section = page.split_once("## Examples").unwrap().1.split_once("\n## ").unwrap().0;
    let blocks = section.split("```diff\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0.to_owned()).collect()
}

/// Makes the change `diff` in `text`. Each part of it applies to one place.
#[track_caller]
fn apply(text: &str, diff: &str) -> String {
    diff.split("@@\n").fold(text.to_owned(), |text, part| {
        let lines = |sign: char| -> String {
            let kept = part.lines().filter(|line| line.starts_with([' ', sign]));
            kept.map(|line| format!("\n{}", &line[1..])).collect::<String>() + "\n"
        };
        let (old, new) = (lines('-'), lines('+'));
        assert_eq!(text.matches(&old).count(), 1, "one place of {old}");
        text.replacen(&old, &new, 1)
    })
}

/// A person who agrees to everything.
struct Agreeing;

impl Person for Agreeing {
    fn read(&mut self, _: &str) {}

    fn be_warned(&mut self, line: &str) {
        assert_eq!(line, "", "no warning");
    }

    fn confirms(&mut self, _: &str) -> bool {
        true
    }
}

/// Returns a workspace of a company with the file `text`, which `push` has made known to Stripe.
async fn company(text: &str) -> Shop {
    let plans: Plans = read_plans(text, &Lock::default()).unwrap();
    let shop = Shop::selling_with(1, plans, |options| options.catalogue.clear()).await;
    let file =
        std::env::temp_dir().join(format!("plans-{}-{:?}.toml", std::process::id(), std::thread::current().id()));
    fs::write(&file, text).unwrap();
    let (files, url) = (Files::of(file.clone()), shop.stripe_url().to_owned());
    let pushed = tokio::task::spawn_blocking(move || {
        let client = Client::new(&url, "sk_test_standin").unwrap();
        let options = Options { adoptions: Vec::new(), record: Record::Nowhere };
        push::push(&files, &client, &options, &mut Agreeing)
    });
    let pushed = pushed.await.unwrap();
    fs::remove_file(file).unwrap();
    pushed.unwrap();
    shop
}

async fn send(shop: &Shop, method: &str, path: &str, body: Value) -> Value {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    let request = Request::new(method, path).within(shop.workspace);
    let answer = shop.world.send(&router, if body.is_null() { request } else { request.json(body) }).await;
    assert_eq!(answer.status.as_u16(), 200, "{method} {path}: {answer}");
    answer.body
}

/// Returns what `GET /billing/plans` says about `plan`.
async fn offer(shop: &Shop, plan: &str) -> Value {
    let offers = send(shop, "GET", "/billing/plans", Value::Null).await;
    offers["plans"].as_array().unwrap().iter().find(|offer| offer["plan"] == plan).unwrap().clone()
}

/// Returns the amount of the subscription that is sold on a page for `plan`.
async fn charged(shop: &Shop, plan: &str) -> Value {
    send(shop, "POST", "/billing/checkout", json!({ "plan": plan })).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(send(shop, "POST", "/billing/sync", Value::Null).await["plan"], plan);
    shop.stripe_objects("subscriptions")[0]["items"]["data"][0]["price"]["unit_amount"].clone()
}

/// Asserts what the example at `index` says.
async fn assert_example(index: usize, shop: &Shop) {
    match index {
        0 => {
            assert_eq!(offer(shop, "pro").await["prices"][0]["amount"], 39_00);
            assert_eq!(charged(shop, "pro").await, 39_00);
        }
        1 => {
            assert_eq!(offer(shop, "pro").await["limits"]["members"], 15);
            charged(shop, "pro").await;
            let view = send(shop, "GET", "/billing/subscription", Value::Null).await;
            assert_eq!(view["limits"]["members"], 15);
        }
        2 => {
            assert_eq!(offer(shop, "starter").await["limits"]["reports"], 30);
            let body = json!({"meter": "reports", "amount": 2, "key": "reports-1"});
            let used = send(shop, "POST", "/usage/consume", body).await;
            assert_eq!((&used["used"], &used["limit"]), (&json!(2), &json!(3)));
        }
        3 => {
            assert_eq!(offer(shop, "business").await["features"], json!(["audit_export", "sso"]));
            charged(shop, "business").await;
            let entitled = send(shop, "GET", "/entitlements", Value::Null).await;
            let sso = entitled["features"].as_array().unwrap().iter().find(|feature| feature["feature"] == "sso");
            assert_eq!(sso.unwrap()["included"], true);
        }
        4 => {
            let offers = send(shop, "GET", "/billing/plans", Value::Null).await;
            assert_eq!(offers["addons"][0]["prices"][0]["amount"], 5_00);
            charged(shop, "starter").await;
            send(shop, "PUT", "/billing/addons", json!({"name": "storage", "quantity": 2})).await;
            let view = send(shop, "GET", "/billing/subscription", Value::Null).await;
            assert_eq!(view["limits"]["storage_mb"], 10_240 + 2 * 102_400);
            let paid: Vec<_> = shop.stripe_objects("subscriptions")[0]["items"]["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| (item["price"]["unit_amount"].clone(), item["quantity"].clone()))
                .collect();
            assert!(paid.contains(&(json!(5_00), json!(2))), "{paid:?}");
        }
        5 => {
            let offers = send(shop, "GET", "/billing/plans", Value::Null).await;
            let names: Vec<_> = offers["plans"].as_array().unwrap().iter().map(|offer| offer["plan"].clone()).collect();
            assert_eq!(json!(names), json!(["free", "starter", "pro", "team", "business", "enterprise"]));
            assert_eq!(charged(shop, "team").await, 49_00);
        }
        _ => panic!("the example {index} has no test; add one"),
    }
}

#[tokio::test]
async fn each_example_is_seen_in_the_api_and_at_stripe() {
    let examples = examples();
    assert!(examples.len() >= 6);
    for (index, diff) in examples.iter().enumerate() {
        assert_example(index, &company(&apply(include_str!("../../plans.toml"), diff)).await).await;
    }
}
