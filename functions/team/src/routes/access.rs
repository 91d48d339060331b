//! The route of the caller's own access.

use crate::TeamDeps;
use api::{Problem, WorkspaceInput, operations};
use axum::{Json, extract::State};
use domain::ids::WorkspaceId;
use shared::team::{self, AccessView};

operations!(TeamDeps: access);

/// Read your access
///
/// Returns the caller's role in the workspace, and for each action whether the caller may take it now.
#[utoipa::path(get, path = "/access", operation_id = "read_access", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = AccessView)))]
async fn access(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceInput,
) -> Result<Json<AccessView>, Problem> {
    Ok(Json(team::read_access(&store, &input.caller, input.workspace).await?))
}
