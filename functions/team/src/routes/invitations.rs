//! The routes of invitations.

use crate::{
    TeamDeps,
    requests::{InvitationPath, NewInvitation, PendingInvitationPath},
};
use api::{
    AnyWorkspace, AnyWorkspaceInput, Listing, Nothing, PageParams, Pagination, PersonQuery, Problem, WorkspaceBody,
    WorkspaceInput, WorkspaceQuery, operations,
};
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
/// Reserves a seat for the address and sends it an e-mail with a link, valid for 7 days. The seat counts against the plan's
/// limit of members.
///
/// Refused with 402 `workspace_member_limit` if the plan has no free seat. Refused with 403: `role_above_own` if the
/// offered role exceeds the caller's own, and `verified_address_required` if the caller's e-mail address is not verified.
/// Refused with 409 `address_taken` if the address has a seat or a pending invitation.
#[utoipa::path(post, path = "/team/invite", operation_id = "invite_member", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = NewInvitation,
    responses((status = CREATED, body = InvitationView)))]
async fn invite(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceBody<NewInvitation>,
) -> Result<impl IntoResponse, Problem> {
    let NewInvitation { email, role } = input.body;
    let answer =
        team::invite_member(&store, &input.caller, input.workspace, (email, role), input.command.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A page of invitations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvitationPage)]
struct Invitations {
    /// Invitations of this page, newest first.
    invitations: Vec<InvitationView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the pending invitations
///
/// Returns the workspace's invitations that can still be accepted, newest first.
#[utoipa::path(get, path = "/team/invitations", operation_id = "list_invitations", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses((status = OK, body = Invitations)))]
async fn invitations(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceQuery<Listing<Nothing, InvitationId>>,
) -> Result<Json<Invitations>, Problem> {
    let page = team::list_invitations(&store, &input.caller, input.workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invitations, .. } = page;
    Ok(Json(Invitations { invitations, pagination }))
}

/// Resend an invitation
///
/// Sends the e-mail again with a new link, valid for 7 days. Earlier links become invalid.
///
/// Refused with 403: `role_above_own` if the offered role exceeds the caller's own, and `verified_address_required` if the
/// caller's e-mail address is not verified. Refused with 404 `invitation_not_found` if the invitation was accepted,
/// declined or revoked.
#[utoipa::path(post, path = "/team/invitations/{id}/resend", operation_id = "resend_invitation", tag = "team",
    params(("id" = InvitationId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = ACCEPTED, body = InvitationView)))]
async fn resend(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceInput<PendingInvitationPath>,
) -> Result<impl IntoResponse, Problem> {
    let (id, command) = (input.path.id, input.command.as_ref());
    let answer = team::resend_invitation(&store, &input.caller, input.workspace, id, command).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Revoke an invitation
///
/// Invalidates the invitation's link and frees its seat and its address.
///
/// Refused with 403 `role_above_own` if the offered role exceeds the caller's own, and with 404 `invitation_not_found` if
/// the invitation was accepted, declined or revoked.
#[utoipa::path(delete, path = "/team/invitations/{id}", operation_id = "cancel_invitation", tag = "team",
    params(("id" = InvitationId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = NO_CONTENT)))]
async fn cancel(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceInput<PendingInvitationPath>,
) -> Result<StatusCode, Problem> {
    team::revoke_invitation(&store, &input.caller, input.workspace, input.path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page of the caller's own invitations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnInvitationPage)]
struct OwnInvitations {
    /// Invitations of this page, newest first.
    invitations: Vec<OwnInvitationView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List your invitations
///
/// Returns the pending invitations of all workspaces to the caller's verified e-mail address, newest first. The list is
/// empty for an address that is not verified.
#[utoipa::path(get, path = "/invitations", operation_id = "list_own_invitations", tag = "team",
    params(PageParams),
    responses((status = OK, body = OwnInvitations)))]
async fn own_invitations(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: PersonQuery<Listing<Nothing, InvitationId>>,
) -> Result<Json<OwnInvitations>, Problem> {
    let page = team::list_own_invitations(&store, &input.caller, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invitations, .. } = page;
    Ok(Json(OwnInvitations { invitations, pagination }))
}

/// Accept an invitation
///
/// Makes the caller a member of the workspace, in the seat that the invitation holds. The path names the token from the
/// invitation's link; or the invitation's id, together with the header `X-Workspace-ID`. A caller who has taken the seat
/// with this invitation before gets the same answer again.
///
/// Refused with 403: `invitation_for_another_address` if the invitation is not for the caller's e-mail address,
/// `email_unverified` if that address is not verified, and `workspace_suspended` while the workspace is suspended. Refused
/// with 404 `invitation_not_found` if the invitation is used, revoked or expired, and with 409 `already_member` if the
/// caller is a member.
#[utoipa::path(post, path = "/team/invitations/{token}/accept", operation_id = "accept_invitation", tag = "team",
    params(
        ("token" = String, Path, description = "Token from the invitation's link, or id of the invitation."),
        ("X-Workspace-ID" = Option<WorkspaceId>, Header,
            description = "Id of the workspace; required if the path names the invitation's id."),
    ),
    responses((status = OK, body = MemberView)))]
async fn accept(
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    input: AnyWorkspaceInput<InvitationPath>,
) -> Result<impl IntoResponse, Problem> {
    input.caller.require_person()?;
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::parse_id_or_token(input.path.token, workspace)?;
    Ok(Json(team::accept_invitation(&store, &key, &input.caller, shown, input.command.as_ref()).await?))
}

/// Decline an invitation
///
/// Ends the invitation and frees its seat and its address. The path names the token from the invitation's link; or the
/// invitation's id, together with the header `X-Workspace-ID`.
///
/// Refused with 403: `invitation_for_another_address` if the invitation is not for the caller's e-mail address, and
/// `email_unverified` if that address is not verified. Refused with 404 `invitation_not_found` if the invitation is used,
/// revoked or expired.
#[utoipa::path(post, path = "/team/invitations/{token}/decline", operation_id = "decline_invitation", tag = "team",
    params(
        ("token" = String, Path, description = "Token from the invitation's link, or id of the invitation."),
        ("X-Workspace-ID" = Option<WorkspaceId>, Header,
            description = "Id of the workspace; required if the path names the invitation's id."),
    ),
    responses((status = NO_CONTENT)))]
async fn decline(
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    input: AnyWorkspaceInput<InvitationPath>,
) -> Result<StatusCode, Problem> {
    input.caller.require_person()?;
    let AnyWorkspace(workspace) = input.workspace;
    let shown = team::parse_id_or_token(input.path.token, workspace)?;
    team::decline_invitation(&store, &key, &input.caller, shown, input.command.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
