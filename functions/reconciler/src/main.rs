//! The Lambda function `reconciler`: wiring only.

use ecs::Tasks;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use secrets::RuntimeKey;
use store::Store;
use workers::runtime::ReconcilerDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let with = ReconcilerDeps {
        key: RuntimeKey::new(&config, environment.required("RUNTIME_TOKEN_SECRET_ARN")?),
        store: Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system()),
        tasks: Tasks::from_environment(&config, &environment)?,
    };
    let with = &with;
    let handler =
        service_fn(
            |event: LambdaEvent<_>| async move { Ok::<_, Error>(reconciler::handle(with, event.payload).await) },
        );
    lambda_runtime::run(handler).await
}
