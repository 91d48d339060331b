//! The Lambda function `workspace`: wiring only.

use shared::{ambient::Ambient, aws, config::Environment, http::ClaimRules, store::Store, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    shared::http::run(workspace::router(store, ClaimRules::from_environment(&environment)?)).await
}
