//! The routes of entitlements and usage.

use crate::requests::{DaysQuery, UsageQuery};
use api::{
    Problem, ReleaseBody, UsageBody, WorkspaceBody, WorkspaceInput, WorkspaceQuery,
    conditional::{KnownTags, unless_known},
    operations,
};
use axum::{Json, extract::State, response::Response};
use domain::{command::Reply, ids::WorkspaceId, usage::ConsumeRequest};
use shared::billing::{self, BillingDeps, CountedView, DaysView, EntitlementsView, UsageView};

operations!(BillingDeps: entitlements, usage, usage_by_day, consume, release);

/// Read the entitlements
///
/// Returns the plan in force, the features of the workspace, and the limit of every meter with what is used and what is
/// left. A contract's terms are included.
///
/// The header `ETag` changes exactly when the answer does. With this tag in `If-None-Match`, the answer is 304 without a body
/// as long as it is the same.
#[utoipa::path(get, path = "/entitlements", operation_id = "read_entitlements", tag = "usage",
    params(
        ("X-Workspace-ID" = WorkspaceId, Header),
        ("If-None-Match" = Option<String>, Header,
            description = "Tags of the answers that the client has: the `ETag` of an earlier answer, or a list of them."),
    ),
    responses(
        (status = OK, body = EntitlementsView,
            headers(("ETag" = String, description = "Tag of the answer, for `If-None-Match`."))),
        (status = NOT_MODIFIED, headers(("ETag" = String, description = "Tag of the answer that the client has."))),
    ))]
async fn entitlements(
    State(deps): State<BillingDeps>,
    known: KnownTags,
    input: WorkspaceInput,
) -> Result<Response, Problem> {
    unless_known(&known, &billing::read_entitlements(&deps.store, &input.caller, input.workspace).await?)
}

/// Consume usage
///
/// Counts the amount against the plan's limit of a meter, as a whole or not at all. A repeated `key` has no further effect.
///
/// With `dry_run`, the consumption is only checked: the answer and the refusals are the same, nothing is counted, and
/// neither `key` nor an idempotency key is needed. Another request may take what was left before the consumption is sent.
///
/// Refused with 402: `workspace_meter_limit` if the limit of the meter would be exceeded, and `workspace_past_due` after the
/// grace period of an unpaid invoice. Refused with 422 `usage_key_reused` if the key was used for another meter or amount.
#[utoipa::path(post, path = "/usage/consume", operation_id = "consume_usage", tag = "usage",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = UsageBody,
    responses((status = OK, body = CountedView)))]
async fn consume(
    State(deps): State<BillingDeps>,
    input: WorkspaceBody<UsageBody>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let (store, caller, workspace) = (&deps.store, &input.caller, input.workspace);
    let answer = match input.body.to_consumption(store.plans()).map_err(Problem::fields)? {
        ConsumeRequest::Count(command) => {
            billing::count_usage(store, caller, workspace, &command, input.command.as_ref()).await?
        }
        // Nothing is written, so there is nothing to remember under an idempotency key.
        ConsumeRequest::Check(dry_run) => billing::check_usage(store, caller, workspace, &dry_run).await?,
    };
    Ok(Json(answer))
}

/// Release usage
///
/// Returns consumed usage. A release of a monthly meter names the consumption that it returns, and counts in the month
/// of that consumption. A repeated `key` has no further effect.
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
    let release = input.body.to_release(deps.store.plans()).map_err(Problem::fields)?;
    let (store, request) = (&deps.store, input.command.as_ref());
    Ok(Json(billing::count_usage(store, &input.caller, input.workspace, &release, request).await?))
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
