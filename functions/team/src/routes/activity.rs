//! The route of the activity.

use crate::{TeamDeps, requests};
use api::{Listing, PageParams, Pagination, Problem, WorkspaceQuery, csv, operations};
use axum::{
    Json,
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use domain::{
    ids::{AuditId, WorkspaceId},
    page::Page,
};
use http::HeaderMap;
use serde::Serialize;
use shared::audit::{self, ActivityView};
use utoipa::ToSchema;

operations!(TeamDeps: activity);

/// A page of audit records.
#[derive(Debug, Serialize, ToSchema)]
struct ActivityPage {
    /// Audit records of this page, newest first.
    activity: Vec<ActivityView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the activity
///
/// Returns the audit records of the workspace, newest first, as far back as the plan's `retention_days` reach. With
/// `Accept: text/csv` the answer is a table, and its header `Link` names the next page.
#[utoipa::path(get, path = "/team/activity", operation_id = "list_activity", tag = "team",
    params(("X-Workspace-ID" = WorkspaceId, Header), requests::Activity, PageParams),
    responses(
        (status = OK, headers(("Link" = String)), content(
            (ActivityPage = "application/json"),
            (String = "text/csv", example = json!(
                "\"id\",\"at\",\"actor\",\"action\",\"target\",\"before\",\"after\",\"request_id\",\"ip_address\",\"actor_name\"\r\n\
                 \"aud_01KB7D3Q8WZ5N2R4T6V8X0Y1A3\",\"2026-11-21T12:00:00Z\",\"usr_01K9ZX3V8Q4M7N2P5R6S8T9W0X\",\
                 \"runtime.started\",\"ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y\",\"{\"\"status\"\":\"\"stopped\"\"}\",\
                 \"{\"\"status\"\":\"\"starting\"\"}\",\"JKJaXmPLvHcESHA=\",\"192.0.2.7\",\"Cleo\"\r\n")),
        )),
    ))]
async fn activity(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    input: WorkspaceQuery<Listing<requests::Activity, AuditId>>,
) -> Result<Response, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let filter = domain::audit::record::Filter::from(&query.filter);
    if csv::accepts_csv(&headers) {
        let page = audit::export_activity(&store, &caller, workspace, &filter, query.page).await?;
        let pagination = query.pagination(&page);
        let rows = page.items.into_iter().map(ActivityView::row);
        return Ok(csv::csv_response(ActivityView::COLUMNS, rows, &uri, &pagination));
    }
    let page = audit::list_activity(&store, &caller, workspace, &filter, query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: activity, .. } = page;
    Ok(Json(ActivityPage { activity, pagination }).into_response())
}
