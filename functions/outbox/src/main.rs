//! The Lambda function `outbox`: wiring only.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use outbox::Relay;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use queue::Queues;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let relay = Relay {
        store: Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system()),
        queues: Queues::from_environment(&config, &environment)?,
    };
    let relay = &relay;
    let handler = service_fn(|event: LambdaEvent<_>| async move { Ok::<_, Error>(relay.relay(event.payload).await) });
    lambda_runtime::run(handler).await
}
