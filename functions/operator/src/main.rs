//! The Lambda function `operator`: wiring only.

use ecs::Cluster;
use platform::process::Process;
use secrets::IntegrationSecrets;
use shared::doctor::DoctorDeps;
use store::Store;
use workers::billing::BillingDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let BillingDeps { store, payments, .. } = BillingDeps::from_environment(store, &config, &environment)?;
    let cluster = Cluster::from_environment(&config, &environment)?;
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    api::run(operator::router(DoctorDeps { store, cluster, secrets, payments })).await
}
