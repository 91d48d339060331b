//! The route of the activity.

use crate::{Team, requests};
use axum::{Json, extract::State};
use serde::Serialize;
use shared::{
    domain::{
        ids::{AuditId, WorkspaceId},
        page::Page,
    },
    http::{Input, Listing, Nothing, Pagination, Problem, ProblemBody},
    team::{self, ActivityView},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Team> {
    OpenApiRouter::new().routes(routes!(activity))
}

/// A page of audit records.
#[derive(Debug, Serialize, ToSchema)]
struct Activity {
    activity: Vec<ActivityView>,
    pagination: Pagination,
}

/// What was changed in the workspace, newest first.
#[utoipa::path(get, path = "/team/activity", operation_id = "list_activity", tag = "team",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        requests::Activity,
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = Activity),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn activity(
    State(Team { store, .. }): State<Team>,
    input: Input<WorkspaceId, Nothing, Listing<requests::Activity, AuditId>>,
) -> Result<Json<Activity>, Problem> {
    let Input { caller, workspace, query, .. } = input;
    let page = team::activity(&store, &caller, workspace, (&query.filter).into(), query.page).await?;
    let pagination = query.pagination(&page);
    let Page { items: activity, .. } = page;
    Ok(Json(Activity { activity, pagination }))
}
