//! Money that is collected and that goes back: cards, payment intents, charges, refunds and disputes.

use crate::{
    ids::{ChargeId, CustomerId, DisputeId, IntentId, PaymentMethodId, RefundId},
    params::Metadata,
};
use jiff::{SignedDuration, Timestamp};

/// How long evidence is waited for (<https://docs.stripe.com/disputes/responding>).
pub(crate) const EVIDENCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A card that a customer left (<https://docs.stripe.com/api/payment_methods/object>).
#[derive(Clone, Debug)]
pub(crate) struct PaymentMethod {
    pub(crate) id: PaymentMethodId,
    pub(crate) created: Timestamp,
    /// Nobody's if it declined before it could be kept.
    pub(crate) customer: Option<CustomerId>,
    pub(crate) brand: &'static str,
    pub(crate) last4: &'static str,
    pub(crate) exp_month: i8,
    pub(crate) exp_year: i16,
    pub(crate) fingerprint: String,
    /// Whether it declines every charge.
    pub(crate) declines: bool,
}

/// The collecting of one amount (<https://docs.stripe.com/api/payment_intents/object>).
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) id: IntentId,
    pub(crate) created: Timestamp,
    pub(crate) customer: CustomerId,
    pub(crate) amount: i64,
    pub(crate) currency: &'static str,
    pub(crate) description: &'static str,
    pub(crate) status: IntentStatus,
    pub(crate) payment_method: Option<PaymentMethodId>,
    pub(crate) latest_charge: Option<ChargeId>,
    /// Part of the client secret.
    pub(crate) secret: String,
}

/// How far an intent is (<https://docs.stripe.com/payments/paymentintents/lifecycle>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntentStatus {
    RequiresPaymentMethod,
    Succeeded,
    Canceled,
}

/// One try (<https://docs.stripe.com/api/charges/object>).
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) id: ChargeId,
    pub(crate) created: Timestamp,
    pub(crate) intent: IntentId,
    pub(crate) customer: CustomerId,
    pub(crate) payment_method: PaymentMethodId,
    pub(crate) amount: i64,
    pub(crate) currency: &'static str,
    pub(crate) succeeded: bool,
    /// How much of it was given back.
    pub(crate) refunded: i64,
    pub(crate) disputed: bool,
}

/// Money given back (<https://docs.stripe.com/api/refunds/object>).
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) id: RefundId,
    pub(crate) created: Timestamp,
    pub(crate) charge: ChargeId,
    /// The charge as it was: whose it is and what it was paid with.
    pub(crate) of: Charge,
    pub(crate) amount: i64,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Metadata,
}

/// A charge that the cardholder's bank takes back (<https://docs.stripe.com/api/disputes/object>).
#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    pub(crate) id: DisputeId,
    pub(crate) created: Timestamp,
    pub(crate) charge: Charge,
    pub(crate) status: DisputeStatus,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisputeStatus {
    NeedsResponse,
    Won,
    Lost,
}
