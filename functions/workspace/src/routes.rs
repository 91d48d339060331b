//! The routes of the function `workspace`.

use crate::{
    WorkspaceDeps,
    requests::{DeletionPath, Force, NewWorkspace, WorkspaceChanges},
};
use api::{
    AnyWorkspace, AnyWorkspaceInput, Listing, Nothing, PageParams, Pagination, PersonBody, PersonInput, PersonQuery,
    Problem, WorkspaceBody, WorkspaceInput, WorkspaceQuery, etag, ndjson, operations,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use domain::{
    ids::{DeletionId, WorkspaceId},
    page::Page,
};
use http::StatusCode;
use serde::Serialize;
use shared::workspace::{self, DeletionView, Onboarding, Overview, ReceiptView, WorkspaceSummary, WorkspaceView};
use store::export::ExportPosition;
use utoipa::ToSchema;

operations!(WorkspaceDeps: list, create, read, update, delete, export, receipt, onboarding, overview);

/// A page of the caller's workspaces.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspacePage)]
struct Workspaces {
    /// Workspaces of this page, newest first.
    workspaces: Vec<WorkspaceSummary>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List your workspaces
///
/// Returns the workspaces that the caller is a member of, newest first.
#[utoipa::path(get, path = "/workspaces", operation_id = "list_workspaces", tag = "workspaces",
    params(PageParams),
    responses((status = OK, body = Workspaces)))]
async fn list(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: PersonQuery<Listing<Nothing, WorkspaceId>>,
) -> Result<Json<Workspaces>, Problem> {
    let page = workspace::list_workspaces(&store, &input.caller, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: workspaces, .. } = page;
    Ok(Json(Workspaces { workspaces, pagination }))
}

/// Create a workspace
///
/// Makes the caller the owner of a new workspace on the plan that costs nothing. It counts against the caller's limit
/// of free workspaces until a plan is paid.
///
/// Refused with 402 `free_workspace_limit_reached` if the caller holds as many free workspaces as a person may.
#[utoipa::path(post, path = "/workspaces", operation_id = "create_workspace", tag = "workspaces",
    request_body = NewWorkspace,
    responses((status = CREATED, body = WorkspaceView)))]
async fn create(
    State(WorkspaceDeps { store, free_workspaces, .. }): State<WorkspaceDeps>,
    input: PersonBody<NewWorkspace>,
) -> Result<impl IntoResponse, Problem> {
    let NewWorkspace { name, timezone } = input.body;
    let wanted = (name, timezone.unwrap_or_default());
    let answer =
        workspace::create_workspace(&store, free_workspaces, &input.caller, wanted, input.command.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Read the workspace
///
/// Returns the workspace. The header `ETag` of the answer is the version for `If-Match`.
#[utoipa::path(get, path = "/workspace", operation_id = "read_workspace", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = WorkspaceView, headers(("ETag" = String)))))]
async fn read(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: WorkspaceInput,
) -> Result<impl IntoResponse, Problem> {
    let workspace = workspace::read_workspace(&store, &input.caller, input.workspace).await?;
    Ok((etag::of_version(workspace.version), Json(workspace)))
}

/// Update the workspace
///
/// Changes the fields that the body names. The header `ETag` of the answer is the new version.
///
/// Refused with 412 `workspace_version_mismatch` if `If-Match` does not name the current one.
#[utoipa::path(put, path = "/workspace", operation_id = "update_workspace", tag = "workspaces",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("If-Match" = Option<String>, Header,
            description = "Version that the workspace must have: the `ETag` of an earlier answer, or a list of them. Any version by \
                default, and with `*`."),
    ),
    request_body = WorkspaceChanges,
    responses((status = OK, body = WorkspaceView, headers(("ETag" = String)))))]
async fn update(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: WorkspaceBody<WorkspaceChanges>,
) -> Result<impl IntoResponse, Problem> {
    let workspace =
        workspace::update_workspace(&store, &input.caller, input.workspace, input.body.into(), input.expected).await?;
    Ok((etag::of_version(workspace.version), Json(workspace)))
}

/// Delete the workspace
///
/// Ends the access of all members immediately. The parts of the workspace are deleted in the background; `GET
/// /deletions/{id}` shows the progress. Until it is complete, a repetition by the same person has the same answer. Deletions count
/// against the caller's limit of commands.
///
/// Refused with 409 `workspace_has_members` if the workspace has other members and `force` is not true, and with 429
/// `too_many_commands` if the caller has sent too many commands.
#[utoipa::path(delete, path = "/workspace", operation_id = "delete_workspace", tag = "workspaces",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("force" = Option<bool>, Query, description = "True to delete the workspace although it has other members."),
    ),
    responses((status = ACCEPTED, body = DeletionView)))]
async fn delete(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: WorkspaceQuery<Force>,
) -> Result<impl IntoResponse, Problem> {
    let Force(others) = input.query;
    let answer = workspace::delete_workspace(&store, &input.caller, input.workspace, others).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// A page of an export, as lines of JSON (NDJSON).
#[derive(Debug, ToSchema)]
#[schema(as = WorkspaceExport)]
#[expect(dead_code, reason = "the description of a text in openapi.json")]
struct ExportLines(String);

/// Export the workspace
///
/// Returns everything that is stored of the workspace as lines of JSON, one for each item: its `type`, its `key` and its
/// `content`. Secrets and tokens are not part of it, nor are records that only serve the operation. The numbers of a
/// meter are spread over items, whose sum counts.
///
/// The header `Link` names the next page, until the last one. A page can have fewer lines than `limit`, or none. An item
/// that changes meanwhile is exported as it is when its page is read. A repetition reads the page again.
#[utoipa::path(post, path = "/workspace/export", operation_id = "export_workspace", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses(
        (status = OK, headers(("Link" = String)), content((ExportLines = "application/jsonl"))),
    ))]
async fn export(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    OriginalUri(uri): OriginalUri,
    input: WorkspaceQuery<Listing<Nothing, ExportPosition>>,
) -> Result<Response, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let page = workspace::export_workspace(&store, &caller, workspace, query.page.clone()).await?;
    let pagination = query.pagination(&page);
    Ok(ndjson::ndjson_response(page.items, &uri, &pagination))
}

/// Read the receipt of a deletion
///
/// Returns the progress of each part of the deletion.
///
/// Refused with 404 `deletion_not_found` unless the caller requested this deletion.
#[utoipa::path(get, path = "/deletions/{id}", operation_id = "read_deletion", tag = "workspaces",
    params(("id" = DeletionId, Path)),
    responses(
        (status = OK, body = ReceiptView, example = json!({
            "id": "del_01K9ZX3V8Q4M7N2P5R6S8T9W0Z", "workspace_id": "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y",
            "requested_at": "2026-11-21T12:00:00Z",
            "runtime": {"status": "confirmed", "confirmed_at": "2026-11-21T12:01:00Z"},
            "subscription": {"status": "confirmed", "confirmed_at": "2026-11-21T12:01:00Z"},
            "secrets": {"status": "confirmed", "confirmed_at": "2026-11-21T12:02:00Z"},
            "members": {"status": "pending", "confirmed_at": null},
        })),
    ))]
async fn receipt(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: PersonInput<DeletionPath>,
) -> Result<Json<ReceiptView>, Problem> {
    Ok(Json(workspace::read_receipt(&store, &input.caller, input.path.id).await?))
}

/// Read the onboarding progress
///
/// Returns the caller's progress with a workspace. Without the header `X-Workspace-ID`, it is the newest one of the
/// caller's workspaces.
///
/// Refused with 404 `workspace_not_found` if the caller is not a member of the named workspace.
#[utoipa::path(get, path = "/onboarding", operation_id = "read_onboarding", tag = "workspaces",
    params(("X-Workspace-ID" = Option<WorkspaceId>, Header,
        description = "Id of the workspace; the newest of the caller's workspaces by default.")),
    responses((status = OK, body = Onboarding)))]
async fn onboarding(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: AnyWorkspaceInput,
) -> Result<Json<Onboarding>, Problem> {
    let AnyWorkspace(workspace) = input.workspace;
    Ok(Json(workspace::read_onboarding(&store, &input.caller, workspace).await?))
}

/// Read the overview
///
/// Returns the workspace, the onboarding progress, the state of the runtime, the subscription, the limits that are nearly
/// reached, and the newest activity in one answer. A part that the caller's role may not read is null.
#[utoipa::path(get, path = "/overview", operation_id = "read_overview", tag = "workspaces",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = Overview)))]
async fn overview(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: WorkspaceInput,
) -> Result<Json<Overview>, Problem> {
    Ok(Json(workspace::read_overview(&store, &input.caller, input.workspace).await?))
}
