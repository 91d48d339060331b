//! Customers: one per workspace, which their metadata names.
//! <https://docs.stripe.com/api/customers>

use super::{
    Account, Error,
    payment::Method,
    shapes::{Identified, List, Named},
};
use domain::{
    billing::{customer::Credit, stripe::facts::PaymentMethodAtStripe},
    ids::WorkspaceId,
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;
use stripe_core::customer::{CreateCustomer, ListCustomer, RetrieveCustomer, UpdateCustomer};
use stripe_types::RangeQueryTs;

/// Metadata key with the workspace, on customers, sessions and subscriptions.
pub(super) const WORKSPACE: &str = "workspace";

/// A customer. Deleted customers have no metadata.
#[derive(Deserialize)]
pub(super) struct Customer {
    pub(super) id: String,
    #[serde(default)]
    metadata: Option<HashMap<String, String>>,
    #[serde(default)]
    deleted: bool,
    pub(super) name: Option<String>,
    #[serde(default)]
    balance: i64,
    currency: Option<String>,
    invoice_settings: Option<Settings>,
}

#[derive(Deserialize)]
struct Settings {
    default_payment_method: Option<Named<Method>>,
}

/// A customer's state at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerState {
    /// The customer exists.
    Present,
    /// The customer was deleted. Stripe still knows the id.
    Deleted,
    /// The account of the API key has never had the customer.
    Unknown,
}

impl Customer {
    /// Returns the workspace of the customer, if Berth has created it.
    pub(super) fn workspace(&self) -> Option<WorkspaceId> {
        self.metadata.as_ref()?.get(WORKSPACE)?.parse().ok()
    }

    /// The default payment method, if it was expanded.
    pub(super) fn payment_method(&self) -> Option<PaymentMethodAtStripe> {
        let method = self.invoice_settings.as_ref()?.default_payment_method.as_ref()?;
        method.whole().map(Method::to_domain)
    }

    /// The credit balance, unless it is zero. A negative balance at Stripe is a credit.
    /// <https://docs.stripe.com/api/customers/object#customer_object-balance>
    pub(super) fn credit(&self) -> Option<Credit> {
        let currency = self.currency.clone()?;
        (self.balance != 0).then(|| Credit { amount: self.balance.saturating_neg(), currency })
    }
}

impl Account {
    /// Creates the customer of `workspace` and returns its id. A repetition under the same key needs the same `name`.
    pub async fn create_customer(&self, workspace: WorkspaceId, name: &str, key: &str) -> Result<String, Error> {
        let request = CreateCustomer::new().name(name).metadata([(WORKSPACE.to_owned(), workspace.to_string())]);
        let Identified { id } = self.send_keyed(&request, key).await?;
        Ok(id)
    }

    /// Names `customer`. Invoices show the name from now on.
    pub async fn rename_customer(&self, customer: &str, name: &str) -> Result<(), Error> {
        // The request is idempotent, so it needs no key.
        self.send_once::<Identified>(&UpdateCustomer::new(customer).name(name)).await.map(drop)
    }

    /// Returns the oldest customer of `workspace` created at `since` or later, if there is one.
    pub async fn find_customer(&self, workspace: WorkspaceId, since: Timestamp) -> Result<Option<String>, Error> {
        let mut request = ListCustomer::new().created(RangeQueryTs::gte(since.as_second())).limit(100);
        let mut oldest = None;
        loop {
            let page: List<Customer> = self.get_retrying(&request).await?;
            let belongs = |customer: &&Customer| customer.workspace() == Some(workspace);
            // Newest first.
            oldest = page.data.iter().rfind(belongs).map(|customer| customer.id.clone()).or(oldest);
            match page.data.last() {
                Some(last) if page.has_more => request = request.starting_after(last.id.as_str()),
                Some(_) | None => return Ok(oldest),
            }
        }
    }

    /// Returns `customer` with their default payment method, or [`Error::Absent`] if they were deleted or are unknown.
    pub(super) async fn customer(&self, customer: &str) -> Result<Customer, Error> {
        let expand = ["invoice_settings.default_payment_method".to_owned()];
        match self.get_retrying::<Customer>(&RetrieveCustomer::new(customer).expand(expand)).await {
            Ok(Customer { deleted: true, .. }) => Err(Error::Absent("the customer was deleted".into())),
            // A deleted customer has no settings that could be expanded.
            Err(Error::Refused(source)) => Err(Error::Absent(source)),
            found => found,
        }
    }

    /// Returns the state of `customer`. <https://docs.stripe.com/api/customers/retrieve>
    pub async fn customer_state(&self, customer: &str) -> Result<CustomerState, Error> {
        match self.get_retrying::<Customer>(&RetrieveCustomer::new(customer)).await {
            Ok(Customer { deleted: true, .. }) => Ok(CustomerState::Deleted),
            Ok(Customer { deleted: false, .. }) => Ok(CustomerState::Present),
            Err(Error::Absent(_)) => Ok(CustomerState::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Returns the workspace of `customer`, or `None` if the customer was not created by Berth or is deleted.
    pub async fn workspace_of(&self, customer: &str) -> Result<Option<WorkspaceId>, Error> {
        match self.get_retrying::<Customer>(&RetrieveCustomer::new(customer)).await {
            Ok(customer) => Ok(customer.workspace()),
            Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
