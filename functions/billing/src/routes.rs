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
    self, BillingDeps, CheckoutView, ConfigView, CountedView, DaysView, InvoiceView, PlanChangeView, PlanPreviewView,
    PlanView, SubscriptionView, UsageView,
};
use utoipa::ToSchema;

operations!(
    BillingDeps: plans, subscription, cancel, resume, change_plan, preview, checkout, sync, config, invoices, portal, usage,
    usage_by_day, consume, release,
);

/// A page of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct Plans {
    plans: Vec<PlanView>,
    pagination: Pagination,
}

/// List plans
///
/// Returns the plans of the catalogue, smallest first, with their prices and limits. Any signed-in user may call it.
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
    let page = billing::list_plans(input.query.page);
    let pagination = input.query.pagination(&page);
    let Page { items: plans, .. } = page;
    Ok(Json(Plans { plans, pagination }))
}

/// Read the subscription
///
/// Returns the plan that the workspace pays for and its state. A workspace without a subscription is active on the plan `free`.
/// Every member may call it.
#[utoipa::path(get, path = "/billing/subscription", operation_id = "read_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn subscription(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId>,
) -> Result<Json<SubscriptionView>, Problem> {
    Ok(Json(billing::read_subscription(&deps.store, &input.caller, input.workspace).await?))
}

/// Buy a plan
///
/// Returns the URL of Stripe's page on which the plan is paid. While that page is open, a request for the same plan returns the
/// same page, and a request for another plan closes it. Only owners may call it. It is refused if the workspace has a
/// subscription or a contract already, or if the plan is not for sale.
#[utoipa::path(post, path = "/billing/checkout", operation_id = "check_out", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CheckoutBody,
    responses(
        (status = OK, body = CheckoutView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn checkout(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, CheckoutBody>,
) -> Result<Json<Reply<CheckoutView>>, Problem> {
    let wanted = input.body.leading_to(&deps.dashboard).map_err(Problem::fields)?;
    let command = input.command.as_ref();
    Ok(Json(billing::open_checkout(&deps, &input.caller, input.workspace, wanted, command).await?))
}

/// Synchronize the billing with Stripe
///
/// Fetches the subscription from Stripe, stores it, and returns the result. Call it after a checkout, so that the page need not
/// wait for Stripe's event. It takes the role `member`. The number of calls per workspace and minute is limited.
#[utoipa::path(post, path = "/billing/sync", operation_id = "sync_billing", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn sync(State(deps): State<BillingDeps>, input: Input<WorkspaceId>) -> Result<Json<SubscriptionView>, Problem> {
    Ok(Json(billing::sync_billing(&deps, &input.caller, input.workspace).await?))
}

/// Change the plan
///
/// Upgrades apply and are charged immediately. Downgrades apply at the end of the period. `free` cancels the subscription at
/// the end of its period. Naming the current plan withdraws a scheduled change. For a workspace without a subscription, the
/// answer has the URL of Stripe's page on which the plan is paid. Only owners may call it. It is refused while a payment is
/// open or the workspace has a contract.
#[utoipa::path(put, path = "/billing/plan", operation_id = "change_plan", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = PlanBody,
    responses(
        (status = OK, body = PlanChangeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn change_plan(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, PlanBody>,
) -> Result<Json<PlanChangeView>, Problem> {
    let wanted = input.body.leading_to(&deps.dashboard).map_err(Problem::fields)?;
    Ok(Json(billing::change_plan(&deps, &input.caller, input.workspace, wanted).await?))
}

/// Preview a change of plan
///
/// Returns the costs of the change and the limits that the workspace would exceed, without changing anything. It takes the role
/// `admin` and is refused for the same reasons as the change itself.
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
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Query<PlanQuery>>,
) -> Result<Json<PlanPreviewView>, Problem> {
    let Query(PlanQuery { plan, interval }) = input.query;
    let wanted = (plan, interval);
    Ok(Json(billing::preview_plan(&deps, &input.caller, input.workspace, wanted).await?))
}

/// Cancel the subscription
///
/// The subscription ends with its current period. Until then it can be resumed. Only owners may call it. It is refused if the
/// workspace has no subscription or has a contract.
#[utoipa::path(delete, path = "/billing/subscription", operation_id = "cancel_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = ACCEPTED, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn cancel(State(deps): State<BillingDeps>, input: Input<WorkspaceId>) -> Result<impl IntoResponse, Problem> {
    let cancelled = billing::cancel_subscription(&deps, &input.caller, input.workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(cancelled)))
}

/// Resume the subscription
///
/// Withdraws a cancellation or a scheduled downgrade. Only owners may call it.
#[utoipa::path(post, path = "/billing/subscription/resume", operation_id = "resume_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn resume(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId>,
) -> Result<Json<Reply<SubscriptionView>>, Problem> {
    Ok(Json(billing::resume_subscription(&deps, &input.caller, input.workspace, input.command.as_ref()).await?))
}

/// Consume usage
///
/// Counts the whole amount against the limit of a meter. If it exceeds the limit, nothing is counted and the request is refused
/// with 402. Requests with the same key count once. It takes the role `admin` and is refused while the workspace is suspended.
#[utoipa::path(post, path = "/usage/consume", operation_id = "consume_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = UsageBody,
    responses(
        (status = OK, body = CountedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn consume(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, UsageBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let (store, request, consumption) = (&deps.store, input.command.as_ref(), input.body.to_consumption());
    Ok(Json(billing::count_usage(store, &input.caller, input.workspace, &consumption, request).await?))
}

/// Release usage
///
/// Returns consumed usage. A release of a monthly meter names the consumption that it returns, which must be at most 15 minutes
/// old, and goes back to the month that it was taken from. A consumption is returned once. Requests with the same key count
/// once. It takes the role `admin`.
#[utoipa::path(post, path = "/usage/release", operation_id = "release_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ReleaseBody,
    responses(
        (status = OK, body = CountedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn release(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, ReleaseBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let release = input.body.to_release().map_err(Problem::fields)?;
    let (store, request) = (&deps.store, input.command.as_ref());
    Ok(Json(billing::count_usage(store, &input.caller, input.workspace, &release, request).await?))
}

/// Read the billing overview
///
/// Returns the plan, its limits and their usage, the next payment and the card. Every member may call it. The card is fetched
/// from Stripe, and the number of such reads per workspace and minute is limited.
#[utoipa::path(get, path = "/billing/config", operation_id = "read_billing_config", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = ConfigView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn config(State(deps): State<BillingDeps>, input: Input<WorkspaceId>) -> Result<Json<ConfigView>, Problem> {
    Ok(Json(billing::read_config(&deps, &input.caller, input.workspace).await?))
}

/// A page of invoices.
#[derive(Debug, Serialize, ToSchema)]
struct Invoices {
    invoices: Vec<InvoiceView>,
    pagination: Pagination,
}

/// List invoices
///
/// Returns the workspace's invoices from Stripe, newest first. It takes the role `admin`. The number of reads from Stripe per
/// workspace and minute is limited.
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
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Listing<Nothing, InvoiceId>>,
) -> Result<Json<Invoices>, Problem> {
    let page = billing::list_invoices(&deps, &input.caller, input.workspace, &input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invoices, .. } = page;
    Ok(Json(Invoices { invoices, pagination }))
}

/// Open the billing portal
///
/// Returns the URL of Stripe's page on which the card is changed and invoices are shown. Only owners may call it. It is refused
/// if the workspace has never bought a plan.
#[utoipa::path(post, path = "/billing/portal", operation_id = "open_portal", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("Idempotency-Key" = Option<String>, Header)),
    request_body = PortalBody,
    responses(
        (status = OK, body = CheckoutView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn portal(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, Nothing, PortalBody>,
) -> Result<Json<Reply<CheckoutView>>, Problem> {
    let back = input.body.leading_to(&deps.dashboard).map_err(Problem::fields)?;
    let command = input.command.as_ref();
    Ok(Json(billing::open_portal(&deps, &input.caller, input.workspace, back.as_ref(), command).await?))
}

/// Read the usage
///
/// Returns the usage of every meter in the current month, or in the month of counting that the day `period` is in. Every member
/// may call it.
#[utoipa::path(get, path = "/billing/usage", operation_id = "read_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header), ("period" = Option<String>, Query, format = Date)),
    responses(
        (status = OK, body = UsageView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn usage(
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, UsageQuery>,
) -> Result<Json<UsageView>, Problem> {
    let day = input.query.period;
    Ok(Json(billing::read_usage(&deps.store, &input.caller, input.workspace, day).await?))
}

/// Read the usage by day
///
/// Returns the daily usage (in UTC) of the meters that count by month. Without `month`, it covers the current month of
/// counting. With `month`, it covers the month of counting that contains the last day of that calendar month. Every member may
/// call it.
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
    State(deps): State<BillingDeps>,
    input: Input<WorkspaceId, Nothing, DaysQuery>,
) -> Result<Json<DaysView>, Problem> {
    let month = input.query.month;
    Ok(Json(billing::read_usage_by_day(&deps.store, &input.caller, input.workspace, month).await?))
}
