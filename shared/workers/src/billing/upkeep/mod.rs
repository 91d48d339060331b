//! Changes at Stripe that a comparison makes before it writes the facts: payments that restore a plan, and offers that
//! give nothing any more. Each may be repeated at any point.

mod arrears;
mod dispute;
mod ended;
mod report;

pub(super) use report::report;

use super::{deps::BillingDeps, error::Error};
use dispute::Seen;
use domain::billing::{account::Billing, reversal::ReversalAtStripe, stripe::facts::CustomerAtStripe};
use stripe::Account;

/// What a comparison knows before it writes.
pub(super) struct Compared<'a> {
    /// The stored billing.
    pub(super) billing: &'a Billing,
    /// The customer.
    pub(super) customer: &'a str,
    /// Refunds and disputes at Stripe, or none if they were not read.
    pub(super) reversals: &'a [ReversalAtStripe],
}

/// Makes the changes that follow from what the customer has at Stripe, and returns what they have then.
pub(super) async fn apply(
    with: &BillingDeps,
    account: &Account,
    Compared { billing, customer, reversals }: Compared<'_>,
    held: CustomerAtStripe,
) -> Result<CustomerAtStripe, Error> {
    let held = dispute::end_disputed(with, account, billing, customer, Seen { held, reversals }).await?;
    let held = match billing.contract {
        Some(_) => held,
        None => arrears::collect_drafts(account, with.store.plans(), customer, held).await?,
    };
    ended::void_debts(with, account, billing, held).await
}
