//! The Lambda function `team`: wiring only.

use api::ClaimRules;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use secrets::InvitationKey;
use store::Store;
use team::TeamDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let key = InvitationKey::new(&config, environment.required("INVITATION_SECRET_ARN")?);
    let free_workspaces = environment.parsed("FREE_WORKSPACES_PER_PERSON")?;
    let team = TeamDeps { store, key, free_workspaces };
    api::run(team::router(team, ClaimRules::from_environment(&environment)?)).await
}
