//! The Lambda function `live`: wiring only.

use live::Live;
use platform::process::Process;
use secrets::LiveKey;
use sockets::Sockets;
use store::Store;
use workers::live::LiveDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let live = Live {
        deps: LiveDeps { store, sockets: Sockets::from_environment(&config, &environment)? },
        key: LiveKey::new(&config, environment.required("INVITATION_SECRET_ARN")?),
    };
    lambda::run(async |event| live.handle(event).await).await
}
