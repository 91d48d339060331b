//! The Lambda function `integrations`: wiring only.

use api::ClaimRules;
use courier::Courier;
use integrations::IntegrationDeps;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use secrets::IntegrationSecrets;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let courier = Courier::from_environment(&environment)?;
    let integrations = IntegrationDeps { store, secrets, courier };
    api::run(integrations::router(integrations, ClaimRules::from_environment(&environment)?)).await
}
