//! Invoices: what they hold and what they add up to (<https://docs.stripe.com/api/invoices/object>).

use crate::{
    calendar::Period,
    ids::{CustomerId, IntentId, InvoiceId, InvoiceItemId, InvoicePaymentId, ItemId, LineId, PriceId, SubscriptionId},
    params::Metadata,
};
use jiff::Timestamp;

/// The smallest amount in US cents that a card is charged
/// (<https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>).
const MINIMUM: i64 = 50;

/// Where an invoice stands (<https://docs.stripe.com/invoicing/overview#invoice-statuses>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvoiceStatus {
    Draft,
    Open,
    Paid,
    Uncollectible,
    Void,
}

/// Why there is an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BillingReason {
    Create,
    Cycle,
    Update,
}

impl BillingReason {
    /// What the payment's description says.
    pub(crate) const fn purpose(self) -> &'static str {
        match self {
            Self::Create => "Subscription creation",
            Self::Cycle | Self::Update => "Subscription update",
        }
    }
}

/// A bill.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) id: InvoiceId,
    pub(crate) customer: CustomerId,
    pub(crate) subscription: SubscriptionId,
    /// The subscription's metadata when the invoice was finalized.
    pub(crate) subscription_metadata: Metadata,
    pub(crate) created: Timestamp,
    pub(crate) currency: &'static str,
    pub(crate) reason: BillingReason,
    pub(crate) status: InvoiceStatus,
    /// What lies behind: the lines say what is paid for.
    pub(crate) period: Period,
    pub(crate) lines: Vec<Line>,
    pub(crate) number: Option<String>,
    pub(crate) starting_balance: i64,
    pub(crate) ending_balance: Option<i64>,
    pub(crate) attempts: u32,
    pub(crate) next_attempt: Option<Timestamp>,
    /// Whether Stripe finalizes and collects it by itself.
    pub(crate) advances: bool,
    pub(crate) finalizes_at: Option<Timestamp>,
    pub(crate) finalized_at: Option<Timestamp>,
    pub(crate) paid_at: Option<Timestamp>,
    pub(crate) voided_at: Option<Timestamp>,
    pub(crate) uncollectible_at: Option<Timestamp>,
    pub(crate) payment: Option<InvoicePayment>,
    /// The unguessable part of its hosted page's address.
    pub(crate) hosted: String,
}

/// What joins an invoice to the intent that collects it (<https://docs.stripe.com/api/invoice-payment/object>).
#[derive(Clone, Debug)]
pub(crate) struct InvoicePayment {
    pub(crate) id: InvoicePaymentId,
    pub(crate) intent: IntentId,
}

/// One line (<https://docs.stripe.com/api/invoice-line-item/object>).
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: LineId,
    pub(crate) amount: i64,
    pub(crate) description: String,
    pub(crate) period: Period,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) item: ItemId,
    pub(crate) origin: LineOrigin,
}

/// Where a line comes from.
#[derive(Clone, Debug)]
pub(crate) enum LineOrigin {
    /// A period of the subscription.
    Period,
    /// A proration, and the line that it takes back.
    Proration { invoice_item: InvoiceItemId, credits: Option<(InvoiceId, LineId)> },
}

/// A proration that waits for the next invoice (<https://docs.stripe.com/api/invoiceitems/object>).
#[derive(Clone, Debug)]
pub(crate) struct PendingItem {
    pub(crate) id: InvoiceItemId,
    pub(crate) subscription: SubscriptionId,
    pub(crate) item: ItemId,
    pub(crate) amount: i64,
    pub(crate) description: String,
    pub(crate) period: Period,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) credits: Option<(InvoiceId, LineId)>,
}

/// What is asked for, and what stays on the customer's balance. A credit is used up first, a total below zero adds to
/// it (<https://docs.stripe.com/billing/customer/balance>), and what is too little to charge waits there.
pub(crate) fn settled(total: i64, balance: i64) -> (i64, i64) {
    let sum = total.saturating_add(balance);
    if sum >= MINIMUM { (sum, 0) } else { (0, sum) }
}

impl Invoice {
    /// What the lines add up to.
    pub(crate) fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// What is asked for, and what stays on the customer's balance.
    pub(crate) fn settled(&self) -> (i64, i64) {
        settled(self.total(), self.starting_balance)
    }

    /// What is asked for.
    pub(crate) fn amount_due(&self) -> i64 {
        self.settled().0
    }

    /// What was paid of it.
    pub(crate) fn amount_paid(&self) -> i64 {
        if self.status == InvoiceStatus::Paid { self.amount_due() } else { 0 }
    }
}
