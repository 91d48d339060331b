//! The Lambda function `notifications`: wiring only.

use api::ClaimRules;
use notifications::NotificationDeps;
use platform::process::Process;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let deps = NotificationDeps { store: Store::from_environment(&config, &environment, plans)? };
    api::run(notifications::router(deps, ClaimRules::from_environment(&environment)?)).await
}
