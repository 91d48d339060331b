//! A customer's invoices.
//! <https://docs.stripe.com/api/invoices/object>, <https://docs.stripe.com/api/invoices/list>

use crate::{
    Account, Error,
    shapes::{List, Named},
    subscription::status,
};
use domain::{
    billing::invoice::{Invoice, InvoiceId},
    billing::subscription::Period,
    page::{Page, PageRequest},
};
use jiff::Timestamp;
use serde::Deserialize;
use stripe_billing::invoice::ListInvoice;

/// Stripe's invoice object. <https://docs.stripe.com/api/invoices/object>
#[derive(Deserialize)]
pub(crate) struct RawInvoice {
    pub(crate) id: String,
    created: i64,
    number: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) billing_reason: Option<String>,
    pub(crate) total: i64,
    amount_due: i64,
    amount_paid: i64,
    starting_balance: i64,
    ending_balance: Option<i64>,
    currency: String,
    pub(crate) attempt_count: u64,
    period_start: i64,
    period_end: i64,
    lines: List<Line>,
    status_transitions: Transitions,
    parent: Option<Parent>,
    pub(crate) hosted_invoice_url: Option<String>,
    invoice_pdf: Option<String>,
}

#[derive(Deserialize)]
struct Parent {
    subscription_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    subscription: Option<Named<Invoiced>>,
}

/// The invoiced subscription.
#[derive(Deserialize)]
struct Invoiced {
    id: String,
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
    finalized_at: Option<i64>,
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
        let unreadable = || Error::Unanswered("Stripe returned an unreadable invoice".into());
        let next = match found.data.last().filter(|_| found.has_more) {
            Some(last) => Some(last.id.parse().map_err(|_| unreadable())?),
            None => None,
        };
        let items = found.data.iter().map(|invoice| invoice.shown(invoice.is_of_ended())).collect::<Option<Vec<_>>>();
        Ok(Page { next, items: items.ok_or_else(unreadable)? })
    }

    /// Returns all invoices of `customer`, newest first. Takes one call for each hundred.
    pub(crate) async fn all_invoices(&self, customer: &str) -> Result<Vec<RawInvoice>, Error> {
        let mut request = ListInvoice::new().customer(customer).limit(100);
        let mut found = Vec::new();
        loop {
            let page: List<RawInvoice> = self.get_retrying(&request).await?;
            let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
            found.extend(page.data);
            match next {
                Some(last) => request = request.starting_after(last),
                None => return Ok(found),
            }
        }
    }
}

impl RawInvoice {
    /// Id of the invoiced subscription.
    pub(crate) fn subscription(&self) -> Option<String> {
        Some(match self.invoiced()? {
            Named::Id(id) | Named::Whole(Invoiced { id, .. }) => id.clone(),
        })
    }

    fn invoiced(&self) -> Option<&Named<Invoiced>> {
        self.parent.as_ref()?.subscription_details.as_ref()?.subscription.as_ref()
    }

    /// Returns true if the invoiced subscription, which must be expanded, has ended.
    fn is_of_ended(&self) -> bool {
        self.invoiced().and_then(Named::whole).is_some_and(|invoiced| !status(&invoiced.status).is_payable())
    }

    /// Time at which the invoice became payable.
    pub(crate) fn finalized_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.status_transitions.finalized_at.unwrap_or(self.created)).ok()
    }

    /// Returns the invoice as it is shown. `is_of_ended` says that its subscription has ended.
    pub(crate) fn shown(&self, is_of_ended: bool) -> Option<Invoice> {
        let at = |second: i64| Timestamp::from_second(second).ok();
        let lines = || self.lines.data.iter().map(|line| &line.period);
        // The invoice's own period is the previous one, for which usage would be billed.
        // <https://docs.stripe.com/api/invoices/object#invoice_object-period_end>
        let start = lines().map(|period| period.start).min().unwrap_or(self.period_start);
        let end = lines().map(|period| period.end).max().unwrap_or(self.period_end);
        Some(Invoice {
            number: self.number.clone(),
            status: self.status.clone(),
            total: self.total,
            amount_due: self.amount_due,
            amount_paid: self.amount_paid,
            credit_applied: self.credit_applied(),
            currency: self.currency.clone(),
            period: Period { start: at(start)?, end: at(end)? },
            paid_at: self.status_transitions.paid_at.and_then(at),
            hosted_url: self.hosted_invoice_url.clone(),
            pdf_url: self.invoice_pdf.clone(),
            is_of_ended,
        })
    }

    /// A customer's balance is negative if they have a credit. It is applied when the invoice is finalized, and a draft
    /// has no ending balance. <https://docs.stripe.com/api/invoices/object#invoice_object-ending_balance>
    fn credit_applied(&self) -> i64 {
        self.ending_balance.map_or(0, |ending| ending.saturating_sub(self.starting_balance))
    }
}
