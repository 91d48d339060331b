//! The kinds of orders. Each has a file with two steps: `ask` sends the requests that are not done yet to Stripe and
//! may be repeated at any point; `settle` writes the outcome and closes the intent.

mod change;
mod checkout;
mod request;

pub use request::OrderOutcome;
pub(super) use request::{Effect, OrderAnswer, OrderRequest};

use super::{deps::BillingDeps, error::Error};
use domain::billing::{
    intent::{Intent, Order},
    order::OrderError,
};
use store::billing::BillingFacts;
use system_scope::SystemScope;

/// Carries out the order at Stripe. Sets `customer` as soon as the customer is known.
pub(super) async fn ask(
    request: &OrderRequest<'_>,
    customer: &mut Option<String>,
) -> Result<OrderAnswer, stripe::Error> {
    match &request.intent.order {
        Order::Checkout(order) => checkout::ask(request, customer, order).await,
        Order::Change(order) => change::ask(request, order).await,
    }
}

/// Writes the effect and closes the intent.
pub(super) async fn settle(
    with: &BillingDeps,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
    effect: Effect,
) -> Result<OrderOutcome, Error> {
    match effect {
        Effect::Page { customer, page } => {
            checkout::settle(with, scope, &billed.billing, intent, customer, page).await.map(OrderOutcome::Page)
        }
        Effect::Changed { replaced } => {
            let billing = Box::new(change::settle(with, scope, billed, intent, replaced).await?);
            let pending = billing.subscription.as_ref().and_then(|paid| paid.pending_change.as_ref());
            let payment_url = pending.map(|change| change.url.clone().unwrap_or_default());
            Ok(OrderOutcome::Changed { billing, payment_url })
        }
    }
}

/// Returns the error of an order that Stripe has refused and would refuse again.
pub(super) fn refused(order: &Order, error: stripe::Error) -> Error {
    match (order, error) {
        (_, stripe::Error::Absent(_)) => OrderError::PriceUnknown.into(),
        (Order::Checkout(_), error) => error.into(),
        (Order::Change(_), _) => OrderError::Refused.into(),
    }
}
