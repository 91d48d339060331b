//! The Lambda function `runtime-api`: wiring only.

use runtime_api::Reporting;
use shared::{ambient::Ambient, aws, config::Environment, secrets::RuntimeKey, store::Store, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let key = RuntimeKey::new(&config, environment.required("RUNTIME_TOKEN_SECRET_ARN")?);
    shared::http::run(runtime_api::router(Reporting { store, key })).await
}
