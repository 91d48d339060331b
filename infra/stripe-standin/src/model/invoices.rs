//! Invoices: their content and totals (<https://docs.stripe.com/api/invoices/object>).

use super::{
    currency::Currency,
    customers::{Address, TaxId},
};
use crate::{
    calendar::Period,
    ids::{
        CustomerId, DiscountId, IntentId, InvoiceId, InvoiceItemId, InvoicePaymentId, ItemId, LineId, PriceId,
        SubscriptionId,
    },
    params::Metadata,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Status of an invoice (<https://docs.stripe.com/invoicing/overview#invoice-statuses>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvoiceStatus {
    Draft,
    Open,
    Paid,
    Uncollectible,
    Void,
}

/// Reason for an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BillingReason {
    Create,
    Cycle,
    Update,
}

impl BillingReason {
    /// Returns the description of the payment.
    pub(crate) const fn purpose(self) -> &'static str {
        match self {
            Self::Create => "Subscription creation",
            Self::Cycle | Self::Update => "Subscription update",
        }
    }
}

/// Invoice.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) id: InvoiceId,
    pub(crate) customer: CustomerId,
    pub(crate) subscription: SubscriptionId,
    /// Metadata of the subscription when the invoice was finalized.
    pub(crate) subscription_metadata: Metadata,
    /// Customer as they were when the invoice was finalized.
    pub(crate) billed_to: Option<BilledTo>,
    /// True if the last attempt to finalize failed.
    pub(crate) finalization_failed: bool,
    pub(crate) created: Timestamp,
    pub(crate) currency: Currency,
    pub(crate) reason: BillingReason,
    pub(crate) status: InvoiceStatus,
    /// The past period; the lines have the periods that are paid for.
    pub(crate) period: Period,
    pub(crate) lines: Vec<Line>,
    pub(crate) number: Option<String>,
    pub(crate) starting_balance: i64,
    pub(crate) ending_balance: Option<i64>,
    pub(crate) attempts: u32,
    pub(crate) next_attempt: Option<Timestamp>,
    /// True if Stripe finalizes and collects it automatically.
    pub(crate) advances: bool,
    pub(crate) finalizes_at: Option<Timestamp>,
    pub(crate) finalized_at: Option<Timestamp>,
    pub(crate) paid_at: Option<Timestamp>,
    pub(crate) voided_at: Option<Timestamp>,
    pub(crate) uncollectible_at: Option<Timestamp>,
    pub(crate) payment: Option<InvoicePayment>,
    /// Unguessable part of the URL of its hosted page.
    pub(crate) hosted: String,
}

/// Name, address and tax ids on an invoice (<https://docs.stripe.com/invoicing/customer>).
#[derive(Clone, Debug)]
pub(crate) struct BilledTo {
    pub(crate) name: Option<String>,
    pub(crate) address: Option<Address>,
    pub(crate) tax_ids: Vec<TaxId>,
}

/// Link between an invoice and the intent that collects it (<https://docs.stripe.com/api/invoice-payment/object>).
#[derive(Clone, Debug)]
pub(crate) struct InvoicePayment {
    pub(crate) id: InvoicePaymentId,
    pub(crate) intent: IntentId,
}

/// Line of an invoice (<https://docs.stripe.com/api/invoice-line-item/object>).
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
    /// Discounts and their parts of the amount.
    pub(crate) discounts: Vec<(DiscountId, i64)>,
}

impl Line {
    /// Returns the amount without the discounts.
    pub(crate) fn net(&self) -> i64 {
        self.amount.saturating_sub(self.discounts.iter().map(|(_, amount)| amount).sum())
    }
}

/// Origin of a line.
#[derive(Clone, Debug)]
pub(crate) enum LineOrigin {
    /// Period of the subscription.
    Period,
    /// Proration, with the line that it credits.
    Proration { invoice_item: InvoiceItemId, credits: Option<(InvoiceId, LineId)> },
}

/// Proration that is pending for the next invoice (<https://docs.stripe.com/api/invoiceitems/object>).
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

/// Splits a total into the amount due and the customer's new balance. A credit is used up first, a negative total adds to
/// it (<https://docs.stripe.com/billing/customer/balance>), and an amount below the minimum stays on the balance.
pub(crate) fn settled(total: i64, balance: i64, currency: Currency) -> (i64, i64) {
    let sum = total.saturating_add(balance);
    if sum >= currency.minimum_charge() { (sum, 0) } else { (0, sum) }
}

impl Invoice {
    /// Returns the sum of the lines before discounts.
    pub(crate) fn subtotal(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// Returns the sum of the lines after discounts.
    pub(crate) fn total(&self) -> i64 {
        self.lines.iter().map(Line::net).sum()
    }

    /// Returns the discounts with their amounts.
    pub(crate) fn discounts(&self) -> BTreeMap<&DiscountId, i64> {
        let mut sums = BTreeMap::new();
        for (discount, amount) in self.lines.iter().flat_map(|line| &line.discounts) {
            *sums.entry(discount).or_default() += amount;
        }
        sums
    }

    /// Returns the amount due, and the customer's new balance.
    pub(crate) fn settled(&self) -> (i64, i64) {
        settled(self.total(), self.starting_balance, self.currency)
    }

    /// Returns the amount due.
    pub(crate) fn amount_due(&self) -> i64 {
        self.settled().0
    }

    /// Returns the amount paid.
    pub(crate) fn amount_paid(&self) -> i64 {
        if self.status == InvoiceStatus::Paid { self.amount_due() } else { 0 }
    }
}
