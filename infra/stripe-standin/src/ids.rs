//! Stripe's ids: a prefix that names the kind, then letters and digits.

use fastrand::Rng;
use std::fmt;

/// Id of one kind.
pub(crate) trait Id: Ord + Clone + fmt::Display {
    /// Name of the object in error messages, as in "No such customer".
    const NOUN: &'static str;

    /// Makes an id of the text in a request. Its form is not checked: an unknown id is not found.
    fn given(text: &str) -> Self;

    /// Creates a new id.
    fn fresh(random: &mut Rng) -> Self;
}

/// Returns random letters and digits.
pub(crate) fn letters(random: &mut Rng, length: usize) -> String {
    std::iter::repeat_with(|| random.alphanumeric()).take(length).collect()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $prefix:literal + $length:literal, $noun:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(String);

        impl $name {
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Id for $name {
            const NOUN: &'static str = $noun;

            fn given(text: &str) -> Self {
                Self(text.to_owned())
            }

            fn fresh(random: &mut Rng) -> Self {
                Self(format!("{}{}", $prefix, letters(random, $length)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Product.
    ProductId: "prod_" + 14, "product";
    /// Price.
    PriceId: "price_1" + 23, "price";
    /// Coupon.
    CouponId: "" + 8, "coupon";
    /// Code that a customer redeems a coupon by.
    PromotionCodeId: "promo_1" + 23, "promotion code";
    /// Coupon that was redeemed.
    DiscountId: "di_1" + 23, "discount";
    /// Customer.
    CustomerId: "cus_" + 14, "customer";
    /// Stored card.
    PaymentMethodId: "pm_1" + 23, "PaymentMethod";
    /// Collection of one amount.
    IntentId: "pi_3" + 23, "payment_intent";
    /// Attempt to collect it.
    ChargeId: "ch_3" + 23, "charge";
    /// Refund.
    RefundId: "re_3" + 23, "refund";
    /// Dispute: a charge that the cardholder's bank reverses.
    DisputeId: "dp_1" + 23, "dispute";
    /// Link between an invoice and its payment intent.
    InvoicePaymentId: "inpay_1" + 23, "invoice payment";
    /// Checkout session.
    SessionId: "cs_test_a1" + 56, "checkout.session";
    /// Subscription.
    SubscriptionId: "sub_1" + 23, "subscription";
    /// Price within a subscription.
    ItemId: "si_" + 14, "subscription_item";
    /// Subscription schedule.
    ScheduleId: "sub_sched_1" + 23, "subscription schedule";
    /// Invoice.
    InvoiceId: "in_1" + 23, "invoice";
    /// Line of an invoice.
    LineId: "il_1" + 23, "invoice line item";
    /// Charge or credit that is pending for the next invoice.
    InvoiceItemId: "ii_1" + 23, "invoice item";
    /// Session of the customer portal.
    PortalSessionId: "bps_1" + 23, "billing portal session";
    /// Configuration of the customer portal.
    PortalConfigurationId: "bpc_1" + 23, "configuration";
    /// Event.
    EventId: "evt_1" + 23, "event";
    /// Request.
    RequestId: "req_" + 14, "request";
}
