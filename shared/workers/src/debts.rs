//! Open invoices that give nothing any more.

use domain::billing::stripe::facts::OpenInvoice;
use jiff::Timestamp;
use platform::telemetry;
use stripe::{Account, VoidOutcome};

/// Voids `invoices` and returns the ids of those that are closed then. Reports each that was paid meanwhile, or has a
/// payment on its way: it gives nothing.
///
/// # Errors
/// [`stripe::Error`] if Stripe does not answer.
pub(crate) async fn void_invoices(
    account: &Account,
    invoices: impl Iterator<Item = &OpenInvoice>,
    now: Timestamp,
) -> Result<Vec<String>, stripe::Error> {
    let mut closed = Vec::new();
    for OpenInvoice { id, .. } in invoices {
        match account.void_invoice(id).await? {
            VoidOutcome::Voided => closed.push(id.clone()),
            VoidOutcome::Paid => {
                report_payment(id, now);
                closed.push(id.clone());
            }
            VoidOutcome::Refused => report_payment(id, now),
        }
    }
    Ok(closed)
}

/// Reports a payment that gives nothing, which the operator refunds.
pub(crate) fn report_payment(invoice: &str, now: Timestamp) {
    tracing::error!(
        invoice,
        "an invoice of a subscription that has ended was paid, or a payment of it is on its way; refund the payment"
    );
    telemetry::emit_count("billing", "PaidForNothing", 1, now);
}
