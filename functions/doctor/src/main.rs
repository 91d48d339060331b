//! The Lambda function `doctor`: wiring only.

use api::ClaimRules;
use ecs::Cluster;
use platform::process::Process;
use secrets::IntegrationSecrets;
use shared::{billing::BillingDeps, doctor::DoctorDeps};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let BillingDeps { store, payments, .. } = BillingDeps::from_environment(store, &config, &environment)?;
    let cluster = Cluster::from_environment(&config, &environment)?;
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let doctor = DoctorDeps { store, cluster, secrets, payments };
    api::run(doctor::router(doctor, ClaimRules::from_environment(&environment)?)).await
}
