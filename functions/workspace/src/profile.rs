//! The routes of the caller's own profile.

use crate::{WorkspaceDeps, requests::OwnChanges};
use api::{PersonBody, PersonInput, Problem, operations};
use axum::{Json, extract::State};
use shared::profile::{self, ProfileView};

operations!(WorkspaceDeps: read_me, update_me);

/// Read your profile
///
/// Returns the caller's own profile, which is the same in all workspaces.
#[utoipa::path(get, path = "/me", operation_id = "read_me", tag = "me",
    responses((status = OK, body = ProfileView)))]
async fn read_me(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: PersonInput,
) -> Result<Json<ProfileView>, Problem> {
    Ok(Json(profile::read_profile(&store, &input.caller).await?))
}

/// Update your profile
///
/// Changes the fields that the body names. A name that is set here is shown instead of the identity provider's in all of
/// the caller's workspaces. The newest 99 workspaces show it immediately, each further one after the caller's next request
/// there. Records of earlier activity keep the former name.
#[utoipa::path(patch, path = "/me", operation_id = "update_me", tag = "me",
    request_body = OwnChanges,
    responses((status = OK, body = ProfileView)))]
async fn update_me(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: PersonBody<OwnChanges>,
) -> Result<Json<ProfileView>, Problem> {
    Ok(Json(profile::update_profile(&store, &input.caller, &input.body.into()).await?))
}
