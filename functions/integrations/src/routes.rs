//! The routes of the function `integrations`.

use crate::{
    Integrations,
    requests::{Changes, IntegrationChanges, IntegrationPath},
};
use api::{Input, Listing, Nothing, Pagination, Problem, ProblemBody, operations};
use axum::{Json, extract::State};
use domain::{command::Reply, ids::WorkspaceId, integrations::IntegrationType, page::Page};
use http::StatusCode;
use serde::Serialize;
use shared::integrations::{self, IntegrationView, TestView};
use utoipa::ToSchema;

operations!(Integrations: list, read, set_up, remove, enable, test);

/// A page of integrations.
#[derive(Debug, Serialize, ToSchema)]
struct IntegrationPage {
    integrations: Vec<IntegrationView>,
    pagination: Pagination,
}

/// The types, by name, each with the workspace's integration of it. Secrets are never shown.
#[utoipa::path(get, path = "/integrations", operation_id = "list_integrations", tag = "integrations",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = IntegrationPage),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn list(
    State(Integrations { store, .. }): State<Integrations>,
    input: Input<WorkspaceId, Nothing, Listing<Nothing, IntegrationType>>,
) -> Result<Json<IntegrationPage>, Problem> {
    let page = integrations::list(&store, &input.caller, input.workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: integrations, .. } = page;
    Ok(Json(IntegrationPage { integrations, pagination }))
}

/// One integration.
#[utoipa::path(get, path = "/integrations/{type}", operation_id = "read_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = IntegrationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn read(
    State(Integrations { store, .. }): State<Integrations>,
    input: Input<WorkspaceId, IntegrationPath>,
) -> Result<Json<IntegrationView>, Problem> {
    Ok(Json(integrations::read(&store, &input.caller, input.workspace, input.path.kind).await?))
}

/// Set an integration up, or change it. Its secret is kept in Secrets Manager and never shown again.
#[utoipa::path(put, path = "/integrations/{type}", operation_id = "set_up_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = IntegrationChanges,
    responses(
        (status = OK, body = IntegrationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn set_up(
    State(Integrations { store, secrets, .. }): State<Integrations>,
    input: Input<WorkspaceId, IntegrationPath, Nothing, Changes>,
) -> Result<Json<IntegrationView>, Problem> {
    let Changes(wanted) = input.body;
    Ok(Json(integrations::set_up(&store, &secrets, &input.caller, input.workspace, wanted).await?))
}

/// Take an integration off work and delete its secret. What it was told stays, for the next time.
#[utoipa::path(delete, path = "/integrations/{type}", operation_id = "remove_integration", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = NO_CONTENT),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn remove(
    State(Integrations { store, secrets, .. }): State<Integrations>,
    input: Input<WorkspaceId, IntegrationPath>,
) -> Result<StatusCode, Problem> {
    integrations::remove(&store, &secrets, &input.caller, input.workspace, input.path.kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put an integration back to work that Berth has disabled, because its receiver was gone or failed for days.
#[utoipa::path(post, path = "/integrations/{type}/enable", operation_id = "enable_integration", tag = "integrations",
    params(
        ("type" = IntegrationType, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = OK, body = IntegrationView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn enable(
    State(Integrations { store, .. }): State<Integrations>,
    input: Input<WorkspaceId, IntegrationPath>,
) -> Result<Json<Reply<IntegrationView>>, Problem> {
    let which = (input.workspace, input.path.kind);
    Ok(Json(integrations::enable(&store, &input.caller, which, input.command.as_ref()).await?))
}

/// Deliver a test message to the receiver, now. That it does not arrive is told in the answer.
#[utoipa::path(post, path = "/integrations/{type}/test", operation_id = "test_integration", tag = "integrations",
    params(
        ("type" = IntegrationType, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = OK, body = TestView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn test(
    State(Integrations { store, secrets, courier }): State<Integrations>,
    input: Input<WorkspaceId, IntegrationPath>,
) -> Result<Json<Reply<TestView>>, Problem> {
    let (with, which) = ((&store, &secrets, &courier), (input.workspace, input.path.kind));
    Ok(Json(integrations::test(with, &input.caller, which, input.command.as_ref()).await?))
}
