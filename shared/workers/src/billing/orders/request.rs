//! The input and the outcome of an order of any kind.

use crate::billing::{answer::CheckoutView, error::Error};
use domain::{
    billing::{
        account::{Billing, PendingCheckout},
        intent::{CallStep, Intent, OrderedPrice},
        order::OrderError,
        pending::ReplacedChange,
    },
    plans::{
        catalogue::Plans,
        price::{PriceName, SoldPrice},
    },
};
use jiff::Timestamp;
use stripe::Account;
use system_scope::SystemScope;

/// A request to Stripe for an intent.
#[derive(Clone, Copy)]
pub(in crate::billing) struct OrderRequest<'a> {
    pub(in crate::billing) account: &'a Account,
    pub(in crate::billing) plans: Plans,
    pub(in crate::billing) scope: &'a SystemScope,
    pub(in crate::billing) intent: &'a Intent,
    pub(in crate::billing) now: Timestamp,
    /// True if a contract has been set since the command was decided.
    pub(in crate::billing) under_contract: bool,
}

impl OrderRequest<'_> {
    /// Returns the idempotency key of `step`.
    pub(in crate::billing) fn key(&self, step: CallStep) -> String {
        self.intent.key(self.scope.workspace(), step)
    }

    /// Returns the price of an order, if Stripe sells it for the amount of the catalogue.
    pub(in crate::billing) async fn sold_price(&self, ordered: &OrderedPrice) -> Result<SoldPrice, stripe::Error> {
        self.account.sold_price(self.plans, ordered).await
    }
}

/// Stripe's answer to an order.
pub(in crate::billing) enum OrderAnswer {
    /// The order is done.
    Done(Effect),
    /// The order is not possible: the workspace already has a subscription, or has none.
    Moot(OrderError),
    /// The subscription has changed in the meantime, because a pending change was paid. The command must be decided again.
    Outdated,
}

/// The effect of an order at Stripe.
pub(in crate::billing) enum Effect {
    /// The checkout page of this customer is open.
    Page { customer: String, page: PendingCheckout },
    /// The subscription is as ordered, now or once it is paid. `replaced` is withdrawn then.
    Changed { replaced: Option<ReplacedChange> },
    /// The customer is moved to another version, now or when the period ends, and gets a letter about it. `amount_before` is what the
    /// present period costs, if it is known.
    Migrated { price: PriceName, amount_before: Option<u64> },
}

/// The outcome of a command.
#[derive(Debug)]
pub enum OrderOutcome {
    /// A checkout page at Stripe.
    Page(CheckoutView),
    /// The subscription is as ordered.
    Changed {
        /// The billing after the change.
        billing: Box<Billing>,
        /// URL of the page on which a pending change is paid; empty if Stripe names none.
        payment_url: Option<String>,
    },
    /// The command is stored, and its outcome is not known yet. The sweeper finishes it.
    Pending {
        /// The billing with the command.
        billing: Box<Billing>,
        /// The reason for which the outcome is not known.
        error: Error,
    },
}

impl OrderOutcome {
    /// Returns the outcome of a change that has led to `billing`.
    pub(in crate::billing) fn changed(billing: Billing) -> Self {
        let pending = billing.subscription.as_ref().and_then(|paid| paid.pending_change.as_ref());
        let payment_url = pending.map(|change| change.url.clone().unwrap_or_default());
        Self::Changed { billing: Box::new(billing), payment_url }
    }
}
