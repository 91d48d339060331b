//! The routes of members: list, roles, removal, reactivation and ownership.

use crate::{
    TeamDeps,
    requests::{self, MemberPath, NewOwner, NewRole},
};
use api::{Input, Listing, Nothing, Pagination, Problem, ProblemBody, operations};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{
    ids::{UserId, WorkspaceId},
    page::Page,
};
use http::StatusCode;
use serde::Serialize;
use shared::team::{self, MemberView};
use utoipa::ToSchema;

operations!(TeamDeps: members, give_role, remove, reactivate, leave, transfer_ownership);

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
struct Members {
    members: Vec<MemberView>,
    pagination: Pagination,
}

/// List members
///
/// Returns the active and the former members of the workspace, by id. Every member may call it.
#[utoipa::path(get, path = "/team/members", operation_id = "list_members", tag = "team",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        requests::Members,
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = Members),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn members(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, Nothing, Listing<requests::Members, UserId>>,
) -> Result<Json<Members>, Problem> {
    let Input { caller, workspace, query, .. } = input;
    let page = team::list_members(&store, &caller, workspace, (&query.filter).into(), query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: members, .. } = page;
    Ok(Json(Members { members, pagination }))
}

/// Change a member's role
///
/// Neither the member's current role nor the new one may exceed the caller's own. Invitations of the member that exceed the new
/// role are revoked. It takes the role `admin`. It is refused if the workspace would be left without an owner, and while the
/// workspace is suspended.
#[utoipa::path(put, path = "/team/members/{id}/role", operation_id = "give_role", tag = "team",
    params(("id" = UserId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = NewRole,
    responses(
        (status = OK, body = MemberView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn give_role(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, MemberPath, Nothing, NewRole>,
) -> Result<Json<MemberView>, Problem> {
    let wanted = (input.path.id, input.body.role);
    Ok(Json(team::change_role(&store, &input.caller, input.workspace, wanted).await?))
}

/// Remove a member
///
/// Frees the member's seat and revokes the invitations that they may no longer make. Removing a former member changes nothing.
/// It takes the role `admin`, and the member's role must not exceed the caller's own. It is refused if the workspace would be
/// left without an owner.
#[utoipa::path(delete, path = "/team/members/{id}", operation_id = "remove_member", tag = "team",
    params(("id" = UserId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = NO_CONTENT),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn remove(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, MemberPath>,
) -> Result<StatusCode, Problem> {
    team::remove_member(&store, &input.caller, input.workspace, input.path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reactivate a former member
///
/// Gives a former member a seat again, in the role that they had. It takes the role `admin`, and the member's role must not
/// exceed the caller's own. It is refused with 402 if the plan has no free seat, if their address is taken, and while the
/// workspace is suspended.
#[utoipa::path(post, path = "/team/members/{id}/reactivate", operation_id = "reactivate_member", tag = "team",
    params(
        ("id" = UserId, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = OK, body = MemberView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn reactivate(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, MemberPath>,
) -> Result<impl IntoResponse, Problem> {
    let (member, command) = (input.path.id, input.command.as_ref());
    Ok(Json(team::reactivate_member(&store, &input.caller, input.workspace, member, command).await?))
}

/// Leave the workspace
///
/// Frees the caller's own seat. A caller who leaves their last workspace gets a personal one. It is refused if the workspace
/// would be left without an owner.
#[utoipa::path(post, path = "/team/leave", operation_id = "leave_workspace", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = NO_CONTENT),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn leave(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId>,
) -> Result<StatusCode, Problem> {
    team::leave_workspace(&store, &input.caller, input.workspace, input.command.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Transfer the ownership
///
/// Makes another member an owner, and the caller an admin. Only owners may call it. It is refused if the workspace is free and
/// the member holds as many free workspaces as a person may, and while the workspace is suspended.
#[utoipa::path(post, path = "/team/transfer-ownership", operation_id = "transfer_ownership", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewOwner,
    responses(
        (status = OK, body = MemberView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn transfer_ownership(
    State(TeamDeps { store, free_workspaces, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, NewOwner>,
) -> Result<impl IntoResponse, Problem> {
    let (successor, command) = (input.body.member_id, input.command.as_ref());
    Ok(Json(
        team::transfer_ownership(&store, free_workspaces, &input.caller, input.workspace, successor, command).await?,
    ))
}
