//! The routes of an integration's deliveries.

use crate::{
    IntegrationDeps,
    requests::{DeliveryPath, IntegrationPath},
};
use api::{Listing, Nothing, PageParams, Pagination, Problem, WorkspaceInput, WorkspacePathQuery, operations};
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
    /// Deliveries of this page, newest first.
    deliveries: Vec<DeliveryView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the deliveries
///
/// Returns the deliveries to the integration, newest first, each with the result of its last attempt. The delivered content
/// is not shown.
#[utoipa::path(get, path = "/integrations/{type}/deliveries", operation_id = "list_deliveries", tag = "integrations",
    params(("type" = IntegrationType, Path), ("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses((status = OK, body = DeliveryPage)))]
async fn list(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: WorkspacePathQuery<IntegrationPath, Listing<Nothing, DeliveryId>>,
) -> Result<Json<DeliveryPage>, Problem> {
    let WorkspacePathQuery { caller, workspace, path, query, .. } = input;
    let page = integrations::list_deliveries(&store, &caller, workspace, path.kind, query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: deliveries, .. } = page;
    Ok(Json(DeliveryPage { deliveries, pagination }))
}

/// Retry a delivery
///
/// Attempts a delivery again, even if it arrived before. The receiver that the integration has now gets the same event id.
///
/// Refused with 404 `delivery_not_found` if this integration has no such delivery. Refused with 409: `integration_disabled`
/// if the integration is not enabled, `event_not_selected` if it does not receive this event any more, and
/// `delivery_under_way` while an attempt is in progress.
#[utoipa::path(post, path = "/integrations/{type}/deliveries/{id}/retry", operation_id = "retry_delivery",
    tag = "integrations",
    params(
        ("type" = IntegrationType, Path),
        ("id" = DeliveryId, Path),
        ("X-Workspace-ID" = WorkspaceId, Header),
    ),
    responses(
        (status = ACCEPTED, body = DeliveryView, example = json!({
            "id": "dlv_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", "event_id": "evt_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", "event": "runtime.failed",
            "created_at": "2026-11-20T12:00:00Z", "state": "pending", "attempts": 5, "status": 503, "class": "status",
            "latency_ms": 87, "last_attempt_at": "2026-11-20T14:00:00Z", "next_attempt_at": "2026-11-21T12:00:00Z",
        })),
    ))]
async fn retry(
    State(IntegrationDeps { store, .. }): State<IntegrationDeps>,
    input: WorkspaceInput<DeliveryPath>,
) -> Result<(StatusCode, Json<Reply<DeliveryView>>), Problem> {
    let DeliveryPath { kind, id } = input.path;
    let which = (input.workspace, kind, id);
    let retried = integrations::request_redelivery(&store, &input.caller, which, input.command.as_ref()).await?;
    Ok((StatusCode::ACCEPTED, Json(retried)))
}
