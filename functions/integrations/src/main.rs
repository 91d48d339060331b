//! The Lambda function `integrations`: wiring only.

use api::ClaimRules;
use courier::Courier;
use integrations::IntegrationDeps;
use platform::process::Process;
use secrets::IntegrationSecrets;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let courier = Courier::from_environment(&environment)?;
    let integrations = IntegrationDeps { store, secrets, courier };
    api::run(integrations::router(integrations, ClaimRules::from_environment(&environment)?)).await
}
