//! The dependencies of the doctor.

use domain::plans::catalogue::Catalogue;
use ecs::Cluster;
use secrets::IntegrationSecrets;
use store::Store;
use workers::payments::Payments;

/// What it takes to look at workspaces.
#[derive(Debug, Clone)]
pub struct Doctor {
    /// The table.
    pub store: Store,
    /// ECS.
    pub cluster: Cluster,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// Stripe.
    pub payments: Payments,
    /// Its prices.
    pub catalogue: Catalogue,
}
