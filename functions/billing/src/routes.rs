//! The routes of the function `billing`.

use crate::requests::{CheckoutBody, UsageBody};
use axum::{Json, extract::State};
use serde::Serialize;
use shared::{
    billing::{self, Charging, CheckoutView, CountedView, PlanView, SubscriptionView},
    domain::{command::Reply, ids::WorkspaceId, page::Page, plan::Plan, usage::Direction},
    http::{Input, Listing, Nothing, Pagination, Problem, ProblemBody},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<Charging> {
    OpenApiRouter::new()
        .routes(routes!(plans))
        .routes(routes!(subscription))
        .routes(routes!(checkout))
        .routes(routes!(sync))
        .routes(routes!(consume))
        .routes(routes!(release))
}

/// A page of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct Plans {
    plans: Vec<PlanView>,
    pagination: Pagination,
}

/// The catalogue, smallest plan first.
#[utoipa::path(get, path = "/billing/plans", operation_id = "list_plans", tag = "billing",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = Plans),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn plans(input: Input<Nothing, Nothing, Listing<Nothing, Plan>>) -> Result<Json<Plans>, Problem> {
    let page = billing::plans(input.query.page);
    let pagination = input.query.pagination(&page);
    let Page { items: plans, .. } = page;
    Ok(Json(Plans { plans, pagination }))
}

/// What the workspace pays for. One that pays for nothing is on free, and active.
#[utoipa::path(get, path = "/billing/subscription", operation_id = "read_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn subscription(
    State(charging): State<Charging>,
    input: Input<WorkspaceId>,
) -> Result<Json<SubscriptionView>, Problem> {
    Ok(Json(billing::subscription(&charging.store, &input.caller, input.workspace).await?))
}

/// Buy a plan: the answer has the page on which it is paid. While that page is open, the same plan has the same page;
/// another plan closes it.
#[utoipa::path(post, path = "/billing/checkout", operation_id = "check_out", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CheckoutBody,
    responses(
        (status = OK, body = CheckoutView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn checkout(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Nothing, CheckoutBody>,
) -> Result<Json<Reply<CheckoutView>>, Problem> {
    let wanted = input.body.leading_to(&charging.dashboard).map_err(Problem::body)?;
    let command = input.command.as_ref();
    Ok(Json(billing::checkout(&charging, &input.caller, input.workspace, wanted, command).await?))
}

/// Bring the workspace to what Stripe says now: the page after a checkout asks for it, so that nobody waits for an event.
#[utoipa::path(post, path = "/billing/sync", operation_id = "sync_billing", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn sync(State(charging): State<Charging>, input: Input<WorkspaceId>) -> Result<Json<SubscriptionView>, Problem> {
    Ok(Json(billing::sync(&charging, &input.caller, input.workspace).await?))
}

/// Take from a limit, all of it or nothing. The same key counts once.
#[utoipa::path(post, path = "/usage/consume", operation_id = "consume_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = UsageBody,
    responses(
        (status = OK, body = CountedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn consume(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Nothing, UsageBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let (movement, key) = input.body.to(Direction::Consume);
    let (store, command) = (&charging.store, input.command.as_ref());
    Ok(Json(billing::count(store, &input.caller, input.workspace, (movement, &key), command).await?))
}

/// Give back what was taken from a limit. The same key counts once.
#[utoipa::path(post, path = "/usage/release", operation_id = "release_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = UsageBody,
    responses(
        (status = OK, body = CountedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn release(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Nothing, UsageBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let (movement, key) = input.body.to(Direction::Release);
    let (store, command) = (&charging.store, input.command.as_ref());
    Ok(Json(billing::count(store, &input.caller, input.workspace, (movement, &key), command).await?))
}
