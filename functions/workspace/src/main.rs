//! The Lambda function `workspace`: wiring only.

use api::ClaimRules;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use store::Store;
use workspace::WorkspaceDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let deps = WorkspaceDeps {
        store,
        free_workspaces: environment.parsed("FREE_WORKSPACES_PER_PERSON")?,
        free_containers: environment.parsed("FREE_CONTAINERS_PER_PERSON")?,
    };
    api::run(workspace::router(deps, ClaimRules::from_environment(&environment)?)).await
}
