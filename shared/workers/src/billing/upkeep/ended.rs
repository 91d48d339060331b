//! Open invoices of subscriptions that have ended.

use crate::{
    billing::{deps::BillingDeps, error::Error},
    debts::{Closed, report_payment, void_invoices},
    end_policy::EndedInvoices,
};
use domain::billing::{account::Billing, stripe::facts::CustomerAtStripe};
use stripe::Account;

/// Voids the open invoices of subscriptions that have ended, unless the operator keeps them, and returns what the customer
/// has then. Drafts stay drafts, which Stripe no longer finalizes.
/// <https://docs.stripe.com/billing/subscriptions/cancel>
pub(super) async fn void_debts(
    with: &BillingDeps,
    account: &Account,
    billing: &Billing,
    held: CustomerAtStripe,
) -> Result<CustomerAtStripe, Error> {
    if with.ends.ended_invoices == EndedInvoices::Keep {
        return Ok(held);
    }
    let now = with.store.ambient().now();
    let Closed { closed, .. } = void_invoices(account, held.debts_of_ended(), now).await?;
    if let Some(invoice) = paid_too_late(billing, &held)
        && account.is_paid(invoice).await?
    {
        report_payment(invoice, now);
    }
    let open_invoices = held.open_invoices.into_iter().filter(|invoice| !closed.contains(&invoice.id)).collect();
    Ok(CustomerAtStripe { open_invoices, ..held })
}

/// Returns the invoice that was owed when the billing was last compared, if its subscription has ended since and it is not
/// open any more: it may have been paid in the moment in which the subscription ended.
fn paid_too_late<'a>(billing: &'a Billing, held: &CustomerAtStripe) -> Option<&'a str> {
    let (owed, subscription) = (billing.owed.as_ref()?, billing.subscription.as_ref()?);
    let ended = held.subscriptions.iter().any(|held| held.id == subscription.id && !held.status.is_payable());
    let open = held.open_invoices.iter().any(|invoice| invoice.id == owed.invoice);
    (ended && !open).then_some(owed.invoice.as_str())
}
