//! Invoices and the customer portal, both served by Stripe.

use domain::{
    billing::invoice::{Invoice, InvoiceId},
    billing::order::OrderError,
    billing::return_url::ReturnUrl,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    page::{Page, PageRequest},
    workspace::dashboard::DashboardPage,
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Authorized, Turn};
use workers::billing::{BillingDeps, CheckoutView, ComparisonCause, Error, explain_absence};
use workers::end_policy::EndedInvoices;

/// Period that an invoice covers.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct InvoicePeriod {
    /// Start of the period (RFC 3339, UTC).
    pub start: Timestamp,
    /// End of the period (RFC 3339, UTC).
    pub end: Timestamp,
}

/// An invoice. Amounts are in the currency's smallest unit, for example cents.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceView {
    /// Number of the invoice; null for a draft.
    pub number: Option<String>,
    /// Status at Stripe: `draft`, `open`, `paid`, `uncollectible` or `void`.
    pub status: Option<String>,
    /// Amount after discounts and taxes.
    pub total: i64,
    /// Amount that is charged: the total, reduced by the credit balance. 0 if the credit balance covers the invoice.
    pub amount_due: i64,
    /// Amount that was paid.
    pub amount_paid: i64,
    /// Part of the total that the credit balance has paid. Negative if the invoice adds to the credit balance, or if it
    /// includes an amount that was owed before.
    pub credit_applied: i64,
    /// ISO 4217 currency code in lower case.
    pub currency: String,
    /// Period that the invoice covers.
    pub period: InvoicePeriod,
    /// Time of the payment (RFC 3339, UTC); null if the invoice is not paid.
    pub paid_at: Option<Timestamp>,
    /// URL of the invoice's page at Stripe, where an open invoice can be paid; null for a draft, and for an unpaid invoice of
    /// a subscription that has ended.
    pub hosted_url: Option<String>,
    /// URL of the invoice as a PDF.
    pub pdf_url: Option<String>,
}

impl InvoiceView {
    /// Builds the view. An invoice that gives nothing any more has no page, unless the operator keeps it.
    pub(super) fn new(invoice: Invoice, ended: EndedInvoices) -> Self {
        let payable = matches!(invoice.status.as_deref(), Some("open" | "uncollectible"));
        let hosted_url = match ended {
            EndedInvoices::Keep => invoice.hosted_url,
            EndedInvoices::Void => invoice.hosted_url.filter(|_| !(invoice.is_of_ended && payable)),
        };
        Self {
            number: invoice.number,
            status: invoice.status,
            total: invoice.total,
            amount_due: invoice.amount_due,
            amount_paid: invoice.amount_paid,
            credit_applied: invoice.credit_applied,
            currency: invoice.currency,
            period: InvoicePeriod { start: invoice.period.start, end: invoice.period.end },
            paid_at: invoice.paid_at,
            hosted_url,
            pdf_url: invoice.pdf_url,
        }
    }
}

/// Returns a page of the invoices of `workspace`, newest first. The customer is read from the table, so a cursor of
/// another workspace reveals nothing.
///
/// # Errors
/// [`Error`] if the caller may not read invoices, the budget is used up, or the table or Stripe fails.
pub async fn list_invoices(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    page: &PageRequest<InvoiceId>,
) -> Result<Page<InvoiceView, InvoiceId>, Error> {
    let entry = with.store.enter(caller, workspace, None);
    let (inside, taken) = entry.authorize_and_take::<Error>(Action::ReadInvoices, Budget::BillingReads).await?;
    let Some(customer) = &inside.billing.customer else { return Ok(Page { items: Vec::new(), next: None }) };
    taken?;
    match with.payments.stripe_account::<Error>().await?.invoices(customer, page).await {
        Ok(page) => Ok(page.map(|invoice| InvoiceView::new(invoice, with.ends.ended_invoices))),
        Err(error) => {
            let cause = ComparisonCause::of(inside.scope.origin().clone());
            Err(explain_absence(with, &inside.scope.system(), &cause, error).await)
        }
    }
}

/// Opens the customer portal of `workspace`, which returns the customer to `return_url`. The command is reserved before
/// Stripe is asked, so that of several requests under one idempotency key one opens a session.
///
/// # Errors
/// [`OrderError::NoCustomer`] if the workspace has never paid. Any other [`Error`] if the caller may not manage
/// billing, the budget is used up, or the table or Stripe fails.
pub async fn open_portal(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    return_url: Option<&ReturnUrl>,
    command: Option<&Fingerprint>,
) -> Result<Reply<CheckoutView>, Error> {
    let entry = with.store.enter(caller, workspace, command);
    let (inside, reservation) = match entry.reserve::<_, Error>(Action::ManageBilling, Budget::BillingCommands).await? {
        Turn::Now(inside, reservation) => (inside, reservation),
        Turn::Before(answer) => return Ok(answer),
    };
    match portal_session(with, &inside, return_url).await {
        Ok(url) => Ok(with.store.record_reserved(reservation, CheckoutView { url }).await?),
        // The customer got no session. If the release fails, the reservation expires.
        Err(error) => {
            drop(with.store.release_reserved(reservation).await);
            Err(error)
        }
    }
}

/// Asks Stripe for a session of the portal, and returns its URL.
async fn portal_session(
    with: &BillingDeps,
    inside: &Authorized<'_>,
    return_url: Option<&ReturnUrl>,
) -> Result<String, Error> {
    let workspace = inside.workspace.id;
    let customer = inside.billing.customer.as_ref().ok_or(OrderError::NoCustomer)?;
    let back =
        return_url.map_or_else(|| with.dashboard.page_url(DashboardPage::Billing(workspace)), ReturnUrl::to_text);
    let configuration = with.portal_configuration.as_deref();
    let account = with.payments.stripe_account::<Error>().await?;
    match account.open_portal(customer, configuration, &back).await {
        Ok(url) => Ok(url),
        Err(error) => {
            let cause = ComparisonCause::of(inside.scope.origin().clone());
            Err(explain_absence(with, &inside.scope.system(), &cause, error).await)
        }
    }
}
