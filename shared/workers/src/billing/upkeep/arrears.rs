//! Unpaid subscriptions whose arrears were paid.

use crate::billing::error::Error;
use domain::billing::stripe::facts::CustomerAtStripe;
use stripe::Account;

/// Finalizes the latest draft of each unpaid subscription whose arrears were paid, so that Stripe collects it: only its
/// payment restores the plan. If it fails, the invoice is open and can be paid on its page. Drafts of earlier periods stay
/// drafts: the plan was not in force in them.
/// <https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>
pub(super) async fn collect_drafts(
    account: &Account,
    customer: &str,
    held: CustomerAtStripe,
) -> Result<CustomerAtStripe, Error> {
    let mut collected = false;
    for subscription in held.settled_unpaid() {
        if account.collect_latest_draft(&subscription.id).await? {
            tracing::info!(
                customer,
                "the arrears of an unpaid subscription were paid; its latest invoice is collected"
            );
            collected = true;
        }
    }
    Ok(if collected { account.customer_at_stripe(customer).await? } else { held })
}
