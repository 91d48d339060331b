//! The routes of the caller's own profile and account.

use crate::{WorkspaceDeps, requests::OwnChanges};
use api::{PersonBody, PersonInput, Problem, operations};
use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use shared::{
    account::{self, AccountDeletionView},
    profile::{self, ProfileView},
};

operations!(WorkspaceDeps: read_me, update_me, delete_me, read_me_deletion);

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

/// Delete your account
///
/// Ends the caller's memberships as leaving does, and erases their data: names and e-mail addresses in all workspaces,
/// their IP addresses and names in records of activity, which keep digests instead, and their profile. Workspaces on
/// the plan that costs nothing in which the caller is alone are deleted. All of it happens in the background; `GET
/// /me/deletion` shows the progress. Until it is complete the caller cannot join or create workspaces. The account at
/// the identity provider is not part of this: a person who signs in with it afterwards has a new, empty profile.
///
/// A repeated request returns the same deletion. Refused with 409 `account_owns_workspaces` if the caller is the last owner
/// of workspaces that are paid for or have other members; `workspaces` names them. Refused with 429
/// `account_deleted_recently` if the account is in use again and its last deletion was requested less than a day ago.
#[utoipa::path(delete, path = "/me", operation_id = "delete_me", tag = "me",
    responses((status = ACCEPTED, body = AccountDeletionView, example = json!({
        "id": "del_01K9ZX3V8Q4M7N2P5R6S8T9W0Z", "requested_at": "2026-11-21T12:00:00Z", "status": "leaving",
        "blocked_by": [], "completed_at": null,
    }))))]
async fn delete_me(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: PersonInput,
) -> Result<impl IntoResponse, Problem> {
    Ok((StatusCode::ACCEPTED, Json(account::delete_account(&store, &input.caller).await?)))
}

/// Read the deletion of your account
///
/// Returns the pending deletion of the caller's account, or the one that was completed in the last 30 days.
///
/// Refused with 404 `account_deletion_not_found` if there is none.
#[utoipa::path(get, path = "/me/deletion", operation_id = "read_me_deletion", tag = "me",
    responses((status = OK, body = AccountDeletionView, example = json!({
        "id": "del_01K9ZX3V8Q4M7N2P5R6S8T9W0Z", "requested_at": "2026-11-21T12:00:00Z", "status": "erasing",
        "blocked_by": [], "completed_at": null,
    }))))]
async fn read_me_deletion(
    State(WorkspaceDeps { store, .. }): State<WorkspaceDeps>,
    input: PersonInput,
) -> Result<Json<AccountDeletionView>, Problem> {
    Ok(Json(account::read_account_deletion(&store, &input.caller).await?))
}
