//! The routes of invitations.

use crate::{
    Team,
    requests::{InvitationPath, NewInvitation},
};
use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use shared::{
    domain::ids::WorkspaceId,
    http::{AnyWorkspace, Input, Nothing, Problem, ProblemBody},
    team::{self, InvitationView, MemberView},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Team> {
    OpenApiRouter::new().routes(routes!(invite)).routes(routes!(accept))
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
