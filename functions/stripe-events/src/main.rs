//! The Lambda function `stripe-events`: wiring only.

use platform::process::Process;
use store::Store;
use workers::billing::BillingDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let with = BillingDeps::from_environment(store, &config, &environment)?;
    lambda::run(async |event| stripe_events::handle_batch(&with, event).await).await
}
