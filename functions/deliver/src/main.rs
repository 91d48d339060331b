//! The Lambda function `deliver`: wiring only.

use courier::Courier;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use queue::DeliveryQueue;
use secrets::IntegrationSecrets;
use store::Store;
use workers::integrations::DeliveryDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let with = DeliveryDeps {
        store: Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system()),
        secrets: IntegrationSecrets::from_environment(&config, &environment)?,
        courier: Courier::from_environment(&environment)?,
        later: DeliveryQueue::from_environment(&config, &environment)?,
    };
    let with = &with;
    let handler =
        service_fn(|event: LambdaEvent<_>| async move { Ok::<_, Error>(deliver::deliver(with, event.payload).await) });
    lambda_runtime::run(handler).await
}
