//! The contract with Stripe that Berth relies on, tested through Berth's own client. It always runs against the stand-in. It
//! also runs against Stripe's test mode if `STRIPE_TEST_KEY` holds a key and `STRIPE_TEST_PRICES` the ids of two monthly
//! prices, the lower first, separated by a comma. It leaves customers without a name there.

use domain::{
    billing::intent::Offers,
    billing::stripe::facts::SubscriptionAtStripe,
    billing::subscription::Status,
    ids::WorkspaceId,
    page::{Limit, PageRequest},
};
use jiff::SignedDuration;
use platform::{ambient::Ambient, config::Environment};
use stripe::{Account, Error, ItemChange, NewSession, PendingCancellation, SessionState, Stripe, SubscriptionItem};
use stripe_billing::subscription::{CreateSubscription, CreateSubscriptionItems};
use stripe_payment::payment_method::AttachPaymentMethod;
use stripe_sdk::{Client, ClientBuilder};
use stripe_standin::{Options, Standin};

/// The tested Stripe: the stand-in or the test mode.
struct Party {
    account: Account,
    /// The client for payments, which Berth never makes itself.
    payer: Client,
    low: String,
    high: String,
    ambient: Ambient,
}

/// Returns the change of `item` to the price `id`, paid once.
const fn to<'a>(item: &'a SubscriptionItem, id: &'a str) -> [ItemChange<'a>; 1] {
    [ItemChange::Set { item: Some(item), price: id, quantity: 1 }]
}

impl Party {
    fn at(base: &str, key: &str, low: &str, high: &str) -> Self {
        let ambient = Ambient::system();
        let environment = Environment::from_iter([("STRIPE_API_BASE", base)]);
        let stripe = Stripe::from_environment(&environment, ambient.clone()).unwrap();
        Self {
            account: stripe.with_key(key).unwrap(),
            payer: ClientBuilder::new(key).url(format!("{base}/")).build().unwrap(),
            low: low.to_owned(),
            high: high.to_owned(),
            ambient,
        }
    }

    /// Creates a customer of a workspace that does not exist.
    async fn customer(&self) -> (WorkspaceId, String) {
        let workspace: WorkspaceId = self.ambient.fresh();
        let key = format!("{workspace}-customer");
        let customer = self.account.create_customer(workspace, "Acme", &key).await.unwrap();
        assert_eq!(self.account.create_customer(workspace, "Acme", &key).await.unwrap(), customer, "the key is known");
        (workspace, customer)
    }

    async fn subscription(&self, customer: &str) -> SubscriptionAtStripe {
        self.account.subscriptions(customer).await.unwrap().remove(0)
    }

    async fn a_customer_is_found_by_its_workspace(&self) {
        let since = self.ambient.now() - SignedDuration::from_mins(10);
        let (workspace, customer) = self.customer().await;
        assert_eq!(self.account.find_customer(workspace, since).await.unwrap().as_ref(), Some(&customer));
        assert_eq!(self.account.workspace_of(&customer).await.unwrap(), Some(workspace));
        assert_eq!(self.account.workspace_of("cus_nobody").await.unwrap(), None);
        assert!(self.account.subscriptions(&customer).await.unwrap().is_empty());
    }

    async fn a_page_is_open_until_it_is_closed(&self) {
        let (workspace, customer) = self.customer().await;
        let new = NewSession {
            workspace,
            customer: &customer,
            price: &self.low,
            quantity: 1,
            success_url: "https://app.example.com/done?session_id={CHECKOUT_SESSION_ID}",
            cancel_url: "https://app.example.com/back",
            trial: Some(14.try_into().unwrap()),
            offers: Offers { automatic_tax: false, promotion_codes: true, billing_details: true },
        };
        let key = format!("{workspace}-session");
        let opened = self.account.open_session(new, &key).await.unwrap();
        assert!(matches!(opened.state, SessionState::Open { .. }));
        assert_eq!((opened.price.as_ref(), opened.trial), (Some(&self.low), new.trial));
        assert_eq!(self.account.open_session(new, &key).await.unwrap().id, opened.id);
        // The same key with another request has no effect.
        let other = NewSession { price: &self.high, ..new };
        assert!(matches!(self.account.open_session(other, &key).await, Err(Error::Failed(_))));
        assert_eq!(self.account.open_sessions(&customer).await.unwrap(), std::slice::from_ref(&opened));
        for _ in 0..2 {
            assert_eq!(self.account.expire_session(&opened.id).await.unwrap().state, SessionState::Expired);
        }
        assert!(self.account.open_sessions(&customer).await.unwrap().is_empty());
    }

    async fn a_subscription_is_changed_scheduled_cancelled_and_ended(&self) {
        let (workspace, customer) = self.customer().await;
        let card = AttachPaymentMethod::new("pm_card_visa").customer(&customer).send(&self.payer).await.unwrap();
        let item = CreateSubscriptionItems { price: Some(self.low.clone()), ..CreateSubscriptionItems::new() };
        let new = CreateSubscription::new().customer(&customer).items([item]).default_payment_method(card.id.as_str());
        new.send(&self.payer).await.unwrap();
        let held = self.subscription(&customer).await;
        assert_eq!((held.status, &held.items[0].price.id, held.trial_start), (Status::Active, &self.low, None));
        assert!(
            held.items[0].period.start < held.items[0].period.end
                && self.account.customer_at_stripe(&customer).await.unwrap().open_invoices.is_empty()
        );
        let present = async || self.account.current_subscription(&held.id).await.unwrap();
        let key = |step: &str| format!("{workspace}-{step}");
        let scheduled = async || {
            let items = self.subscription(&customer).await.scheduled_items;
            items.into_iter().map(|item| item.price.id).collect::<Vec<_>>()
        };

        // An upgrade is paid immediately.
        let before = present().await;
        let higher = to(&before.items[0], &self.high);
        assert!(self.account.preview_changes(&before, &higher).await.unwrap() > 0);
        self.account.change_items(&before, &higher, &key("change")).await.unwrap();
        let now = present().await;
        assert_eq!((&now.items[0].price.id, &now.pending), (&self.high, &None));

        // A downgrade is scheduled, and prevents a cancellation until its schedule is released.
        let schedule = self.account.create_schedule(&now, &key("schedule")).await.unwrap();
        let lower = to(&now.items[0], &self.low);
        self.account.schedule_changes(&schedule, &lower, &key("phases")).await.unwrap();
        assert_eq!(scheduled().await, std::slice::from_ref(&self.low));
        let refused = self.account.cancel_at_period_end(&present().await, &key("too-early")).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        self.account.release_schedule(&schedule.id, &key("release")).await.unwrap();
        assert_eq!(scheduled().await, Vec::<String>::new());

        self.account.cancel_at_period_end(&present().await, &key("cancel")).await.unwrap();
        let ending = present().await;
        assert!(ending.end.is_some());
        self.account
            .resume(&ending.id, ending.end.unwrap_or(PendingCancellation::WithPeriod), &key("resume"))
            .await
            .unwrap();
        assert_eq!(present().await.end, None);

        self.account.cancel_now(&held.id, &key("end")).await.unwrap();
        assert_eq!(self.subscription(&customer).await.status, Status::Canceled);
        let invoices =
            self.account.invoices(&customer, &PageRequest { limit: Limit::MOST, after: None }).await.unwrap().items;
        assert!(invoices.len() >= 2 && invoices.iter().all(|invoice| invoice.status.as_deref() == Some("paid")));
        assert!(self.account.reversals(&customer).await.unwrap().is_empty());
    }

    async fn keeps_the_contract(&self) {
        self.a_customer_is_found_by_its_workspace().await;
        self.a_page_is_open_until_it_is_closed().await;
        self.a_subscription_is_changed_scheduled_cancelled_and_ended().await;
    }
}

#[tokio::test]
async fn the_stand_in_keeps_the_contract() {
    let clock = Ambient::system();
    let served = Standin::new(Options::new(move || clock.now(), 1)).serve(0).await.unwrap();
    let party = Party::at(served.url(), "sk_test_standin", "price_starter_month", "price_pro_month");
    Box::pin(party.keeps_the_contract()).await;
}

#[tokio::test]
async fn stripe_test_mode_keeps_the_contract() {
    let (Ok(key), Ok(prices)) = (std::env::var("STRIPE_TEST_KEY"), std::env::var("STRIPE_TEST_PRICES")) else { return };
    assert!(
        key.starts_with("sk_test_") || key.starts_with("rk_test_"),
        "STRIPE_TEST_KEY must be a key of the test mode"
    );
    let (low, high) = prices.split_once(',').expect("STRIPE_TEST_PRICES must hold two prices, separated by a comma");
    let party = Party::at("https://api.stripe.com", &key, low.trim(), high.trim());
    Box::pin(party.keeps_the_contract()).await;
}
