//! The Lambda function `stripe-events`: wiring only.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use store::Store;
use workers::billing::BillingDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let with = &BillingDeps::from_environment(store, &config, &environment)?;
    let handler = service_fn(|event: LambdaEvent<_>| async move {
        Ok::<_, Error>(stripe_events::handle_batch(with, event.payload).await)
    });
    lambda_runtime::run(handler).await
}
