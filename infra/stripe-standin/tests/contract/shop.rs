//! A running stand-in, its client, and the first steps of most tests.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use stripe_billing::{
    Invoice, Subscription,
    invoice::ListInvoice,
    subscription::{ListSubscription, ListSubscriptionStatus, RetrieveSubscription},
};
use stripe_checkout::{
    CheckoutSession, CheckoutSessionMode,
    checkout_session::{CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionSubscriptionData},
};
use stripe_core::customer::CreateCustomer;
use stripe_sdk::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest};
use stripe_standin::{Options, Served, Standin, Webhook};

pub(crate) const KEY: &str = "sk_test_contract";
pub(crate) const SECRET: &str = "whsec_contract";

/// Returns the time of the real clock in every test.
pub(crate) fn wall() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) struct Shop {
    pub(crate) served: Served,
    pub(crate) client: Client,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(set_up: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::new(wall, 1);
        KEY.clone_into(&mut options.api_key);
        SECRET.clone_into(&mut options.webhook_secret);
        set_up(&mut options);
        let served = Standin::new(options).serve(0).await.unwrap();
        let client = client(&served, KEY);
        Self { served, client }
    }

    pub(crate) async fn sending_to(url: &str) -> Self {
        Self::with(|options| options.webhook = Some(Webhook { url: url.to_owned(), host: None })).await
    }

    pub(crate) fn standin(&self) -> &Standin {
        self.served.standin()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.served.url())
    }

    pub(crate) fn advance_days(&self, days: i64) {
        self.standin().advance(SignedDuration::from_hours(24 * days));
    }

    pub(crate) async fn customer(&self) -> String {
        CreateCustomer::new().name("Acme").send(&self.client).await.unwrap().id.to_string()
    }

    pub(crate) fn session_of(&self, customer: &str, price: &str) -> CreateCheckoutSession {
        CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Subscription)
            .customer(customer)
            .line_items([CreateCheckoutSessionLineItems {
                price: Some(price.to_owned()),
                quantity: Some(1),
                ..CreateCheckoutSessionLineItems::new()
            }])
            .success_url("https://app.test/done?session={CHECKOUT_SESSION_ID}")
            .cancel_url("https://app.test/back")
            .metadata([("workspace".to_owned(), "ws_1".to_owned())])
            .subscription_data(CreateCheckoutSessionSubscriptionData {
                metadata: Some([("workspace".to_owned(), "ws_1".to_owned())].into()),
                ..CreateCheckoutSessionSubscriptionData::new()
            })
    }

    pub(crate) async fn session(&self, customer: &str, price: &str) -> CheckoutSession {
        self.session_of(customer, price).send(&self.client).await.unwrap()
    }

    /// Creates a customer who has paid for this price.
    pub(crate) async fn subscriber(&self, price: &str) -> (String, Subscription) {
        let customer = self.customer().await;
        let session = self.session(&customer, price).await;
        assert!(self.standin().pay(session.id.as_str()).unwrap());
        let subscription = self.subscriptions(&customer).await.pop().unwrap();
        (customer, subscription)
    }

    pub(crate) async fn subscriptions(&self, customer: &str) -> Vec<Subscription> {
        let all = ListSubscription::new().customer(customer).status(ListSubscriptionStatus::All);
        all.send(&self.client).await.unwrap().data
    }

    pub(crate) async fn subscription(&self, id: &str) -> Subscription {
        RetrieveSubscription::new(id).send(&self.client).await.unwrap()
    }

    pub(crate) async fn invoices(&self, customer: &str) -> Vec<Invoice> {
        ListInvoice::new().customer(customer).send(&self.client).await.unwrap().data
    }

    /// Types of the pending events, in order.
    pub(crate) fn events(&self) -> Vec<String> {
        self.standin().take_all_deliveries().into_iter().map(|delivery| delivery.event_type).collect()
    }
}

/// Waits for a condition, and fails with its description after a time limit.
pub(crate) async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never: {what}");
}

/// Creates a client of the stand-in with this key.
pub(crate) fn client(served: &Served, key: &str) -> Client {
    let url = format!("{}/", served.url());
    ClientBuilder::new(key).url(url).timeout(Duration::from_secs(10)).build().unwrap()
}

/// Returns the strategy for a request under an idempotency key.
pub(crate) fn under(key: &str) -> RequestStrategy {
    RequestStrategy::Idempotent(IdempotencyKey::new(key).unwrap())
}

/// Sends the request under an idempotency key.
pub(crate) async fn send_under<R>(shop: &Shop, key: &str, request: &R) -> Result<R::Output, StripeError>
where
    R: StripeRequest,
    R::Output: miniserde::Deserialize,
{
    request.customize().request_strategy(under(key)).send(&shop.client).await
}

/// Formats a refusal as the client shows it: the status, the code or else the type, and the message.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, StripeError>) -> String {
    match result {
        Err(StripeError::Stripe(error, status)) => {
            let code = error.code.map_or(error.type_.to_string(), |code| code.to_string());
            format!("{status} {code}: {}", error.message.unwrap_or_default())
        }
        other => format!("not a refusal: {other:?}"),
    }
}
