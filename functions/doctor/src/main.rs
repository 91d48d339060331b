//! The Lambda function `doctor`: wiring only.

use api::ClaimRules;
use ecs::Cluster;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use secrets::IntegrationSecrets;
use shared::{billing::BillingDeps, doctor::DoctorDeps};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let BillingDeps { store, payments, catalogue, .. } = BillingDeps::from_environment(store, &config, &environment)?;
    let cluster = Cluster::from_environment(&config, &environment)?;
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let doctor = DoctorDeps { store, cluster, secrets, payments, catalogue };
    api::run(doctor::router(doctor, ClaimRules::from_environment(&environment)?)).await
}
