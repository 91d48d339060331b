//! Every object has every field that the reference documents: the fields of the client's models are compared with the
//! sent keys, at every depth.

use crate::{
    asking::{get, post},
    fields::Printed,
    shop::Shop,
};
use miniserde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Debug};
use stripe_billing::{BillingPortalConfiguration, BillingPortalSession};
use stripe_shared::{
    Account, Charge, CheckoutSession, Coupon, Customer, Discount, Dispute, Invoice, InvoicePayment, PaymentIntent,
    PaymentMethod, Price, Product, PromotionCode, Refund, Subscription, SubscriptionSchedule,
};

/// Expected differences between model and answer, by reason. `X.*` is any field of X.
const DIFFERENCES: &[(&str, &[&str])] = &[
    (
        "only if requested by `expand`",
        &[
            "Customer.cash_balance",
            "Customer.invoice_credit_balance",
            "Customer.sources",
            "Customer.subscriptions",
            "Customer.tax",
            "Customer.tax_ids",
            "CheckoutSession.line_items",
            "PaymentPagesCheckoutSessionTotalDetails.breakdown",
            "Invoice.confirmation_secret",
            "Invoice.payments",
            "Coupon.applies_to",
            "Coupon.currency_options",
            "PromotionCodesResourceRestrictions.currency_options",
            "Price.currency_options",
            "Price.tiers",
            "Plan.tiers",
        ],
    ),
    (
        "one field for each type of payment method, of which there is `card`",
        &[
            "PaymentMethod.*",
            "PaymentMethodDetails.*",
            "CheckoutSessionPaymentMethodOptions.*",
            "DisputePaymentMethodDetails.*",
            "RefundDestinationDetails.*",
        ],
    ),
    (
        "only of accounts that are connected to another one, or by feature",
        &["Account.*", "AccountSettings.*", "AccountCapabilities.*", "AccountUnificationAccountController.*"],
    ),
    (
        "empty until something is set",
        &[
            "PaymentIntentPaymentMethodOptions.*",
            "ChargeFraudDetails.*",
            "DisputeEnhancedEligibility.*",
            "DisputeEnhancedEvidence.*",
        ],
    ),
    ("an error has only the fields that apply to it", &["ApiErrors.*"]),
    ("older than the model, and still sent", &["Subscription +plan", "Subscription +quantity"]),
    ("moved to `parent` in 2025-03-31", &["Invoice.subscription"]),
    (
        "only where the feature is used, which the stand-in does not model",
        &[
            "BillingBillResourceInvoicingParentsInvoiceSubscriptionParent.subscription_proration_date",
            "Charge.authorization_code",
            "Charge.level3",
            "Charge.presentment_details",
            "Charge.radar_options",
            "Charge.transfer",
            "ChargeOutcome.rule",
            "CheckoutCardPaymentMethodOptions.*",
            "CheckoutSession.allowed_payment_method_types",
            "CheckoutSession.excluded_payment_method_types",
            "CheckoutSession.name_collection",
            "CheckoutSession.optional_items",
            "CheckoutSession.redirect_on_completion",
            "CheckoutSession.return_url",
            "ConnectAccountReference.account",
            "Dispute.network_reason_code",
            "Invoice.threshold_reason",
            "InvoicesPaymentsInvoicePaymentAssociatedPayment.charge",
            "InvoicesPaymentsInvoicePaymentAssociatedPayment.payment_record",
            "PaymentFlowsAmountDetails.*",
            "PaymentFlowsAmountDetailsClientResourceTip.amount",
            "PaymentIntent.allowed_payment_method_types",
            "PaymentIntent.hooks",
            "PaymentIntent.managed_payments",
            "PaymentIntent.payment_details",
            "PaymentIntent.payment_record",
            "PaymentIntent.presentment_details",
            "PaymentMethodCard.description",
            "PaymentMethodCard.iin",
            "PaymentMethodCard.issuer",
            "PaymentMethodDetailsCard.capture_before",
            "PaymentMethodDetailsCard.description",
            "PaymentMethodDetailsCard.electronic_commerce_indicator",
            "PaymentMethodDetailsCard.iin",
            "PaymentMethodDetailsCard.issuer",
            "PaymentMethodDetailsCard.moto",
            "Refund.description",
            "Refund.failure_balance_transaction",
            "Refund.failure_reason",
            "Refund.instructions_email",
            "Refund.next_action",
            "Refund.pending_reason",
            "Refund.presentment_details",
            "RefundDestinationDetailsCard.*",
            "SubscriptionItem.current_trial",
            "SubscriptionSchedule.pause_schedules",
            "SubscriptionSchedulePhaseConfiguration.trial",
            "SubscriptionsResourcePendingUpdate.discount",
        ],
    ),
];

/// Returns the entry that expects a difference.
fn entry(difference: &str) -> String {
    let (name, _) = difference.split_once('.').unwrap_or((difference, ""));
    let whole = format!("{name}.*");
    let known = DIFFERENCES.iter().any(|(_, names)| names.contains(&whole.as_str()));
    if known { whole } else { difference.to_owned() }
}

/// Compares one object.
fn check<T: Deserialize + Debug>(sent: &Value, differences: &mut BTreeSet<String>) {
    let model: T = miniserde::json::from_str(&sent.to_string()).unwrap_or_else(|_| panic!("cannot be read: {sent:#}"));
    let mut found = Vec::new();
    Printed::read(&format!("{model:#?}")).compare(sent, &mut found);
    differences.extend(found);
}

/// Creates every object in its several states.
async fn life(shop: &Shop) -> String {
    let customer = shop.customer().await;
    let session = shop.session(&customer, "price_pro_month").await;
    shop.standin().fail(session.id.as_str()).unwrap();
    shop.standin().pay(session.id.as_str()).unwrap();
    let subscription = shop.subscriptions(&customer).await.remove(0);
    let item = &subscription.items.data[0].id;
    shop.standin().set_card_fails(&customer, true).unwrap();
    let upgrade = format!(
        "items[0][id]={item}&items[0][price]=price_business_month&proration_behavior=always_invoice\
         &payment_behavior=pending_if_incomplete"
    );
    let waiting = post(shop, &format!("/v1/subscriptions/{}", subscription.id), &upgrade).await;
    assert!(waiting["pending_update"].is_object());
    shop.standin().set_card_fails(&customer, false).unwrap();
    post(shop, "/v1/subscription_schedules", &format!("from_subscription={}", subscription.id)).await;
    shop.session(&customer, "price_pro_year").await;
    let charges = get(shop, &format!("/v1/charges?customer={customer}")).await;
    let paid = charges["data"].as_array().unwrap().iter().find(|charge| charge["paid"] == true).unwrap();
    let paid = paid["id"].as_str().unwrap();
    post(shop, "/v1/refunds", &format!("charge={paid}&amount=100")).await;
    shop.standin().dispute(paid).unwrap();
    customer
}

/// Creates a coupon, its promotion code, and a discount by it.
async fn discounts(shop: &Shop) -> (Value, Value, Value) {
    let coupon = post(shop, "/v1/coupons", "percent_off=12.5&duration=repeating&duration_in_months=3").await;
    let form = format!("promotion[type]=coupon&promotion[coupon]={}", coupon["id"].as_str().unwrap());
    let code = post(shop, "/v1/promotion_codes", &form).await;
    let (_, subscription) = shop.subscriber("price_pro_month").await;
    let form = format!("discounts[0][promotion_code]={}&expand[]=discounts", code["id"].as_str().unwrap());
    let path = format!("/v1/subscriptions/{}", subscription.id);
    let discount = post(shop, &path, &form).await["discounts"][0].take();
    (coupon, code, discount)
}

#[tokio::test]
async fn every_field_is_there() {
    let shop = Shop::open().await;
    let customer = life(&shop).await;
    let mut found = BTreeSet::new();
    let mut events = Vec::new();
    for event in shop.standin().take_all_deliveries() {
        let event: Value = serde_json::from_slice(&event.body).unwrap();
        events.push(event["data"]["object"].clone());
    }
    let portal = post(&shop, "/v1/billing_portal/sessions", &format!("customer={customer}")).await;
    check::<BillingPortalConfiguration>(
        &get(&shop, &format!("/v1/billing_portal/configurations/{}", portal["configuration"].as_str().unwrap())).await,
        &mut found,
    );
    check::<BillingPortalSession>(&portal, &mut found);
    for path in ["/v1/products", "/v1/prices", "/v1/checkout/sessions"] {
        events.extend(get(&shop, path).await["data"].as_array().unwrap().iter().cloned());
    }
    check::<Account>(&get(&shop, "/v1/account").await, &mut found);
    let (coupon, code, discount) = discounts(&shop).await;
    check::<Coupon>(&coupon, &mut found);
    check::<PromotionCode>(&code, &mut found);
    check::<Discount>(&discount, &mut found);
    let mut kinds = BTreeSet::new();
    for object in &events {
        let kind = object["object"].as_str().unwrap();
        kinds.insert(kind.to_owned());
        match kind {
            "product" => check::<Product>(object, &mut found),
            "price" => check::<Price>(object, &mut found),
            "customer" => check::<Customer>(object, &mut found),
            "checkout.session" => check::<CheckoutSession>(object, &mut found),
            "subscription" => check::<Subscription>(object, &mut found),
            "subscription_schedule" => check::<SubscriptionSchedule>(object, &mut found),
            "invoice" => check::<Invoice>(object, &mut found),
            "invoice_payment" => check::<InvoicePayment>(object, &mut found),
            "payment_method" => check::<PaymentMethod>(object, &mut found),
            "payment_intent" => check::<PaymentIntent>(object, &mut found),
            "charge" => check::<Charge>(object, &mut found),
            "refund" => check::<Refund>(object, &mut found),
            "dispute" => check::<Dispute>(object, &mut found),
            other => panic!("no model for {other}"),
        }
    }
    assert_eq!(kinds.len(), 13, "{kinds:?}");
    let found: BTreeSet<_> = found.iter().map(|difference| entry(difference)).collect();
    let expected: BTreeSet<_> =
        DIFFERENCES.iter().flat_map(|(_, names)| *names).map(|name| (*name).to_owned()).collect();
    let unexpected: Vec<_> = found.difference(&expected).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let gone: Vec<_> = expected.difference(&found).collect();
    assert!(gone.is_empty(), "no longer different: {gone:?}");
}
