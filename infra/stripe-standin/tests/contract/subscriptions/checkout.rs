//! Checkout: a session is created, paid, declined, left and expired, and a payment starts the subscription.

use crate::{
    browser,
    shop::{Shop, refusal},
};
use stripe_billing::{InvoiceStatus, SubscriptionStatus, invoice::ListInvoice};
use stripe_checkout::{
    CheckoutSessionPaymentStatus, CheckoutSessionStatus,
    checkout_session::{
        CreateCheckoutSessionSubscriptionData, ExpireCheckoutSession, ListCheckoutSession, RetrieveCheckoutSession,
    },
};
use stripe_payment::payment_method::RetrievePaymentMethod;

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn a_session_leads_to_a_page_that_a_person_can_use() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    assert_eq!(session.status, Some(CheckoutSessionStatus::Open));
    assert_eq!(session.payment_status, CheckoutSessionPaymentStatus::Unpaid);
    assert_eq!(session.expires_at - session.created, DAY);
    assert_eq!((session.amount_total, session.metadata.unwrap()["workspace"].as_str()), (Some(2_900), "ws_1"));
    let url = session.url.unwrap();
    let page = browser::get(&url).await;
    assert_eq!(page.status, 200);
    for part in ["$29.00 per month", "Pro", "Acme", "/pay\"", "/fail\"", "/cancel\""] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(shop.subscriptions(&customer).await.is_empty());
}

#[tokio::test]
async fn paying_begins_the_subscription() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    let url = session.url.unwrap();
    let paid = browser::post(&format!("{url}/pay")).await;
    assert_eq!((paid.status, paid.location), (303, Some(format!("https://app.test/done?session={}", session.id))));

    let session = RetrieveCheckoutSession::new(session.id.clone()).send(&shop.client).await.unwrap();
    assert_eq!(session.status, Some(CheckoutSessionStatus::Complete));
    assert_eq!(session.payment_status, CheckoutSessionPaymentStatus::Paid);
    assert!(session.url.is_none());

    let [subscription] = shop.subscriptions(&customer).await.try_into().unwrap();
    assert_eq!(session.subscription.unwrap().id(), &subscription.id);
    assert_eq!(subscription.status, SubscriptionStatus::Active);
    assert_eq!(subscription.metadata["workspace"], "ws_1");
    let item = &subscription.items.data[0];
    assert_eq!(item.price.id.as_str(), "price_pro_month");
    // From 21 November to 21 December.
    assert_eq!(item.current_period_end - item.current_period_start, 30 * DAY);

    let [invoice] = shop.invoices(&customer).await.try_into().unwrap();
    assert_eq!((invoice.status, invoice.amount_paid), (Some(InvoiceStatus::Paid), 2_900));
    let parent = invoice.parent.unwrap().subscription_details.unwrap();
    assert_eq!(parent.subscription.id(), &subscription.id);
    assert_eq!(parent.metadata.unwrap()["workspace"], "ws_1");
    let times = invoice.status_transitions;
    assert_eq!((times.finalized_at, times.paid_at), (Some(session.created), Some(session.created)));
    assert_eq!(browser::get(&invoice.hosted_invoice_url.unwrap()).await.status, 200);
    assert!(browser::get(&invoice.invoice_pdf.unwrap()).await.body.starts_with("%PDF-"));

    let method = subscription.default_payment_method.unwrap().id().clone();
    let card = RetrievePaymentMethod::new(method).send(&shop.client).await.unwrap().card.unwrap();
    assert_eq!((card.brand.as_str(), card.last4.as_str()), ("visa", "4242"));
}

#[tokio::test]
async fn paying_sends_every_event_to_the_webhook() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    assert_eq!(shop.events(), ["customer.created"]);
    shop.standin().pay(session.id.as_str()).unwrap();
    let expected = [
        "payment_method.attached",
        "customer.updated",
        "customer.subscription.created",
        "invoice.created",
        "payment_intent.created",
        "invoice.finalized",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
        "checkout.session.completed",
    ];
    assert_eq!(shop.events(), expected);
}

#[tokio::test]
async fn a_declined_card_pays_nothing_and_leaves_the_session_open() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    let url = session.url.unwrap();
    let failed = browser::post(&format!("{url}/fail")).await;
    assert_eq!((failed.status, failed.location.as_deref()), (303, url.strip_prefix(shop.served.url())));
    assert!(browser::get(&url).await.body.contains("Your card was declined"));
    assert!(shop.subscriptions(&customer).await.is_empty());
    assert!(shop.invoices(&customer).await.is_empty());
    let session = RetrieveCheckoutSession::new(session.id.clone()).send(&shop.client).await.unwrap();
    assert_eq!(session.status, Some(CheckoutSessionStatus::Open));
    let expected = ["customer.created", "payment_intent.created", "charge.failed", "payment_intent.payment_failed"];
    assert_eq!(shop.events(), expected);
    // Another attempt may succeed.
    browser::post(&format!("{url}/pay")).await;
    assert_eq!(shop.subscriptions(&customer).await.len(), 1);
}

#[tokio::test]
async fn going_back_leaves_the_session_payable() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let url = shop.session(&customer, "price_pro_month").await.url.unwrap();
    let back = browser::post(&format!("{url}/cancel")).await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some("https://app.test/back")));
    browser::post(&format!("{url}/pay")).await;
    assert_eq!(shop.subscriptions(&customer).await.len(), 1);
}

#[tokio::test]
async fn a_session_is_paid_once() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let url = shop.session(&customer, "price_pro_month").await.url.unwrap();
    browser::post(&format!("{url}/pay")).await;
    let again = browser::post(&format!("{url}/pay")).await;
    assert_eq!((again.status, again.location.as_deref()), (303, url.strip_prefix(shop.served.url())));
    assert!(browser::get(&url).await.body.contains("all done"));
    assert_eq!(shop.subscriptions(&customer).await.len(), 1);
    assert_eq!(shop.invoices(&customer).await.len(), 1);
}

#[tokio::test]
async fn an_expired_session_cannot_be_paid() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    let expired = ExpireCheckoutSession::new(session.id.clone()).send(&shop.client).await.unwrap();
    assert_eq!(expired.status, Some(CheckoutSessionStatus::Expired));
    assert!(expired.url.is_none());
    let url = session.url.unwrap();
    browser::post(&format!("{url}/pay")).await;
    assert_eq!(browser::get(&url).await.status, 410);
    assert!(shop.subscriptions(&customer).await.is_empty());
    let again = ExpireCheckoutSession::new(session.id).send(&shop.client).await;
    assert!(refusal(again).starts_with("400 invalid_request_error: Only Checkout Sessions with a status"));
}

#[tokio::test]
async fn a_day_expires_a_session() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    shop.advance_days(1);
    let session = RetrieveCheckoutSession::new(session.id).send(&shop.client).await.unwrap();
    assert_eq!(session.status, Some(CheckoutSessionStatus::Expired));
    assert_eq!(shop.events(), ["customer.created", "checkout.session.expired"]);
}

#[tokio::test]
async fn sessions_are_listed_by_customer_and_status() {
    let shop = Shop::open().await;
    let (customer, other) = (shop.customer().await, shop.customer().await);
    let first = shop.session(&customer, "price_pro_month").await;
    let second = shop.session(&customer, "price_pro_year").await;
    shop.session(&other, "price_pro_month").await;
    ExpireCheckoutSession::new(first.id).send(&shop.client).await.unwrap();
    let open = ListCheckoutSession::new().customer(customer.as_str()).status(CheckoutSessionStatus::Open);
    let open = open.send(&shop.client).await.unwrap().data;
    assert_eq!(open.iter().map(|session| &session.id).collect::<Vec<_>>(), [&second.id]);
}

#[tokio::test]
async fn a_trial_asks_for_a_card_and_for_no_money() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let session =
        shop.session_of(&customer, "price_pro_month").subscription_data(CreateCheckoutSessionSubscriptionData {
            trial_period_days: Some(14),
            ..CreateCheckoutSessionSubscriptionData::new()
        });
    let session = session.send(&shop.client).await.unwrap();
    shop.standin().pay(session.id.as_str()).unwrap();
    let session = RetrieveCheckoutSession::new(session.id).send(&shop.client).await.unwrap();
    assert_eq!(session.payment_status, CheckoutSessionPaymentStatus::NoPaymentRequired);
    let [subscription] = shop.subscriptions(&customer).await.try_into().unwrap();
    assert_eq!(subscription.status, SubscriptionStatus::Trialing);
    assert_eq!(subscription.trial_end, Some(session.created + 14 * DAY));
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 0);
}

#[tokio::test]
async fn a_price_that_does_not_exist_is_refused() {
    let shop = Shop::open().await;
    let customer = shop.customer().await;
    let refused = shop.session_of(&customer, "price_gold").send(&shop.client).await;
    assert_eq!(refusal(refused), "400 resource_missing: No such price: 'price_gold'");
    let refused = shop.session_of("cus_nobody", "price_pro_month").send(&shop.client).await;
    assert_eq!(refusal(refused), "400 resource_missing: No such customer: 'cus_nobody'");
}

#[tokio::test]
async fn nothing_is_open_after_a_payment() {
    let shop = Shop::open().await;
    let (customer, _) = shop.subscriber("price_business_year").await;
    let open = ListInvoice::new().customer(customer.as_str()).status(InvoiceStatus::Open);
    assert!(open.send(&shop.client).await.unwrap().data.is_empty());
    assert_eq!(shop.invoices(&customer).await[0].total, 79_000);
}
