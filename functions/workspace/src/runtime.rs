//! The routes of a workspace's runtime.

use crate::WorkspaceDeps;
use api::{Input, Problem, ProblemBody, operations};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{ids::WorkspaceId, runtime::record::Command};
use http::StatusCode;
use shared::runtime::{self, RuntimeView};

operations!(WorkspaceDeps: status, start, stop, restart);

/// How the runtime is. Figures that nothing has reported are null.
#[utoipa::path(get, path = "/workspace/status", operation_id = "read_runtime_status", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn status(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: Input<WorkspaceId>,
) -> Result<Json<RuntimeView>, Problem> {
    Ok(Json(runtime::status(&store, &input.caller, input.workspace).await?))
}

/// Starts the runtime; one that is starting or runs stays as it is.
///
/// A person runs a limited number of containers of workspaces that nothing is paid for, and sends a limited number of commands.
#[utoipa::path(post, path = "/workspace/start", operation_id = "start_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = ACCEPTED, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn start(State(deps): State<WorkspaceDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, Command::Start).await
}

/// Stop the runtime; one that is stopping or stopped is left as it is.
#[utoipa::path(post, path = "/workspace/stop", operation_id = "stop_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = ACCEPTED, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn stop(State(deps): State<WorkspaceDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, Command::Stop).await
}

/// Replaces the container by a fresh one; a runtime that is starting stays as it is.
#[utoipa::path(post, path = "/workspace/restart", operation_id = "restart_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = ACCEPTED, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn restart(State(deps): State<WorkspaceDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, Command::Restart).await
}

async fn command(
    WorkspaceDeps { store, free_containers, .. }: &WorkspaceDeps,
    input: &Input<WorkspaceId>,
    command: Command,
) -> Result<impl IntoResponse + use<>, Problem> {
    let answer =
        runtime::command(store, *free_containers, &input.caller, input.workspace, command, input.command.as_ref())
            .await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}
