//! The Lambda function `reconciler`: wiring only.

use ecs::Tasks;
use platform::process::Process;
use secrets::RuntimeKey;
use store::Store;
use workers::runtime::ReconcilerDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let with = ReconcilerDeps {
        key: RuntimeKey::new(&config, environment.required("RUNTIME_TOKEN_SECRET_ARN")?),
        store: Store::from_environment(&config, &environment, plans)?,
        tasks: Tasks::from_environment(&config, &environment)?,
    };
    lambda::run(async |event| reconciler::handle(&with, event).await).await
}
