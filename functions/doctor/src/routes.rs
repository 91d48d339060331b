//! The routes of the doctor.

use api::{Problem, WorkspaceInput, operations};
use axum::{Json, extract::State};
use domain::{command::Reply, ids::WorkspaceId};
use shared::doctor::{self, DoctorDeps, ExaminationView};

operations!(DoctorDeps: examine, repair);

/// Examine the workspace
///
/// Compares the workspace's stored records with each other and with ECS, Stripe and Secrets Manager: its counters and
/// addresses, its runtime, its subscription, and its integrations with their secrets. Returns the differences and changes
/// nothing.
#[utoipa::path(get, path = "/workspace/doctor", operation_id = "examine_workspace", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = ExaminationView)))]
async fn examine(State(with): State<DoctorDeps>, input: WorkspaceInput) -> Result<Json<ExaminationView>, Problem> {
    Ok(Json(doctor::examine_workspace(&with, &input.caller, input.workspace).await?))
}

/// Repair the workspace
///
/// Examines the workspace and repairs the differences that can be repaired. Returns every difference with the result of its
/// repair.
#[utoipa::path(post, path = "/workspace/doctor", operation_id = "repair_workspace", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = ExaminationView)))]
async fn repair(
    State(with): State<DoctorDeps>,
    input: WorkspaceInput,
) -> Result<Json<Reply<ExaminationView>>, Problem> {
    Ok(Json(doctor::repair_workspace(&with, &input.caller, input.workspace, input.command.as_ref()).await?))
}
