//! Checkouts under faults: crashes between any two calls, every failure of Stripe, concurrency, and delays of a day.

use domain::{
    command::{Fingerprint, Reply},
    plans::{money::Interval, plan::Plan},
};
use futures::future::join_all;
use jiff::SignedDuration;
use shared::billing::{CheckoutRequest, CheckoutView, Error, ReturnUrls, open_checkout};
use stripe_standin::RequestFault;
use testkit::{ANA, Chances, Fault, Moment, Shop, plan};
use workers::billing::finish_interrupted;

fn wanted(plan: Plan) -> CheckoutRequest {
    CheckoutRequest { plan, interval: Interval::Month, currency: None, back: ReturnUrls::default() }
}

/// Requests a page for Ana, under `key`.
async fn ask(shop: &Shop, plan: Plan, key: Option<&str>) -> Result<String, Error> {
    let workspace = shop.workspace.to_string();
    let command = key.map(|key| {
        Fingerprint::of(
            "POST",
            "/billing/checkout",
            Some(&workspace),
            &key.parse().unwrap(),
            plan.name.as_str().as_bytes(),
        )
    });
    let answer =
        open_checkout(&shop.billing_deps(), &ANA.caller(), shop.workspace, wanted(plan), command.as_ref()).await?;
    Ok(match answer {
        Reply::First(CheckoutView { url }) => url,
        Reply::Again(json) => {
            serde_json::from_str::<serde_json::Value>(json.get()).unwrap()["url"].as_str().unwrap().to_owned()
        }
    })
}

/// Runs the sweeper, after the process that wrote the intent must have ended.
async fn sweep(shop: &Shop) {
    finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
}

fn intents(shop: &Shop) -> usize {
    shop.world.items().keys().filter(|(_, sk)| sk.starts_with("INTENT#")).count()
}

/// Asserts that there is one customer, one page, no pending intent, and that the page is the recorded one.
#[track_caller]
fn assert_one_page(shop: &Shop, context: &str) {
    assert_eq!((shop.customers(), intents(shop)), (1, 0), "{context}");
    let open = shop.open_sessions();
    assert_eq!(open.len(), 1, "{context}: {open:?}");
    let item = shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
    assert_eq!(item["pending_checkout"]["session"], open.first().unwrap().as_str(), "{context}");
    assert!(item["open"].is_null(), "{context}");
    let audited = shop.world.items().values().filter(|item| item["action"] == "checkout.opened").count();
    assert_eq!(audited, shop.stripe_objects("checkout_sessions").len(), "{context}: one record for each page");
}

/// Invariant 13.
#[tokio::test]
async fn crashed_checkout_leaves_one_customer_and_page() {
    for later in [SignedDuration::from_mins(3), SignedDuration::from_hours(22)] {
        for moment in [Moment::Before, Moment::After] {
            for call in 0.. {
                let shop = Shop::open(1).await;
                let done = shop.world.crashing(call, moment, Box::pin(ask(&shop, plan("pro"), Some("k")))).await;
                let context = format!("{moment:?} call {call}, {later:?} later");
                shop.world.wait(later);
                sweep(&shop).await;
                // The repeated command gets the page that the sweeper opened for it, or a first one.
                ask(&shop, plan("pro"), Some("k")).await.unwrap_or_else(|error| panic!("{context}: {error}"));
                assert_one_page(&shop, &context);
                if done.is_some() {
                    assert!(call >= 3, "it takes some calls");
                    break;
                }
            }
        }
    }
}

/// Invariant 13.
#[tokio::test]
async fn leftovers_complete_a_day_later_exactly_once() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let shop = Shop::open(1).await;
            let done = shop.world.crashing(call, moment, Box::pin(ask(&shop, plan("pro"), None))).await;
            // Stripe has forgotten the keys, and the earlier sessions have expired.
            shop.world.wait(SignedDuration::from_hours(30));
            sweep(&shop).await;
            ask(&shop, plan("pro"), None).await.unwrap();
            assert_eq!(
                (shop.customers(), intents(&shop), shop.open_sessions().len()),
                (1, 0, 1),
                "{moment:?} call {call}"
            );
            if done.is_some() {
                break;
            }
        }
    }
}

fn faults() -> Vec<(&'static str, RequestFault)> {
    let fault = |status: Option<u16>, applied, body: Option<&str>| RequestFault {
        method: Some("POST".to_owned()),
        status,
        applied,
        body: body.map(ToOwned::to_owned),
        ..RequestFault::default()
    };
    vec![
        ("500, not done", fault(Some(500), false, None)),
        ("500, done", fault(Some(500), true, None)),
        ("503, done", fault(Some(503), true, None)),
        ("429", fault(Some(429), false, None)),
        ("429 for long", RequestFault { count: 20, ..fault(Some(429), false, None) }),
        ("nonsense, done", fault(None, true, Some("<html>not json"))),
        ("401", fault(Some(401), false, None)),
        ("500 for long", RequestFault { count: 6, ..fault(Some(500), true, None) }),
    ]
}

/// Invariant 13.
#[tokio::test]
async fn stripe_faults_leave_one_customer_and_page() {
    for path in ["/v1/customers", "/v1/checkout/sessions"] {
        for (name, fault) in faults() {
            let shop = Shop::open(1).await;
            shop.stripe().add_fault(RequestFault { path: path.to_owned(), ..fault });
            let context = format!("{path} {name}");
            let mut asked = 0;
            // A user asks until they get a page; the sweeper runs in between.
            while let Err(error) = ask(&shop, plan("pro"), None).await {
                asked += 1;
                assert!(asked < 10, "{context}: {error}");
                shop.world.wait(SignedDuration::from_mins(3));
                // The sweeper may meet the same fault.
                let _ = finish_interrupted(&shop.billing_deps(), shop.workspace).await;
            }
            assert_one_page(&shop, &context);
        }
    }
}

#[tokio::test]
async fn unanswered_stripe_command_is_pending_and_then_answered() {
    let shop = Shop::open(1).await;
    let nonsense = RequestFault {
        method: Some("POST".to_owned()),
        body: Some("oops".to_owned()),
        applied: true,
        ..RequestFault::default()
    };
    shop.stripe().add_fault(nonsense);
    let lost = ask(&shop, plan("pro"), Some("k")).await.unwrap_err();
    assert_eq!(domain::error::Refusal::code(&lost), "payments_unavailable");
    let waiting = ask(&shop, plan("pro"), Some("k")).await.unwrap_err();
    assert_eq!(domain::error::Refusal::code(&waiting), "command_under_way");
    shop.world.wait(SignedDuration::from_mins(3));
    sweep(&shop).await;
    let url = ask(&shop, plan("pro"), Some("k")).await.unwrap();
    assert!(url.contains(shop.open_sessions().first().unwrap()));
    assert_one_page(&shop, "answered by the sweeper");
}

/// Invariant 13.
#[tokio::test]
async fn paid_but_unrecorded_page_is_found() {
    for later in [SignedDuration::from_mins(3), SignedDuration::from_hours(25)] {
        let shop = Shop::open(1).await;
        // The first attempt fails, so that the second looks for its results.
        let failed = RequestFault {
            path: "/v1/customers".to_owned(),
            method: Some("POST".to_owned()),
            status: Some(500),
            ..RequestFault::default()
        };
        shop.stripe().add_fault(failed);
        let lost = RequestFault {
            path: "/v1/checkout/sessions".to_owned(),
            body: Some("oops".to_owned()),
            ..RequestFault::default()
        };
        shop.stripe().add_fault(lost);
        assert!(ask(&shop, plan("pro"), None).await.is_err());
        shop.stripe().pay(shop.open_sessions().first().unwrap()).unwrap();
        shop.world.wait(later);
        let refused = ask(&shop, plan("pro"), None).await.unwrap_err();
        assert_eq!(domain::error::Refusal::code(&refused), "already_subscribed", "{later:?}");
        assert_eq!((shop.customers(), intents(&shop), shop.stripe_objects("subscriptions").len()), (1, 0, 1));
        let view =
            shared::billing::read_subscription(&shop.world.store(), &ANA.caller(), shop.workspace).await.unwrap();
        assert_eq!(view.plan, plan("pro").name, "{later:?}");
    }
}

/// Invariant 13.
#[tokio::test]
async fn a_customer_whose_page_is_refused_is_kept() {
    let shop = Shop::open(1).await;
    let refused = RequestFault {
        path: "/v1/checkout/sessions".to_owned(),
        method: Some("POST".to_owned()),
        status: Some(400),
        ..RequestFault::default()
    };
    shop.stripe().add_fault(refused);
    assert!(ask(&shop, plan("pro"), None).await.is_err());
    assert_eq!((shop.customers(), intents(&shop)), (1, 0));
    ask(&shop, plan("pro"), None).await.unwrap();
    assert_one_page(&shop, "refused once");
}

/// Invariant 13.
#[tokio::test]
async fn many_checkouts_at_once_share_one_page() {
    for seed in 0..8 {
        let shop = Shop::open(seed).await;
        let urls = join_all((0..10).map(|_| ask(&shop, plan("pro"), None))).await;
        let urls: std::collections::BTreeSet<_> = urls.into_iter().map(Result::unwrap).collect();
        assert_eq!(urls.len(), 1, "{urls:?}");
        assert_one_page(&shop, "at once");
    }
}

/// Invariant 13.
#[tokio::test]
async fn parallel_checkouts_leave_one_payable_page() {
    for seed in 0..8 {
        let shop = Shop::open(seed).await;
        let plans = [plan("pro"), plan("starter"), plan("business"), plan("pro"), plan("starter"), plan("business")];
        join_all(plans.into_iter().map(|plan| ask(&shop, plan, None))).await;
        sweep(&shop).await;
        assert_eq!((shop.customers(), shop.open_sessions().len(), intents(&shop)), (1, 1, 0));
    }
}

#[tokio::test]
async fn page_is_opened_despite_faults() {
    for seed in 0..6 {
        let shop = Shop::open(seed).await;
        shop.world.set_fault_chances(Chances::HIGH);
        let mut asked = 0;
        while ask(&shop, plan("pro"), None).await.is_err() {
            asked += 1;
            assert!(asked < 40, "seed {seed}");
        }
        shop.world.clear_fault_chances();
        sweep(&shop).await;
        assert_one_page(&shop, &format!("seed {seed}"));
    }
}

#[tokio::test]
async fn outcome_with_a_lost_answer_is_recorded_once() {
    let shop = Shop::open(1).await;
    shop.world.plan("TransactWriteItems", Fault::LoseReply);
    shop.world.plan("TransactWriteItems", Fault::LoseReply);
    ask(&shop, plan("pro"), None).await.unwrap();
    assert_one_page(&shop, "lost");
}
