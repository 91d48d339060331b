//! The kinds of orders. Each has a file with two steps: `ask` sends the requests that are not done yet to Stripe and
//! may be repeated at any point; `settle` writes the outcome and closes the intent.

mod change;
mod checkout;
mod ending;
mod items;
mod migrate;
mod request;

pub use items::OrderedItems;
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
        Order::Change(order) => change::ask(request, customer.as_deref(), order).await,
        Order::Migrate(order) => migrate::ask(request, order).await,
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
            checkout::settle(with, scope, billed, intent, customer, page).await.map(OrderOutcome::Page)
        }
        Effect::Changed { replaced } => {
            change::settle(with, scope, billed, intent, replaced).await.map(OrderOutcome::changed)
        }
        Effect::Migrated { price, amount_before } => {
            migrate::settle(with, scope, billed, intent, (price, amount_before)).await.map(OrderOutcome::changed)
        }
    }
}

/// Returns the error of an order for `customer` that Stripe has refused and would refuse again.
pub(super) async fn refused(with: &BillingDeps, order: &Order, customer: Option<&str>, error: stripe::Error) -> Error {
    match (order, error) {
        (_, stripe::Error::Absent(_)) => OrderError::PriceUnknown.into(),
        (order, _) if currency_differs(with, order, customer).await => OrderError::CurrencyMismatch.into(),
        (Order::Checkout(_), error) => error.into(),
        (Order::Change(_) | Order::Migrate(_), _) => OrderError::Refused.into(),
    }
}

/// Returns true if the customer has another currency than the price, as far as Stripe says so.
async fn currency_differs(with: &BillingDeps, order: &Order, customer: Option<&str>) -> bool {
    let Some((customer, name)) = customer.zip(order.price()) else { return false };
    match with.payments.stripe_account::<Error>().await {
        Ok(account) => account.currency_differs(customer, name.currency).await.unwrap_or(false),
        Err(_) => false,
    }
}
