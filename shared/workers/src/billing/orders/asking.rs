//! The input and the outcome of an order, of any kind.

use crate::billing::answer::CheckoutView;
use domain::billing::{
    account::{Billing, PendingCheckout},
    intent::Intent,
    order::OrderError,
};
use stripe::Account;
use system_scope::SystemScope;

/// A request to Stripe for an intent.
#[derive(Clone, Copy)]
pub(in crate::billing) struct Asking<'a> {
    pub(in crate::billing) account: &'a Account,
    pub(in crate::billing) scope: &'a SystemScope,
    pub(in crate::billing) intent: &'a Intent,
}

/// Stripe's answer to an order.
pub(in crate::billing) enum Asked {
    /// It is done.
    Done(Effect),
    /// It cannot be done: the workspace has a subscription already, or has none.
    Moot(OrderError),
}

/// The effect of an order at Stripe.
pub(in crate::billing) enum Effect {
    /// There is a page, for this customer.
    Page { customer: String, page: PendingCheckout },
    /// The subscription is as ordered; a change that waits for its payment names the page to pay it on.
    Changed { waits: Option<String> },
}

/// The outcome of a command.
#[derive(Debug)]
pub enum Done {
    /// A page at Stripe.
    Page(CheckoutView),
    /// A subscription as ordered.
    Changed {
        /// The billing by then.
        billing: Box<Billing>,
        /// The page on which a change is paid that waits for it; empty if Stripe names none.
        waits: Option<String>,
    },
}
