//! The Lambda function `team`: wiring only.

use api::ClaimRules;
use platform::process::Process;
use secrets::InvitationKey;
use store::Store;
use team::TeamDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let key = InvitationKey::new(&config, environment.required("INVITATION_SECRET_ARN")?);
    let free_workspaces = environment.parsed("FREE_WORKSPACES_PER_PERSON")?;
    let team = TeamDeps { store, key, free_workspaces };
    api::run(team::router(team, ClaimRules::from_environment(&environment)?)).await
}
