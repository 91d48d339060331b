//! The Lambda function `deliver`: wiring only.

use courier::Courier;
use platform::process::Process;
use queue::DeliveryQueue;
use secrets::IntegrationSecrets;
use store::Store;
use workers::integrations::DeliveryDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let with = DeliveryDeps {
        store: Store::from_environment(&config, &environment, plans)?,
        secrets: IntegrationSecrets::from_environment(&config, &environment)?,
        courier: Courier::from_environment(&environment)?,
        later: DeliveryQueue::from_environment(&config, &environment)?,
    };
    lambda::run(async |event| deliver::deliver(&with, event).await).await
}
