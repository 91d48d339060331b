//! The Lambda function `operator`: wiring only.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::{ambient::Ambient, aws, config::Environment, store::Store};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    let environment = Environment::of_process();
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let store = &store;
    let handler = service_fn(|event: LambdaEvent<_>| async move {
        operator::answer(store, event.payload, event.context.request_id).await.map_err(Error::from)
    });
    lambda_runtime::run(handler).await
}
