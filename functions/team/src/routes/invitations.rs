//! The routes of invitations.

use crate::{
    TeamDeps,
    requests::{InvitationPath, NewInvitation, PendingInvitationPath},
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

operations!(TeamDeps: invite, invitations, resend, cancel, own_invitations, accept, decline);

/// Invite a member
///
/// Reserves a seat for the address and sends it an e-mail with a link, valid for 7 days. It takes the role `admin`, and the
/// offered role must not exceed the caller's own. It is refused with 402 if the plan has no free seat, if the address has a
/// seat or a pending invitation already, if the caller's own e-mail address is not verified, and while the workspace is
/// suspended. The number of invitations per workspace and hour is limited.
#[utoipa::path(post, path = "/team/invite", operation_id = "invite_member", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewInvitation,
    responses(
        (status = CREATED, body = InvitationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn invite(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, NewInvitation>,
) -> Result<impl IntoResponse, Problem> {
    let NewInvitation { email, role } = input.body;
    let answer =
        team::invite_member(&store, &input.caller, input.workspace, (email, role), input.command.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A page of invitations.
#[derive(Debug, Serialize, ToSchema)]
struct Invitations {
    invitations: Vec<InvitationView>,
    pagination: Pagination,
}

/// List pending invitations
///
/// Returns the workspace's pending invitations, newest first. It takes the role `admin`.
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
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, Nothing, Listing<Nothing, InvitationId>>,
) -> Result<Json<Invitations>, Problem> {
    let page = team::list_invitations(&store, &input.caller, input.workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invitations, .. } = page;
    Ok(Json(Invitations { invitations, pagination }))
}

/// Resend an invitation
///
/// Sends the e-mail again with a new link, valid for 7 days. Earlier links become invalid. It takes the role `admin`, and the
/// offered role must not exceed the caller's own. It is refused while the workspace is suspended. The number of invitations
/// that are sent again is limited per workspace and hour.
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
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, PendingInvitationPath>,
) -> Result<impl IntoResponse, Problem> {
    let (id, command) = (input.path.id, input.command.as_ref());
    let answer = team::resend_invitation(&store, &input.caller, input.workspace, id, command).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Revoke an invitation
///
/// Invalidates the invitation's link and frees its seat and its address. It takes the role `admin`, and the offered role must
/// not exceed the caller's own.
#[utoipa::path(delete, path = "/team/invitations/{id}", operation_id = "cancel_invitation", tag = "team",
    params(("id" = InvitationId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = NO_CONTENT),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn cancel(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<WorkspaceId, PendingInvitationPath>,
) -> Result<StatusCode, Problem> {
    team::revoke_invitation(&store, &input.caller, input.workspace, input.path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of the caller's own invitations.
#[derive(Debug, Serialize, ToSchema)]
struct OwnInvitations {
    invitations: Vec<OwnInvitationView>,
    pagination: Pagination,
}

/// List your invitations
///
/// Returns the pending invitations of all workspaces to the caller's verified e-mail address, newest first.
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
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: Input<Nothing, Nothing, Listing<Nothing, InvitationId>>,
) -> Result<Json<OwnInvitations>, Problem> {
    let page = team::list_own_invitations(&store, &input.caller, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invitations, .. } = page;
    Ok(Json(OwnInvitations { invitations, pagination }))
}

/// Accept an invitation
///
/// Makes the caller a member of the workspace. The path names the token from the invitation's link, or the invitation's id
/// together with the header `X-Workspace-ID`. The invitation must be for the caller's verified e-mail address. It is refused if
/// the caller is a member already, and while the workspace is suspended.
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
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    input: Input<AnyWorkspace, InvitationPath>,
) -> Result<impl IntoResponse, Problem> {
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::parse_presented(input.path.token, workspace)?;
    Ok(Json(team::accept_invitation(&store, &key, &input.caller, shown, input.command.as_ref()).await?))
}

/// Decline an invitation
///
/// Ends the invitation and frees its seat. The path names the token from the invitation's link, or the invitation's id together
/// with the header `X-Workspace-ID`. The invitation must be for the caller's verified e-mail address.
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
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    input: Input<AnyWorkspace, InvitationPath>,
) -> Result<StatusCode, Problem> {
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::parse_presented(input.path.token, workspace)?;
    team::decline_invitation(&store, &key, &input.caller, shown, input.command.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
