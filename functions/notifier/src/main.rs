//! The Lambda function `notifier`: wiring only.

use notifier::Notifier;
use platform::process::Process;
use sockets::Sockets;
use store::Store;
use workers::live::LiveDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let notifier = Notifier { live: LiveDeps { store, sockets: Sockets::from_environment(&config, &environment)? } };
    lambda::run(async |event| notifier.notify(event).await).await
}
