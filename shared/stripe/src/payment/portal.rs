//! Stripe's customer portal, where customers change their card and see their invoices.
//! <https://docs.stripe.com/customer-management>

use crate::{Account, Error};
use serde::Deserialize;
use stripe_billing::billing_portal_session::CreateBillingPortalSession;

#[derive(Deserialize)]
struct Portal {
    url: String,
}

impl Account {
    /// Opens the portal for `customer`, with `configuration` or the account's default configuration, and returns its
    /// URL.
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
        // No key is needed: a portal session that nobody opens has no effect and expires within minutes.
        let Portal { url } = self.send_once(&request).await?;
        Ok(url)
    }
}
