//! Stripe's ids: a prefix that names the kind, then letters and digits.

use crate::random::Random;
use std::fmt;

/// An id of one kind.
pub(crate) trait Id: Ord + Clone + fmt::Display {
    /// The word for the thing in an error message, as in "No such customer".
    const NOUN: &'static str;

    /// The id of that text. Its form is not checked: an id that nothing has is simply not found.
    fn given(text: &str) -> Self;

    /// A new one.
    fn fresh(random: &mut Random) -> Self;
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

            fn fresh(random: &mut Random) -> Self {
                Self(format!("{}{}", $prefix, random.letters($length)))
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
    /// A product.
    ProductId: "prod_" + 14, "product";
    /// A price.
    PriceId: "price_1" + 23, "price";
    /// A customer.
    CustomerId: "cus_" + 14, "customer";
    /// A card, as Stripe keeps it.
    PaymentMethodId: "pm_1" + 23, "PaymentMethod";
    /// The collecting of one amount.
    IntentId: "pi_3" + 23, "payment_intent";
    /// One try to collect it.
    ChargeId: "ch_3" + 23, "charge";
    /// Money given back.
    RefundId: "re_3" + 23, "refund";
    /// A charge that the cardholder's bank takes back.
    DisputeId: "dp_1" + 23, "dispute";
    /// What joins an invoice to its intent.
    InvoicePaymentId: "inpay_1" + 23, "invoice payment";
    /// A checkout session.
    SessionId: "cs_test_a1" + 56, "checkout.session";
    /// A subscription.
    SubscriptionId: "sub_1" + 23, "subscription";
    /// The price within a subscription.
    ItemId: "si_" + 14, "subscription_item";
    /// A subscription schedule.
    ScheduleId: "sub_sched_1" + 23, "subscription schedule";
    /// An invoice.
    InvoiceId: "in_1" + 23, "invoice";
    /// A line of an invoice.
    LineId: "il_1" + 23, "invoice line item";
    /// A charge or a credit that waits for the next invoice.
    InvoiceItemId: "ii_1" + 23, "invoice item";
    /// A session of the customer portal.
    PortalSessionId: "bps_1" + 23, "billing portal session";
    /// What the customer portal offers.
    PortalConfigurationId: "bpc_1" + 23, "configuration";
    /// An event.
    EventId: "evt_1" + 23, "event";
    /// A request.
    RequestId: "req_" + 14, "request";
}
