//! The routes of the function `billing`.

use crate::requests::{CheckoutBody, DaysQuery, PlanBody, PlanQuery, PortalBody, UsageQuery};
use api::{Input, Listing, Nothing, Pagination, Problem, ProblemBody, Query, ReleaseBody, UsageBody, operations};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{
    billing::invoice::InvoiceId,
    command::Reply,
    ids::WorkspaceId,
    page::Page,
    plans::plan::{Interval, Plan},
};
use http::StatusCode;
use serde::Serialize;
use shared::billing::{
    self, Charging, CheckoutView, ConfigView, CountedView, DaysView, InvoiceView, PlanChangeView, PlanPreviewView,
    PlanView, SubscriptionView, UsageView,
};
use utoipa::ToSchema;

operations!(
    Charging: plans, subscription, cancel, resume, change_plan, preview, checkout, sync, config, invoices, portal, usage,
    usage_by_day, consume, release,
);

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
    let wanted = input.body.leading_to(&charging.dashboard).map_err(Problem::fields)?;
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

/// Have another plan. More than before comes at once and is paid at once; less comes when the period ends; free is to cancel. The
/// plan in force takes back what was to follow.
#[utoipa::path(put, path = "/billing/plan", operation_id = "change_plan", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = PlanBody,
    responses(
        (status = OK, body = PlanChangeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_plan(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Nothing, PlanBody>,
) -> Result<Json<PlanChangeView>, Problem> {
    let wanted = input.body.leading_to(&charging.dashboard).map_err(Problem::fields)?;
    Ok(Json(billing::change_plan(&charging, &input.caller, input.workspace, wanted).await?))
}

/// What another plan would cost and mean. Nothing is changed.
#[utoipa::path(get, path = "/billing/plan/preview", operation_id = "preview_plan", tag = "billing",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("plan" = Plan, Query),
        ("interval" = Option<Interval>, Query),
    ),
    responses(
        (status = OK, body = PlanPreviewView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn preview(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Query<PlanQuery>>,
) -> Result<Json<PlanPreviewView>, Problem> {
    let Query(PlanQuery { plan, interval }) = input.query;
    let wanted = (plan, interval);
    Ok(Json(billing::preview(&charging, &input.caller, input.workspace, wanted).await?))
}

/// Cancel the subscription for the end of its period.
#[utoipa::path(delete, path = "/billing/subscription", operation_id = "cancel_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = ACCEPTED, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn cancel(State(charging): State<Charging>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    let cancelled = billing::cancel(&charging, &input.caller, input.workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(cancelled)))
}

/// Take back a cancellation, or a plan that was to follow.
#[utoipa::path(post, path = "/billing/subscription/resume", operation_id = "resume_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn resume(
    State(charging): State<Charging>,
    input: Input<WorkspaceId>,
) -> Result<Json<Reply<SubscriptionView>>, Problem> {
    Ok(Json(billing::resume(&charging, &input.caller, input.workspace, input.command.as_ref()).await?))
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
    let (store, request, consumption) = (&charging.store, input.command.as_ref(), input.body.to_consumption());
    Ok(Json(billing::count(store, &input.caller, input.workspace, &consumption, request).await?))
}

/// Releases what was consumed.
///
/// A release of a monthly meter names the consumption that it returns, which must be at most 15 minutes old, and goes back to the
/// month that it was taken from. A consumption is returned once. The same key counts once.
#[utoipa::path(post, path = "/usage/release", operation_id = "release_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ReleaseBody,
    responses(
        (status = OK, body = CountedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn release(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Nothing, ReleaseBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let release = input.body.to_release().map_err(Problem::fields)?;
    let (store, request) = (&charging.store, input.command.as_ref());
    Ok(Json(billing::count(store, &input.caller, input.workspace, &release, request).await?))
}

/// How the workspace is billed: its plan, what is used of it, when is paid next, and with which card.
#[utoipa::path(get, path = "/billing/config", operation_id = "read_billing_config", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = ConfigView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn config(State(charging): State<Charging>, input: Input<WorkspaceId>) -> Result<Json<ConfigView>, Problem> {
    Ok(Json(billing::config(&charging, &input.caller, input.workspace).await?))
}

/// A page of invoices.
#[derive(Debug, Serialize, ToSchema)]
struct Invoices {
    invoices: Vec<InvoiceView>,
    pagination: Pagination,
}

/// The workspace's invoices as Stripe has them, newest first.
#[utoipa::path(get, path = "/billing/invoices", operation_id = "list_invoices", tag = "billing",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query),
    ),
    responses(
        (status = OK, body = Invoices),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn invoices(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Listing<Nothing, InvoiceId>>,
) -> Result<Json<Invoices>, Problem> {
    let page = billing::invoices(&charging, &input.caller, input.workspace, &input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invoices, .. } = page;
    Ok(Json(Invoices { invoices, pagination }))
}

/// Stripe's own page on which the workspace's card is changed and its invoices are seen.
#[utoipa::path(post, path = "/billing/portal", operation_id = "open_portal", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = PortalBody,
    responses(
        (status = OK, body = CheckoutView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn portal(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, Nothing, PortalBody>,
) -> Result<Json<Reply<CheckoutView>>, Problem> {
    let back = input.body.leading_to(&charging.dashboard).map_err(Problem::fields)?;
    let command = input.command.as_ref();
    Ok(Json(billing::portal(&charging, &input.caller, input.workspace, back.as_ref(), command).await?))
}

/// What is used of every meter, in the present month or in the one that a day lies in.
#[utoipa::path(get, path = "/billing/usage", operation_id = "read_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("period" = Option<String>, Query, format = Date)),
    responses(
        (status = OK, body = UsageView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn usage(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, UsageQuery>,
) -> Result<Json<UsageView>, Problem> {
    let day = input.query.period;
    Ok(Json(billing::usage(&charging.store, &input.caller, input.workspace, day).await?))
}

/// The usage of the meters that count by month, by day in UTC.
///
/// Without `month`, the days of the present month of counting; with it, those of the month of counting that the last day of that calendar
/// month lies in.
#[utoipa::path(get, path = "/billing/usage/days", operation_id = "read_usage_by_day", tag = "usage",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("month" = Option<String>, Query, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-11"),
    ),
    responses(
        (status = OK, body = DaysView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn usage_by_day(
    State(charging): State<Charging>,
    input: Input<WorkspaceId, Nothing, DaysQuery>,
) -> Result<Json<DaysView>, Problem> {
    let month = input.query.month;
    Ok(Json(billing::usage_by_day(&charging.store, &input.caller, input.workspace, month).await?))
}
