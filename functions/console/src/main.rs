//! The Lambda function `console`: wiring only.

use api::StaffRules;
use console::ConsoleDeps;
use ecs::Cluster;
use platform::process::Process;
use queue::DeadLetterQueues;
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
    let queues = DeadLetterQueues::from_environment(&config, &environment)?;
    let deps = ConsoleDeps { doctor: DoctorDeps { store, cluster, secrets, payments }, queues };
    api::run(console::router(deps, StaffRules::from_environment(&environment)?)).await
}
