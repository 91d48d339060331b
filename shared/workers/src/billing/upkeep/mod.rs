//! Changes at Stripe that a comparison makes before it writes the facts: payments that restore a plan, and offers that
//! give nothing any more. Each may be repeated at any point.

mod arrears;

use super::error::Error;
use domain::billing::stripe::facts::CustomerAtStripe;
use stripe::Account;

/// Makes the changes that follow from what `customer` has at Stripe, and returns what they have then.
pub(super) async fn apply(
    account: &Account,
    customer: &str,
    held: CustomerAtStripe,
) -> Result<CustomerAtStripe, Error> {
    arrears::collect_drafts(account, customer, held).await
}
