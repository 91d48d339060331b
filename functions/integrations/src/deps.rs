//! The dependencies of the routes.

use courier::Courier;
use secrets::IntegrationSecrets;
use store::Store;

/// The dependencies of the integration routes.
#[derive(Debug, Clone)]
pub struct IntegrationDeps {
    /// The table.
    pub store: Store,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// The HTTP client for receivers.
    pub courier: Courier,
}
