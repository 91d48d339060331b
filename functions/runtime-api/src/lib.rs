//! The API for workspaces' own containers, at its own URL. A container authenticates with a runtime token, which also names the
//! workspace; there is no workspace header.

mod requests;

use api::{
    Problem, ReleaseBody, RuntimeToken, UsageBody,
    conditional::{KnownTags, unless_known},
    from_json, serve_public,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};
use domain::{command::Reply, usage::ConsumeRequest};
use http::StatusCode;
use requests::{PublishBody, Report};
use secrets::RuntimeKey;
use shared::{
    billing::{CountedView, check_usage_of_container, count_usage_of_container, read_entitlements_of_container},
    notifications::{PublishedView, publish},
};
use store::Store;
use workers::runtime::record_report;

/// The maximum size of a body, in bytes.
pub const MAX_BODY: usize = 4 * 1024;

/// The dependencies of the container routes.
#[derive(Debug, Clone)]
pub struct RuntimeApiDeps {
    /// The table.
    pub store: Store,
    /// The key that signs runtime tokens.
    pub key: RuntimeKey,
}

/// The function's router.
pub fn router(deps: RuntimeApiDeps) -> Router {
    let routes = Router::new()
        .route("/heartbeat", post(heartbeat))
        .route("/entitlements", get(entitlements))
        .route("/notifications", post(notify))
        .route("/usage/consume", post(consume))
        .route("/usage/release", post(release));
    serve_public("runtime-api", MAX_BODY, routes.with_state(deps))
}

/// Stores the container's resource usage and its activity.
async fn heartbeat(
    State(RuntimeApiDeps { store, key }): State<RuntimeApiDeps>,
    RuntimeToken(token): RuntimeToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let body = whole(body)?;
    let (figures, active) = from_json::<Report>(&body).and_then(Report::checked).map_err(Problem::fields)?;
    record_report(&store, &key, &token, figures, active).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the plan in force with its features and limits, and what is left of them; 304 if the container has this answer.
async fn entitlements(
    State(RuntimeApiDeps { store, key }): State<RuntimeApiDeps>,
    RuntimeToken(token): RuntimeToken,
    known: KnownTags,
) -> Result<Response, Problem> {
    unless_known(&known, &read_entitlements_of_container(&store, &key, &token).await?)
}

/// Counts usage against a limit of the container's workspace, or refuses it. Requests with the same key count once. A dry run
/// is answered alike and counts nothing.
async fn consume(
    State(RuntimeApiDeps { store, key }): State<RuntimeApiDeps>,
    RuntimeToken(token): RuntimeToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let answer = match UsageBody::read(&whole(body)?, store.plans()).map_err(Problem::fields)? {
        ConsumeRequest::Count(command) => count_usage_of_container(&store, &key, &token, &command).await?,
        ConsumeRequest::Check(dry_run) => check_usage_of_container(&store, &key, &token, &dry_run).await?,
    };
    Ok(Json(answer))
}

/// Returns consumed usage. A release of a monthly meter names its consumption. Requests with the same key count once.
async fn release(
    State(RuntimeApiDeps { store, key }): State<RuntimeApiDeps>,
    RuntimeToken(token): RuntimeToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let command = ReleaseBody::read(&whole(body)?, store.plans()).map_err(Problem::fields)?;
    Ok(Json(count_usage_of_container(&store, &key, &token, &command).await?))
}

/// Notifies members of the container's workspace. Requests with the same key notify once.
async fn notify(
    State(RuntimeApiDeps { store, key }): State<RuntimeApiDeps>,
    RuntimeToken(token): RuntimeToken,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<PublishedView>), Problem> {
    let body = whole(body)?;
    let (published, publish_key) =
        from_json::<PublishBody>(&body).and_then(PublishBody::checked).map_err(Problem::fields)?;
    let view = publish(&store, &key, &token, &publish_key, &published).await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|_| {
        let detail = format!("the body must have at most {MAX_BODY} bytes");
        Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })
}
