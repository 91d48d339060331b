//! Commands that Stripe does not answer: either nothing happens, or the answer is 202 and the outcome can be found.

use domain::billing::account::Billing;
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{Answer, Fault, Request, Shop};
use workers::billing::finish_interrupted;

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request.within(shop.workspace)).await
}

async fn put(shop: &Shop, plan: &str) -> Answer {
    send(shop, Request::new("PUT", "/billing/plan").json(json!({"plan": plan, "interval": "month"}))).await
}

async fn subscription(shop: &Shop) -> Value {
    send(shop, Request::new("GET", "/billing/subscription")).await.body
}

/// Creates a shop whose workspace pays for pro.
async fn paying() -> Shop {
    let shop = Shop::open(1).await;
    put(&shop, "pro").await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    assert_eq!(send(&shop, Request::new("POST", "/billing/sync")).await.body["plan"], "pro");
    shop
}

/// Fails the next `count` requests that change something.
fn fail(shop: &Shop, count: u32) {
    let fault = RequestFault { method: Some("POST".to_owned()), status: Some(500), count, ..RequestFault::default() };
    shop.stripe().add_fault(fault);
}

/// Runs the sweeper, after the process that wrote the intent must have ended.
async fn sweep(shop: &Shop) {
    shop.world.wait(SignedDuration::from_mins(3));
    finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
}

fn price(shop: &Shop) -> Value {
    shop.stripe_objects("subscriptions")[0]["items"]["data"][0]["price"]["id"].clone()
}

fn paid_invoices(shop: &Shop) -> usize {
    shop.stripe_objects("invoices").iter().filter(|invoice| invoice["status"] == "paid").count()
}

/// Invariant 13.
#[tokio::test]
async fn unanswered_upgrade_is_pending_until_it_is_charged_once() {
    for applied in [false, true] {
        let shop = paying().await;
        if applied {
            let lost = RequestFault {
                method: Some("POST".to_owned()),
                applied,
                body: Some("oops".to_owned()),
                ..RequestFault::default()
            };
            shop.stripe().add_fault(lost);
        } else {
            fail(&shop, 2);
        }
        let answer = put(&shop, "business").await;
        assert_eq!((answer.status.as_u16(), &answer.body["status"]), (202, &json!("processing")), "{answer}");
        let command = answer.body["command"].clone();
        assert_eq!(
            (&command["kind"], &command["plan"], &command["interval"], &command["status"]),
            (&json!("change_plan"), &json!("business"), &json!("month"), &json!("pending"))
        );
        let shown = subscription(&shop).await;
        assert_eq!((&shown["plan"], &shown["last_command"]), (&json!("pro"), &command), "applied: {applied}");
        sweep(&shop).await;
        let shown = subscription(&shop).await;
        assert_eq!((&shown["plan"], &shown["last_command"]["status"]), (&json!("business"), &json!("done")));
        assert_eq!(shown["last_command"]["given_at"], command["given_at"]);
        assert_eq!((price(&shop), paid_invoices(&shop)), (json!("price_business_month"), 2), "applied: {applied}");
    }
}

#[tokio::test]
async fn unanswered_cancellation_and_resumption_are_pending() {
    let shop = paying().await;
    let commands = [
        (Request::new("DELETE", "/billing/subscription"), "cancel", true),
        (Request::new("POST", "/billing/subscription/resume"), "resume", false),
    ];
    for (request, kind, cancelled) in commands {
        fail(&shop, 2);
        let answer = send(&shop, request).await;
        let last = &answer.body["last_command"];
        assert_eq!((answer.status.as_u16(), &last["kind"], &last["status"]), (202, &json!(kind), &json!("pending")));
        assert_eq!(answer.body["cancel_at_period_end"], !cancelled, "nothing is promised that is not done");
        sweep(&shop).await;
        let shown = subscription(&shop).await;
        assert_eq!(
            (&shown["last_command"]["status"], &shown["cancel_at_period_end"]),
            (&json!("done"), &json!(cancelled))
        );
    }
}

/// A repeated request under the same key waits for the outcome, and then answers with it.
#[tokio::test]
async fn pending_resumption_is_answered_under_its_key() {
    let shop = paying().await;
    send(&shop, Request::new("DELETE", "/billing/subscription")).await;
    fail(&shop, 2);
    let resume = || Request::new("POST", "/billing/subscription/resume").header("idempotency-key", "one");
    assert_eq!(send(&shop, resume()).await.status.as_u16(), 202);
    let waiting = send(&shop, resume()).await;
    assert_eq!((waiting.status.as_u16(), &waiting.body["code"]), (409, &json!("command_under_way")), "{waiting}");
    sweep(&shop).await;
    let done = send(&shop, resume()).await;
    assert_eq!((done.status.as_u16(), &done.body["last_command"]["status"]), (200, &json!("done")), "{done}");
}

#[tokio::test]
async fn later_refusal_of_a_pending_command_is_shown() {
    let shop = paying().await;
    fail(&shop, 2);
    assert_eq!(put(&shop, "business").await.status.as_u16(), 202);
    shop.stripe().set_price_known("price_business_month", false).unwrap();
    sweep(&shop).await;
    let last = subscription(&shop).await["last_command"].clone();
    assert_eq!((&last["status"], &last["code"]), (&json!("refused"), &json!("payments_not_set_up")), "{last}");
    assert_eq!(price(&shop), "price_pro_month");
    shop.stripe().set_price_known("price_business_month", true).unwrap();
    assert_eq!(put(&shop, "business").await.body["status"], "applied");
    assert_eq!(subscription(&shop).await["last_command"]["status"], "done");
}

/// The outcome of a refused command is known, even if nothing else can be read from Stripe.
#[tokio::test]
async fn refusal_is_answered_while_stripe_fails_afterwards() {
    let shop = paying().await;
    shop.stripe().set_price_known("price_business_month", false).unwrap();
    shop.stripe().add_fault(RequestFault {
        path: "/v1/customers".to_owned(),
        status: Some(500),
        count: 20,
        ..RequestFault::default()
    });
    let refused = put(&shop, "business").await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (503, &json!("payments_not_set_up")), "{refused}");
    assert_eq!(subscription(&shop).await["last_command"]["status"], "refused");
}

#[tokio::test]
async fn pending_upgrade_is_not_made_under_a_contract() {
    let shop = paying().await;
    fail(&shop, 2);
    assert_eq!(put(&shop, "business").await.status.as_u16(), 202);
    let before = shop.world.store().get_billing(shop.workspace).await.unwrap();
    let contract = Some(serde_json::from_value(json!({})).unwrap());
    let next = Billing { version: before.version + 1, contract, ..before };
    shop.world.store().set_billing(shop.workspace, &next).await.unwrap();
    sweep(&shop).await;
    assert_eq!((price(&shop), paid_invoices(&shop)), (json!("price_pro_month"), 1));
    let last = subscription(&shop).await["last_command"].clone();
    assert_eq!((&last["status"], &last["code"]), (&json!("refused"), &json!("contract_in_force")), "{last}");
    // Only an end is possible, and it is not taken back.
    send(&shop, Request::new("DELETE", "/billing/subscription")).await;
    let resumed = send(&shop, Request::new("POST", "/billing/subscription/resume")).await;
    assert_eq!((resumed.status.as_u16(), &resumed.body["code"]), (409, &json!("contract_in_force")), "{resumed}");
    assert_eq!(subscription(&shop).await["cancel_at_period_end"], true);
}

#[tokio::test]
async fn refused_downgrade_keeps_the_cancellation() {
    let shop = paying().await;
    send(&shop, Request::new("DELETE", "/billing/subscription")).await;
    shop.stripe().set_price_known("price_starter_month", false).unwrap();
    let refused = put(&shop, "starter").await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (503, &json!("payments_not_set_up")), "{refused}");
    assert_eq!(shop.stripe_objects("subscriptions")[0]["cancel_at_period_end"], true);
    assert_eq!(subscription(&shop).await["cancel_at_period_end"], true);
}

/// An error means that the command is not recorded, so that it is not carried out later.
#[tokio::test]
async fn error_of_a_command_means_that_nothing_follows() {
    let shop = paying().await;
    fail(&shop, 2);
    assert_eq!(put(&shop, "business").await.status.as_u16(), 202);
    // The pending upgrade comes first and fails again, so the cancellation is not recorded.
    fail(&shop, 1);
    let refused = send(&shop, Request::new("DELETE", "/billing/subscription")).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (503, &json!("payments_unavailable")), "{refused}");
    sweep(&shop).await;
    let shown = subscription(&shop).await;
    assert_eq!((&shown["plan"], &shown["cancel_at_period_end"]), (&json!("business"), &json!(false)));
}

#[tokio::test]
async fn failures_of_the_table_leave_no_silent_command() {
    for fault in [Fault::LoseReply, Fault::LoseRequest, Fault::Throttle] {
        for call in 0..2 {
            let shop = paying().await;
            for _ in 0..call {
                shop.world.plan("TransactWriteItems", Fault::Pass);
            }
            for _ in 0..3 {
                shop.world.plan("TransactWriteItems", fault);
            }
            let answer = put(&shop, "business").await;
            let promised = answer.status.is_success();
            sweep(&shop).await;
            let upgraded = price(&shop) == "price_business_month";
            assert_eq!(upgraded, promised, "{fault:?} at {call}: {answer}");
        }
    }
}
