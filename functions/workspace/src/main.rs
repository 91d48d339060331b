//! The Lambda function `workspace`: wiring only.

use api::ClaimRules;
use platform::process::Process;
use store::Store;
use workspace::WorkspaceDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let deps = WorkspaceDeps {
        store,
        free_workspaces: environment.parsed("FREE_WORKSPACES_PER_PERSON")?,
        free_containers: environment.parsed("FREE_CONTAINERS_PER_PERSON")?,
    };
    api::run(workspace::router(deps, ClaimRules::from_environment(&environment)?)).await
}
