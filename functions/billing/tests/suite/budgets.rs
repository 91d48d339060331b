//! The budgets of calls to Stripe per workspace, since all workspaces share Stripe's rate limit.

use domain::{bounds::budget::Budget, identity::access::Role};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, Shop};

async fn send(shop: &Shop, request: Request) -> Answer {
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    shop.world.send(&router, request).await
}

/// A shop whose workspace has paid for pro.
async fn paying() -> Shop {
    let shop = Shop::open(1).await;
    let body = json!({"plan": "pro"});
    send(&shop, Request::new("POST", "/billing/checkout").within(shop.workspace).json(body)).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    send(&shop, Request::new("POST", "/billing/sync").within(shop.workspace)).await;
    shop.world.wait(Budget::BillingSyncs.length());
    shop.world.changes();
    shop
}

/// Sends forty requests concurrently and returns their answers and the calls to Stripe. On a busy machine a request may find
/// the service unavailable. It is sent again, as the answer asks.
async fn flood(shop: &Shop, request: impl Fn() -> Request) -> (Vec<Answer>, Vec<String>) {
    let before = shop.stripe_requests().len();
    let one = || async {
        loop {
            let answer = send(shop, request()).await;
            if answer.status.as_u16() != 503 {
                return answer;
            }
        }
    };
    let answers = join_all((0..40).map(|_| one())).await;
    (answers, shop.stripe_requests()[before..].to_vec())
}

fn of(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status.as_u16() == status).count()
}

/// Asserts that the budget is served exactly, and that all other answers name the end of the window.
#[track_caller]
fn assert_bounded(answers: &[Answer], budget: Budget) {
    let most = usize::try_from(budget.most()).unwrap();
    assert!(of(answers, 200) <= most && of(answers, 200) + of(answers, 429) == 40, "{budget:?}: {answers:?}");
    let refused = answers.iter().find(|answer| answer.status.as_u16() == 429).unwrap();
    assert_eq!((refused.code(), &refused.body["limit"]), ("budget_exhausted", &json!(budget.most())), "{refused}");
    assert_eq!(refused.headers["retry-after"], "60", "{refused}");
    assert_eq!(refused.body["resets_at"], "2026-11-21T12:02:00Z", "{refused}");
}

/// Each row names a caller, a request, and the calls to Stripe that it takes.
#[tokio::test]
async fn floods_reach_stripe_within_the_budget() {
    let rows = [
        ("POST", "/billing/sync", Budget::BillingSyncs, 3),
        ("POST", "/billing/portal", Budget::BillingCommands, 1),
        ("GET", "/billing/invoices", Budget::BillingReads, 1),
        ("GET", "/billing/plan/preview?plan=business", Budget::BillingReads, 4),
    ];
    for (method, path, budget, calls) in rows {
        let shop = paying().await;
        let (answers, asked) = flood(&shop, || Request::new(method, path).within(shop.workspace)).await;
        assert_bounded(&answers, budget);
        let most = usize::try_from(budget.most()).unwrap() * calls;
        assert!(!asked.is_empty() && asked.len() <= most, "{path}: {} of {most}", asked.len());
        shop.world.assert_only_budgets_written();
        // The next window has a full budget.
        shop.world.wait(budget.length());
        let next = send(&shop, Request::new(method, path).within(shop.workspace)).await;
        assert_eq!(next.status.as_u16(), 200, "{path}: {next}");
    }
}

#[tokio::test]
async fn commands_are_bounded_and_leave_nothing_when_refused() {
    let shop = Shop::open(1).await;
    let checkout = |interval: &str| {
        let body = json!({"plan": "pro", "interval": interval});
        Request::new("POST", "/billing/checkout").within(shop.workspace).json(body)
    };
    for number in 0..Budget::BillingCommands.most() {
        let interval = if number % 2 == 0 { "month" } else { "year" };
        let answer = send(&shop, checkout(interval)).await;
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 3), "{answer}");
    }
    shop.world.changes();
    let (before, plan) = (shop.stripe_requests().len(), json!({"plan": "starter"}));
    let requests = [
        checkout("month"),
        Request::new("PUT", "/billing/plan").within(shop.workspace).json(plan),
        Request::new("DELETE", "/billing/subscription").within(shop.workspace),
        Request::new("POST", "/billing/subscription/resume").within(shop.workspace),
        Request::new("POST", "/billing/portal").within(shop.workspace),
    ];
    for request in requests {
        let refused = send(&shop, request).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (429, "budget_exhausted"), "{refused}");
    }
    assert_eq!(shop.stripe_requests().len(), before, "Stripe was not asked");
    shop.world.assert_nothing_written();
}

#[tokio::test]
async fn polling_by_members_does_not_keep_the_owner_from_paying() {
    let shop = paying().await;
    shop.world.join(shop.workspace, &ANA, &BEN, Role::Member).await;
    flood(&shop, || Request::new("POST", "/billing/sync").by(&BEN).within(shop.workspace)).await;
    flood(&shop, || Request::new("GET", "/billing/plan/preview?plan=business").by(&BEN).within(shop.workspace)).await;
    let paid = Request::new("PUT", "/billing/plan").within(shop.workspace).json(json!({"plan": "business"}));
    assert_eq!(send(&shop, paid).await.status.as_u16(), 200);
}

#[tokio::test]
async fn refused_callers_take_no_budget() {
    let shop = paying().await;
    shop.world.join(shop.workspace, &ANA, &BEN, Role::Viewer).await;
    shop.world.changes();
    for (method, path) in [("POST", "/billing/sync"), ("POST", "/billing/portal"), ("GET", "/billing/invoices")] {
        let by = |person: &'static Person| move || Request::new(method, path).by(person).within(shop.workspace);
        let (viewer, stranger) = (flood(&shop, by(&BEN)).await, flood(&shop, by(&CLEO)).await);
        assert_eq!((of(&viewer.0, 403), of(&stranger.0, 404)), (40, 40), "{path}");
        assert_eq!(viewer.1.len() + stranger.1.len(), 0, "{path}");
    }
    shop.world.assert_nothing_written();
}

#[tokio::test]
async fn budgets_of_workspaces_are_separate() {
    let shop = paying().await;
    let other = shop.world.workspace_of(&CLEO).await;
    flood(&shop, || Request::new("POST", "/billing/sync").within(shop.workspace)).await;
    let theirs = send(&shop, Request::new("POST", "/billing/sync").by(&CLEO).within(other)).await;
    assert_eq!(theirs.status.as_u16(), 200, "{theirs}");
}

#[tokio::test]
async fn a_repetition_is_answered_though_the_budget_is_used_up() {
    let shop = paying().await;
    let portal =
        |key: &str| Request::new("POST", "/billing/portal").within(shop.workspace).header("idempotency-key", key);
    let first = send(&shop, portal("a")).await;
    flood(&shop, || Request::new("POST", "/billing/portal").within(shop.workspace)).await;
    let again = send(&shop, portal("a")).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &first.body), "{again}");
    assert_eq!(send(&shop, portal("b")).await.status.as_u16(), 429);
}

/// A free workspace calls no Stripe, so its pages are never refused.
#[tokio::test]
async fn requests_without_stripe_calls_are_not_refused() {
    let shop = Shop::open(1).await;
    for path in ["/billing/config", "/billing/invoices", "/billing/plan/preview?plan=pro", "/billing/subscription"] {
        let (answers, asked) = flood(&shop, || Request::new("GET", path).within(shop.workspace)).await;
        assert_eq!((of(&answers, 200), asked.len()), (40, 0), "{path}");
    }
}

/// Counters of windows that have passed are deleted by the table.
#[tokio::test]
async fn counters_have_a_time_to_live() {
    let shop = paying().await;
    send(&shop, Request::new("POST", "/billing/sync").within(shop.workspace)).await;
    let items = shop.world.items();
    let counters: Vec<&Value> = items.values().filter(|item| item["_type"] == "budget").collect();
    assert!(!counters.is_empty() && counters.iter().all(|item| item["ttl"].is_number()), "{counters:?}");
}
