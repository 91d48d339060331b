//! The Lambda function `billing`: wiring only.

use api::ClaimRules;
use platform::process::Process;
use shared::billing::BillingDeps;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let deps = BillingDeps::from_environment(store, &config, &environment)?;
    api::run(billing::router(deps, ClaimRules::from_environment(&environment)?)).await
}
