//! Customers: one for each workspace, made from the workspace's id alone, so that its parameters never differ.
//! <https://docs.stripe.com/api/customers>

use super::{Account, Error};
use crate::domain::ids::WorkspaceId;
use jiff::Timestamp;
use stripe_core::customer::{CreateCustomer, ListCustomer, RetrieveCustomer, RetrieveCustomerReturned};
use stripe_types::RangeQueryTs;

/// Where a customer's, a session's and a subscription's metadata name the workspace.
pub(super) const WORKSPACE: &str = "workspace";

impl Account {
    /// Makes the customer of `workspace`, and gives its id.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn create_customer(&self, workspace: WorkspaceId, key: &str) -> Result<String, Error> {
        let name = workspace.to_string();
        let request = CreateCustomer::new().name(name.clone()).metadata([(WORKSPACE.to_owned(), name)]);
        Ok(self.write(&request, key).await?.id.to_string())
    }

    /// The customer of `workspace` that was made at `since` or later, if there is one: the oldest.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn find_customer(&self, workspace: WorkspaceId, since: Timestamp) -> Result<Option<String>, Error> {
        let name = workspace.to_string();
        let mut request = ListCustomer::new().created(RangeQueryTs::gte(since.as_second())).limit(100);
        let mut oldest = None;
        loop {
            let page = self.read(&request).await?;
            let named = |customer: &&stripe_core::Customer| {
                customer.metadata.as_ref().and_then(|metadata| metadata.get(WORKSPACE)) == Some(&name)
            };
            // Newest first.
            oldest = page.data.iter().rfind(named).map(|customer| customer.id.to_string()).or(oldest);
            match page.data.last() {
                Some(last) if page.has_more => request = request.starting_after(last.id.as_str()),
                Some(_) | None => return Ok(oldest),
            }
        }
    }

    /// The workspace that `customer` was made for; `None` if he is none of Berth's, or was deleted.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn workspace_of(&self, customer: &str) -> Result<Option<WorkspaceId>, Error> {
        match self.read(&RetrieveCustomer::new(customer)).await {
            Ok(RetrieveCustomerReturned::Customer(customer)) => {
                Ok(customer.metadata.and_then(|metadata| metadata.get(WORKSPACE)?.parse().ok()))
            }
            Ok(RetrieveCustomerReturned::DeletedCustomer(_)) | Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
