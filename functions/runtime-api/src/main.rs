//! The Lambda function `runtime-api`: wiring only.

use platform::process::Process;
use runtime_api::RuntimeApiDeps;
use secrets::RuntimeKey;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let key = RuntimeKey::new(&config, environment.required("RUNTIME_TOKEN_SECRET_ARN")?);
    api::run(runtime_api::router(RuntimeApiDeps { store, key })).await
}
