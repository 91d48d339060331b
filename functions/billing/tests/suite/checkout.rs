//! Buying a plan over HTTP, against the stand-in for Stripe.

use domain::identity::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Request, Shop};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request).await
}

fn checkout(shop: &Shop, body: Value) -> Request {
    Request::new("POST", "/billing/checkout").within(shop.workspace).json(body)
}

fn subscription(shop: &Shop) -> Request {
    Request::event("billing/subscription").within(shop.workspace)
}

fn sync(shop: &Shop) -> Request {
    Request::event("billing/sync").within(shop.workspace)
}

#[tokio::test]
async fn the_catalogue_is_the_table_of_the_plans() {
    let shop = Shop::open(1).await;
    let answer = send(&shop, Request::new("GET", "/billing/plans")).await;
    insta::assert_snapshot!(answer);
    assert_eq!(answer.usage.requests, 0);
    let page = send(&shop, Request::new("GET", "/billing/plans?limit=2")).await;
    let cursor = page.body["pagination"]["next_cursor"].as_str().unwrap();
    let rest = send(&shop, Request::new("GET", &format!("/billing/plans?cursor={cursor}"))).await;
    let names = |page: &Answer| {
        page.body["plans"].as_array().unwrap().iter().map(|plan| plan["plan"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&page), names(&rest)),
        (vec![json!("free"), json!("starter")], vec![json!("pro"), json!("business"), json!("enterprise")])
    );
}

#[tokio::test]
async fn checkout_takes_three_table_trips_and_two_stripe_trips() {
    let shop = Shop::open(1).await;
    let answer = send(&shop, Request::event("billing/checkout").within(shop.workspace)).await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 3), "{answer}");
    let mut asked = shop.stripe_requests();
    // The first two are sent concurrently.
    asked[..2].sort();
    assert_eq!(asked, ["GET /v1/prices", "POST /v1/customers", "POST /v1/checkout/sessions"]);
    assert!(answer.body["url"].as_str().unwrap().contains("/c/pay/cs_test_"));
    let session = &shop.stripe_objects("checkout_sessions")[0];
    assert_eq!(session["metadata"]["workspace"], shop.workspace.to_string());
    assert_eq!(
        session["success_url"],
        format!(
            "https://app.example.com/w/{}/settings/billing?checkout=success&session_id={{CHECKOUT_SESSION_ID}}",
            shop.workspace
        )
    );
    let written = shop.world.changes();
    assert!(!written.contains("INTENT#"), "the intent is gone: {written}");
    assert_eq!(written.matches("#AUDIT").count(), 1, "{written}");
}

#[tokio::test]
async fn payment_applies_pro_after_sync_and_a_sixth_member_fits() {
    let shop = Shop::open(1).await;
    let free = send(&shop, subscription(&shop)).await;
    assert_eq!(
        (&free.body["plan"], &free.body["status"], free.usage.round_trips),
        (&json!("free"), &json!("active"), 1)
    );
    send(&shop, checkout(&shop, json!({"plan": "pro", "interval": "year"}))).await;
    assert!(shop.stripe().pay(&shop.open_sessions()[0]).unwrap());
    shop.world.changes();
    let synced = send(&shop, sync(&shop)).await;
    assert_eq!((synced.status.as_u16(), synced.usage.round_trips), (200, 3), "{synced}");
    assert_eq!(
        (&synced.body["plan"], &synced.body["interval"], &synced.body["limits"]["members"]),
        (&json!("pro"), &json!("year"), &json!(10))
    );
    assert_eq!(synced.body["current_period_end"], "2027-11-21T12:00:00Z");
    assert_eq!(send(&shop, subscription(&shop)).await.body, synced.body);
    let written = shop.world.changes();
    assert_eq!(written.matches("#AUDIT").count(), 1, "{written}");
    assert!(written.contains("billing.changed") && written.contains(&ANA.id().to_string()), "{written}");
    // There is no news, so nothing is written.
    let again = send(&shop, sync(&shop)).await;
    assert_eq!((again.body, again.usage.round_trips), (synced.body, 2));
    shop.world.assert_only_budgets_written();
    for number in 0..9 {
        let person = testkit::Person { email: Box::leak(format!("p{number}@example.com").into_boxed_str()), ..BEN };
        assert!(shop.world.try_invite(shop.workspace, &ANA, person, Role::Member).await, "{number}");
    }
    assert!(!shop.world.try_invite(shop.workspace, &ANA, CLEO, Role::Member).await);
}

#[tokio::test]
async fn the_same_plan_has_the_same_page_and_another_one_closes_it() {
    let shop = Shop::open(1).await;
    let first = send(&shop, checkout(&shop, json!({"plan": "pro"}))).await;
    let again = send(&shop, checkout(&shop, json!({"plan": "pro", "interval": "month"}))).await;
    assert_eq!((&again.body, again.usage.round_trips), (&first.body, 1));
    let pro = shop.open_sessions();
    let yearly = send(&shop, checkout(&shop, json!({"plan": "pro", "interval": "year"}))).await;
    assert_ne!(yearly.body, first.body);
    let [session] = shop.open_sessions().try_into().unwrap();
    assert_ne!(pro.first(), Some(&session));
    assert_eq!((shop.customers(), shop.stripe_objects("checkout_sessions").len()), (1, 2));
    // A day later the page has expired, and there is a new one.
    shop.world.wait(SignedDuration::from_hours(25));
    let later = send(&shop, checkout(&shop, json!({"plan": "pro", "interval": "year"}))).await;
    assert_ne!(later.body, yearly.body);
    assert_eq!((shop.open_sessions().len(), shop.customers()), (1, 1));
}

#[tokio::test]
async fn other_return_urls_get_a_page_with_those() {
    let shop = Shop::open(1).await;
    let body = |page: &str| {
        let url = |name: &str| format!("https://app.example.com/{page}/{name}");
        json!({"plan": "pro", "success_url": url("done"), "cancel_url": url("back")})
    };
    let mut pages = Vec::new();
    for wanted in [body("one"), body("two"), json!({"plan": "pro"}), body("one")] {
        let page = send(&shop, checkout(&shop, wanted.clone())).await;
        assert_eq!(
            send(&shop, checkout(&shop, wanted.clone())).await.body,
            page.body,
            "the same order has the same page"
        );
        let [open] = shop.open_sessions().try_into().unwrap();
        let session = shop.stripe_objects("checkout_sessions").into_iter().find(|session| session["id"] == open);
        let urls = session.map(|session| [session["success_url"].clone(), session["cancel_url"].clone()]).unwrap();
        if let Some(success) = wanted.get("success_url") {
            assert_eq!((&urls[0], &urls[1]), (success, &wanted["cancel_url"]));
        } else {
            assert!(urls[0].as_str().unwrap().contains("/settings/billing?checkout=success"), "{urls:?}");
        }
        assert!(!pages.contains(&open), "{pages:?}");
        pages.push(open);
    }
    // A page that was paid meanwhile is found as a subscription.
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    let paid = send(&shop, checkout(&shop, body("two"))).await;
    assert_eq!((paid.status.as_u16(), paid.code()), (409, "already_subscribed"));
}

/// Invariant 13.
#[tokio::test]
async fn no_second_subscription_after_an_unseen_payment() {
    for other in ["pro", "business"] {
        let shop = Shop::open(1).await;
        send(&shop, checkout(&shop, json!({"plan": "pro"}))).await;
        shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
        let refused = send(&shop, checkout(&shop, json!({"plan": other}))).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "already_subscribed"), "{refused}");
        assert_eq!((shop.stripe_objects("subscriptions").len(), shop.open_sessions().len()), (1, 0));
        // The checkout has found and stored the subscription.
        assert_eq!(send(&shop, subscription(&shop)).await.body["plan"], "pro");
        assert!(!shop.world.items().keys().any(|(_, sk)| sk.starts_with("INTENT#")));
        let refused = send(&shop, checkout(&shop, json!({"plan": other}))).await;
        assert_eq!((refused.code(), refused.usage.round_trips), ("already_subscribed", 1));
    }
}

#[tokio::test]
async fn a_plan_that_is_not_sold_and_addresses_elsewhere_are_refused() {
    let shop = Shop::open(1).await;
    insta::assert_snapshot!(send(&shop, Request::event("billing/checkout-invalid").within(shop.workspace)).await);
    for (plan, code) in [("free", "plan_not_sold"), ("enterprise", "contract_required")] {
        let refused = send(&shop, checkout(&shop, json!({"plan": plan}))).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, code));
    }
    let unknown = send(&shop, checkout(&shop, json!({"plan": "platinum"}))).await;
    assert_eq!((unknown.status.as_u16(), unknown.wrong_fields()), (400, vec!["plan"]));
    assert_eq!(unknown.body["errors"][0]["message"], "must be one of free, starter, pro, business, enterprise");
    let elsewhere = json!({"plan": "pro", "success_url": "https://evil.example.net/", "cancel_url": "https://app.example.com.evil.test/"});
    let refused = send(&shop, checkout(&shop, elsewhere)).await;
    assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["success_url", "cancel_url"]));
    for body in [json!({}), json!({"plan": 7}), json!({"plan": null}), json!([])] {
        assert_eq!(send(&shop, checkout(&shop, body)).await.status.as_u16(), 400);
    }
    shop.world.assert_only_budgets_written();
    assert!(shop.stripe_requests().is_empty());
    let own = json!({"plan": "pro", "success_url": "https://app.example.com/done?s={CHECKOUT_SESSION_ID}"});
    assert_eq!(send(&shop, checkout(&shop, own)).await.status.as_u16(), 200);
    assert_eq!(
        shop.stripe_objects("checkout_sessions")[0]["success_url"],
        "https://app.example.com/done?s={CHECKOUT_SESSION_ID}"
    );
}

#[tokio::test]
async fn stripes_page_leads_back_to_the_billing_of_its_workspace() {
    let shop = Shop::open(1).await;
    let plan = |body: Value| Request::new("PUT", "/billing/plan").within(shop.workspace).json(body);
    let newest = || shop.stripe_objects("checkout_sessions").last().unwrap().clone();
    let billing = format!("https://app.example.com/w/{}/settings/billing", shop.workspace);
    assert_eq!(send(&shop, plan(json!({"plan": "pro"}))).await.body["status"], "checkout");
    assert_eq!(newest()["success_url"], format!("{billing}?checkout=success&session_id={{CHECKOUT_SESSION_ID}}"));
    assert_eq!(newest()["cancel_url"], format!("{billing}?checkout=cancelled"));
    let [success, cancel] = ["done", "back"].map(|path| format!("https://app.example.com/{path}"));
    let own = json!({"plan": "business", "success_url": success, "cancel_url": cancel});
    assert_eq!(send(&shop, plan(own)).await.body["status"], "checkout");
    let page =
        shop.stripe_objects("checkout_sessions").into_iter().find(|page| page["success_url"] == success).unwrap();
    assert_eq!(page["cancel_url"], cancel);
    let elsewhere =
        json!({"plan": "pro", "success_url": "https://evil.example.net/", "cancel_url": "https://evil.example.net/"});
    let refused = send(&shop, plan(elsewhere)).await;
    assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["success_url", "cancel_url"]));
}

/// Invariant 20.
#[tokio::test]
async fn only_an_owner_buys_and_a_stranger_finds_nothing() {
    let shop = Shop::open(1).await;
    for (role, person, allowed) in [(Role::Admin, BEN, [200, 403, 200]), (Role::Viewer, CLEO, [200, 403, 403])] {
        let requests = || [subscription(&shop), checkout(&shop, json!({"plan": "pro"})), sync(&shop)];
        for request in requests() {
            let refused = send(&shop, request.by(&person)).await;
            assert_eq!((refused.status.as_u16(), refused.code()), (404, "workspace_not_found"));
        }
        shop.world.join(shop.workspace, &ANA, &person, role).await;
        for (request, wanted) in requests().into_iter().zip(allowed) {
            assert_eq!(send(&shop, request.by(&person)).await.status.as_u16(), wanted);
        }
    }
    assert!(shop.stripe_requests().is_empty());
}

/// Invariant 21.
#[tokio::test]
async fn one_key_has_one_page_and_one_answer() {
    let shop = Shop::open(1).await;
    let under = |key: &str, plan: &str| checkout(&shop, json!({"plan": plan})).header("idempotency-key", key);
    let first = send(&shop, under("k1", "pro")).await;
    let asked = shop.stripe_requests().len();
    let again = send(&shop, under("k1", "pro")).await;
    assert_eq!((again.body, again.usage.round_trips, shop.stripe_requests().len()), (first.body.clone(), 1, asked));
    let other = send(&shop, under("k1", "business")).await;
    assert_eq!((other.status.as_u16(), other.code()), (422, "idempotency_key_reused"));
    // An open page is remembered under the key of a later request, too.
    let joined = send(&shop, under("k2", "pro")).await;
    assert_eq!((joined.body, joined.usage.round_trips), (first.body.clone(), 2));
    assert_eq!(send(&shop, under("k2", "starter")).await.code(), "idempotency_key_reused");
    assert_eq!(send(&shop, under("k2", "pro")).await.body, first.body);
    // A refusal is not remembered.
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(send(&shop, under("k3", "starter")).await.code(), "already_subscribed");
    assert_eq!(send(&shop, under("k3", "business")).await.code(), "already_subscribed");
}

/// Invariant 5.
#[tokio::test]
async fn owner_demoted_during_checkout_orders_nothing() {
    let shop = Shop::open(1).await;
    let member = format!("MEMBER#{}", ANA.id());
    shop.world.after("BatchGetItem", shop.workspace, &member, "role", json!({"S": "admin"}));
    let refused = send(&shop, checkout(&shop, json!({"plan": "pro"}))).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "role_changed"));
    assert!(shop.stripe_requests().is_empty());
    assert!(!shop.world.items().keys().any(|(_, sk)| sk.starts_with("INTENT#") || sk == "SUBSCRIPTION"));
}

#[tokio::test]
async fn a_suspended_workspace_pays_and_consumes_nothing() {
    let shop = Shop::open(1).await;
    shop.world.suspend(shop.workspace, "Spam").await;
    let answer = send(&shop, checkout(&shop, json!({"plan": "pro"}))).await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 3), "{answer}");
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(send(&shop, sync(&shop)).await.status.as_u16(), 200);
    assert_eq!(send(&shop, subscription(&shop)).await.body["plan"], "pro");
    let cancelled = send(&shop, Request::new("DELETE", "/billing/subscription").within(shop.workspace)).await;
    assert!(cancelled.status.is_success(), "{cancelled}");
    let consume = |path: &str| {
        let body = json!({"meter": "executions", "amount": 1, "key": path});
        Request::new("POST", path).within(shop.workspace).json(body)
    };
    shop.world.changes();
    assert_eq!(send(&shop, consume("/usage/consume")).await.code(), "workspace_suspended");
    shop.world.assert_nothing_written();
}
