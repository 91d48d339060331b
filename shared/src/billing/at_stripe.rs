//! What is shown of Stripe as it is: invoices, and the portal.

use domain::{
    billing::invoice::InvoiceId,
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
use stripe::Invoice;
use workers::billing::{Charging, CheckoutView, Error};

/// The time that an invoice is for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct InvoicePeriod {
    /// Its beginning.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
}

/// An invoice.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceView {
    /// Its number; a draft has none.
    pub number: Option<String>,
    /// How it is: draft, open, paid, uncollectible or void.
    pub status: Option<String>,
    /// What it comes to, in the currency's smallest unit: cents.
    pub amount: i64,
    /// The currency's code, in small letters.
    pub currency: String,
    /// The time that it is for.
    pub period: InvoicePeriod,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// Stripe's page of it, on which an open one is paid.
    pub hosted_url: Option<String>,
    /// The same as a PDF.
    pub pdf_url: Option<String>,
}

impl From<Invoice> for InvoiceView {
    fn from(invoice: Invoice) -> Self {
        let Invoice { id: _, number, status, amount, currency, period, paid_at, hosted_url, pdf_url } = invoice;
        let period = InvoicePeriod { start: period.start, end: period.end };
        Self { number, status, amount, currency, period, paid_at, hosted_url, pdf_url }
    }
}

/// A page of the invoices of `workspace`, newest first. The customer comes from the table, so that a cursor of somebody else
/// shows nothing of his.
///
/// # Errors
/// [`Error`].
pub async fn invoices(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    page: &PageRequest<InvoiceId>,
) -> Result<Page<InvoiceView, InvoiceId>, Error> {
    let entry = with.store.enter(caller, workspace, None);
    let (inside, taken) = entry.taking::<Error>(Action::ReadInvoices, Budget::BillingReads).await?;
    let Some(customer) = &inside.billing.customer else { return Ok(Page { items: Vec::new(), next: None }) };
    taken?;
    let page = with.payments.account::<Error>().await?.invoices(customer, page).await?;
    Ok(page.map(InvoiceView::from))
}

/// The portal of `workspace`'s customer, which leads back to `return_url`.
///
/// # Errors
/// [`Error`].
pub async fn portal(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    return_url: Option<&ReturnUrl>,
    command: Option<&Fingerprint>,
) -> Result<Reply<CheckoutView>, Error> {
    let entry = with.store.enter(caller, workspace, command);
    let (inside, taken) = entry.taking::<Error>(Action::ManageBilling, Budget::BillingCommands).await?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    taken?;
    let customer = inside.billing.customer.as_ref().ok_or(OrderError::NoCustomer)?;
    let back = return_url.map_or_else(|| with.dashboard.at(DashboardPage::Billing(workspace)), ReturnUrl::to_text);
    let configuration = with.portal_configuration.as_deref();
    let url = with.payments.account::<Error>().await?.open_portal(customer, configuration, &back).await?;
    Ok(with.store.remember(caller.user(), command, CheckoutView { url }).await?)
}
