//! What the owner of a Stripe account sets in the dashboard.

use jiff::SignedDuration;

/// What the stand-in needs to know of itself and of the account's settings.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the stand-in's pages are, without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) dunning: Dunning,
}

/// How a failed renewal is collected (<https://docs.stripe.com/billing/revenue-recovery/smart-retries>, custom retry
/// schedule).
#[derive(Clone, Debug)]
pub struct Dunning {
    /// How long after each failure the next try comes.
    pub retries: Vec<SignedDuration>,
    /// What becomes of the subscription after the last one.
    pub then: Exhausted,
}

/// The end of a dunning (<https://docs.stripe.com/billing/subscriptions/overview>, "Manage payment failures").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// The subscription is canceled.
    Cancel,
    /// It stays, unpaid, and its further invoices stay drafts.
    Unpaid,
    /// It stays past due.
    PastDue,
}

impl Default for Dunning {
    /// Three retries, after three, five and seven days, and then `unpaid`: the setting under which a subscription can
    /// still be rescued, which is the harder case for whoever reads it.
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self { retries: vec![days(3), days(5), days(7)], then: Exhausted::Unpaid }
    }
}
