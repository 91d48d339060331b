//! Changes of plan that take effect once they are paid, and the scheduled changes that they replace then.
//! <https://docs.stripe.com/billing/subscriptions/pending-updates>

use crate::{
    billing::intent::IntentNumber,
    plans::{addon::HeldAddons, money::Interval, version::PlanVersion},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A change of plan or add-ons that takes effect once it is paid. Until then nothing changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    /// Plan after the change.
    pub plan: PlanVersion,
    /// Billing interval after the change.
    pub interval: Interval,
    /// Add-ons after the change. None in changes that were stored before add-ons were sold.
    #[serde(default)]
    pub addons: HeldAddons,
    /// URL of the page on which the change is paid or confirmed; null for members who may not read invoices.
    pub url: Option<String>,
    /// Time at which the change is withdrawn unless it is paid (RFC 3339, UTC).
    pub expires_at: Timestamp,
}

/// A scheduled change and a cancellation that an upgrade replaces once it is paid.
///
/// Stripe makes an upgrade without touching them, and the upgrade may still be unpaid. They are withdrawn as soon as the
/// upgrade is known to be in force, and stay if it expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedChange {
    /// Attempt number of the upgrade.
    pub attempt: IntentNumber,
    /// Stripe's id of the subscription.
    pub subscription: String,
    /// Stripe's id of the price that the upgrade leads to.
    pub price: String,
    /// The number of units of the add-on that the price is of; `None` for a price of a plan.
    #[serde(default)]
    pub units: Option<u64>,
    /// Stripe's id of the schedule with the change.
    pub schedule: Option<String>,
    /// Time at which the subscription was to end.
    pub cancel_at: Option<Timestamp>,
}
