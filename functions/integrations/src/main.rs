//! The Lambda function `integrations`: wiring only.

use integrations::Integrations;
use shared::{
    ambient::Ambient, aws, config::Environment, courier::Courier, http::ClaimRules, secrets::IntegrationSecrets,
    store::Store, telemetry,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let courier = Courier::from_environment(&environment)?;
    let integrations = Integrations { store, secrets, courier };
    shared::http::run(integrations::router(integrations, ClaimRules::from_environment(&environment)?)).await
}
