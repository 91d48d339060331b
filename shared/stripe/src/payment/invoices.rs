//! A customer's invoices.
//! <https://docs.stripe.com/api/invoices/list>

use crate::{
    Account, Error,
    shapes::{List, Named},
    subscription::status,
};
use domain::{
    billing::invoice::InvoiceId,
    billing::subscription::Period,
    page::{Page, PageRequest},
};
use jiff::Timestamp;
use serde::Deserialize;
use stripe_billing::invoice::ListInvoice;

/// An invoice of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Id at Stripe.
    pub id: InvoiceId,
    /// Number of the invoice; a draft has none.
    pub number: Option<String>,
    /// Status: draft, open, paid, uncollectible or void.
    pub status: Option<String>,
    /// Total amount in the currency's smallest unit.
    pub amount: i64,
    /// ISO 4217 currency code in lower case.
    pub currency: String,
    /// Period that the invoice covers.
    pub period: Period,
    /// Time of the payment.
    pub paid_at: Option<Timestamp>,
    /// URL of the invoice's page at Stripe, where an open invoice can be paid.
    pub hosted_url: Option<String>,
    /// URL of the invoice as a PDF.
    pub pdf_url: Option<String>,
    /// True if its subscription has ended, so that paying it gives nothing.
    pub is_of_ended: bool,
}

/// Stripe's invoice object. <https://docs.stripe.com/api/invoices/object>
#[derive(Deserialize)]
struct RawInvoice {
    id: String,
    number: Option<String>,
    status: Option<String>,
    total: i64,
    currency: String,
    period_start: i64,
    period_end: i64,
    lines: List<Line>,
    status_transitions: Transitions,
    hosted_invoice_url: Option<String>,
    invoice_pdf: Option<String>,
    parent: Option<Parent>,
}

#[derive(Deserialize)]
struct Parent {
    subscription_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    subscription: Option<Named<Invoiced>>,
}

#[derive(Deserialize)]
struct Invoiced {
    status: String,
}

#[derive(Deserialize)]
struct Line {
    period: LinePeriod,
}

#[derive(Deserialize)]
struct LinePeriod {
    start: i64,
    end: i64,
}

#[derive(Deserialize)]
struct Transitions {
    paid_at: Option<i64>,
}

impl Account {
    /// Returns a page of the invoices of `customer`, newest first. The list contains only this customer's invoices,
    /// even if the page starts after an invoice of another customer.
    pub async fn invoices(
        &self,
        customer: &str,
        page: &PageRequest<InvoiceId>,
    ) -> Result<Page<Invoice, InvoiceId>, Error> {
        let limit = i64::try_from(page.limit.get()).unwrap_or(i64::MAX);
        let expand = ["data.parent.subscription_details.subscription".to_owned()];
        let request = ListInvoice::new().customer(customer).expand(expand).limit(limit);
        let request = match &page.after {
            Some(after) => request.starting_after(after.to_string()),
            None => request,
        };
        let found: List<RawInvoice> = match self.get_retrying(&request).await {
            Ok(found) => found,
            // The invoice was a draft and has been deleted, or never existed.
            Err(Error::Absent(_)) if page.after.is_some() => return Ok(Page { items: Vec::new(), next: None }),
            Err(error) => return Err(error),
        };
        let items = found.data.into_iter().map(invoice).collect::<Option<Vec<_>>>();
        let items = items.ok_or_else(|| Error::Unanswered("Stripe returned an unreadable invoice".into()))?;
        Ok(Page { next: items.last().map(|last: &Invoice| last.id.clone()).filter(|_| found.has_more), items })
    }
}

fn invoice(invoice: RawInvoice) -> Option<Invoice> {
    let at = |second: i64| Timestamp::from_second(second).ok();
    let lines = || invoice.lines.data.iter().map(|line| &line.period);
    // The invoice's own period is the previous one, for which usage would be billed.
    // <https://docs.stripe.com/api/invoices/object#invoice_object-period_end>
    let start = lines().map(|period| period.start).min().unwrap_or(invoice.period_start);
    let end = lines().map(|period| period.end).max().unwrap_or(invoice.period_end);
    let details = invoice.parent.as_ref().and_then(|parent| parent.subscription_details.as_ref());
    let subscription = details.and_then(|details| details.subscription.as_ref()?.whole());
    Some(Invoice {
        is_of_ended: subscription.is_some_and(|invoiced| !status(&invoiced.status).is_payable()),
        id: invoice.id.parse().ok()?,
        number: invoice.number,
        status: invoice.status,
        amount: invoice.total,
        currency: invoice.currency,
        period: Period { start: at(start)?, end: at(end)? },
        paid_at: invoice.status_transitions.paid_at.and_then(at),
        hosted_url: invoice.hosted_invoice_url,
        pdf_url: invoice.invoice_pdf,
    })
}
