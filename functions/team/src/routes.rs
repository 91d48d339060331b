//! The routes of the function `team`.

use crate::{
    Team,
    requests::{self, InvitationPath, NewInvitation},
};
use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde::Serialize;
use shared::{
    domain::{
        ids::{AuditId, UserId, WorkspaceId},
        page::Page,
    },
    http::{AnyWorkspace, Input, Listing, Nothing, Pagination, Problem, ProblemBody},
    team::{self, ActivityView, InvitationView, MemberView},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<Team> {
    OpenApiRouter::new()
        .routes(routes!(members))
        .routes(routes!(invite))
        .routes(routes!(accept))
        .routes(routes!(activity))
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
struct Members {
    members: Vec<MemberView>,
    pagination: Pagination,
}

/// The workspace's members, by id.
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
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, Nothing, Listing<requests::Members, UserId>>,
) -> Result<Json<Members>, Problem> {
    let Input { caller, workspace, query, .. } = input;
    let page = team::members(&store, &caller, workspace, (&query.filter).into(), query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: members, .. } = page;
    Ok(Json(Members { members, pagination }))
}

/// Offer a seat. The mail with the link follows.
#[utoipa::path(post, path = "/team/invite", operation_id = "invite_member", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewInvitation,
    responses(
        (status = CREATED, body = InvitationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn invite(
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, Nothing, Nothing, NewInvitation>,
) -> Result<impl IntoResponse, Problem> {
    let NewInvitation { email, role } = input.body;
    let answer = team::invite(&store, &input.caller, input.workspace, (email, role), input.command.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Take the seat that an invitation holds, by the token in its link; or by its id and the workspace's header, if it is
/// for your verified address.
#[utoipa::path(post, path = "/team/invitations/{token}/accept", operation_id = "accept_invitation", tag = "team",
    params(
        ("token" = String, Path),
        ("X-Workspace-ID" = Option<WorkspaceId>, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = OK, body = MemberView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn accept(
    State(Team { store, key }): State<Team>,
    input: Input<AnyWorkspace, InvitationPath>,
) -> Result<impl IntoResponse, Problem> {
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::shown(input.path.token, workspace)?;
    Ok(Json(team::accept(&store, &key, &input.caller, shown, input.command.as_ref()).await?))
}

/// A page of audit records.
#[derive(Debug, Serialize, ToSchema)]
struct Activity {
    activity: Vec<ActivityView>,
    pagination: Pagination,
}

/// What was changed in the workspace, newest first.
#[utoipa::path(get, path = "/team/activity", operation_id = "list_activity", tag = "team",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        requests::Activity,
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = Activity),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn activity(
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, Nothing, Listing<requests::Activity, AuditId>>,
) -> Result<Json<Activity>, Problem> {
    let Input { caller, workspace, query, .. } = input;
    let page = team::activity(&store, &caller, workspace, (&query.filter).into(), query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: activity, .. } = page;
    Ok(Json(Activity { activity, pagination }))
}
