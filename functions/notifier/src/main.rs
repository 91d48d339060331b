//! The Lambda function `notifier`: wiring only.

use notifier::Notifier;
use platform::process::Process;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let notifier = Notifier { store: Store::from_environment(&config, &environment, plans)? };
    lambda::run(async |event| notifier.notify(event).await).await
}
