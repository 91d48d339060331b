//! The routes of invitations.

use crate::{
    Team,
    requests::{InvitationPath, NewInvitation, WaitingPath},
};
use api::{AnyWorkspace, Input, Listing, Nothing, Pagination, Problem, ProblemBody, operations};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{
    ids::{InvitationId, WorkspaceId},
    page::Page,
};
use http::StatusCode;
use serde::Serialize;
use shared::team::{self, InvitationView, MemberView, OwnInvitationView};
use utoipa::ToSchema;

operations!(Team: invite, invitations, resend, cancel, own_invitations, accept, decline);

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

/// A page of invitations.
#[derive(Debug, Serialize, ToSchema)]
struct Invitations {
    invitations: Vec<InvitationView>,
    pagination: Pagination,
}

/// The workspace's pending invitations, newest first.
#[utoipa::path(get, path = "/team/invitations", operation_id = "list_invitations", tag = "team",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = Invitations),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn invitations(
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, Nothing, Listing<Nothing, InvitationId>>,
) -> Result<Json<Invitations>, Problem> {
    let page = team::invitations(&store, &input.caller, input.workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invitations, .. } = page;
    Ok(Json(Invitations { invitations, pagination }))
}

/// Send an invitation again. Earlier links are dead, and it lasts as long as a new one.
#[utoipa::path(post, path = "/team/invitations/{id}/resend", operation_id = "resend_invitation", tag = "team",
    params(
        ("id" = InvitationId, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = ACCEPTED, body = InvitationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn resend(
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, WaitingPath>,
) -> Result<impl IntoResponse, Problem> {
    let (id, command) = (input.path.id, input.command.as_ref());
    let answer = team::resend(&store, &input.caller, input.workspace, id, command).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Take an invitation back; its seat is free.
#[utoipa::path(delete, path = "/team/invitations/{id}", operation_id = "cancel_invitation", tag = "team",
    params(("id" = InvitationId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = NO_CONTENT),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn cancel(
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, WaitingPath>,
) -> Result<StatusCode, Problem> {
    team::cancel(&store, &input.caller, input.workspace, input.path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of one's own invitations.
#[derive(Debug, Serialize, ToSchema)]
struct OwnInvitations {
    invitations: Vec<OwnInvitationView>,
    pagination: Pagination,
}

/// The invitations, in all workspaces, that are for your verified address, newest first.
#[utoipa::path(get, path = "/invitations", operation_id = "list_own_invitations", tag = "team",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = OwnInvitations),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn own_invitations(
    State(Team { store, .. }): State<Team>,
    input: Input<Nothing, Nothing, Listing<Nothing, InvitationId>>,
) -> Result<Json<OwnInvitations>, Problem> {
    let page = team::own_invitations(&store, &input.caller, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invitations, .. } = page;
    Ok(Json(OwnInvitations { invitations, pagination }))
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
    State(Team { store, key, .. }): State<Team>,
    input: Input<AnyWorkspace, InvitationPath>,
) -> Result<impl IntoResponse, Problem> {
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::shown(input.path.token, workspace)?;
    Ok(Json(team::accept(&store, &key, &input.caller, shown, input.command.as_ref()).await?))
}

/// Let an invitation go, by its token; or by its id and the workspace's header, if it is for your verified address.
#[utoipa::path(post, path = "/team/invitations/{token}/decline", operation_id = "decline_invitation", tag = "team",
    params(
        ("token" = String, Path),
        ("X-Workspace-ID" = Option<WorkspaceId>, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = NO_CONTENT),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn decline(
    State(Team { store, key, .. }): State<Team>,
    input: Input<AnyWorkspace, InvitationPath>,
) -> Result<StatusCode, Problem> {
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::shown(input.path.token, workspace)?;
    team::decline(&store, &key, &input.caller, shown, input.command.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
