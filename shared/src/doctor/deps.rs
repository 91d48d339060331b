//! The dependencies of the doctor.

use ecs::Cluster;
use secrets::IntegrationSecrets;
use store::Store;
use workers::payments::Payments;

/// Dependencies of the doctor.
#[derive(Debug, Clone)]
pub struct DoctorDeps {
    /// The table.
    pub store: Store,
    /// ECS.
    pub cluster: Cluster,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// Stripe.
    pub payments: Payments,
}
