//! What is known of a workspace's billing, all in one item under one version: its customer at Stripe, its subscription,
//! a checkout that waits, and the last thing that went wrong.

use super::{
    plan::{Interval, Plan},
    subscription::{Standing, Subscription},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A workspace's billing. A workspace that never paid has the default one, and no item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Billing {
    /// Grows with every change; 0 is no item.
    pub version: u64,
    /// Stripe's id of the customer.
    pub customer: Option<String>,
    /// What is paid for, if anything ever was.
    pub subscription: Option<Subscription>,
    /// A checkout that can still be paid.
    pub pending_checkout: Option<PendingCheckout>,
    /// What went wrong last.
    pub last_error: Option<BillingError>,
}

/// A checkout session that can still be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingCheckout {
    /// Stripe's id of the session.
    pub session: String,
    /// Where it is paid.
    pub url: String,
    /// The plan it is for.
    pub plan: Plan,
    /// How often would be paid.
    pub interval: Interval,
    /// From when on it cannot be paid.
    pub expires_at: Timestamp,
}

/// Something that went wrong with a payment, in words for the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingError {
    /// What went wrong.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

impl Billing {
    /// What is in force at `now`.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        Standing::at(now, self.subscription.as_ref())
    }

    /// The checkout that waits at `now`.
    #[must_use]
    pub fn checkout_at(&self, now: Timestamp) -> Option<&PendingCheckout> {
        self.pending_checkout.as_ref().filter(|checkout| now < checkout.expires_at)
    }
}
