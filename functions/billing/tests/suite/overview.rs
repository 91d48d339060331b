//! The views of a workspace's billing: usage, config, invoices and the portal.

use domain::identity::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{ANA, Answer, BEN, CLEO, Request, Shop, plan};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn get(shop: &Shop, path: &str) -> Answer {
    send(shop, Request::new("GET", path)).await
}

async fn post(shop: &Shop, path: &str, body: Value) -> Answer {
    send(shop, Request::new("POST", path).json(body)).await
}

/// A shop whose workspace has paid for pro.
async fn paying() -> Shop {
    let shop = Shop::open(1).await;
    post(&shop, "/billing/checkout", json!({"plan": "pro"})).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    post(&shop, "/billing/sync", json!({})).await;
    shop.world.changes();
    shop
}

/// Sends `request` and returns its answer and the calls to Stripe.
async fn asked(shop: &Shop, request: Request) -> (Answer, Vec<String>) {
    let before = shop.stripe_requests().len();
    let answer = send(shop, request).await;
    (answer, shop.stripe_requests()[before..].to_vec())
}

#[tokio::test]
async fn a_free_workspace_is_shown_without_a_call_of_stripe() {
    let shop = Shop::open(1).await;
    for (event, trips) in [("billing/config", 1), ("billing/usage", 1), ("billing/invoices", 1)] {
        let (answer, asked) = asked(&shop, Request::event(event)).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips, asked.len()), (200, trips, 0), "{answer}");
        insta::assert_snapshot!(
            event.replace('/', "-"),
            serde_json::to_string_pretty(&answer.body).unwrap().replace(&shop.workspace.to_string(), "ws")
        );
    }
    let (portal, asked) = asked(&shop, Request::event("billing/portal")).await;
    assert_eq!((portal.status.as_u16(), portal.code(), asked.len()), (409, "no_customer", 0));
    shop.world.assert_only_budgets_written();
}

#[tokio::test]
async fn config_and_usage_agree_with_what_was_counted() {
    let shop = paying().await;
    for (meter, amount) in [("executions", 70), ("traces", 8), ("ai_credits", 3), ("gateways", 2), ("storage_mb", 9)] {
        post(&shop, "/usage/consume", json!({"meter": meter, "amount": amount, "key": meter})).await;
    }
    shop.world.try_invite(shop.workspace, &ANA, BEN, Role::Viewer).await;
    let usage = get(&shop, "/billing/usage").await;
    let (config, asked) = asked(&shop, Request::new("GET", "/billing/config")).await;
    assert_eq!((asked.len(), config.usage.round_trips), (0, 1), "{asked:?}");
    let card = json!({"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030});
    assert_eq!(config.body["payment_method"], card);
    assert_eq!(
        config.body["pricing"],
        json!({
            "prices": [
                {"interval": "month", "currency": "usd", "amount": 2_900},
                {"interval": "year", "currency": "usd", "amount": 29_000},
            ],
            "billing_interval": "month",
            "auto_renew": true,
            "seats": null,
        })
    );
    assert_eq!(config.body["billing_cycle"]["next_billing_date"], "2026-12-21T12:00:00Z");
    assert_eq!(usage.body["period"], json!({"start": "2026-11-21T12:00:00Z", "end": "2026-12-21T12:00:00Z"}));
    for row in usage.body["usage"].as_array().unwrap() {
        let meter = row["meter"].as_str().unwrap();
        assert_eq!(row["used"], config.body["current_usage"][meter], "{meter}");
        assert_eq!(row["limit"], config.body["limits"][meter], "{meter}");
    }
    let counted =
        ["members", "integrations", "executions", "plugins"].map(|of| config.body["current_usage"][of].clone());
    assert_eq!(counted, [json!(2), json!(0), json!(70), json!(0)]);
}

/// Returns the usage of `meter` in an answer.
fn row_of(usage: &Value, meter: &str) -> Value {
    usage["usage"].as_array().unwrap().iter().find(|row| row["meter"] == meter).unwrap().clone()
}

#[tokio::test]
async fn the_usage_of_a_month_before_stays() {
    let shop = Shop::open(1).await;
    post(&shop, "/usage/consume", json!({"meter": "executions", "amount": 7, "key": "a"})).await;
    shop.world.wait(SignedDuration::from_hours(24 * 40));
    shop.world.subscribe(shop.workspace, plan("starter")).await;
    post(&shop, "/usage/consume", json!({"meter": "executions", "amount": 9, "key": "b"})).await;
    let executions = |answer: &Answer| row_of(&answer.body, "executions");
    let present = get(&shop, "/billing/usage").await;
    assert_eq!((&executions(&present)["used"], &executions(&present)["limit"]), (&json!(9), &json!(10_000)));
    let then = get(&shop, "/billing/usage?period=2026-12-20").await;
    assert_eq!(then.body["period"], json!({"start": "2026-11-21T00:00:00Z", "end": "2026-12-21T00:00:00Z"}));
    assert_eq!((&executions(&then)["used"], &executions(&then)["limit"]), (&json!(7), &json!(1_000)));
    // Nothing was counted then.
    assert_eq!(executions(&get(&shop, "/billing/usage?period=2026-12-25").await)["used"], 0);
    assert_eq!(get(&shop, "/billing/usage?period=2999-01-01").await.body, present.body);
    for wrong in ["?period=previous", "?period=", "?periode=2026-12-20", "?period=2026-12-20&period=2026-12-20"] {
        assert_eq!(get(&shop, &format!("/billing/usage{wrong}")).await.status.as_u16(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn invoices_are_shown_with_what_they_are_for() {
    let shop = paying().await;
    let (answer, asked) = asked(&shop, Request::event("billing/invoices")).await;
    assert_eq!((answer.usage.round_trips, asked), (1, vec!["GET /v1/invoices".to_owned()]));
    let invoice = &answer.body["invoices"][0];
    let shown = ["status", "total", "currency", "paid_at", "period"].map(|field| invoice[field].clone());
    let period = json!({"start": "2026-11-21T12:00:00Z", "end": "2026-12-21T12:00:00Z"});
    assert_eq!(shown, [json!("paid"), json!(2_900), json!("usd"), json!("2026-11-21T12:00:00Z"), period]);
    assert!(["number", "hosted_url", "pdf_url"].iter().all(|field| invoice[*field].is_string()), "{invoice:#}");
}

/// Invariant 22.
#[tokio::test]
async fn invoice_pages_show_own_invoices_once() {
    let shop = paying().await;
    for _ in 0..4 {
        shop.world.wait(SignedDuration::from_hours(24 * 31));
        shop.stripe().advance(SignedDuration::ZERO);
    }
    let all = get(&shop, "/billing/invoices?limit=100").await.body["invoices"].as_array().unwrap().clone();
    assert!(all.len() >= 3, "{all:#?}");
    let (mut walked, mut path) = (Vec::new(), "/billing/invoices?limit=2".to_owned());
    let mut cursors = Vec::new();
    loop {
        let page = get(&shop, &path).await;
        walked.extend(page.body["invoices"].as_array().unwrap().clone());
        let Some(cursor) = page.body["pagination"]["next_cursor"].as_str().map(ToOwned::to_owned) else { break };
        path = format!("/billing/invoices?limit=2&cursor={cursor}");
        cursors.push(cursor);
    }
    assert_eq!(walked, all);
    // Another tenant's cursor is refused.
    let other = shop.world.workspace_of(&CLEO).await;
    let path = format!("/billing/invoices?cursor={}", cursors[0]);
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    let theirs = shop.world.send(&router, Request::new("GET", &path).by(&CLEO).within(other)).await;
    assert_eq!((theirs.status.as_u16(), theirs.wrong_fields()), (400, vec!["cursor"]));
}

#[tokio::test]
async fn portal_opens_for_own_customer_and_returns_to_dashboard() {
    let shop = paying().await;
    let (answer, asked) = asked(&shop, Request::event("billing/portal")).await;
    assert_eq!((answer.status.as_u16(), asked), (200, vec!["POST /v1/billing_portal/sessions".to_owned()]), "{answer}");
    assert!(answer.body["url"].as_str().unwrap().starts_with("http"));
    assert_eq!(send(&shop, Request::new("POST", "/billing/portal")).await.status.as_u16(), 200);
    let elsewhere = post(&shop, "/billing/portal", json!({"return_url": "https://evil.example.net/"})).await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.wrong_fields()), (400, vec!["return_url"]));
    // The same command has the same page.
    let again = || Request::event("billing/portal").header("idempotency-key", "k");
    let first = send(&shop, again()).await;
    assert_eq!(send(&shop, again()).await.body, first.body);
}

/// Invariant 21.
#[tokio::test]
async fn parallel_portal_requests_open_one_session() {
    let shop = paying().await;
    let before = shop.stripe_requests().len();
    let portal = || Request::event("billing/portal").header("idempotency-key", "k");
    let answers = futures::future::join_all((0..8).map(|_| send(&shop, portal()))).await;
    let first = answers.iter().find(|answer| answer.status.as_u16() == 200).unwrap();
    for answer in &answers {
        match answer.status.as_u16() {
            200 => assert_eq!(answer.body, first.body),
            status => assert_eq!((status, answer.code()), (409, "command_under_way"), "{answer}"),
        }
    }
    assert_eq!(shop.stripe_requests()[before..], ["POST /v1/billing_portal/sessions"]);
    assert_eq!(send(&shop, portal()).await.body, first.body);
}

#[tokio::test]
async fn the_portal_offers_what_its_configuration_allows() {
    let shop = paying().await;
    let router = |configuration: &str| {
        let configured = shared::billing::BillingDeps {
            portal_configuration: Some(configuration.to_owned()),
            ..shop.billing_deps()
        };
        billing::router(configured, shop.world.claim_rules())
    };
    let request = || Request::event("billing/portal").within(shop.workspace);
    let unknown = shop.world.send(&router("bpc_unknown"), request()).await;
    assert_eq!(unknown.status.as_u16(), 500, "it was asked for, and there is none: {unknown}");
}

#[tokio::test]
async fn every_route_checks_its_role() {
    let shop = paying().await;
    shop.world.join(shop.workspace, &ANA, &BEN, Role::Viewer).await;
    shop.world.changes();
    for (event, viewer) in [("config", 200), ("usage", 200), ("invoices", 403), ("portal", 403)] {
        let request = || Request::event(&format!("billing/{event}"));
        assert_eq!(send(&shop, request().by(&BEN)).await.status.as_u16(), viewer, "{event}");
        assert_eq!(send(&shop, request().by(&CLEO)).await.status.as_u16(), 404, "{event}");
    }
    shop.world.assert_only_budgets_written();
}

#[tokio::test]
async fn stripe_failure_is_reported_and_nothing_is_written() {
    let shop = paying().await;
    let fault = |status: Option<u16>, body: Option<&str>| RequestFault {
        status,
        count: 20,
        body: body.map(ToOwned::to_owned),
        ..RequestFault::default()
    };
    for event in ["invoices", "portal"] {
        for fault in
            [fault(Some(500), None), fault(Some(429), None), fault(None, Some("<html>")), fault(Some(401), None)]
        {
            let shop_fault = format!("{event}: {fault:?}");
            shop.stripe().add_fault(fault);
            let answer = send(&shop, Request::event(&format!("billing/{event}"))).await;
            assert_eq!(answer.status.as_u16(), 503, "{shop_fault}: {answer}");
            assert!(answer.headers.contains_key("retry-after"), "{shop_fault}");
            shop.stripe().clear_faults();
        }
    }
    shop.world.assert_only_budgets_written();
}
