//! The Lambda function `notifications`: wiring only.

use api::ClaimRules;
use notifications::NotificationDeps;
use platform::process::Process;
use secrets::LiveKey;
use sockets::Sockets;
use store::Store;
use workers::live::LiveDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let deps = NotificationDeps {
        live: LiveDeps { store: store.clone(), sockets: Sockets::from_environment(&config, &environment)? },
        store,
        key: LiveKey::new(&config, environment.required("INVITATION_SECRET_ARN")?),
        url: environment.required("LIVE_URL")?,
    };
    api::run(notifications::router(deps, ClaimRules::from_environment(&environment)?)).await
}
