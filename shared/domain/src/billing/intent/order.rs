//! Orders to Stripe with all their parameters, so that a repeated request is identical.

use super::{CommandKind, CommandStatus, IntentNumber, LastCommand};
use crate::{
    billing::account::PendingCheckout,
    billing::trial::Trial,
    plans::{
        catalogue::Catalogue,
        plan::{Interval, Plan},
    },
    text::WorkspaceName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An order to Stripe, with all its parameters, so that a repeated request is identical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Order {
    /// Open a checkout page for a plan.
    Checkout(Checkout),
    /// Change the subscription.
    Change(PlanChange),
}

/// A change of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    /// Stripe's id of the subscription.
    pub subscription: String,
    /// The wanted state of the subscription.
    pub aim: Aim,
    /// Plan and interval on which the command was decided; `None` for intents stored before they were recorded.
    #[serde(default)]
    pub from: Option<(Plan, Interval)>,
}

/// The wanted state of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Aim {
    /// Change to this price now, if it is paid.
    Now {
        /// Stripe's id of the price.
        price: String,
    },
    /// Change to this price when the current period ends.
    AtPeriodEnd {
        /// Stripe's id of the price.
        price: String,
    },
    /// Cancel when the current period ends.
    Cancel,
    /// End now, since the rest of the period gives nothing.
    End,
    /// Keep the current price and withdraw scheduled changes.
    Keep,
}

/// A checkout page for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The plan.
    pub plan: Plan,
    /// The billing interval.
    pub interval: Interval,
    /// Stripe's id of the price.
    pub price: String,
    /// Address to which Stripe redirects after the payment.
    pub success_url: String,
    /// Address to which Stripe redirects if the customer leaves without paying.
    pub cancel_url: String,
    /// The trial that the subscription may begin with.
    pub trial: Option<Trial>,
    /// Additional options of the page.
    #[serde(default)]
    pub offers: Offers,
    /// The name of a new customer: that of the workspace when the order was given. `None` for orders stored before names
    /// were recorded, which name the customer after the workspace's id.
    #[serde(default)]
    pub customer_name: Option<WorkspaceName>,
}

/// Additional options of a checkout page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Stripe computes taxes from the address it asks for.
    pub automatic_tax: bool,
    /// The page accepts promotion codes.
    pub promotion_codes: bool,
    /// The page asks for the name, address and tax id that invoices show. False for orders stored before it did.
    #[serde(default)]
    pub billing_details: bool,
}

impl Order {
    /// The pending command with this order and the attempt `first`, which was given at `given_at`.
    #[must_use]
    pub fn to_command(&self, first: IntentNumber, catalogue: &Catalogue, given_at: Timestamp) -> LastCommand {
        let (kind, sold) = match self {
            Self::Checkout(checkout) => (CommandKind::Checkout, Some((checkout.plan, checkout.interval))),
            Self::Change(change) => match &change.aim {
                Aim::Now { price } | Aim::AtPeriodEnd { price } => {
                    (CommandKind::ChangePlan, catalogue.plan_of_price(price))
                }
                Aim::Cancel | Aim::End => (CommandKind::Cancel, None),
                Aim::Keep => (CommandKind::Resume, None),
            },
        };
        let (plan, interval) = sold.unzip();
        LastCommand { first, kind, plan, interval, given_at, status: CommandStatus::Pending, code: None }
    }

    /// Stripe's id of the price that is bought, if any.
    #[must_use]
    pub fn price(&self) -> Option<&str> {
        match self {
            Self::Checkout(Checkout { price, .. }) => Some(price),
            Self::Change(PlanChange { aim: Aim::Now { price } | Aim::AtPeriodEnd { price }, .. }) => Some(price),
            Self::Change(PlanChange { aim: Aim::Cancel | Aim::End | Aim::Keep, .. }) => None,
        }
    }
}

impl Checkout {
    /// True if `pending` is a page for the same order.
    #[must_use]
    pub fn is_for(&self, pending: &PendingCheckout) -> bool {
        (self.plan, self.interval, self.trial.map(|trial| trial.days))
            == (pending.plan, pending.interval, pending.trial)
    }
}
