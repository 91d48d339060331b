//! The price of an order.

use super::{OrderError, decision::check_sold};
use crate::{
    billing::account::Billing,
    plans::{
        catalogue::Plans,
        money::{Currency, Interval},
        plan::Plan,
        price::PriceName,
    },
};

/// The price of `plan` in the currency of the subscription: Stripe combines no currencies on a customer. `currency` is the
/// one that the customer names.
///
/// # Errors
/// [`OrderError`] if the plan is not sold by `interval`, or not in that currency.
pub fn subscribed_price(
    plans: Plans,
    billing: &Billing,
    (plan, interval, currency): (Plan, Interval, Option<Currency>),
) -> Result<PriceName, OrderError> {
    // A subscription from before currencies were read has the one that its owner names.
    let paid = billing.currency().or(currency).unwrap_or_else(|| plans.currency());
    if currency.is_some_and(|currency| currency != paid) {
        return Err(OrderError::CurrencyMismatch);
    }
    price(plan, interval, paid)
}

/// The price of `plan` for a workspace without a subscription. The default is the currency of an earlier one.
///
/// # Errors
/// [`OrderError`] if the plan is not sold by `interval`, or not in that currency.
pub fn first_price(
    plans: Plans,
    billing: &Billing,
    (plan, interval, currency): (Plan, Interval, Option<Currency>),
) -> Result<PriceName, OrderError> {
    price(plan, interval, currency.or_else(|| billing.currency()).unwrap_or_else(|| plans.currency()))
}

fn price(plan: Plan, interval: Interval, currency: Currency) -> Result<PriceName, OrderError> {
    check_sold(plan, interval)?;
    plan.price(interval, currency).ok_or(OrderError::CurrencyMismatch)
}
