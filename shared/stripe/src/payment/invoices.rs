//! A customer's invoices, as they are shown to him.
//! <https://docs.stripe.com/api/invoices/list>

use crate::{Account, Error, shapes::List};
use domain::{
    billing::invoice::InvoiceId,
    billing::subscription::Period,
    page::{Page, PageRequest},
};
use jiff::Timestamp;
use serde::Deserialize;
use stripe_billing::invoice::ListInvoice;

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Stripe's id of it.
    pub id: InvoiceId,
    /// Its number; a draft has none.
    pub number: Option<String>,
    /// How it is: draft, open, paid, uncollectible or void.
    pub status: Option<String>,
    /// What it comes to, in the currency's smallest unit.
    pub amount: i64,
    /// The currency's code, in small letters.
    pub currency: String,
    /// What time it is for.
    pub period: Period,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// Stripe's page of it, on which an open one is paid.
    pub hosted_url: Option<String>,
    /// The same as a PDF.
    pub pdf_url: Option<String>,
}

/// The same as Stripe says it. <https://docs.stripe.com/api/invoices/object>
#[derive(Deserialize)]
struct Told {
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
    /// A page of the invoices of `customer`, newest first. What `page` begins behind need not be one of his: the list has none
    /// but his.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn invoices(
        &self,
        customer: &str,
        page: &PageRequest<InvoiceId>,
    ) -> Result<Page<Invoice, InvoiceId>, Error> {
        let limit = i64::try_from(page.limit.get()).unwrap_or(i64::MAX);
        let request = ListInvoice::new().customer(customer).limit(limit);
        let request = match &page.after {
            Some(after) => request.starting_after(after.to_string()),
            None => request,
        };
        let found: List<Told> = match self.read(&request).await {
            Ok(found) => found,
            // It was a draft and deleted since, or never was.
            Err(Error::Absent(_)) if page.after.is_some() => return Ok(Page { items: Vec::new(), next: None }),
            Err(error) => return Err(error),
        };
        let items = found.data.into_iter().map(invoice).collect::<Option<Vec<_>>>();
        let items = items.ok_or_else(|| Error::Unanswered("Stripe gave an invoice that cannot be read".into()))?;
        Ok(Page { next: items.last().map(|last: &Invoice| last.id.clone()).filter(|_| found.has_more), items })
    }
}

fn invoice(invoice: Told) -> Option<Invoice> {
    let at = |second: i64| Timestamp::from_second(second).ok();
    let lines = || invoice.lines.data.iter().map(|line| &line.period);
    // The invoice's own period is the one before, over which usage would be billed.
    // <https://docs.stripe.com/api/invoices/object#invoice_object-period_end>
    let start = lines().map(|period| period.start).min().unwrap_or(invoice.period_start);
    let end = lines().map(|period| period.end).max().unwrap_or(invoice.period_end);
    Some(Invoice {
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
