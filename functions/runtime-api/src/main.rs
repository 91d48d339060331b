//! The Lambda function `runtime-api`: wiring only.

use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use runtime_api::RuntimeApiDeps;
use secrets::RuntimeKey;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let key = RuntimeKey::new(&config, environment.required("RUNTIME_TOKEN_SECRET_ARN")?);
    api::run(runtime_api::router(RuntimeApiDeps { store, key })).await
}
