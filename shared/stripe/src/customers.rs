//! Customers: one for each workspace, made from the workspace's id alone, so that its parameters never differ.
//! <https://docs.stripe.com/api/customers>

use super::{
    Account, Error,
    shapes::{Identified, List},
};
use domain::ids::WorkspaceId;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;
use stripe_core::customer::{CreateCustomer, ListCustomer, RetrieveCustomer};
use stripe_types::RangeQueryTs;

/// Where a customer's, a session's and a subscription's metadata name the workspace.
pub(super) const WORKSPACE: &str = "workspace";

/// A customer; one who was deleted has no metadata.
#[derive(Deserialize)]
pub(super) struct Customer {
    pub(super) id: String,
    #[serde(default)]
    metadata: Option<HashMap<String, String>>,
}

impl Customer {
    /// The workspace that he was made for, if he is one of Berth's.
    pub(super) fn workspace(&self) -> Option<WorkspaceId> {
        self.metadata.as_ref()?.get(WORKSPACE)?.parse().ok()
    }
}

impl Account {
    /// Makes the customer of `workspace`, and gives its id.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn create_customer(&self, workspace: WorkspaceId, key: &str) -> Result<String, Error> {
        let name = workspace.to_string();
        let request = CreateCustomer::new().name(name.clone()).metadata([(WORKSPACE.to_owned(), name)]);
        let Identified { id } = self.write(&request, key).await?;
        Ok(id)
    }

    /// The customer of `workspace` that was made at `since` or later, if there is one: the oldest.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn find_customer(&self, workspace: WorkspaceId, since: Timestamp) -> Result<Option<String>, Error> {
        let mut request = ListCustomer::new().created(RangeQueryTs::gte(since.as_second())).limit(100);
        let mut oldest = None;
        loop {
            let page: List<Customer> = self.read(&request).await?;
            let his = |customer: &&Customer| customer.workspace() == Some(workspace);
            // Newest first.
            oldest = page.data.iter().rfind(his).map(|customer| customer.id.clone()).or(oldest);
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
        match self.read::<Customer>(&RetrieveCustomer::new(customer)).await {
            Ok(customer) => Ok(customer.workspace()),
            Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
