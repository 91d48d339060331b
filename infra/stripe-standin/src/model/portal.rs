//! The customer portal (<https://docs.stripe.com/customer-management>).

use crate::ids::{CustomerId, PortalConfigurationId, PortalSessionId};
use jiff::Timestamp;

/// What the portal offers (<https://docs.stripe.com/api/customer_portal/configurations/object>).
#[derive(Clone, Debug)]
pub(crate) struct PortalConfiguration {
    pub(crate) id: PortalConfigurationId,
    pub(crate) created: Timestamp,
}

/// One visit (<https://docs.stripe.com/api/customer_portal/sessions/object>).
#[derive(Clone, Debug)]
pub(crate) struct PortalSession {
    pub(crate) id: PortalSessionId,
    pub(crate) created: Timestamp,
    pub(crate) customer: CustomerId,
    pub(crate) configuration: PortalConfigurationId,
    pub(crate) return_url: Option<String>,
    pub(crate) locale: Option<String>,
    /// The unguessable part of the page's address.
    pub(crate) secret: String,
}
