//! The routes of an integration's deliveries.

use crate::{
    IntegrationDeps,
    requests::{DeliveryPath, IntegrationPath},
};
use api::{Input, Listing, Nothing, Pagination, Problem, ProblemBody, operations};
use axum::{Json, extract::State};
use domain::{
    command::Reply,
    ids::{DeliveryId, WorkspaceId},
    integrations::IntegrationType,
    page::Page,
};
use http::StatusCode;
use serde::Serialize;
use shared::integrations::{self, DeliveryView};
use utoipa::ToSchema;

operations!(IntegrationDeps: list, retry);

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryPage {
    deliveries: Vec<DeliveryView>,
    pagination: Pagination,
}

/// List deliveries
///
/// Returns the deliveries to an integration, newest first, with the result of each attempt but without the delivered content.
/// It takes the role `admin`.
#[utoipa::path(get, path = "/integrations/{type}/deliveries", operation_id = "list_deliveries", tag = "integrations",
    params(
        ("type" = IntegrationType, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = DeliveryPage),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn list(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: Input<WorkspaceId, IntegrationPath, Listing<Nothing, DeliveryId>>,
) -> Result<Json<DeliveryPage>, Problem> {
    let which = (input.workspace, input.path.kind);
    let page = integrations::list_deliveries(&store, &input.caller, which, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: deliveries, .. } = page;
    Ok(Json(DeliveryPage { deliveries, pagination }))
}

/// Retry a delivery
///
/// Attempts a delivery again, even if it arrived before. The receiver gets the same event id. It takes the role `admin`. It is
/// refused if the integration is disabled, if an attempt is under way, or while the workspace is suspended. The number of
/// retries per workspace and minute is limited.
#[utoipa::path(post, path = "/integrations/{type}/deliveries/{id}/retry", operation_id = "retry_delivery",
    tag = "integrations",
    params(
        ("type" = IntegrationType, Path),
        ("id" = DeliveryId, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = ACCEPTED, body = DeliveryView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn retry(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: Input<WorkspaceId, DeliveryPath>,
) -> Result<(StatusCode, Json<Reply<DeliveryView>>), Problem> {
    let DeliveryPath { kind, id } = input.path;
    let which = (input.workspace, kind, id);
    let retried = integrations::retry_delivery(&store, &input.caller, which, input.command.as_ref()).await?;
    Ok((StatusCode::ACCEPTED, Json(retried)))
}
