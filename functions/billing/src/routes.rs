//! The routes of the function `billing`.

use crate::requests::{CheckoutBody, DaysQuery, PlanBody, PlanQuery, PortalBody, UsageQuery};
use api::{
    Listing, Nothing, PageParams, Pagination, PersonQuery, Problem, Query, ReleaseBody, UsageBody, WorkspaceBody,
    WorkspaceInput, WorkspaceQuery, operations,
};
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
#[schema(as = PlanPage)]
struct Plans {
    /// Plans of this page, smallest first.
    plans: Vec<PlanView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the plans
///
/// Returns the plans of the catalogue, smallest first, with their prices and limits.
#[utoipa::path(get, path = "/billing/plans", operation_id = "list_plans", tag = "billing",
    params(PageParams),
    responses((status = OK, body = Plans)))]
async fn plans(input: PersonQuery<Listing<Nothing, Plan>>) -> Result<Json<Plans>, Problem> {
    let page = billing::list_plans(input.query.page);
    let pagination = input.query.pagination(&page);
    let Page { items: plans, .. } = page;
    Ok(Json(Plans { plans, pagination }))
}

/// Read the subscription
///
/// Returns the stored state of the workspace's subscription. A workspace without a subscription is on the plan `free` and
/// has the status `active`. `POST /billing/sync` fetches the newest state from Stripe.
#[utoipa::path(get, path = "/billing/subscription", operation_id = "read_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = SubscriptionView)))]
async fn subscription(
    State(deps): State<BillingDeps>,
    input: WorkspaceInput,
) -> Result<Json<SubscriptionView>, Problem> {
    Ok(Json(billing::read_subscription(&deps.store, &input.caller, input.workspace).await?))
}

/// Buy a plan
///
/// Returns the URL of Stripe's page on which the plan is paid. Nothing is charged until the customer pays there. While that
/// page is open, a request for the same plan, interval and return URLs returns the same page. Any other request closes it.
/// The page asks for the name, address and tax id that invoices show.
/// A subscription that gives nothing any more (`unpaid`, `paused` or never paid) is ended and replaced.
///
/// Refused with 402 `workspace_past_due` while a payment is overdue: `payment_url` of `GET /billing/subscription` is the
/// page on which it is paid. Refused with 409: `already_subscribed` if the workspace has a subscription (change its plan
/// instead), `payment_pending` while a payment for a subscription is on its way, `plan_not_sold`
/// for the plan `free`, `contract_required` for the plan `enterprise`, `contract_in_force` if the workspace has a
/// contract, `plan_unknown` if it pays a price that belongs to no plan, `currency_mismatch` if it pays in another currency
/// than that of the plan's price, and `customer_unknown` if Stripe does not know its customer. Refused with 503
/// `payments_not_set_up` if Stripe does not know the price of the plan. The operator corrects the last four.
#[utoipa::path(post, path = "/billing/checkout", operation_id = "check_out", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = CheckoutBody,
    responses((status = OK, body = CheckoutView)))]
async fn checkout(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<CheckoutBody>,
) -> Result<Json<Reply<CheckoutView>>, Problem> {
    let wanted = input.body.leading_to(&deps.dashboard).map_err(Problem::fields)?;
    let command = input.command.as_ref();
    Ok(Json(billing::open_checkout(&deps, &input.caller, input.workspace, wanted, command).await?))
}

/// Synchronize the billing with Stripe
///
/// Fetches the subscription from Stripe, stores it and returns it. Call it when a customer returns from a checkout, because
/// Stripe's own event can arrive a moment later. Nothing is charged.
#[utoipa::path(post, path = "/billing/sync", operation_id = "sync_billing", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = SubscriptionView)))]
async fn sync(State(deps): State<BillingDeps>, input: WorkspaceInput) -> Result<Json<SubscriptionView>, Problem> {
    Ok(Json(billing::sync_billing(&deps, &input.caller, input.workspace).await?))
}

/// Change the plan
///
/// An upgrade, or a change from monthly to yearly payment, applies immediately: Stripe charges the card for the difference.
/// If the payment fails, nothing changes: the answer has the page on which the change can be paid, and `GET
/// /billing/subscription` shows it as `pending_change` until it is paid or expires. The same request returns the same page,
/// and a request for any other plan withdraws the change. If a bank debit pays, the upgrade applies at the end of the
/// period, as `scheduled_upgrade` says.
/// An upgrade keeps the usage counted in the current period; another interval begins a new period, which counts from zero.
///
/// A downgrade applies at the end of the period. The plan `free` cancels the subscription at the end of the period. The
/// current plan withdraws a pending or scheduled change and a cancellation. An upgrade withdraws them once it is paid. A
/// workspace without a subscription is charged nothing; the answer has the URL of Stripe's page on which the plan is paid.
///
/// Answered with 202 and the status `processing` if Stripe does not answer. The change is recorded then, and carried out
/// within minutes; `last_command` of `GET /billing/subscription` has its outcome.
///
/// Refused with 402 `workspace_past_due` while a payment is overdue: `payment_url` of `GET /billing/subscription` is the
/// page on which it is paid. Refused with 409: `plan_unchanged` if the workspace has this plan and no change is scheduled
/// or pending, `payment_pending` while the first payment is on its way, `scheduled_change_soon` for an upgrade less than 24
/// hours before a scheduled change takes effect (withdraw it first, or upgrade afterwards), `contract_required` for the
/// plan `enterprise`, `contract_in_force` if the
/// workspace has a contract, `not_subscribed` if the subscription was never paid or has ended, `change_refused` if Stripe
/// refuses the change, `currency_mismatch` if the workspace pays in another currency than that of the plan's price, and
/// `customer_unknown` if Stripe does not know the customer. Refused with 503 `payments_not_set_up` if Stripe does not know
/// the price of the plan. The operator corrects the last three.
#[utoipa::path(put, path = "/billing/plan", operation_id = "change_plan", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = PlanBody,
    responses(
        (status = OK, body = PlanChangeView),
        (status = ACCEPTED, description = "The change is recorded and carried out within minutes.", body = PlanChangeView,
            example = json!({"status": "processing", "command": {
                "kind": "change_plan", "plan": "business", "interval": "month", "given_at": "2026-11-28T12:00:00Z",
                "status": "pending", "code": null,
            }})),
    ))]
async fn change_plan(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<PlanBody>,
) -> Result<impl IntoResponse, Problem> {
    let wanted = input.body.leading_to(&deps.dashboard).map_err(Problem::fields)?;
    let change = billing::change_plan(&deps, &input.caller, input.workspace, wanted).await?;
    Ok((status_of(change.is_processing()), Json(change)))
}

/// Returns the status of an answer to a command that may be carried out later.
const fn status_of(is_pending: bool) -> StatusCode {
    if is_pending { StatusCode::ACCEPTED } else { StatusCode::OK }
}

/// Preview a change of plan
///
/// Returns the cost of the change and the limits that the current usage exceeds. Nothing is changed or charged.
///
/// Refused for the same reasons as the change: with 402 `workspace_past_due` while a payment is overdue, with 409
/// `plan_unchanged`, `payment_pending`, `scheduled_change_soon`, `contract_required`, `contract_in_force`,
/// `not_subscribed`, `change_refused`, `currency_mismatch` or `customer_unknown`, and with 503 `payments_not_set_up`.
#[utoipa::path(get, path = "/billing/plan/preview", operation_id = "preview_plan", tag = "billing",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("plan" = Plan, Query, description = "Plan to preview."),
        ("interval" = Option<Interval>, Query, description = "Billing interval; the current one by default."),
    ),
    responses((status = OK, body = PlanPreviewView)))]
async fn preview(
    State(deps): State<BillingDeps>,
    input: WorkspaceQuery<Query<PlanQuery>>,
) -> Result<Json<PlanPreviewView>, Problem> {
    let Query(PlanQuery { plan, interval }) = input.query;
    Ok(Json(billing::preview_plan(&deps, &input.caller, input.workspace, plan, interval).await?))
}

/// Cancel the subscription
///
/// Schedules the end of the subscription for the end of its current period. Until then the plan stays in force, and `POST
/// /billing/subscription/resume` withdraws the cancellation. A change of plan that is not paid is withdrawn. A cancelled
/// subscription is left unchanged. One that is `unpaid` or `paused` ends immediately, since the rest of its period gives
/// nothing. If Stripe does not answer, the cancellation is recorded and carried out within minutes; `last_command` has its
/// outcome.
///
/// Refused with 409: `not_subscribed` if the workspace has no subscription, `payment_pending` while its first payment is on
/// its way and may still fail, and `change_refused` if Stripe refuses the change.
#[utoipa::path(delete, path = "/billing/subscription", operation_id = "cancel_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = ACCEPTED, body = SubscriptionView)))]
async fn cancel(State(deps): State<BillingDeps>, input: WorkspaceInput) -> Result<impl IntoResponse, Problem> {
    let cancelled = billing::cancel_subscription(&deps, &input.caller, input.workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(cancelled)))
}

/// Resume the subscription
///
/// Withdraws a cancellation, and a change of plan that is scheduled or not paid. Nothing is charged before the next period.
///
/// Answered with 202 if Stripe does not answer. The command is recorded then, and carried out within minutes;
/// `last_command` has its outcome.
///
/// Refused with 409: `plan_unchanged` if nothing is scheduled or pending, `not_subscribed` if the workspace has no
/// subscription, `contract_in_force` if it has a contract, and `change_refused` if Stripe refuses the change.
#[utoipa::path(post, path = "/billing/subscription/resume", operation_id = "resume_subscription", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses(
        (status = OK, body = SubscriptionView),
        (status = ACCEPTED, description = "The command is recorded and carried out within minutes.",
            body = SubscriptionView),
    ))]
async fn resume(State(deps): State<BillingDeps>, input: WorkspaceInput) -> Result<impl IntoResponse, Problem> {
    let command = input.command.as_ref();
    let reply = billing::resume_subscription(&deps, &input.caller, input.workspace, command).await?;
    let is_pending = matches!(&reply, Reply::First(view) if view.is_pending());
    Ok((status_of(is_pending), Json(reply)))
}

/// Consume usage
///
/// Counts the amount against the plan's limit of a meter, as a whole or not at all. A repeated `key` has no further effect.
///
/// Refused with 402: `workspace_run_limit` if the limit of executions would be exceeded, `workspace_meter_limit` for any
/// other meter, and `workspace_past_due` after the grace period of an unpaid invoice. Refused with 422 `usage_key_reused`
/// if the key was used for another meter or amount.
#[utoipa::path(post, path = "/usage/consume", operation_id = "consume_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = UsageBody,
    responses((status = OK, body = CountedView)))]
async fn consume(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<UsageBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let (store, request, consumption) = (&deps.store, input.command.as_ref(), input.body.to_consumption());
    Ok(Json(billing::count_usage(store, &input.caller, input.workspace, &consumption, request).await?))
}

/// Release usage
///
/// Returns consumed usage. A release of a monthly meter (executions, traces, AI credits) names the consumption that it
/// returns, and counts in the month of that consumption. A repeated `key` has no further effect.
///
/// Refused with 404 `consumption_not_found` if no consumption has the named key. Refused with 409: `usage_below_zero` if
/// less is used, `release_exceeds_consumption` if less was consumed under that key, `consumption_returned` if the
/// consumption was returned before, and `release_too_late` if it is more than 15 minutes old. Refused with 422
/// `usage_key_reused` if the key was used for another request.
#[utoipa::path(post, path = "/usage/release", operation_id = "release_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = ReleaseBody,
    responses(
        (status = OK, body = CountedView, example = json!({
            "meter": "storage_mb", "amount": 5, "used": 120, "limit": 102_400, "resets_at": null,
        })),
    ))]
async fn release(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<ReleaseBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let release = input.body.to_release().map_err(Problem::fields)?;
    let (store, request) = (&deps.store, input.command.as_ref());
    Ok(Json(billing::count_usage(store, &input.caller, input.workspace, &release, request).await?))
}

/// Read the billing overview
///
/// Returns the plan in force, its limits and their usage, the next payment, refunds, the card, the credit balance and the
/// newest invoices. They are as of the last comparison with Stripe, which every change there triggers.
#[utoipa::path(get, path = "/billing/config", operation_id = "read_billing_config", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = ConfigView)))]
async fn config(State(deps): State<BillingDeps>, input: WorkspaceInput) -> Result<Json<ConfigView>, Problem> {
    Ok(Json(billing::read_config(&deps, &input.caller, input.workspace).await?))
}

/// A page of invoices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoicePage)]
struct Invoices {
    /// Invoices of this page, newest first.
    invoices: Vec<InvoiceView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the invoices
///
/// Returns the workspace's invoices from Stripe, newest first. The list is empty if the workspace has never bought a plan.
#[utoipa::path(get, path = "/billing/invoices", operation_id = "list_invoices", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses((status = OK, body = Invoices)))]
async fn invoices(
    State(deps): State<BillingDeps>,
    input: WorkspaceQuery<Listing<Nothing, InvoiceId>>,
) -> Result<Json<Invoices>, Problem> {
    let page = billing::list_invoices(&deps, &input.caller, input.workspace, &input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: invoices, .. } = page;
    Ok(Json(Invoices { invoices, pagination }))
}

/// Open the billing portal
///
/// Returns the URL of Stripe's page on which the customer changes the card and sees invoices. The URL is valid for a short
/// time; request a new one for each visit. The body can be omitted.
///
/// Refused with 409 `no_customer` if the workspace has never bought a plan.
#[utoipa::path(post, path = "/billing/portal", operation_id = "open_portal", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = PortalBody,
    responses((status = OK, body = CheckoutView)))]
async fn portal(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<PortalBody>,
) -> Result<Json<Reply<CheckoutView>>, Problem> {
    let back = input.body.leading_to(&deps.dashboard).map_err(Problem::fields)?;
    let command = input.command.as_ref();
    Ok(Json(billing::open_portal(&deps, &input.caller, input.workspace, back.as_ref(), command).await?))
}

/// Read the usage
///
/// Returns the usage of every meter in the current metering month, or in the one that contains the day `period`.
#[utoipa::path(get, path = "/billing/usage", operation_id = "read_usage", tag = "usage",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("period" = Option<String>, Query, format = Date, description = "Day in the metering month, in UTC (ISO 8601)."),
    ),
    responses((status = OK, body = UsageView)))]
async fn usage(State(deps): State<BillingDeps>, input: WorkspaceQuery<UsageQuery>) -> Result<Json<UsageView>, Problem> {
    let day = input.query.period;
    Ok(Json(billing::read_usage(&deps.store, &input.caller, input.workspace, day).await?))
}

/// Read the usage by day
///
/// Returns the daily usage of the monthly meters. Days are in UTC. Without `month`, the answer covers the current metering
/// month. With `month`, it covers the metering month that contains the last day of that calendar month.
#[utoipa::path(get, path = "/billing/usage/days", operation_id = "read_usage_by_day", tag = "usage",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("month" = Option<String>, Query, description = "Calendar month in UTC, as `YYYY-MM`.",
            pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-11"),
    ),
    responses((status = OK, body = DaysView)))]
async fn usage_by_day(
    State(deps): State<BillingDeps>,
    input: WorkspaceQuery<DaysQuery>,
) -> Result<Json<DaysView>, Problem> {
    let month = input.query.month;
    Ok(Json(billing::read_usage_by_day(&deps.store, &input.caller, input.workspace, month).await?))
}
