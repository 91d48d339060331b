//! The dependencies of the routes.

use courier::Courier;
use secrets::IntegrationSecrets;
use store::Store;

/// What the routes work with.
#[derive(Debug, Clone)]
pub struct Integrations {
    /// The table.
    pub store: Store,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// The way to receivers.
    pub courier: Courier,
}
