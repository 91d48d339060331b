//! The routes of members: list, roles, removal, reactivation and ownership.

use crate::{
    TeamDeps,
    requests::{self, MemberPath, NewOwner, NewRole},
};
use api::{
    Listing, PageParams, Pagination, Problem, WorkspaceBody, WorkspaceInput, WorkspacePathBody, WorkspaceQuery,
    operations,
};
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
#[schema(as = MemberPage)]
struct Members {
    /// Members of this page, by id.
    members: Vec<MemberView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the members
///
/// Returns the active and the former members of the workspace, by id.
#[utoipa::path(get, path = "/team/members", operation_id = "list_members", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), requests::Members, PageParams),
    responses((status = OK, body = Members)))]
async fn members(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceQuery<Listing<requests::Members, UserId>>,
) -> Result<Json<Members>, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let page = team::list_members(&store, &caller, workspace, (&query.filter).into(), query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: members, .. } = page;
    Ok(Json(Members { members, pagination }))
}

/// Change a member's role
///
/// Gives the member the role immediately. The member's invitations to a role above the new one are revoked.
///
/// Refused with 403 `role_above_own` if the member's current role or the new one exceeds the caller's own, with 404
/// `member_not_found` if the workspace has no such active member, and with 409 `last_owner` if the workspace would have no
/// owner.
#[utoipa::path(put, path = "/team/members/{id}/role", operation_id = "give_role", tag = "team",
    params(("id" = UserId, Path, description = "User id of the member."), ("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = NewRole,
    responses((status = OK, body = MemberView)))]
async fn give_role(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspacePathBody<MemberPath, NewRole>,
) -> Result<Json<MemberView>, Problem> {
    let wanted = (input.path.id, input.body.role);
    Ok(Json(team::change_role(&store, &input.caller, input.workspace, wanted).await?))
}

/// Remove a member
///
/// Frees the member's seat and revokes the invitations that they may no longer make. Removing a former member changes
/// nothing. A member who loses their last workspace gets a personal one.
///
/// Refused with 403 `role_above_own` if the member's role exceeds the caller's own, with 404 `member_not_found` if the
/// workspace has no such member, and with 409 `last_owner` if the workspace would have no owner.
#[utoipa::path(delete, path = "/team/members/{id}", operation_id = "remove_member", tag = "team",
    params(("id" = UserId, Path, description = "User id of the member."), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = NO_CONTENT)))]
async fn remove(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceInput<MemberPath>,
) -> Result<StatusCode, Problem> {
    team::remove_member(&store, &input.caller, input.workspace, input.path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reactivate a former member
///
/// Gives a former member a seat again, in the role that they had. The seat counts against the plan's limit of members.
///
/// Refused with 402 `workspace_member_limit` if the plan has no free seat, with 403 `role_above_own` if the member's role
/// exceeds the caller's own, and with 404 `member_not_found` if the workspace has no such former member. Refused with 409:
/// `already_member` if the member has a seat, and `address_taken` if somebody else has a seat or an invitation with their
/// address.
#[utoipa::path(post, path = "/team/members/{id}/reactivate", operation_id = "reactivate_member", tag = "team",
    params(
        ("id" = UserId, Path, description = "User id of the member."),
        ("X-Workspace-ID" = WorkspaceId, Header),
    ),
    responses((status = OK, body = MemberView)))]
async fn reactivate(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceInput<MemberPath>,
) -> Result<impl IntoResponse, Problem> {
    let (member, command) = (input.path.id, input.command.as_ref());
    Ok(Json(team::reactivate_member(&store, &input.caller, input.workspace, member, command).await?))
}

/// Leave the workspace
///
/// Frees the caller's own seat and revokes the invitations that they made. A caller who leaves their last workspace gets a
/// personal one.
///
/// Refused with 409 `last_owner` if the workspace would have no owner.
#[utoipa::path(post, path = "/team/leave", operation_id = "leave_workspace", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = NO_CONTENT)))]
async fn leave(State(TeamDeps { store, .. }): State<TeamDeps>, input: WorkspaceInput) -> Result<StatusCode, Problem> {
    team::leave_workspace(&store, &input.caller, input.workspace, input.command.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Transfer the ownership
///
/// Makes another member an owner, and the caller an admin. A free workspace counts against the new owner's limit of free
/// workspaces.
///
/// Refused with 402 `free_workspace_limit_reached` if the new owner holds as many free workspaces as a person may, with 404
/// `member_not_found` if the workspace has no such active member, and with 409 `already_owner` if the member is an owner.
#[utoipa::path(post, path = "/team/transfer-ownership", operation_id = "transfer_ownership", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = NewOwner,
    responses((status = OK, body = MemberView)))]
async fn transfer_ownership(
    State(TeamDeps { store, free_workspaces, .. }): State<TeamDeps>,
    input: WorkspaceBody<NewOwner>,
) -> Result<impl IntoResponse, Problem> {
    let (successor, command) = (input.body.member_id, input.command.as_ref());
    Ok(Json(
        team::transfer_ownership(&store, free_workspaces, &input.caller, input.workspace, successor, command).await?,
    ))
}
