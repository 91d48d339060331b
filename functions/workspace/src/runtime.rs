//! The routes of a workspace's runtime.

use crate::WorkspaceDeps;
use api::{Problem, WorkspaceInput, operations};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{ids::WorkspaceId, runtime::record::RuntimeCommand};
use http::StatusCode;
use shared::runtime::{self, RuntimeView};

operations!(WorkspaceDeps: status, start, stop, restart);

/// Read the runtime's status
///
/// Returns the state of the runtime and the resource usage that its container has reported.
#[utoipa::path(get, path = "/workspace/status", operation_id = "read_runtime_status", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = RuntimeView)))]
async fn status(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: WorkspaceInput,
) -> Result<Json<RuntimeView>, Problem> {
    Ok(Json(runtime::read_runtime(&store, &input.caller, input.workspace).await?))
}

/// Start the runtime
///
/// Starts a container of the size that the plan determines. A runtime that is starting is left unchanged. A runtime that is
/// recorded as running is checked: `checking` is true until then, and a container that has ended is started again. The
/// request returns before the command is carried out; `GET /workspace/status` shows the progress.
///
/// Refused with 402: `workspace_past_due` after the grace period of an unpaid invoice, and `free_container_limit_reached`
/// if the caller runs as many containers of free workspaces as a person may. Refused with 429 `too_many_commands` if the
/// runtime or the caller's runtimes are commanded too often.
#[utoipa::path(post, path = "/workspace/start", operation_id = "start_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = ACCEPTED, body = RuntimeView)))]
async fn start(State(deps): State<WorkspaceDeps>, input: WorkspaceInput) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, RuntimeCommand::Start).await
}

/// Stop the runtime
///
/// Stops the container. A runtime that is stopping or stopped is left unchanged. The request returns before the command is
/// carried out; `GET /workspace/status` shows the progress.
///
/// Refused with 429 `too_many_commands` if the runtime or the caller's runtimes are commanded too often.
#[utoipa::path(post, path = "/workspace/stop", operation_id = "stop_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = ACCEPTED, body = RuntimeView)))]
async fn stop(State(deps): State<WorkspaceDeps>, input: WorkspaceInput) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, RuntimeCommand::Stop).await
}

/// Restart the runtime
///
/// Replaces the container by a new one. A runtime that is starting is left unchanged. The request returns before the
/// command is carried out; `GET /workspace/status` shows the progress.
///
/// Refused with 402: `workspace_past_due` after the grace period of an unpaid invoice, and `free_container_limit_reached`
/// if the caller runs as many containers of free workspaces as a person may. Refused with 429 `too_many_commands` if the
/// runtime or the caller's runtimes are commanded too often.
#[utoipa::path(post, path = "/workspace/restart", operation_id = "restart_runtime", tag = "runtime",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = ACCEPTED, body = RuntimeView)))]
async fn restart(State(deps): State<WorkspaceDeps>, input: WorkspaceInput) -> Result<impl IntoResponse, Problem> {
    command(&deps, &input, RuntimeCommand::Restart).await
}

async fn command(
    WorkspaceDeps { store, free_containers, .. }: &WorkspaceDeps,
    input: &WorkspaceInput,
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
