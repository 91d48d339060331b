//! Settings that the owner of a Stripe account makes in the dashboard.

use jiff::SignedDuration;

/// Settings of the stand-in and of the account.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// The subscription is canceled.
    Cancel,
    /// The subscription becomes unpaid, and its further invoices stay drafts.
    Unpaid,
    /// The subscription stays past due.
    PastDue,
}

impl Default for Dunning {
    /// Retries three times, after three, five and seven days, and then sets `unpaid`. Under this setting a subscription
    /// can still be recovered, which is the harder case for Berth.
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self { retries: vec![days(3), days(5), days(7)], then: Exhausted::Unpaid }
    }
}
