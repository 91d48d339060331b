//! An unpaid subscription whose arrears were paid.

use crate::billing::error::Error;
use domain::{billing::stripe::facts::CustomerAtStripe, plans::catalogue::Plans};
use stripe::Account;

/// Finalizes the latest draft of the current subscription, if it is unpaid and its arrears were paid, so that Stripe
/// collects it: only its payment restores the plan. If it fails, the invoice is open and can be paid on its page. Drafts of earlier periods stay
/// drafts: the plan was not in force in them.
/// <https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>
pub(super) async fn collect_drafts(
    account: &Account,
    plans: Plans,
    customer: &str,
    held: CustomerAtStripe,
) -> Result<CustomerAtStripe, Error> {
    let Some(subscription) = held.settled_unpaid(plans) else { return Ok(held) };
    if !account.collect_latest_draft(&subscription.id).await? {
        return Ok(held);
    }
    tracing::info!(customer, "the arrears of an unpaid subscription were paid; its latest invoice is collected");
    Ok(account.customer_at_stripe(customer).await?)
}
