//! The routes of a workspace's runtime.

use crate::WorkspaceDeps;
use api::{Input, Problem, ProblemBody, operations};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{ids::WorkspaceId, runtime::record::RuntimeCommand};
use http::StatusCode;
use shared::runtime::{self, RuntimeView};

operations!(WorkspaceDeps: status, start, stop, restart);

/// Read the runtime's status
///
/// Figures that the container has not reported are null. Every member may call it.
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
    Ok(Json(runtime::read_runtime(&store, &input.caller, input.workspace).await?))
}

/// Start the runtime
///
/// A runtime that is starting or running is left unchanged. It takes the role `member`. It is refused if the plan does not
/// allow the runtime to run, if the caller runs as many containers of free workspaces as a person may, and while the workspace
/// is suspended. The number of commands per person is limited.
#[utoipa::path(post, path = "/workspace/start", operation_id = "start_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = ACCEPTED, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn start(State(deps): State<WorkspaceDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, RuntimeCommand::Start).await
}

/// Stop the runtime
///
/// A runtime that is stopping or stopped is left unchanged. It takes the role `member` and is refused while the workspace is
/// suspended.
#[utoipa::path(post, path = "/workspace/stop", operation_id = "stop_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = ACCEPTED, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn stop(State(deps): State<WorkspaceDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, RuntimeCommand::Stop).await
}

/// Restart the runtime
///
/// Replaces the container by a new one. A runtime that is starting is left unchanged. It takes the role `member` and is refused
/// for the same reasons as a start.
#[utoipa::path(post, path = "/workspace/restart", operation_id = "restart_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = ACCEPTED, body = RuntimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn restart(State(deps): State<WorkspaceDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, RuntimeCommand::Restart).await
}

async fn command(
    WorkspaceDeps { store, free_containers, .. }: &WorkspaceDeps,
    input: &Input<WorkspaceId>,
    command: RuntimeCommand,
) -> Result<impl IntoResponse + use<>, Problem> {
    let answer = runtime::command_runtime(
        store,
        *free_containers,
        &input.caller,
        input.workspace,
        command,
        input.command.as_ref(),
    )
    .await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}
