//! The routes of the function `billing`: plans, subscriptions and invoices.

use crate::requests::{AddonBody, AddonQuery, CheckoutBody, PlanBody, PlanQuery, PortalBody};
use api::{
    AnyWorkspace, Input, Listing, Nothing, PageParams, Pagination, Problem, Query, WorkspaceBody, WorkspaceInput,
    WorkspaceQuery, operations,
};
use axum::{Json, extract::State, response::IntoResponse};
use domain::{
    billing::invoice::InvoiceId,
    command::Reply,
    ids::WorkspaceId,
    page::Page,
    plans::{
        money::{Currency, Interval},
        names::{AddonName, PlanName},
    },
};
use http::StatusCode;
use serde::Serialize;
use shared::billing::{
    self, AddonChangeView, AddonPreviewView, AddonView, BillingDeps, CheckoutView, ConfigView, FeatureDefinitionView,
    InvoiceView, MeterDefinitionView, PlanChangeView, PlanPreviewView, PlanView, SubscriptionView,
};
use utoipa::ToSchema;

operations!(
    BillingDeps: plans, subscription, cancel, resume, change_plan, preview, change_addon, preview_addon, checkout, sync, config, invoices, portal,
);

/// A page of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanPage)]
struct Plans {
    /// Plans of this page, smallest first.
    plans: Vec<PlanView>,
    /// Meters that the plans limit.
    meters: Vec<MeterDefinitionView>,
    /// Features that plans have.
    features: Vec<FeatureDefinitionView>,
    /// Add-ons that are sold in addition to plans.
    addons: Vec<AddonView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the plans
///
/// Returns the plans of the catalogue, smallest first, with their prices, limits and features, and the titles of
/// meters and features. With the header `X-Workspace-ID`, each plan also says whether the workspace has it now, and what
/// kind of change it would be.
///
/// Refused with 404 `workspace_not_found` if the caller is not a member of the named workspace.
#[utoipa::path(get, path = "/billing/plans", operation_id = "list_plans", tag = "billing",
    params(
        ("X-Workspace-ID" = Option<WorkspaceId>, Header,
            description = "Id of the workspace for which `current` and `change` of each plan are returned."),
        PageParams,
    ),
    responses((status = OK, body = Plans)))]
async fn plans(
    State(deps): State<BillingDeps>,
    input: Input<AnyWorkspace, Nothing, Listing<Nothing, PlanName>>,
) -> Result<Json<Plans>, Problem> {
    let (catalogue, AnyWorkspace(workspace)) = (deps.store.plans(), input.workspace);
    let page = billing::list_plans(&deps.store, &input.caller, workspace, input.query.page).await?;
    let pagination = input.query.pagination(&page);
    let Page { items: plans, .. } = page;
    let (meters, features) = (billing::list_meters(catalogue), billing::list_features(catalogue));
    Ok(Json(Plans { plans, meters, features, addons: billing::list_addons(catalogue), pagination }))
}

/// Read the subscription
///
/// Returns the stored state of the workspace's subscription. A workspace without a subscription is on the plan that costs
/// nothing, and has the status `active`. `POST /billing/sync` fetches the newest state from Stripe.
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
/// for a plan that costs nothing or is not sold any more, `interval_not_sold` if it has no price for the interval,
/// `contract_required` for a plan that is sold by contract, `contract_in_force` if the workspace has a
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
    let wanted = input.body.checked(deps.store.plans(), &deps.dashboard).map_err(Problem::fields)?;
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
/// A downgrade applies at the end of the period. The plan that costs nothing cancels the subscription at the end of the period. The
/// current plan withdraws a pending or scheduled change and a cancellation. An upgrade withdraws them once it is paid. A
/// workspace without a subscription is charged nothing; the answer has the URL of Stripe's page on which the plan is paid.
///
/// Answered with 202 and the status `processing` if Stripe does not answer. The change is recorded then, and carried out
/// within minutes; `last_command` of `GET /billing/subscription` has its outcome.
///
/// Refused with 402 `workspace_past_due` while a payment is overdue: `payment_url` of `GET /billing/subscription` is the
/// page on which it is paid. Refused with 409: `plan_unchanged` if the workspace has this plan and no change is scheduled
/// or pending, `payment_pending` while the first payment is on its way, `scheduled_change_soon` for an upgrade less than 24
/// hours before a scheduled change takes effect (withdraw it first, or upgrade afterwards), `contract_required` for a
/// plan that is sold by contract, `interval_not_sold` if the plan has no price for the interval, `contract_in_force` if the
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
    let wanted = input.body.checked(deps.store.plans(), &deps.dashboard).map_err(Problem::fields)?;
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
/// `plan_unchanged`, `payment_pending`, `scheduled_change_soon`, `contract_required`, `interval_not_sold`,
/// `contract_in_force`, `not_subscribed`, `change_refused`, `currency_mismatch` or `customer_unknown`, and with 503 `payments_not_set_up`.
#[utoipa::path(get, path = "/billing/plan/preview", operation_id = "preview_plan", tag = "billing",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("plan" = PlanName, Query, description = "Plan to preview."),
        ("interval" = Option<Interval>, Query, description = "Billing interval; the current one by default."),
        ("currency" = Option<Currency>, Query,
            description = "Currency of the price, as an ISO 4217 code in lower case; the current one by default."),
    ),
    responses((status = OK, body = PlanPreviewView)))]
async fn preview(
    State(deps): State<BillingDeps>,
    input: WorkspaceQuery<Query<PlanQuery>>,
) -> Result<Json<PlanPreviewView>, Problem> {
    let Query(query) = input.query;
    let wanted = query.checked(deps.store.plans()).map_err(Problem::fields)?;
    Ok(Json(billing::preview_plan(&deps, &input.caller, input.workspace, wanted).await?))
}

/// Change an add-on
///
/// Sets the number of units of an add-on, each of which raises a limit of the plan. More units apply immediately: Stripe
/// charges the card for the rest of the period. If the payment fails, nothing changes: the answer has the page on which the
/// change can be paid, and `GET /billing/subscription` shows it as `pending_change` until it is paid or expires. If a bank
/// debit pays, more units apply at the end of the period. Fewer units apply at the end of the period; the present number
/// withdraws that.
///
/// Units keep the version, and so the price, in which the add-on was first bought. A change of plan removes the add-ons that
/// have no effect on the new plan, and another interval has the current version of the others.
///
/// Answered with 202 and the status `processing` if Stripe does not answer. The change is recorded then, and carried out
/// within minutes; `last_command` of `GET /billing/subscription` has its outcome.
///
/// Refused with 402 `workspace_past_due` while a payment is overdue. Refused with 409: `not_subscribed` if the workspace
/// pays for no plan, `addon_unchanged` if it has this number of units and no change is scheduled, `addon_not_sold` if there
/// is no such add-on, or no more units are sold, or not at the interval and in the currency of the subscription, `addon_maximum_exceeded` for more units than `maximum_quantity`,
/// `addon_without_effect` if the plan does not limit the meter, `on_trial` during a trial, `change_scheduled` if the subscription ends, or if another change is
/// scheduled that more units would withdraw, `scheduled_change_soon`, `payment_pending`, `contract_in_force`,
/// `change_refused`, `currency_mismatch` and `customer_unknown` as for a change of plan. Refused with 503
/// `payments_not_set_up` if Stripe does not know the price of the add-on.
#[utoipa::path(put, path = "/billing/addons", operation_id = "change_addon", tag = "billing",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = AddonBody,
    responses(
        (status = OK, body = AddonChangeView,
            example = json!({"status": "scheduled", "effective_at": "2026-12-21T12:00:00Z"})),
        (status = ACCEPTED, description = "The change is recorded and carried out within minutes.",
            body = AddonChangeView,
            example = json!({"status": "processing", "command": {
                "kind": "change_addons", "plan": null, "interval": null, "given_at": "2026-11-28T12:00:00Z",
                "status": "pending", "code": null,
            }})),
    ))]
async fn change_addon(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<AddonBody>,
) -> Result<impl IntoResponse, Problem> {
    let change = billing::change_addon(&deps, &input.caller, input.workspace, input.body.request()).await?;
    Ok((status_of(change.is_processing()), Json(change)))
}

/// Preview a change of an add-on
///
/// Returns the cost of the change and the limits that the current usage exceeds. Nothing is changed or charged.
///
/// Refused for the same reasons as the change: with 402 `workspace_past_due` while a payment is overdue, with 409
/// `not_subscribed`, `addon_unchanged`, `addon_not_sold`, `addon_maximum_exceeded`, `addon_without_effect`, `on_trial`,
/// `change_scheduled`, `scheduled_change_soon`, `payment_pending`, `contract_in_force`, `change_refused`,
/// `currency_mismatch` or `customer_unknown`, and with 503 `payments_not_set_up`.
#[utoipa::path(get, path = "/billing/addons/preview", operation_id = "preview_addon", tag = "billing",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("name" = AddonName, Query, description = "Name of the add-on."),
        ("quantity" = u64, Query, description = "Number of units after the change."),
    ),
    responses((status = OK, body = AddonPreviewView,
        example = json!({
            "addon": "storage", "quantity": 2, "effective_at": null, "amount_due_now": 667, "next_amount": 1_000,
            "currency": "usd", "over_limits": [],
        }))))]
async fn preview_addon(
    State(deps): State<BillingDeps>,
    input: WorkspaceQuery<Query<AddonQuery>>,
) -> Result<Json<AddonPreviewView>, Problem> {
    let Query(query) = input.query;
    let wanted = query.checked().map_err(Problem::fields)?;
    Ok(Json(billing::preview_addon(&deps, &input.caller, input.workspace, wanted).await?))
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
