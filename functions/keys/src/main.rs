//! The Lambda function `keys`: wiring only.

use api::ClaimRules;
use keys::KeyDeps;
use platform::process::Process;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let rules = ClaimRules::from_environment(&environment)?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let deps = KeyDeps { store, prefix: rules.key_prefix().clone() };
    api::run(keys::router(deps, rules)).await
}
