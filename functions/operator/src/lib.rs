//! The operator's commands, at a URL that only AWS identities with the permission can call. IAM says who calls, and every
//! change has an audit record with their name. `commands` carries them out.

use api::{IamCaller, Problem, serve_public, time_limit};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Extension, State, rejection::BytesRejection},
    routing::post,
};
use commands::{Answer, Command, CommandRefusal};
use jiff::{SignedDuration, Timestamp};
use lambda_http::Context;
use shared::doctor::DoctorDeps;
use workers::operator::ActingOperator;

/// The maximum size of a command, in bytes.
pub const MAX_BODY: usize = 16 * 1024;

/// The time reserved for the last workspace of the doctor's rounds or of a migration, and for the answer.
const RESERVE: SignedDuration = SignedDuration::from_secs(20);

/// The function's router.
pub fn router(deps: DoctorDeps) -> Router {
    serve_public("operator", MAX_BODY, Router::new().route("/", post(take)).with_state(deps))
}

/// Carries out the command in the body.
async fn take(
    State(deps): State<DoctorDeps>,
    IamCaller { arn, request_id }: IamCaller,
    Extension(context): Extension<Context>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Answer>, Problem> {
    let operator = ActingOperator::of(&arn, request_id).ok_or(CommandRefusal::Unnamed)?;
    let body = body.map_err(|_| CommandRefusal::TooLarge)?;
    tracing::info!(function = "operator", arn, "caller");
    let until = deps.store.ambient().of_observation(time_limit(&context, RESERVE));
    Ok(Json(run_command(&deps, &operator, &body, until).await?))
}

/// Carries out the command in `body`. No new workspace is begun after `until`.
///
/// # Errors
/// Returns [`CommandRefusal`] if the command is invalid or refused, and for an outage.
pub async fn run_command(
    with: &DoctorDeps,
    operator: &ActingOperator,
    body: &[u8],
    until: Timestamp,
) -> Result<Answer, CommandRefusal> {
    commands::run_command("operator", with, operator, Command::parse(body)?, until).await
}
