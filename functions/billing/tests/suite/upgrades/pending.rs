//! Upgrades that are not paid: shown with their page, withdrawn by other orders, and expired.

use domain::{billing::account::Billing, identity::access::Role, identity::origin::Origin};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{ANA, Answer, BEN, Request, Shop};
use workers::billing::compare_due;

/// A shop whose workspace pays for pro, by a card that is declined from now on.
pub(super) struct Declined {
    pub(super) shop: Shop,
    customer: String,
}

impl Declined {
    pub(super) async fn open() -> Self {
        let shop = Shop::open(1).await;
        send(&shop, Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}))).await;
        shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
        sync(&shop).await;
        let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
        let opened = Self { shop, customer };
        opened.set_card_fails(true);
        opened
    }

    pub(super) fn set_card_fails(&self, fails: bool) {
        self.shop.stripe().set_card_fails(&self.customer, fails).unwrap();
    }

    /// Opens a shop with a change to business that is not paid.
    pub(super) async fn pending() -> Self {
        let opened = Self::open().await;
        let answer = put(&opened.shop, "business", "month").await;
        assert_eq!(answer.body["status"], "action_required", "{answer}");
        opened
    }

    /// Pays the open invoice on its page. Returns true if there is one.
    pub(super) fn pay(&self) -> bool {
        self.set_card_fails(false);
        let open = open_invoices(&self.shop);
        open.first().is_some_and(|invoice| self.shop.stripe().pay_invoice(invoice).is_ok())
    }
}

pub(super) async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

pub(super) async fn put(shop: &Shop, plan: &str, interval: &str) -> Answer {
    send(shop, Request::new("PUT", "/billing/plan").json(json!({"plan": plan, "interval": interval}))).await
}

pub(super) async fn sync(shop: &Shop) {
    let origin = Origin { request_id: "sweep".to_owned(), ip_address: None };
    compare_due(&shop.billing_deps(), shop.workspace, origin).await.unwrap();
}

pub(super) async fn shown(shop: &Shop) -> Value {
    send(shop, Request::new("GET", "/billing/subscription")).await.body
}

pub(super) fn open_invoices(shop: &Shop) -> Vec<String> {
    let open = shop.stripe_objects("invoices").into_iter().filter(|invoice| invoice["status"] == "open");
    open.map(|invoice| invoice["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the price, the pending price, and the end of the one subscription at Stripe.
pub(super) fn held(shop: &Shop) -> (Value, Value, bool) {
    let held = shop.stripe_objects("subscriptions").remove(0);
    let ends = held["cancel_at_period_end"] == true || !held["cancel_at"].is_null();
    let price = |items: &Value| items[0]["price"]["id"].clone();
    (price(&held["items"]["data"]), price(&held["pending_update"]["subscription_items"]), ends)
}

fn due_at(shop: &Shop) -> Timestamp {
    let item = shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
    item["checked_again_at"].as_str().unwrap().parse().unwrap()
}

/// The time for which Stripe keeps a change that is not paid.
const EXPIRY: SignedDuration = SignedDuration::from_hours(23);

/// The page names the buyer, and everybody who has its URL can pay it.
#[tokio::test]
async fn page_is_shown_to_readers_of_invoices_alone() {
    let opened = Declined::pending().await;
    let shop = &opened.shop;
    assert!(shown(shop).await["pending_change"]["url"].is_string());
    shop.world.join(shop.workspace, &ANA, &BEN, Role::Member).await;
    for request in [Request::new("GET", "/billing/subscription"), Request::new("POST", "/billing/sync")] {
        let seen = send(shop, request.by(&BEN)).await.body;
        let change = &seen["pending_change"];
        assert_eq!((&change["plan"], &change["url"]), (&json!("business"), &Value::Null), "{seen:#}");
    }
}

#[tokio::test]
async fn pending_change_is_shown_with_its_page() {
    let Declined { shop, .. } = Declined::open().await;
    assert_eq!(shown(&shop).await["pending_change"], Value::Null);
    let answer = put(&shop, "business", "month").await;
    let expires_at = shop.world.clock.now() + EXPIRY;
    let change = json!({
        "plan": "business", "interval": "month", "addons": [], "url": answer.body["action_url"], "expires_at": expires_at.to_string(),
    });
    let seen = shown(&shop).await;
    assert_eq!((&seen["pending_change"], &seen["plan"]), (&change, &json!("pro")), "{answer}");
    assert_eq!(due_at(&shop), expires_at);
    // The same order has the same page, and no second invoice.
    let again = put(&shop, "business", "month").await;
    assert_eq!((&again.body, open_invoices(&shop).len()), (&answer.body, 1));
    let preview = Request::new("GET", "/billing/plan/preview?plan=business");
    let amount = shop.stripe_objects("invoices").into_iter().find(|invoice| invoice["status"] == "open").unwrap();
    assert_eq!(send(&shop, preview).await.body["amount_due_now"], amount["amount_due"]);
    // It expires by the clock alone.
    shop.world.wait(EXPIRY);
    assert_eq!(shown(&shop).await["pending_change"], Value::Null);
    assert_eq!(put(&shop, "pro", "month").await.code(), "plan_unchanged");
    sync(&shop).await;
    assert_eq!((held(&shop), open_invoices(&shop).len()), ((json!("price_pro_month"), Value::Null, false), 0));
}

#[tokio::test]
async fn paid_change_is_in_force() {
    let opened = Declined::pending().await;
    assert!(opened.pay());
    sync(&opened.shop).await;
    let seen = shown(&opened.shop).await;
    assert_eq!((&seen["pending_change"], &seen["plan"]), (&Value::Null, &json!("business")));
}

/// Gives the order, which withdraws a pending change to business.
async fn order(shop: &Shop, order: &str) -> Answer {
    match order {
        "cancel" => send(shop, Request::new("DELETE", "/billing/subscription")).await,
        "resume" => send(shop, Request::new("POST", "/billing/subscription/resume")).await,
        plan => put(shop, plan, "month").await,
    }
}

#[tokio::test]
async fn other_orders_withdraw_the_pending_change() {
    for (wanted, ends, follows) in [
        ("pro", false, Value::Null),
        ("resume", false, Value::Null),
        ("cancel", true, Value::Null),
        ("free", true, Value::Null),
        ("starter", false, json!("starter")),
    ] {
        for cancelled in [false, true] {
            let opened = Declined::open().await;
            let shop = &opened.shop;
            if cancelled {
                order(shop, "cancel").await;
            }
            put(shop, "business", "month").await;
            let page = open_invoices(shop).remove(0);
            let answer = order(shop, wanted).await;
            let context = format!("{wanted}, cancelled {cancelled}: {answer}");
            assert!(answer.status.is_success(), "{context}");
            assert_eq!(held(shop), (json!("price_pro_month"), Value::Null, ends), "{context}");
            let seen = shown(shop).await;
            assert_eq!((&seen["pending_change"], &seen["scheduled_plan"]), (&Value::Null, &follows), "{context}");
            assert_eq!(seen["cancel_at"].is_string(), ends, "{context}");
            opened.set_card_fails(false);
            assert!(shop.stripe().pay_invoice(&page).is_err(), "the page is closed: {context}");
        }
    }
}

#[tokio::test]
async fn another_upgrade_takes_the_place_of_the_pending_one() {
    for fails in [true, false] {
        let opened = Declined::pending().await;
        let shop = &opened.shop;
        let page = open_invoices(shop).remove(0);
        opened.set_card_fails(fails);
        let answer = put(shop, "pro", "year").await;
        assert_eq!(answer.body["status"], if fails { "action_required" } else { "applied" }, "{answer}");
        let pending = shown(shop).await["pending_change"].clone();
        let wanted = if fails { [json!("pro"), json!("year")] } else { [Value::Null, Value::Null] };
        assert_eq!([&pending["plan"], &pending["interval"]], wanted.each_ref());
        opened.set_card_fails(false);
        assert!(shop.stripe().pay_invoice(&page).is_err());
        assert_eq!(open_invoices(shop).len(), usize::from(fails));
    }
}

/// Invariant 13.
#[tokio::test]
async fn change_paid_while_withdrawn_is_decided_again() {
    for (wanted, ends, follows) in
        [("cancel", true, Value::Null), ("pro", false, json!("pro")), ("starter", false, json!("starter"))]
    {
        let opened = Declined::pending().await;
        let shop = &opened.shop;
        let page = open_invoices(shop).remove(0);
        let slow = RequestFault {
            path: format!("/v1/invoices/{page}/void"),
            method: Some("POST".to_owned()),
            delay_ms: 1_500,
            ..RequestFault::default()
        };
        shop.stripe().add_fault(slow);
        let pays = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            assert!(opened.pay());
        };
        let (answer, ()) = tokio::join!(order(shop, wanted), pays);
        assert!(answer.status.is_success(), "{wanted}: {answer}");
        let seen = shown(shop).await;
        assert_eq!((&seen["plan"], &seen["scheduled_plan"]), (&json!("business"), &follows), "{wanted}: {answer}");
        assert_eq!((seen["cancel_at"].is_string(), held(shop).2), (ends, ends), "{wanted}");
    }
}

/// Invariant 13.
#[tokio::test]
async fn pending_change_expired_while_withdrawn_is_no_hindrance() {
    let opened = Declined::pending().await;
    let shop = &opened.shop;
    let page = open_invoices(shop).remove(0);
    // Somebody voids it in Stripe's dashboard between the read and the request.
    let slow = RequestFault { path: format!("/v1/invoices/{page}/void"), delay_ms: 1_500, ..RequestFault::default() };
    shop.stripe().add_fault(slow);
    let voids = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        shop.post_to_stripe(&format!("/v1/invoices/{page}/void"), "").await;
    };
    let (answer, ()) = tokio::join!(order(shop, "cancel"), voids);
    assert_eq!((answer.status.as_u16(), held(shop).2), (202, true), "{answer}");
}

#[tokio::test]
async fn contract_withdraws_the_pending_change() {
    for paid in [false, true] {
        let opened = Declined::pending().await;
        let shop = &opened.shop;
        let page = open_invoices(shop).remove(0);
        let (store, workspace) = (shop.world.store(), shop.workspace);
        let before = store.get_billing(workspace).await.unwrap();
        let contract = Some(serde_json::from_value(json!({})).unwrap());
        store.set_billing(workspace, &Billing { version: before.version + 1, contract, ..before }).await.unwrap();
        if paid {
            assert!(opened.pay());
        }
        sync(shop).await;
        assert_eq!((held(shop).1, open_invoices(shop).len()), (Value::Null, 0), "paid {paid}");
        opened.set_card_fails(false);
        assert!(shop.stripe().pay_invoice(&page).is_err(), "paid {paid}");
    }
}
