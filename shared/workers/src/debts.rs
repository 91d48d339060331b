//! Open invoices that give nothing any more.

use domain::billing::stripe::facts::OpenInvoice;
use jiff::Timestamp;
use platform::telemetry;
use stripe::{Account, VoidOutcome};

/// What became of invoices that were to be voided.
#[derive(Debug, Default)]
pub(crate) struct Closed {
    /// Ids of those that are closed.
    pub(crate) closed: Vec<String>,
    /// Ids of those that Stripe does not void, because a payment is on its way.
    pub(crate) under_way: Vec<String>,
}

/// Voids `invoices`. Reports each that was paid meanwhile: it gives nothing.
///
/// # Errors
/// [`stripe::Error`] if Stripe does not answer.
pub(crate) async fn void_invoices(
    account: &Account,
    invoices: impl Iterator<Item = &OpenInvoice>,
    now: Timestamp,
) -> Result<Closed, stripe::Error> {
    let Closed { mut closed, mut under_way } = Closed::default();
    for OpenInvoice { id, .. } in invoices {
        match account.void_invoice(id).await? {
            VoidOutcome::Voided => closed.push(id.clone()),
            VoidOutcome::Paid => {
                report_payment(id, now);
                closed.push(id.clone());
            }
            VoidOutcome::Refused => {
                tracing::warn!(invoice = id, "a payment of an ended subscription is on its way");
                under_way.push(id.clone());
            }
        }
    }
    Ok(Closed { closed, under_way })
}

/// Reports a payment that gives nothing, which the operator refunds as soon as it has arrived.
pub(crate) fn report_payment(invoice: &str, now: Timestamp) {
    tracing::error!(
        invoice,
        "an invoice of a subscription that has ended was paid, or is being paid; refund the payment"
    );
    telemetry::emit_count("billing", "PaidForNothing", 1, now);
}
