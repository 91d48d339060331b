//! Settings that the owner of a Stripe account makes in the dashboard.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Settings of the stand-in and of the account.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Id of the account.
    pub(crate) account: String,
    /// Base URL of the stand-in's pages, without a trailing slash.
    pub(crate) public_url: String,
    pub(crate) dunning: Dunning,
}

/// Collection of a failed renewal (<https://docs.stripe.com/billing/revenue-recovery/smart-retries>, custom retry
/// schedule).
#[derive(Clone, Debug)]
pub struct Dunning {
    /// Delay of the next attempt after each failure.
    pub retries: Vec<SignedDuration>,
    /// Consequence for the subscription after the last attempt.
    pub then: Exhausted,
}

/// Consequence of an exhausted dunning (<https://docs.stripe.com/billing/subscriptions/overview>, "Manage payment
/// failures").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exhausted {
    /// The subscription is canceled.
    Cancel,
    /// The subscription becomes unpaid, and its further invoices stay drafts.
    Unpaid,
    /// The subscription stays past due.
    PastDue,
}

impl Dunning {
    /// Creates a setting with a retry after each of these numbers of days.
    #[must_use]
    pub fn after_days(days: &[u16], then: Exhausted) -> Self {
        let retries = days.iter().map(|days| SignedDuration::from_hours(24 * i64::from(*days))).collect();
        Self { retries, then }
    }
}

impl Default for Dunning {
    /// Retries three times, after three, five and seven days, and then sets `unpaid`. Under this setting a subscription
    /// can still be recovered, which is the harder case for Berth.
    fn default() -> Self {
        Self::after_days(&[3, 5, 7], Exhausted::Unpaid)
    }
}
