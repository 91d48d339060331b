//! The Lambda function `outbox`: wiring only.

use outbox::Relay;
use platform::process::Process;
use queue::Queues;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let relay = Relay {
        store: Store::from_environment(&config, &environment, plans)?,
        queues: Queues::from_environment(&config, &environment)?,
    };
    lambda::run(async |event| relay.relay(event).await).await
}
