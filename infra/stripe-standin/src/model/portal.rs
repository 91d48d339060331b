//! The customer portal (<https://docs.stripe.com/customer-management>).

use crate::ids::{CustomerId, PortalConfigurationId, PortalSessionId};
use jiff::Timestamp;

/// Features of the portal (<https://docs.stripe.com/api/customer_portal/configurations/object>).
#[derive(Clone, Debug)]
pub(crate) struct PortalConfiguration {
    pub(crate) id: PortalConfigurationId,
    pub(crate) created: Timestamp,
}

/// Visit to the portal (<https://docs.stripe.com/api/customer_portal/sessions/object>).
#[derive(Clone, Debug)]
pub(crate) struct PortalSession {
    pub(crate) id: PortalSessionId,
    pub(crate) created: Timestamp,
    pub(crate) customer: CustomerId,
    pub(crate) configuration: PortalConfigurationId,
    pub(crate) return_url: Option<String>,
    pub(crate) locale: Option<String>,
    /// Unguessable part of the page's URL.
    pub(crate) secret: String,
}
