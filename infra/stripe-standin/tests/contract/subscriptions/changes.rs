//! Changes and ends of subscriptions: prices with prorations, failed payments, cancellations.

use crate::shop::{Shop, refusal};
use jiff::SignedDuration;
use stripe_billing::{
    InvoiceStatus, Subscription, SubscriptionStatus,
    invoice::{
        CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails, CreatePreviewInvoiceSubscriptionDetailsItems,
        CreatePreviewInvoiceSubscriptionDetailsProrationBehavior, PayInvoice, VoidInvoiceInvoice,
    },
    subscription::{
        CancelSubscription, UpdateSubscription, UpdateSubscriptionItems, UpdateSubscriptionPaymentBehavior,
        UpdateSubscriptionProrationBehavior,
    },
};

/// Builds an upgrade as Berth makes it: immediate, and only if it is paid.
fn to(subscription: &Subscription, price: &str) -> UpdateSubscription {
    UpdateSubscription::new(subscription.id.clone())
        .items([UpdateSubscriptionItems {
            id: Some(subscription.items.data[0].id.to_string()),
            price: Some(price.to_owned()),
            ..UpdateSubscriptionItems::new()
        }])
        .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
        .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete)
}

fn price(subscription: &Subscription) -> &str {
    subscription.items.data[0].price.id.as_str()
}

#[tokio::test]
async fn an_upgrade_in_the_middle_costs_half_the_difference() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.advance_days(15);
    let after = to(&before, "price_business_month").send(&shop.client).await.unwrap();
    assert_eq!(price(&after), "price_business_month");
    assert!(after.pending_update.is_none());
    assert_eq!(after.items.data[0].current_period_end, before.items.data[0].current_period_end);
    let invoice = &shop.invoices(&customer).await[0];
    let amounts: Vec<_> = invoice.lines.data.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [-1_450, 3_950]);
    assert_eq!((invoice.status.clone(), invoice.amount_paid), (Some(InvoiceStatus::Paid), 2_500));
    let parent = invoice.lines.data[0].parent.clone().unwrap().invoice_item_details.unwrap();
    assert!(parent.proration);
    assert!(parent.proration_details.unwrap().credited_items.is_some());
}

#[tokio::test]
async fn an_upgrade_that_is_not_paid_waits() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    shop.advance_days(15);
    let waiting = to(&before, "price_business_month").send(&shop.client).await.unwrap();
    assert_eq!((price(&waiting), waiting.status.as_str()), ("price_pro_month", "active"));
    let update = waiting.pending_update.unwrap();
    assert_eq!(update.subscription_items.unwrap()[0].price.id.as_str(), "price_business_month");
    assert_eq!(update.expires_at, shop.standin().now().as_second() + 23 * 3_600);
    let invoice = shop.invoices(&customer).await.remove(0);
    assert_eq!((invoice.status, invoice.next_payment_attempt), (Some(InvoiceStatus::Open), None));
    shop.events();
    // The invoice is paid on its page later.
    shop.standin().set_card_fails(&customer, false).unwrap();
    let id = invoice.id.unwrap();
    PayInvoice::new(id).send(&shop.client).await.unwrap();
    let applied = shop.subscription(before.id.as_str()).await;
    assert_eq!(price(&applied), "price_business_month");
    assert!(applied.pending_update.is_none());
    assert!(shop.events().contains(&"customer.subscription.pending_update_applied".to_owned()));
}

#[tokio::test]
async fn an_upgrade_that_is_never_paid_is_forgotten() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    to(&before, "price_business_month").send(&shop.client).await.unwrap();
    shop.events();
    shop.standin().advance(SignedDuration::from_hours(23));
    let after = shop.subscription(before.id.as_str()).await;
    assert_eq!((price(&after), after.status.as_str()), ("price_pro_month", "active"));
    assert!(after.pending_update.is_none());
    assert_eq!(shop.invoices(&customer).await[0].status, Some(InvoiceStatus::Void));
    let events = shop.events();
    assert!(events.contains(&"customer.subscription.pending_update_expired".to_owned()), "{events:?}");
}

#[tokio::test]
async fn another_upgrade_takes_the_place_of_one_that_waits() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_starter_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    to(&before, "price_pro_month").send(&shop.client).await.unwrap();
    shop.standin().set_card_fails(&customer, false).unwrap();
    let after = to(&before, "price_business_month").send(&shop.client).await.unwrap();
    assert_eq!(price(&after), "price_business_month");
    let statuses: Vec<_> =
        shop.invoices(&customer).await.iter().map(|invoice| invoice.status.clone().unwrap()).collect();
    assert_eq!(statuses, [InvoiceStatus::Paid, InvoiceStatus::Void, InvoiceStatus::Paid]);
}

#[tokio::test]
async fn with_allow_incomplete_an_unpaid_upgrade_is_past_due() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    let hasty = to(&before, "price_business_month");
    let hasty = hasty.payment_behavior(UpdateSubscriptionPaymentBehavior::AllowIncomplete);
    hasty.send(&shop.client).await.unwrap();
    let after = shop.subscription(before.id.as_str()).await;
    assert_eq!((price(&after), after.status.as_str()), ("price_business_month", "past_due"));
}

#[tokio::test]
async fn an_upgrade_may_be_refused_instead() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    let strict = to(&before, "price_business_month");
    let strict = strict.payment_behavior(UpdateSubscriptionPaymentBehavior::ErrorIfIncomplete).send(&shop.client).await;
    assert_eq!(refusal(strict), "402 card_declined: Your card was declined.");
    let after = shop.subscription(before.id.as_str()).await;
    assert_eq!((price(&after), shop.invoices(&customer).await.len()), ("price_pro_month", 1));
}

#[tokio::test]
async fn a_year_begins_at_once() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.advance_days(15);
    let after = to(&before, "price_pro_year").send(&shop.client).await.unwrap();
    let now = shop.standin().now().as_second();
    let item = &after.items.data[0];
    assert_eq!((item.current_period_start, item.current_period_end), (now, now + 365 * 86_400));
    assert_eq!(after.billing_cycle_anchor, now);
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 29_000 - 1_450);
}

#[tokio::test]
async fn the_credit_of_a_downgrade_pays_the_next_invoices() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_business_month").await;
    shop.advance_days(15);
    to(&before, "price_starter_month").send(&shop.client).await.unwrap();
    let invoice = &shop.invoices(&customer).await[0];
    // Half of 9 dollars minus half of 79.
    assert_eq!((invoice.total, invoice.amount_due, invoice.ending_balance), (-3_500, 0, Some(-3_500)));
    shop.advance_days(16);
    let next = &shop.invoices(&customer).await[0];
    assert_eq!((next.total, next.amount_due, next.ending_balance), (900, 0, Some(-2_600)));
}

#[tokio::test]
async fn credits_never_exceed_charges() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    for price in ["price_business_month", "price_starter_month", "price_business_month", "price_pro_month"] {
        shop.advance_days(3);
        let now = shop.subscription(subscription.id.as_str()).await;
        to(&now, price).send(&shop.client).await.unwrap();
    }
    CancelSubscription::new(subscription.id.clone()).prorate(true).invoice_now(true).send(&shop.client).await.unwrap();
    let invoices = shop.invoices(&customer).await;
    let lines: i64 = invoices.iter().map(|invoice| invoice.total).sum();
    let paid: i64 = invoices.iter().map(|invoice| invoice.amount_paid).sum();
    let balance = invoices[0].ending_balance.unwrap();
    assert_eq!(paid + balance, lines);
    // Twelve days of thirty: three each of pro, business, starter and business, exact to the rounding of each.
    let expected = (2_900 + 7_900 + 900 + 7_900) / 10;
    assert!((lines - expected).abs() <= 4, "{lines} for {expected}");
}

#[tokio::test]
async fn prorations_may_wait_for_the_next_invoice() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.advance_days(15);
    let later = UpdateSubscription::new(before.id.clone()).items([UpdateSubscriptionItems {
        id: Some(before.items.data[0].id.to_string()),
        price: Some("price_business_month".to_owned()),
        ..UpdateSubscriptionItems::new()
    }]);
    later.send(&shop.client).await.unwrap();
    assert_eq!(shop.invoices(&customer).await.len(), 1);
    shop.advance_days(16);
    let invoice = &shop.invoices(&customer).await[0];
    let amounts: Vec<_> = invoice.lines.data.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [-1_450, 3_950, 7_900]);
    assert_eq!(invoice.amount_paid, 2_500 + 7_900);
}

#[tokio::test]
async fn a_preview_equals_the_invoice_of_the_change() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_month").await;
    shop.advance_days(10);
    shop.events();
    let change = CreatePreviewInvoiceSubscriptionDetails {
        items: Some(vec![CreatePreviewInvoiceSubscriptionDetailsItems {
            id: Some(before.items.data[0].id.to_string()),
            price: Some("price_business_month".to_owned()),
            ..CreatePreviewInvoiceSubscriptionDetailsItems::new()
        }]),
        proration_behavior: Some(CreatePreviewInvoiceSubscriptionDetailsProrationBehavior::AlwaysInvoice),
        ..CreatePreviewInvoiceSubscriptionDetails::new()
    };
    let preview = CreatePreviewInvoice::new().subscription(before.id.as_str()).subscription_details(change);
    let preview = preview.send(&shop.client).await.unwrap();
    assert_eq!((shop.invoices(&customer).await.len(), shop.events().len()), (1, 0));
    to(&before, "price_business_month").send(&shop.client).await.unwrap();
    assert_eq!(shop.invoices(&customer).await[0].amount_due, preview.amount_due);
    let next = CreatePreviewInvoice::new().subscription(before.id.as_str()).send(&shop.client).await.unwrap();
    assert_eq!(next.amount_due, 7_900);
}

#[tokio::test]
async fn a_change_names_the_item_and_a_price_that_exists() {
    let shop = Shop::open().await;
    let (_, before) = shop.subscriber("price_pro_month").await;
    let refused = to(&before, "price_gold").send(&shop.client).await;
    assert_eq!(refusal(refused), "400 resource_missing: No such price: 'price_gold'");
    let combined = to(&before, "price_business_month").description("Business").send(&shop.client).await;
    assert!(refusal(combined).starts_with("400 invalid_request_error: When `payment_behavior` is set to"));
    assert!(shop.subscription(before.id.as_str()).await.description.is_none());
}

#[tokio::test]
async fn ended_subscriptions_stay_ended() {
    let shop = Shop::open().await;
    let (_, before) = shop.subscriber("price_pro_month").await;
    let ended = CancelSubscription::new(before.id.clone()).send(&shop.client).await.unwrap();
    assert_eq!(ended.status, SubscriptionStatus::Canceled);
    let refused = to(&before, "price_business_month").send(&shop.client).await;
    let message = "400 invalid_request_error: A canceled subscription can only update its cancellation_details and \
                   metadata.";
    assert_eq!(refusal(refused), message);
    let again = CancelSubscription::new(before.id.clone()).send(&shop.client).await;
    assert_eq!(refusal(again), format!("404 resource_missing: No such subscription: '{}'", before.id));
}

#[tokio::test]
async fn a_void_invoice_ends_the_arrears() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    shop.standin().set_card_fails(&customer, true).unwrap();
    shop.advance_days(31);
    let invoice = shop.invoices(&customer).await.remove(0);
    VoidInvoiceInvoice::new(invoice.id.unwrap()).send(&shop.client).await.unwrap();
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status, SubscriptionStatus::Active);
}
