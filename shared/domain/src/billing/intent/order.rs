//! Orders to Stripe with all their parameters, so that a repetition sends the same.

use crate::{
    billing::account::PendingCheckout,
    billing::trial::Trial,
    plans::plan::{Interval, Plan},
};
use serde::{Deserialize, Serialize};

/// What is wanted of Stripe, with all its parameters: they are the same whenever it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Order {
    /// A page on which a plan is paid.
    Checkout(Checkout),
    /// A change of what is paid for.
    Change(PlanChange),
}

/// A change of what is paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// Stripe's id of the subscription.
    pub subscription: String,
    /// What becomes of it.
    pub aim: Aim,
}

/// What becomes of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Aim {
    /// This price, at once, if it is paid.
    Now {
        /// Stripe's id of it.
        price: String,
    },
    /// This price, when the present period ends.
    AtPeriodEnd {
        /// Stripe's id of it.
        price: String,
    },
    /// Nothing, when the present period ends.
    Cancel,
    /// What it is.
    Keep,
}

/// A page on which a plan is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The plan.
    pub plan: Plan,
    /// How often it is paid.
    pub interval: Interval,
    /// Stripe's id of the price.
    pub price: String,
    /// Where the customer comes back to once he has paid.
    pub success_url: String,
    /// Where he comes back to if he does not pay.
    pub cancel_url: String,
    /// The days on trial that it may begin with.
    pub trial: Option<Trial>,
    /// What the page offers beside the plan.
    #[serde(default)]
    pub offers: Offers,
}

/// What a page offers beside the plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Stripe reckons taxes, by the address that it asks for.
    pub automatic_tax: bool,
    /// Codes of promotions are taken.
    pub promotion_codes: bool,
}

impl Checkout {
    /// Whether `pending` is a page for the same.
    #[must_use]
    pub fn is_for(&self, pending: &PendingCheckout) -> bool {
        (self.plan, self.interval, self.trial.map(|trial| trial.days))
            == (pending.plan, pending.interval, pending.trial)
    }
}
