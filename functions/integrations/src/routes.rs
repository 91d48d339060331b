//! The routes of the function `integrations`.

use crate::{
    IntegrationDeps,
    requests::{Changes, IntegrationChanges, IntegrationPath},
};
use api::{
    Listing, Nothing, PageParams, Pagination, Problem, WorkspaceInput, WorkspacePathBody, WorkspaceQuery, etag,
    operations,
};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{command::Reply, ids::WorkspaceId, integrations::IntegrationType, page::Page};
use http::StatusCode;
use serde::Serialize;
use shared::integrations::{self, AttemptDeps, IntegrationView, SetUpView, TestView};
use utoipa::ToSchema;

operations!(IntegrationDeps: list, read, set_up, remove, enable, test);

/// A page of integrations.
#[derive(Debug, Serialize, ToSchema)]
struct IntegrationPage {
    /// Integrations of this page, by type.
    integrations: Vec<IntegrationView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the integrations
///
/// Returns every integration type, by name, with the workspace's integration of that type. Secrets are never shown. Members
/// below admin see scheme and host of a URL only.
#[utoipa::path(get, path = "/integrations", operation_id = "list_integrations", tag = "integrations",
    params(("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses((status = OK, body = IntegrationPage)))]
async fn list(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: WorkspaceQuery<Listing<Nothing, IntegrationType>>,
) -> Result<Json<IntegrationPage>, Problem> {
    let page = integrations::list_integrations(&store, &input.caller, input.workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: integrations, .. } = page;
    Ok(Json(IntegrationPage { integrations, pagination }))
}

/// Read an integration
///
/// Returns the workspace's integration of this type. An integration that is not set up has its type's name and no settings.
/// The secret is never shown. Members below admin see scheme and host of a URL only. The header `ETag` of the answer is the
/// version for `If-Match`.
#[utoipa::path(get, path = "/integrations/{type}", operation_id = "read_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = IntegrationView, headers(("ETag" = String)))))]
async fn read(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: WorkspaceInput<IntegrationPath>,
) -> Result<impl IntoResponse, Problem> {
    let view = integrations::read_integration(&store, &input.caller, input.workspace, input.path.kind).await?;
    Ok((etag::of_version(view.version), Json(view)))
}

/// Set up an integration
///
/// Creates the integration or changes it. A new secret enables the integration, is stored in Secrets Manager, and is never
/// shown again. With `generate_secret`, Berth makes the secret of a webhook, and this answer shows it. A stored secret is kept
/// for its destination: the `url` of a webhook, the `repository` of GitHub, the `site` of Datadog, the `region` of PagerDuty.
/// Deliveries that wait for an earlier receiver are not sent to the new one.
///
/// Refused with 402 `workspace_integration_limit` if the plan allows no further enabled integration, with 402
/// `audit_log_not_included` if it gets events of the audit log and the plan does not include that, with 409
/// `integration_secret_missing` if the integration has no secret and the body names none, and with 422 `secret_required` if
/// the destination changes and the body names no secret; `errors` names the field. Refused with 412
/// `integration_version_mismatch` if `If-Match` does not name the current version, which is the `ETag` of the answer.
#[utoipa::path(put, path = "/integrations/{type}", operation_id = "set_up_integration", tag = "integrations",
    params(
        ("type" = IntegrationType, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("If-Match" = Option<String>, Header,
            description = "Version that the integration must have: the `ETag` of an earlier answer, or a list of them. Any version by \
                default, and with `*`."),
    ),
    request_body = IntegrationChanges,
    responses((status = OK, body = SetUpView, headers(("ETag" = String)))))]
async fn set_up(
    State(IntegrationDeps { store, secrets, .. }): State<IntegrationDeps>,
    input: WorkspacePathBody<IntegrationPath, Changes>,
) -> Result<impl IntoResponse, Problem> {
    let (caller, workspace, expected) = (&input.caller, input.workspace, &input.expected);
    let view = match input.body {
        Changes::Given(wanted) => {
            let view = integrations::set_up_integration(&store, &secrets, caller, workspace, wanted, expected).await?;
            SetUpView { integration: view, secret: None }
        }
        Changes::Generate(wanted) => {
            integrations::set_up_with_new_secret(&store, &secrets, caller, workspace, wanted, expected).await?
        }
    };
    Ok((etag::of_version(view.integration.version), Json(view)))
}

/// Remove an integration
///
/// Disables the integration and deletes its secret. Its other settings are kept for the next setup. An integration without
/// a secret is left unchanged.
#[utoipa::path(delete, path = "/integrations/{type}", operation_id = "remove_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = NO_CONTENT)))]
async fn remove(
    State(IntegrationDeps { store, secrets, .. }): State<IntegrationDeps>,
    input: WorkspaceInput<IntegrationPath>,
) -> Result<StatusCode, Problem> {
    integrations::remove_integration(&store, &secrets, &input.caller, input.workspace, input.path.kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enable an integration
///
/// Enables an integration that Berth has disabled because its receiver was gone or failed for days. An enabled integration
/// is left unchanged.
///
/// Refused with 402 `workspace_integration_limit` if the plan allows no further enabled integration, and with 409
/// `integration_secret_missing` if the integration has no secret.
#[utoipa::path(post, path = "/integrations/{type}/enable", operation_id = "enable_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = IntegrationView)))]
async fn enable(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: WorkspaceInput<IntegrationPath>,
) -> Result<Json<Reply<IntegrationView>>, Problem> {
    let which = (input.workspace, input.path.kind);
    Ok(Json(integrations::enable_integration(&store, &input.caller, which, input.command.as_ref()).await?))
}

/// Test an integration
///
/// Sends a test message to the receiver and returns the result. The request succeeds even if the message does not arrive. A
/// disabled integration can be tested. A success clears the failures after which Berth would disable the integration.
///
/// Refused with 409: `integration_secret_missing` if the integration has no secret, and `command_under_way` while a test under
/// the same `Idempotency-Key` is in progress, or for a minute if its outcome was lost.
#[utoipa::path(post, path = "/integrations/{type}/test", operation_id = "test_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = TestView)))]
async fn test(
    State(IntegrationDeps { store, secrets, courier }): State<IntegrationDeps>,
    input: WorkspaceInput<IntegrationPath>,
) -> Result<Json<Reply<TestView>>, Problem> {
    let with = AttemptDeps { store: &store, secrets: &secrets, courier: &courier };
    let WorkspaceInput { caller, workspace, path, command, .. } = input;
    Ok(Json(integrations::send_test(with, &caller, workspace, path.kind, command.as_ref()).await?))
}
