//! Changes of plan over HTTP, against the stand-in for Stripe: every change and its reversal, crashes at each step, races.

use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{Answer, BEN, Moment, Request, Shop};
use workers::billing::finish_interrupted;

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn put(shop: &Shop, plan: &str, interval: &str) -> Answer {
    send(shop, Request::new("PUT", "/billing/plan").json(json!({"plan": plan, "interval": interval}))).await
}

async fn preview(shop: &Shop, plan: &str, interval: &str) -> Answer {
    send(shop, Request::new("GET", &format!("/billing/plan/preview?plan={plan}&interval={interval}"))).await
}

async fn subscription(shop: &Shop) -> Value {
    send(shop, Request::new("GET", "/billing/subscription")).await.body
}

/// Creates a shop whose workspace pays for the plan.
async fn paying(plan: &str, interval: &str) -> Shop {
    let shop = Shop::open(1).await;
    let answer = put(&shop, plan, interval).await;
    assert_eq!((answer.status.as_u16(), &answer.body["status"]), (200, &json!("checkout")), "{answer}");
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    send(&shop, Request::new("POST", "/billing/sync")).await;
    shop.world.changes();
    shop
}

/// Returns the one subscription at Stripe: its price, its cancellation, and the scheduled price.
fn held(shop: &Shop) -> (String, bool, Option<String>) {
    let held = shop.stripe_objects("subscriptions");
    let [subscription] = held.as_slice() else { panic!("one subscription: {held:#?}") };
    let price = subscription["items"]["data"][0]["price"]["id"].as_str().unwrap().to_owned();
    let ends = subscription["cancel_at_period_end"] == true || !subscription["cancel_at"].is_null();
    let follows =
        shop.stripe_objects("schedules").into_iter().filter(|schedule| schedule["status"] == "active").find_map(
            |schedule| {
                let phases = schedule["phases"].as_array()?;
                let next = phases
                    .iter()
                    .find(|phase| phase["start_date"].as_i64() >= schedule["current_phase"]["end_date"].as_i64())?;
                Some(next["items"][0]["price"].as_str()?.to_owned())
            },
        );
    (price, ends, follows)
}

fn intents(shop: &Shop) -> usize {
    shop.world.items().keys().filter(|(_, sk)| sk.starts_with("INTENT#")).count()
}

const PAID: [(&str, &str); 6] = [
    ("starter", "month"),
    ("starter", "year"),
    ("pro", "month"),
    ("pro", "year"),
    ("business", "month"),
    ("business", "year"),
];

/// Returns the effect of a change, as the table in API.md has it.
fn said(from: (&str, &str), to: (&str, &str)) -> &'static str {
    let rank = |plan: &str| ["free", "starter", "pro", "business"].iter().position(|name| *name == plan).unwrap();
    match (rank(to.0), rank(from.0)) {
        _ if from == to => "plan_unchanged",
        (0, _) => "scheduled",
        (new, old) if new > old => "applied",
        (new, old) if new == old && to.1 == "year" => "applied",
        _ => "scheduled",
    }
}

#[tokio::test]
async fn every_change_of_plan_and_its_reversal() {
    for from in PAID {
        for to in PAID.into_iter().chain([("free", "month")]) {
            let shop = paying(from.0, from.1).await;
            shop.world.wait(SignedDuration::from_hours(24));
            let answer = put(&shop, to.0, to.1).await;
            let context = format!("{from:?} to {to:?}: {answer}");
            let price = |(plan, interval): (&str, &str)| format!("price_{plan}_{interval}");
            match said(from, to) {
                "plan_unchanged" => {
                    assert_eq!((answer.status.as_u16(), answer.code()), (409, "plan_unchanged"), "{context}");
                    continue;
                }
                "applied" => {
                    assert_eq!(
                        (&answer.body["status"], held(&shop)),
                        (&json!("applied"), (price(to), false, None)),
                        "{context}"
                    );
                    let now = subscription(&shop).await;
                    assert_eq!((&now["plan"], &now["interval"]), (&json!(to.0), &json!(to.1)), "{context}");
                }
                _ => {
                    assert_eq!(answer.body["status"], "scheduled", "{context}");
                    let end = subscription(&shop).await["current_period_end"].clone();
                    assert_eq!(answer.body["scheduled_downgrade"]["effective_at"], end, "{context}");
                    let follows = Some(price(to)).filter(|_| to.0 != "free");
                    assert_eq!(held(&shop), (price(from), to.0 == "free", follows), "{context}");
                    assert_eq!(subscription(&shop).await["plan"], from.0, "{context}");
                    // The repeated request reports the scheduled change and sends Stripe no command.
                    let asked = shop.stripe_requests().len();
                    let again = put(&shop, to.0, to.1).await;
                    assert_eq!((&again.body, shop.stripe_requests().len()), (&answer.body, asked), "{context}");
                    // A request for the current plan withdraws it.
                    let back = put(&shop, from.0, from.1).await;
                    assert_eq!(
                        (&back.body["status"], held(&shop)),
                        (&json!("applied"), (price(from), false, None)),
                        "{context}"
                    );
                    let now = subscription(&shop).await;
                    assert_eq!((&now["scheduled_plan"], &now["cancel_at"]), (&Value::Null, &Value::Null), "{context}");
                }
            }
            assert_eq!(
                (answer.usage.round_trips, intents(&shop), shop.stripe_objects("subscriptions").len()),
                (3, 0, 1),
                "{context}"
            );
        }
    }
}

#[tokio::test]
async fn a_change_takes_the_place_of_one_that_was_to_follow() {
    let orders =
        [("starter", "month"), ("free", "month"), ("pro", "month"), ("business", "year"), ("business", "month")];
    for first in orders {
        for second in orders {
            if first == second || [first, second].contains(&("business", "month")) && first == ("business", "month") {
                continue;
            }
            let shop = paying("business", "month").await;
            put(&shop, first.0, first.1).await;
            let before = held(&shop);
            let answer = put(&shop, second.0, second.1).await;
            let context = format!("{first:?} then {second:?}: {answer}");
            assert_eq!(answer.status.as_u16(), 200, "{context}");
            let (price, ends, follows) = held(&shop);
            let in_force = if before.0 == "price_business_year" || second == ("business", "year") {
                "price_business_year"
            } else {
                "price_business_month"
            };
            assert_eq!(price, in_force, "{context}");
            assert_eq!(ends, second.0 == "free", "{context}");
            let lower = second.0 != "free" && format!("price_{}_{}", second.0, second.1) != in_force;
            assert_eq!(follows.is_some(), lower, "{context}");
            assert_eq!(intents(&shop), 0, "{context}");
        }
    }
}

#[tokio::test]
async fn scheduled_plan_applies_at_period_end_even_without_its_event() {
    let shop = paying("business", "month").await;
    put(&shop, "starter", "month").await;
    assert_eq!(subscription(&shop).await["scheduled_plan"], "starter");
    shop.world.wait(SignedDuration::from_hours(31 * 24));
    send(&shop, Request::new("POST", "/billing/sync")).await;
    let now = subscription(&shop).await;
    assert_eq!((&now["plan"], &now["scheduled_plan"]), (&json!("starter"), &Value::Null));
    put(&shop, "free", "month").await;
    let now = subscription(&shop).await;
    assert_eq!((&now["plan"], &now["cancel_at"]), (&json!("starter"), &now["current_period_end"]));
    // The plan ends by the clock alone.
    shop.world.wait(SignedDuration::from_hours(32 * 24));
    assert_eq!(subscription(&shop).await["plan"], "free");
}

/// Invariant 12.
#[tokio::test]
async fn unpaid_upgrade_does_not_apply() {
    let shop = paying("pro", "month").await;
    let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, true).unwrap();
    let answer = put(&shop, "business", "month").await;
    assert_eq!(answer.body["status"], "action_required", "{answer}");
    assert!(answer.body["action_url"].as_str().unwrap().starts_with("http"), "{answer}");
    assert_eq!((held(&shop).0.as_str(), &subscription(&shop).await["plan"]), ("price_pro_month", &json!("pro")));
    // The customer pays on the page.
    shop.stripe().set_card_fails(&customer, false).unwrap();
    let unpaid = shop.stripe_objects("invoices").into_iter().find(|invoice| invoice["status"] == "open").unwrap();
    shop.stripe().pay_invoice(unpaid["id"].as_str().unwrap()).unwrap();
    send(&shop, Request::new("POST", "/billing/sync")).await;
    assert_eq!(subscription(&shop).await["plan"], "business");
}

#[tokio::test]
async fn cancelling_and_taking_it_back() {
    let shop = paying("pro", "month").await;
    let cancel = || Request::new("DELETE", "/billing/subscription");
    let resume = || Request::new("POST", "/billing/subscription/resume").header("idempotency-key", "r1");
    let cancelled = send(&shop, cancel()).await;
    assert_eq!(
        (cancelled.status.as_u16(), &cancelled.body["cancel_at"]),
        (202, &cancelled.body["current_period_end"]),
        "{cancelled}"
    );
    let asked = shop.stripe_requests().len();
    let again = send(&shop, cancel()).await;
    assert_eq!((again.status.as_u16(), &again.body, shop.stripe_requests().len()), (202, &cancelled.body, asked));
    let resumed = send(&shop, resume()).await;
    assert_eq!((resumed.status.as_u16(), &resumed.body["cancel_at"]), (200, &Value::Null), "{resumed}");
    assert_eq!(held(&shop), ("price_pro_month".to_owned(), false, None));
    let asked = shop.stripe_requests().len();
    assert_eq!((send(&shop, resume()).await.body, shop.stripe_requests().len()), (resumed.body, asked));
    let unchanged = send(&shop, Request::new("POST", "/billing/subscription/resume")).await;
    assert_eq!((unchanged.status.as_u16(), unchanged.code()), (409, "plan_unchanged"));
    for request in [cancel(), resume(), Request::new("PUT", "/billing/plan").json(json!({"plan": "starter"}))] {
        assert_eq!(send(&shop, request.by(&BEN)).await.status.as_u16(), 404);
    }
    let free = Shop::open(1).await;
    assert_eq!(send(&free, cancel()).await.code(), "not_subscribed");
    assert_eq!(send(&free, resume()).await.code(), "not_subscribed");
    assert_eq!(put(&free, "free", "month").await.code(), "plan_unchanged");
}

#[tokio::test]
async fn a_cancellation_in_the_portal_is_taken_back_as_well() {
    let shop = paying("pro", "month").await;
    shop.stripe().portal_cancel(shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap()).unwrap();
    assert!(shop.stripe_objects("subscriptions")[0]["cancel_at_period_end"] == false && held(&shop).1);
    send(&shop, Request::new("POST", "/billing/sync")).await;
    assert!(subscription(&shop).await["cancel_at"].is_string());
    let answer = put(&shop, "pro", "month").await;
    assert_eq!(answer.body["status"], "applied", "{answer}");
    assert_eq!(held(&shop), ("price_pro_month".to_owned(), false, None));
}

#[tokio::test]
async fn intent_does_not_overwrite_newer_facts() {
    let shop = paying("pro", "month").await;
    shop.world.after("BatchGetItem", shop.workspace, "SUBSCRIPTION", "version", json!({"N": "99"}));
    assert_eq!(put(&shop, "business", "month").await.body["status"], "applied");
    let item = shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
    assert_eq!(item["version"], 101, "the intent and its outcome");
}

#[tokio::test]
async fn a_preview_names_the_amounts_and_what_is_over_the_limits() {
    let shop = paying("pro", "month").await;
    for n in 0..5 {
        let person = testkit::Person { email: Box::leak(format!("p{n}@example.com").into_boxed_str()), ..BEN };
        assert!(
            shop.world.try_invite(shop.workspace, &testkit::ANA, person, domain::identity::access::Role::Member).await
        );
    }
    shop.world.changes();
    shop.world.wait(SignedDuration::from_hours(15 * 24));
    insta::assert_snapshot!("preview_lower", preview(&shop, "starter", "month").await);
    let higher = preview(&shop, "business", "month").await;
    assert_eq!(
        (&higher.body["amount_due_now"], &higher.body["next_amount"], &higher.body["effective_at"]),
        (&json!(2_500), &json!(7_900), &Value::Null)
    );
    assert_eq!(preview(&shop, "pro", "month").await.code(), "plan_unchanged");
    assert_eq!(preview(&shop, "enterprise", "month").await.code(), "contract_required");
    let free = preview(&shop, "free", "month").await;
    assert_eq!((&free.body["amount_due_now"], &free.body["over_limits"][0]["limit"]), (&json!(0), &json!(3)));
    for query in ["", "?plan=gold", "?plan=pro&interval=week", "?plan=pro&plan=free", "?plan=pro&x=1"] {
        let request = Request::new("GET", &format!("/billing/plan/preview{query}"));
        assert_eq!(send(&shop, request).await.status.as_u16(), 400, "{query}");
    }
    shop.world.assert_only_budgets_written();
    assert_eq!(put(&shop, "business", "month").await.body["status"], "applied");
    assert_eq!(shop.stripe_objects("invoices")[0]["amount_paid"], higher.body["amount_due_now"]);
}

/// Invariant 13.
#[tokio::test]
async fn crashed_change_completes_even_a_day_later() {
    let changes = [
        ("business", "month", "starter", "month"),
        ("starter", "month", "pro", "month"),
        ("pro", "month", "free", "month"),
    ];
    for (plan, interval, to, every) in changes {
        for later in [SignedDuration::from_mins(3), SignedDuration::from_hours(26)] {
            for moment in [Moment::Before, Moment::After] {
                for call in 0.. {
                    let shop = paying(plan, interval).await;
                    let done = shop.world.crashing(call, moment, Box::pin(put(&shop, to, every))).await;
                    shop.world.wait(later);
                    finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
                    let context = format!("{plan} to {to}, {moment:?} call {call}, {later:?}");
                    let again = put(&shop, to, every).await;
                    assert!(again.status.is_success() || again.code() == "plan_unchanged", "{context}: {again}");
                    let wanted = match to {
                        "free" => ("price_pro_month".to_owned(), true, None),
                        "pro" => ("price_pro_month".to_owned(), false, None),
                        _ => ("price_business_month".to_owned(), false, Some("price_starter_month".to_owned())),
                    };
                    assert_eq!((held(&shop), intents(&shop)), (wanted, 0), "{context}");
                    assert!(shop.stripe_objects("invoices").len() <= 2, "{context}: nobody pays twice");
                    if done.is_some() {
                        break;
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn stripe_faults_make_a_change_once() {
    for path in ["/v1/subscriptions/", "/v1/subscription_schedules"] {
        for (status, applied, body) in
            [(Some(500), true, None), (Some(500), false, None), (None, true, Some("oops")), (Some(429), false, None)]
        {
            for to in ["starter", "free", "business"] {
                let shop = paying("pro", "month").await;
                let fault = RequestFault {
                    method: Some("POST".to_owned()),
                    path: path.to_owned(),
                    status,
                    applied,
                    body: body.map(str::to_owned),
                    ..RequestFault::default()
                };
                shop.stripe().add_fault(fault);
                for _ in 0..6 {
                    put(&shop, to, "month").await;
                    shop.world.wait(SignedDuration::from_mins(3));
                    let _ = finish_interrupted(&shop.billing_deps(), shop.workspace).await;
                }
                let (price, ends, follows) = held(&shop);
                let context = format!("{path} {status:?} {applied} {body:?} to {to}");
                let wanted = if to == "business" { "price_business_month" } else { "price_pro_month" };
                assert_eq!(
                    (price.as_str(), ends, follows.is_some()),
                    (wanted, to == "free", to == "starter"),
                    "{context}"
                );
                assert_eq!(
                    (intents(&shop), shop.stripe_objects("invoices").len()),
                    (0, if to == "business" { 2 } else { 1 }),
                    "{context}"
                );
            }
        }
    }
}

#[tokio::test]
async fn many_changes_at_once_end_with_one_that_was_asked_for() {
    for seed in 0..4 {
        let shop = paying("pro", "month").await;
        shop.world.wait(SignedDuration::from_hours(seed));
        let plans = ["business", "starter", "business", "free", "starter", "business"];
        join_all(plans.map(|plan| put(&shop, plan, "month"))).await;
        finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
        let (price, ends, follows) = held(&shop);
        assert!(!(ends && follows.is_some()), "{price} {ends} {follows:?}");
        send(&shop, Request::new("POST", "/billing/sync")).await;
        let now = subscription(&shop).await;
        assert_eq!(format!("price_{}_month", now["plan"].as_str().unwrap()), price);
        assert_eq!((now["cancel_at"].is_string(), now["scheduled_plan"].is_string()), (ends, follows.is_some()));
        assert_eq!(intents(&shop), 0);
    }
}
