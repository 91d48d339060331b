//! Invoices that are not paid: payments on their way, void invoices, and drafts that have to be finalized.
//! <https://docs.stripe.com/invoicing/integration/workflow-transitions>

use crate::{
    Account, Error,
    shapes::{Identified, List, Named},
};
use serde::Deserialize;
use stripe_billing::{
    invoice::{FinalizeInvoiceInvoice, RetrieveInvoice, VoidInvoiceInvoice},
    subscription::RetrieveSubscription,
};

/// Result of voiding an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidOutcome {
    /// The invoice can no longer be paid.
    Voided,
    /// The invoice was paid before.
    Paid,
    /// Stripe refuses, because a payment is on its way.
    Refused,
}

/// The state of an invoice, as far as its payment is concerned.
#[derive(Debug, Deserialize)]
pub(crate) struct InvoiceState {
    pub(crate) id: String,
    status: String,
}

impl InvoiceState {
    /// Returns true if the customer can pay it.
    pub(crate) fn is_open(&self) -> bool {
        self.status == "open"
    }
}

/// An invoice with its payments. <https://docs.stripe.com/api/invoice-payment/object>
#[derive(Deserialize)]
struct Payments {
    payments: Option<List<Payment>>,
}

#[derive(Deserialize)]
struct Payment {
    payment: PaymentMeans,
}

#[derive(Deserialize)]
struct PaymentMeans {
    payment_intent: Option<Named<PaymentIntent>>,
}

#[derive(Deserialize)]
struct PaymentIntent {
    status: String,
}

#[derive(Deserialize)]
struct Latest {
    latest_invoice: Option<Named<InvoiceState>>,
}

impl Account {
    /// Returns true if a payment of `invoice` is on its way.
    /// <https://docs.stripe.com/payments/paymentintents/lifecycle>
    pub(crate) async fn is_processing(&self, invoice: &str) -> Result<bool, Error> {
        let request = RetrieveInvoice::new(invoice).expand(["payments.data.payment.payment_intent".to_owned()]);
        let Payments { payments } = self.get_retrying(&request).await?;
        let intents = payments.iter().flat_map(|payments| &payments.data);
        let mut intents = intents.filter_map(|payment| payment.payment.payment_intent.as_ref().and_then(Named::whole));
        Ok(intents.any(|intent| intent.status == "processing"))
    }

    /// Voids an open invoice. <https://docs.stripe.com/api/invoices/void>
    pub async fn void_invoice(&self, invoice: &str) -> Result<VoidOutcome, Error> {
        // The request is idempotent, so it needs no key: a repetition finds the invoice void.
        match self.send_once(&VoidInvoiceInvoice::new(invoice)).await {
            Ok(Identified { .. }) => Ok(VoidOutcome::Voided),
            Err(Error::Refused(_)) => {
                let InvoiceState { status, .. } = self.get_retrying(&RetrieveInvoice::new(invoice)).await?;
                Ok(match status.as_str() {
                    "paid" => VoidOutcome::Paid,
                    "void" => VoidOutcome::Voided,
                    _ => VoidOutcome::Refused,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Returns true if `invoice` is paid.
    pub async fn is_paid(&self, invoice: &str) -> Result<bool, Error> {
        let InvoiceState { status, .. } = self.get_retrying(&RetrieveInvoice::new(invoice)).await?;
        Ok(status == "paid")
    }

    /// Finalizes the latest invoice of `subscription`, if it is a draft, and lets Stripe collect it. Returns false if it
    /// is not a draft, or Stripe cannot finalize it.
    /// <https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions>
    pub async fn collect_latest_draft(&self, subscription: &str) -> Result<bool, Error> {
        let request = RetrieveSubscription::new(subscription).expand(["latest_invoice".to_owned()]);
        let Latest { latest_invoice } = self.get_retrying(&request).await?;
        let draft = latest_invoice.as_ref().and_then(Named::whole).filter(|invoice| invoice.status == "draft");
        let Some(draft) = draft else { return Ok(false) };
        // The request is idempotent, so it needs no key: a repetition is refused.
        match self.send_once(&FinalizeInvoiceInvoice::new(draft.id.as_str()).auto_advance(true)).await {
            Ok(Identified { .. }) => Ok(true),
            Err(Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
