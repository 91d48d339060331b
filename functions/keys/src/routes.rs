//! The routes of API keys.

use crate::{
    deps::KeyDeps,
    requests::{KeyChangesBody, KeyChangesRequest, KeyPath, NewKeyBody, NewKeyRequest, RotationBody, RotationRequest},
};
use api::{
    Listing, Nothing, PageParams, Pagination, Problem, WorkspaceBody, WorkspaceInput, WorkspacePathBody,
    WorkspaceQuery, operations,
};
use axum::{Json, extract::State};
use domain::{
    command::Reply,
    ids::{KeyId, WorkspaceId},
};
use http::StatusCode;
use serde::Serialize;
use shared::keys::{self, CreatedKeyView, KeyView};
use utoipa::ToSchema;

operations!(KeyDeps: list, create, update, rotate, revoke);

/// A page of API keys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyPage)]
struct KeyPage {
    /// API keys of this page, newest first.
    api_keys: Vec<KeyView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List API keys
///
/// Returns the workspace's API keys, newest first, with their last use. Their secrets are stored nowhere.
#[utoipa::path(get, path = "/api-keys", operation_id = "list_api_keys", tag = "api keys",
    params(("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses((status = OK, body = KeyPage)))]
async fn list(
    State(KeyDeps { store, .. }): State<KeyDeps>,
    input: WorkspaceQuery<Listing<Nothing, KeyId>>,
) -> Result<Json<KeyPage>, Problem> {
    let page = keys::list_keys(&store, &input.caller, input.workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    Ok(Json(KeyPage { api_keys: page.items, pagination }))
}

/// Create an API key
///
/// Makes an API key with which a program calls the API at `/v1`. The answer has its token, which is shown once. A repetition
/// under the idempotency key answers the key with `secret: null`; rotate it then.
///
/// The key rests on your membership: it never does more than you could do at that moment, and is revoked when you leave. A
/// service key, which only owners make, rests on the workspace.
///
/// Refused with 402 `workspace_key_limit` if the plan allows no more keys, and `workspace_past_due` if a payment is overdue;
/// with 403 `service_keys_by_owners` if a service key is wanted by somebody who is no owner; with 409 `scope_needs_maker`
/// if a service key would have a scope of the maker's inbox, and `key_changed` if other requests came first.
#[utoipa::path(post, path = "/api-keys", operation_id = "create_api_key", tag = "api keys",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = NewKeyBody,
    responses((status = CREATED, body = CreatedKeyView)))]
async fn create(
    State(KeyDeps { store, prefix }): State<KeyDeps>,
    input: WorkspaceBody<NewKeyRequest>,
) -> Result<(StatusCode, Json<Reply<CreatedKeyView>>), Problem> {
    let (caller, command) = (&input.caller, input.command.as_ref());
    let created = keys::create_key(&store, &prefix, caller, input.workspace, &input.body.0, command).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Change an API key
///
/// Changes the name, the scopes or the networks of an API key. A key gets no further scopes. What is omitted stays as it is.
///
/// Refused with 404 `key_not_found` if there is no such key; with 409 `scopes_only_narrow` if the key would get a scope
/// that it lacks, and `key_changed` if other requests came first.
#[utoipa::path(patch, path = "/api-keys/{id}", operation_id = "update_api_key", tag = "api keys",
    params(("id" = KeyId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = KeyChangesBody,
    responses((status = OK, body = KeyView)))]
async fn update(
    State(KeyDeps { store, .. }): State<KeyDeps>,
    input: WorkspacePathBody<KeyPath, KeyChangesRequest>,
) -> Result<Json<KeyView>, Problem> {
    let changes = &input.body.0;
    Ok(Json(keys::update_key(&store, &input.caller, input.workspace, input.path.id, changes).await?))
}

/// Rotate an API key
///
/// Replaces the secret of an API key, and begins its validity again. The present secret stays valid for `overlap_hours`, but
/// no longer than it would have been. The answer has the new token, which is shown once. A repetition under the idempotency key
/// answers the key with `secret: null`.
///
/// Refused with 403 `key_of_another` unless it is your key, or a service key and you are an owner; with 404
/// `key_not_found` if there is no such key; with 409 `key_changed` if other requests came first.
#[utoipa::path(post, path = "/api-keys/{id}/rotate", operation_id = "rotate_api_key", tag = "api keys",
    params(("id" = KeyId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = RotationBody,
    responses((status = OK, body = CreatedKeyView)))]
async fn rotate(
    State(KeyDeps { store, prefix }): State<KeyDeps>,
    input: WorkspacePathBody<KeyPath, RotationRequest>,
) -> Result<Json<Reply<CreatedKeyView>>, Problem> {
    let overlap = input.body.0;
    let (caller, key, command) = (&input.caller, (input.workspace, input.path.id), input.command.as_ref());
    Ok(Json(keys::rotate_key(&store, &prefix, caller, key, overlap, command).await?))
}

/// Revoke an API key
///
/// Deletes an API key. Its next request is refused.
///
/// Refused with 404 `key_not_found` if there is no such key, and with 409 `key_changed` if other requests came first.
#[utoipa::path(delete, path = "/api-keys/{id}", operation_id = "revoke_api_key", tag = "api keys",
    params(("id" = KeyId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = NO_CONTENT)))]
async fn revoke(
    State(KeyDeps { store, .. }): State<KeyDeps>,
    input: WorkspaceInput<KeyPath>,
) -> Result<StatusCode, Problem> {
    keys::revoke_key(&store, &input.caller, input.workspace, input.path.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
