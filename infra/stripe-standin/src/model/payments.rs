//! Payments and reversals: cards, payment intents, charges, refunds and disputes.

use super::currency::Currency;
use crate::{
    ids::{ChargeId, CustomerId, DisputeId, IntentId, PaymentMethodId, RefundId},
    params::Metadata,
};
use jiff::{SignedDuration, Timestamp};

/// Deadline for evidence (<https://docs.stripe.com/disputes/responding>).
pub(crate) const EVIDENCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Time until a bank debit succeeds or fails (<https://docs.stripe.com/payments/ach-direct-debit#timing>).
pub(crate) const SETTLEMENT: SignedDuration = SignedDuration::from_hours(4 * 24);

/// Type of a payment method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodKind {
    Card,
    /// Bank debit, whose success is known days later.
    UsBankAccount,
}

/// Behaviour of a test payment method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behavior {
    Pays,
    Declines,
    /// Every payment without its owner needs authentication.
    NeedsAction,
}

/// Result of an attempt to collect (<https://docs.stripe.com/billing/subscriptions/overview#payment-status>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentOutcome {
    Succeeds,
    Declines,
    NeedsAction,
    /// The success is known later.
    Processing,
}

impl PaymentOutcome {
    /// Returns true if the customer has to do something.
    pub(crate) const fn fails(self) -> bool {
        match self {
            Self::Succeeds | Self::Processing => false,
            Self::Declines | Self::NeedsAction => true,
        }
    }
}

/// Stored payment method of a customer (<https://docs.stripe.com/api/payment_methods/object>).
#[derive(Clone, Debug)]
pub(crate) struct PaymentMethod {
    pub(crate) id: PaymentMethodId,
    pub(crate) created: Timestamp,
    /// `None` if the card was declined before it could be stored.
    pub(crate) customer: Option<CustomerId>,
    pub(crate) brand: &'static str,
    pub(crate) last4: &'static str,
    pub(crate) exp_month: i8,
    pub(crate) exp_year: i16,
    pub(crate) fingerprint: String,
    pub(crate) kind: MethodKind,
    pub(crate) behavior: Behavior,
}

/// Collection of one amount (<https://docs.stripe.com/api/payment_intents/object>).
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) id: IntentId,
    pub(crate) created: Timestamp,
    pub(crate) customer: CustomerId,
    pub(crate) amount: i64,
    pub(crate) currency: Currency,
    pub(crate) description: &'static str,
    pub(crate) status: IntentStatus,
    pub(crate) payment_method: Option<PaymentMethodId>,
    pub(crate) latest_charge: Option<ChargeId>,
    /// End of the processing.
    pub(crate) settles_at: Option<Timestamp>,
    /// Part of the client secret.
    pub(crate) secret: String,
}

/// Status of an intent (<https://docs.stripe.com/payments/paymentintents/lifecycle>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntentStatus {
    RequiresPaymentMethod,
    RequiresAction,
    Processing,
    Succeeded,
    Canceled,
}

/// Attempt to collect (<https://docs.stripe.com/api/charges/object>).
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) id: ChargeId,
    pub(crate) created: Timestamp,
    pub(crate) intent: IntentId,
    pub(crate) customer: CustomerId,
    pub(crate) payment_method: PaymentMethodId,
    pub(crate) amount: i64,
    pub(crate) currency: Currency,
    pub(crate) succeeded: bool,
    /// True while the payment is processing.
    pub(crate) pending: bool,
    /// Refunded amount in the minor unit.
    pub(crate) refunded: i64,
    pub(crate) disputed: bool,
}

/// Refund (<https://docs.stripe.com/api/refunds/object>).
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) id: RefundId,
    pub(crate) created: Timestamp,
    pub(crate) charge: ChargeId,
    /// The charge at that time, with its customer and card.
    pub(crate) of: Charge,
    pub(crate) amount: i64,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Metadata,
}

/// Charge that the cardholder's bank reverses (<https://docs.stripe.com/api/disputes/object>).
#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    pub(crate) id: DisputeId,
    pub(crate) created: Timestamp,
    pub(crate) charge: Charge,
    pub(crate) status: DisputeStatus,
}

/// Status of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisputeStatus {
    NeedsResponse,
    Won,
    Lost,
}
