//! The Lambda function `billing`: wiring only.

use api::ClaimRules;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use shared::billing::BillingDeps;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let deps = BillingDeps::from_environment(store, &config, &environment)?;
    api::run(billing::router(deps, ClaimRules::from_environment(&environment)?)).await
}
