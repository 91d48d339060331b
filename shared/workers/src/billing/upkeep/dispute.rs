//! Subscriptions of customers who have won a dispute.

use crate::{
    billing::{deps::BillingDeps, error::Error},
    end_policy::OnLostDispute,
};
use domain::billing::{
    account::Billing,
    reversal::{ReversalAtStripe, newly_lost},
    stripe::facts::CustomerAtStripe,
};
use stripe::Account;

/// Cancels the subscriptions of `customer` at once, if the bank has decided since the last comparison that a payment is
/// returned, and returns what the customer has then. A subscription that was bought after the dispute began continues.
///
/// The comparison stores the dispute as lost afterwards, so each dispute is handled once.
/// <https://docs.stripe.com/disputes/how-disputes-work>
pub(super) async fn end_disputed(
    with: &BillingDeps,
    account: &Account,
    billing: &Billing,
    customer: &str,
    seen: Seen<'_>,
) -> Result<CustomerAtStripe, Error> {
    let Seen { held, reversals } = seen;
    let Some(disputed_at) = newly_lost(&billing.reversals, reversals) else { return Ok(held) };
    match with.ends.lost_dispute {
        OnLostDispute::Keep => return Ok(held),
        OnLostDispute::Cancel => {}
    }
    for disputed in held.subscriptions.iter().filter(|held| held.status.is_payable() && held.created <= disputed_at) {
        tracing::warn!(customer, subscription = disputed.id, "a dispute was lost; the subscription is cancelled");
        match account.cancel_now(&disputed.id, &format!("{}-dispute", disputed.id)).await {
            Ok(()) => {}
            // It has ended in the meantime.
            Err(stripe::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(account.customer_at_stripe(customer).await?)
}

/// What a comparison has read.
pub(super) struct Seen<'a> {
    /// Subscriptions and invoices.
    pub(super) held: CustomerAtStripe,
    /// Refunds and disputes.
    pub(super) reversals: &'a [ReversalAtStripe],
}
