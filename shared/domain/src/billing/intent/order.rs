//! Orders to Stripe with all their parameters, so that a repeated request is identical.

use super::{CommandKind, CommandStatus, IntentNumber, LastCommand};
use crate::{
    billing::account::PendingCheckout,
    billing::order::MigrationTime,
    billing::trial::Trial,
    plans::{
        addon::HeldAddons,
        money::{Currency, Interval},
        price::{AddonPriceName, PriceAtStripe, PriceName, Sells, once},
        version::PlanVersion,
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
    /// Move the customer to another version of their plan, unless they have ordered anything else.
    Migrate(MigrationOrder),
}

/// The move of a customer to another version of their plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationOrder {
    /// Stripe's id of the subscription.
    pub subscription: String,
    /// Plan and interval of the customer.
    pub from: (PlanVersion, Interval),
    /// The price from then on.
    pub price: PriceName,
    /// Time at which it takes effect.
    pub when: MigrationTime,
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
    pub from: Option<(PlanVersion, Interval)>,
    /// Add-ons on which the command was decided. None in intents that were stored before add-ons were sold.
    #[serde(default)]
    pub held: HeldAddons,
}

/// The wanted state of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Aim {
    /// Change to these prices now, if they are paid.
    Now {
        /// The price of the plan.
        price: OrderedPrice,
        /// Number of times that it is paid. 1 for orders stored before seats were sold.
        #[serde(default = "once")]
        quantity: u64,
        /// All add-ons. None for orders stored before add-ons were sold.
        #[serde(default)]
        addons: Vec<OrderedAddon>,
    },
    /// Change to these prices when the current period ends.
    AtPeriodEnd {
        /// The price of the plan.
        price: OrderedPrice,
        /// Number of times that it is paid. 1 for orders stored before seats were sold.
        #[serde(default = "once")]
        quantity: u64,
        /// All add-ons. None for orders stored before add-ons were sold.
        #[serde(default)]
        addons: Vec<OrderedAddon>,
    },
    /// Cancel when the current period ends.
    Cancel,
    /// End now, since the rest of the period gives nothing.
    End,
    /// Keep the current price and withdraw scheduled changes.
    Keep,
}

/// An add-on of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedAddon {
    /// The price of a unit.
    pub price: AddonPriceName,
    /// Number of units.
    pub quantity: u64,
}

/// A checkout page for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The plan.
    pub plan: PlanVersion,
    /// The billing interval.
    pub interval: Interval,
    /// The price.
    pub price: OrderedPrice,
    /// Number of times that it is paid. 1 for orders stored before seats were sold.
    #[serde(default = "once")]
    pub quantity: u64,
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

/// The price of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OrderedPrice {
    /// What it sells. Its lookup key leads to the price.
    Name(PriceName),
    /// Stripe's id of the price, in orders that were stored before prices had names.
    Id(String),
}

impl From<PriceName> for OrderedPrice {
    fn from(name: PriceName) -> Self {
        Self::Name(name)
    }
}

impl OrderedPrice {
    /// True if `price` is what was ordered.
    #[must_use]
    pub fn is(&self, price: &PriceAtStripe) -> bool {
        match self {
            Self::Name(name) => price.sells == Sells::Plan(*name),
            Self::Id(id) => price.id == *id,
        }
    }

    /// What the price sells, unless the order is from before prices had names.
    #[must_use]
    pub const fn name(&self) -> Option<&PriceName> {
        match self {
            Self::Name(name) => Some(name),
            Self::Id(_) => None,
        }
    }
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

impl PlanChange {
    /// The add-ons that it leads to; none if it orders no prices.
    #[must_use]
    pub fn addons(&self) -> &[OrderedAddon] {
        match &self.aim {
            Aim::Now { addons, .. } | Aim::AtPeriodEnd { addons, .. } => addons,
            Aim::Cancel | Aim::End | Aim::Keep => &[],
        }
    }

    /// The currency of its prices, if it orders any.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        match &self.aim {
            Aim::Now { price, .. } | Aim::AtPeriodEnd { price, .. } => price.name().map(|name| name.currency),
            Aim::Cancel | Aim::End | Aim::Keep => None,
        }
    }
}

impl Order {
    /// The pending command with this order and the attempt `first`, which was given at `given_at`.
    #[must_use]
    pub fn to_command(&self, first: IntentNumber, given_at: Timestamp) -> LastCommand {
        let (kind, sold) = match self {
            Self::Checkout(checkout) => (CommandKind::Checkout, Some((checkout.plan, checkout.interval))),
            Self::Change(change) => match &change.aim {
                Aim::Now { price, .. } | Aim::AtPeriodEnd { price, .. } => {
                    let sold = price.name().map(|name| (name.plan, name.interval));
                    // The plan stays.
                    if sold.is_some() && sold == change.from {
                        (CommandKind::ChangeAddons, None)
                    } else {
                        (CommandKind::ChangePlan, sold)
                    }
                }
                Aim::Cancel | Aim::End => (CommandKind::Cancel, None),
                Aim::Keep => (CommandKind::Resume, None),
            },
            Self::Migrate(order) => (CommandKind::ChangePlan, Some((order.price.plan, order.price.interval))),
        };
        let (plan, interval) = sold.unzip();
        LastCommand { first, kind, plan, interval, given_at, status: CommandStatus::Pending, code: None }
    }

    /// The name of the price that is bought, if any.
    #[must_use]
    pub const fn price(&self) -> Option<&PriceName> {
        match self {
            Self::Checkout(Checkout { price, .. }) => price.name(),
            Self::Change(PlanChange { aim: Aim::Now { price, .. } | Aim::AtPeriodEnd { price, .. }, .. }) => {
                price.name()
            }
            Self::Migrate(MigrationOrder { price, .. }) => Some(price),
            Self::Change(PlanChange { aim: Aim::Cancel | Aim::End | Aim::Keep, .. }) => None,
        }
    }
}

impl Checkout {
    /// True if `pending` is a page for the same order.
    #[must_use]
    pub fn is_for(&self, pending: &PendingCheckout) -> bool {
        let currency = self.price.name().map(|name| name.currency);
        (self.plan, self.interval, self.quantity, self.trial.map(|trial| trial.days))
            == (pending.plan, pending.interval, pending.quantity, pending.trial)
            && pending.currency.is_none_or(|pending| currency == Some(pending))
    }
}
