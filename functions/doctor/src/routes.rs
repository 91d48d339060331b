//! The routes of the doctor.

use api::{Input, Problem, ProblemBody, operations};
use axum::{Json, extract::State};
use domain::{command::Reply, ids::WorkspaceId};
use shared::doctor::{self, Doctor, ExaminationView};

operations!(Doctor: examine, repair);

/// In what the things that are kept of the workspace differ: its counters and addresses, its runtime and what runs, what it pays for
/// and what Stripe says, its integrations and their secrets.
#[utoipa::path(get, path = "/workspace/doctor", operation_id = "examine_workspace", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = ExaminationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn examine(State(with): State<Doctor>, input: Input<WorkspaceId>) -> Result<Json<ExaminationView>, Problem> {
    Ok(Json(doctor::examine(&with, &input.caller, input.workspace).await?))
}

/// Have that put right. What was found is told, and what became of each.
#[utoipa::path(post, path = "/workspace/doctor", operation_id = "repair_workspace", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = OK, body = ExaminationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn repair(
    State(with): State<Doctor>,
    input: Input<WorkspaceId>,
) -> Result<Json<Reply<ExaminationView>>, Problem> {
    Ok(Json(doctor::repair(&with, &input.caller, input.workspace, input.command.as_ref()).await?))
}
