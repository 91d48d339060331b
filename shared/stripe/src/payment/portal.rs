//! Stripe's own page on which a customer changes his card and sees his invoices.
//! <https://docs.stripe.com/customer-management>

use crate::{Account, Error};
use serde::Deserialize;
use stripe_billing::billing_portal_session::CreateBillingPortalSession;

#[derive(Deserialize)]
struct Portal {
    url: String,
}

impl Account {
    /// Opens the portal for `customer`, limited to what `configuration` allows, or to what the account's own does; gives its
    /// address.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn open_portal(
        &self,
        customer: &str,
        configuration: Option<&str>,
        return_url: &str,
    ) -> Result<String, Error> {
        let request = CreateBillingPortalSession::new().customer(customer).return_url(return_url);
        let request = match configuration {
            Some(configuration) => request.configuration(configuration),
            None => request,
        };
        // Without a key: a page that nobody opens does nothing, and is gone within minutes.
        let Portal { url } = self.ask(&request).await?;
        Ok(url)
    }
}
