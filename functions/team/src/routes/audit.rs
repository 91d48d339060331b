//! The routes of the audit log.

use crate::{TeamDeps, requests};
use api::{
    Listing, Nothing, PageParams, Pagination, Problem, Walk, WalkParams, WorkspaceQuery, csv, ndjson, operations,
};
use axum::{
    Json,
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use domain::{
    audit::{checkpoint::CheckpointNumber, verify::Position},
    ids::{AuditId, WorkspaceId},
    page::Page,
};
use http::HeaderMap;
use serde::Serialize;
use shared::audit::{self, AuditView, CheckpointView, ExportedRecord, Verification};
use utoipa::ToSchema;

operations!(TeamDeps: log, verify, export, checkpoints);

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
struct AuditPage {
    /// Records of this page, newest first.
    records: Vec<AuditView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// A page of a verification.
#[derive(Debug, Serialize, ToSchema)]
struct VerificationPage {
    /// The result.
    #[serde(flatten)]
    verification: Verification,
    /// Position of the next page; there is none after the first break.
    pagination: Pagination,
}

/// A page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointPage {
    /// Checkpoints of this page, newest first.
    checkpoints: Vec<CheckpointView>,
    /// Position of the next page.
    pagination: Pagination,
}

/// List the audit log
///
/// Returns the records of the audit log, newest first, with their places, as far back as the plan's `retention_days` reach. With
/// `Accept: text/csv` the answer is a table, and its header `Link` names the next page. A plan without the feature `audit_export`
/// is refused with `audit_log_not_included`; `/team/activity` lists its activity.
#[utoipa::path(get, path = "/audit", operation_id = "list_audit_log", tag = "audit",
    params(("X-Workspace-ID" = WorkspaceId, Header), requests::Log, PageParams),
    responses(
        (status = OK, headers(("Link" = String)), content(
            (AuditPage = "application/json", example = json!({
                "records": [
                    {
                        "id": "aud_01MAESYWEGJRKTQW91RFCABMA6",
                        "at": "2026-12-22T12:00:02.5Z",
                        "actor": "usr_32XH6XFVDHS6PDZZ8FWHJKA2SN",
                        "actor_name": "Ana Example",
                        "action": "member.role_changed",
                        "target": "usr_7WFGZY99RDMZNKV7H81RRVWZSA",
                        "before": {"role": "viewer"},
                        "after": {"role": "admin"},
                        "request_id": "JKJaXmPLvHcESHB=",
                        "ip_address": "203.0.113.7",
                        "sequence": "log",
                        "number": 2,
                        "previous": "EcrF84YK-k4z4z0o2x6gr2_T44D8Kyzm6GbkqMx6mes",
                        "digest": "XJO3M05YDxqHhTPk39jP7yJwmBVxpAhdCJFCEnV9bEE"
                    }
                ],
                "pagination": {"next_cursor": null, "has_more": false}
            })),
            (String = "text/csv", example = json!(
                "\"id\",\"at\",\"actor\",\"action\",\"target\",\"before\",\"after\",\"request_id\",\"ip_address\",\"actor_nam\
             e\",\"sequence\",\"number\",\"previous\",\"digest\"\r\n")),
        )),
    ))]
async fn log(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    input: WorkspaceQuery<Listing<requests::Log, AuditId>>,
) -> Result<Response, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let filter = query.filter.filter()?;
    let is_table = csv::accepts_csv(&headers);
    let page = if is_table {
        audit::export_list(&store, &caller, workspace, &filter, query.page).await?
    } else {
        audit::list_log(&store, &caller, workspace, &filter, query.page).await?
    };
    let pagination = query.pagination(&page);
    let Page { items: records, .. } = page;
    if is_table {
        let rows = records.into_iter().map(AuditView::row);
        return Ok(csv::csv_response(AuditView::COLUMNS, rows, &uri, &pagination));
    }
    Ok(Json(AuditPage { records, pagination }).into_response())
}

/// Verify the audit log
///
/// Verifies up to 500 records of the audit log, oldest first: that none was changed, removed, exchanged or added. With `cursor`
/// the next page continues. Without `to`, the last page also compares the end of the log with its head. Each page counts against
/// the workspace's budget of exports.
#[utoipa::path(get, path = "/audit/verify", operation_id = "verify_audit_log", tag = "audit",
    params(("X-Workspace-ID" = WorkspaceId, Header), requests::LogRange, WalkParams),
    responses((status = OK, body = VerificationPage, example = json!({
        "ok": true,
        "checked": 204,
        "broken_at": null,
        "reason": null,
        "last_number": 204,
        "last_digest": "XJO3M05YDxqHhTPk39jP7yJwmBVxpAhdCJFCEnV9bEE",
        "pagination": {"next_cursor": null, "has_more": false}
    }))))]
async fn verify(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceQuery<Walk<requests::LogRange, Position>>,
) -> Result<Json<VerificationPage>, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let range = query.filter.range()?;
    let (verification, next) = audit::verify_log(&store, &caller, workspace, range, query.after).await?;
    Ok(Json(VerificationPage { verification, pagination: query.pagination(next.as_ref()) }))
}

/// Export the audit log
///
/// Returns up to 500 records of the audit log, oldest first, as lines of JSON that others can verify: docs/audit-format.md
/// describes them, and `audit-verify` verifies them. The header `Link` names the next page. With `Accept: text/csv` the answer is
/// a table, which cannot be verified. Each page counts against the workspace's budget of exports.
#[utoipa::path(get, path = "/audit/export", operation_id = "export_audit_log", tag = "audit",
    params(("X-Workspace-ID" = WorkspaceId, Header), requests::LogRange, WalkParams),
    responses(
        (status = OK, headers(("Link" = String)), content(
            (ExportedRecord = "application/jsonl", example = json!({
                "type": "record",
                "sequence": "log",
                "number": 2,
                "previous": "EcrF84YK-k4z4z0o2x6gr2_T44D8Kyzm6GbkqMx6mes",
                "digest": "XJO3M05YDxqHhTPk39jP7yJwmBVxpAhdCJFCEnV9bEE",
                "text": "{\"v\":1,\"workspace\":\"ws_01M7YZMHG0QTRRHQ4QWPNBBZHX\",\"number\":2,\"id\":\"aud_01MAESYWEGJRKTQW91RFC\
                 ABMA6\",\"at\":\"2026-12-22T12:00:02.5Z\",\"kept_until\":\"2028-12-21T12:00:02Z\",\"previous_until\":\"2\
                 028-12-21T12:00:02Z\",\"actor\":\"usr_32XH6XFVDHS6PDZZ8FWHJKA2SN\",\"action\":\"member.role_changed\",\"\
                 target\":\"usr_7WFGZY99RDMZNKV7H81RRVWZSA\",\"before\":{\"role\":\"viewer\"},\"after\":{\"role\":\"admin\
                 \"},\"request_id\":\"JKJaXmPLvHcESHB=\",\"digests\":{\"actor_name\":\"cMQT460Aw4aOX5qt0Gf6KwlI2FUiVYnX1q\
                 scSiX6NzM\",\"ip_address\":\"FNY4_Mi_jBSmE4Teu_45wwA8gTSi94OTqfBFZotnq-o\"}}",
                "values": {
                    "actor_name": {"salt": "AAAAAAAAAAAAAAAAAAAAAQ", "json": "\"Ana Example\""},
                    "ip_address": {"salt": "AAAAAAAAAAAAAAAAAAAAAg", "json": "\"203.0.113.7\""}
                }
            })),
            (String = "text/csv", example = json!(
                "\"id\",\"at\",\"actor\",\"action\",\"target\",\"before\",\"after\",\"request_id\",\"ip_address\",\"actor_nam\
             e\",\"sequence\",\"number\",\"previous\",\"digest\"\r\n")),
        )),
    ))]
async fn export(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    input: WorkspaceQuery<Walk<requests::LogRange, AuditId>>,
) -> Result<Response, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let range = query.filter.range()?;
    let page = audit::export_log(&store, &caller, workspace, range, query.after).await?;
    let pagination = query.pagination(page.next.as_ref());
    if csv::accepts_csv(&headers) {
        let rows = page.records().map(|record| AuditView::from(record).row());
        return Ok(csv::csv_response(AuditView::COLUMNS, rows, &uri, &pagination));
    }
    let lines = page.records().map(|record| ExportedRecord::new(workspace, &record));
    Ok(ndjson::ndjson_response(lines, &uri, &pagination))
}

/// List the checkpoints of the audit log
///
/// Returns the signed checkpoints of the audit log, newest first: once a day after changes. Who keeps them can show later that
/// the log was not changed before them.
#[utoipa::path(get, path = "/audit/checkpoints", operation_id = "list_audit_checkpoints", tag = "audit",
    params(("X-Workspace-ID" = WorkspaceId, Header), PageParams),
    responses((status = OK, body = CheckpointPage, example = json!({
        "checkpoints": [
            {
                "text": "{\"v\":1,\"workspace\":\"ws_01M7YZMHG0QTRRHQ4QWPNBBZHX\",\"number\":2,\"digest\":\"XJO3M05YDxqHhTPk39jP7\
                 yJwmBVxpAhdCJFCEnV9bEE\",\"at\":\"2026-12-23T00:07:00Z\",\"begins\":{\"number\":1,\"previous\":\"AAAAAAA\
                 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}",
                "proof": [{"side": "right", "digest": "VlMtZikfZhjzf7yZNZc0uB4HDHas5hbmFlI_yYASDcs"}],
                "batch": "{\"v\":1,\"at\":\"2026-12-23T00:07:00Z\",\"key\":\"8f14e45f-ceea-467f-9575-1f9c1cd5c6a8\",\"root\":\"TC2\
                 p_lzya2J30zJ3P9I_rrOeMtQ85hLrXKlNGN_B6Es\",\"size\":2}",
                "signature": "MEUCIQCvX1aUzuIQ0YUvN0p2pX2gdg9ePp1c9bV8qJb0hYkW0wIgDMAj7y7lK6u0mJ8Z1Sg5gQ0s3ZbR5fXv3s2Jt1nqk9Y="
            }
        ],
        "pagination": {"next_cursor": null, "has_more": false}
    }))))]
async fn checkpoints(
    State(TeamDeps { store, .. }): State<TeamDeps>,
    input: WorkspaceQuery<Listing<Nothing, CheckpointNumber>>,
) -> Result<Json<CheckpointPage>, Problem> {
    let WorkspaceQuery { caller, workspace, query, .. } = input;
    let page = audit::list_checkpoints(&store, &caller, workspace, query.page).await?;
    let pagination = query.pagination(&page);
    Ok(Json(CheckpointPage { checkpoints: page.items, pagination }))
}
