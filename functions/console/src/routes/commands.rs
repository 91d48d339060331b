//! The commands.

use crate::{
    acting::acting,
    deps::ConsoleDeps,
    requests::{CommandBody, CommandRequest},
};
use ::commands::{Answer, run_command};
use api::{PersonBody, Problem, StaffCaller, operations, time_limit};
use axum::{
    Json,
    extract::{Extension, State},
};
use jiff::SignedDuration;
use lambda_http::Context;
use serde_json::{Map, Value};
use utoipa::ToSchema;

operations!(ConsoleDeps: run);

/// The time reserved for the last workspace of the doctor's rounds or of a migration, and for the answer: Stripe may need 16 seconds
/// to fail. The gateway waits for 30.
const RESERVE: SignedDuration = SignedDuration::from_secs(18);

/// Answer to a command. `facts` about the workspace after a command to it. Rounds of the doctor have `examined`, `prices`,
/// `differing`, `failed` and `next`; a search has `found` and `next`; a migration has `from`, `to`, `preview`, `examined`,
/// `affected`, `skipped`, `failed` and `next`. `next` is the workspace after which to continue, as the command's `after`.
#[derive(Debug, ToSchema)]
#[schema(as = CommandAnswer, value_type = Object)]
#[expect(dead_code, reason = "it describes `commands::Answer`, which knows nothing of OpenAPI")]
struct AnswerView(Map<String, Value>);

/// Send a command
///
/// Carries out a command. Each is idempotent and can be sent again. A change is recorded in the audit log of its workspace with
/// the name of the person and the reason.
///
/// Refused with 400 `invalid_command` if the object is no command; with 404 `workspace_not_found` and `member_not_found`; with
/// 409 `no_contract`, `already_subscribed`, `contract_changed` or `suspension_replaced` if what is replaced is not in force, and
/// `billing_changed`, `suspension_changed` or `workspace_changed` if other changes came first; and as the routes of customers
/// are for what a command has in common with them.
#[utoipa::path(post, path = "/operator/commands", operation_id = "operator_command", tag = "operator",
    request_body = CommandBody,
    responses((status = OK, body = AnswerView)))]
async fn run(
    State(ConsoleDeps { doctor, .. }): State<ConsoleDeps>,
    staff: StaffCaller,
    Extension(context): Extension<Context>,
    input: PersonBody<CommandRequest>,
) -> Result<Json<Answer>, Problem> {
    let operator = acting(&staff);
    let until = doctor.store.ambient().of_observation(time_limit(&context, RESERVE));
    Ok(Json(run_command("console", &doctor, &operator, input.body.0?, until).await?))
}
