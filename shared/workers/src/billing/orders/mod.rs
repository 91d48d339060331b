//! The kinds of orders. Each has a file with two steps: `ask` sends the requests that are not done yet to Stripe and
//! may be repeated at any point; `settle` writes the outcome and closes the intent.

mod asking;
mod change;
mod checkout;

pub use asking::Done;
pub(super) use asking::{Asked, Asking, Effect};

use super::{deps::Charging, error::Error};
use domain::billing::{
    intent::{Intent, Order},
    order::OrderError,
};
use store::billing::BillingFacts;
use system_scope::SystemScope;

/// Carries out the order at Stripe. Sets `customer` as soon as the customer is known.
pub(super) async fn ask(asking: &Asking<'_>, customer: &mut Option<String>) -> Result<Asked, stripe::Error> {
    match &asking.intent.order {
        Order::Checkout(order) => checkout::ask(asking, customer, order).await,
        Order::Change(order) => change::ask(asking, order).await,
    }
}

/// Writes the effect and closes the intent.
pub(super) async fn settle(
    with: &Charging,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
    effect: Effect,
) -> Result<Done, Error> {
    match effect {
        Effect::Page { customer, page } => {
            checkout::settle(with, scope, &billed.billing, intent, (customer, page)).await.map(Done::Page)
        }
        Effect::Changed { waits } => {
            let billing = Box::new(change::settle(with, scope, billed, intent).await?);
            Ok(Done::Changed { billing, waits })
        }
    }
}

/// Returns the error of an order that Stripe has refused and would refuse again.
pub(super) fn refused(order: &Order, error: Error) -> Error {
    match order {
        Order::Checkout(_) => error,
        Order::Change(_) => OrderError::Refused.into(),
    }
}
