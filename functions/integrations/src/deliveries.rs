//! The routes of what was delivered to an integration.

use crate::{
    Integrations,
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

operations!(Integrations: list, retry);

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryPage {
    deliveries: Vec<DeliveryView>,
    pagination: Pagination,
}

/// What was delivered to an integration, newest first: how each attempt went, without what was sent.
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
    State(Integrations { store, .. }): State<Integrations>,
    input: Input<WorkspaceId, IntegrationPath, Listing<Nothing, DeliveryId>>,
) -> Result<Json<DeliveryPage>, Problem> {
    let which = (input.workspace, input.path.kind);
    let page = integrations::deliveries(&store, &input.caller, which, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: deliveries, .. } = page;
    Ok(Json(DeliveryPage { deliveries, pagination }))
}

/// Try a delivery again, whether it arrived or not. The receiver sees the same event id.
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
    State(Integrations { store, .. }): State<Integrations>,
    input: Input<WorkspaceId, DeliveryPath>,
) -> Result<(StatusCode, Json<Reply<DeliveryView>>), Problem> {
    let DeliveryPath { kind, id } = input.path;
    let which = (input.workspace, kind, id);
    let retried = integrations::retry(&store, &input.caller, which, input.command.as_ref()).await?;
    Ok((StatusCode::ACCEPTED, Json(retried)))
}
