//! The API for workspaces' own containers, at its own URL. A container authenticates with a runtime token, which also names the
//! workspace; there is no workspace header.

mod requests;

use api::{FieldErrors, Problem, ReleaseBody, UsageBody, from_json, serve_public};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    routing::post,
};
use domain::{command::Reply, runtime::token::NotAContainer, usage::UsageCommand};
use http::{HeaderMap, StatusCode, header};
use requests::Report;
use secrets::RuntimeKey;
use shared::billing::{CountedView, count_usage_of_container};
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
        .route("/usage/consume", post(consume))
        .route("/usage/release", post(release));
    serve_public("runtime-api", MAX_BODY, routes.with_state(deps))
}

/// Stores the container's resource usage and its activity.
async fn heartbeat(
    State(RuntimeApiDeps { store, key }): State<RuntimeApiDeps>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let (token, body) = (bearer(&headers)?, whole(body)?);
    let (figures, active) = from_json::<Report>(&body).and_then(Report::checked).map_err(Problem::fields)?;
    record_report(&store, &key, token, figures, active).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts usage against a limit of the container's workspace, or refuses it. Requests with the same key count once.
async fn consume(
    State(deps): State<RuntimeApiDeps>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    count(&deps, &headers, body, |body| Ok(from_json::<UsageBody>(body)?.to_consumption())).await
}

/// Returns consumed usage. A release of a monthly meter names its consumption. Requests with the same key count once.
async fn release(
    State(deps): State<RuntimeApiDeps>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    count(&deps, &headers, body, |body| from_json::<ReleaseBody>(body)?.to_release()).await
}

async fn count(
    RuntimeApiDeps { store, key }: &RuntimeApiDeps,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    read: impl FnOnce(&[u8]) -> Result<UsageCommand, FieldErrors>,
) -> Result<Json<Reply<CountedView>>, Problem> {
    let (token, body) = (bearer(headers)?, whole(body)?);
    let command = read(&body).map_err(Problem::fields)?;
    Ok(Json(count_usage_of_container(store, key, token, &command).await?))
}

fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|_| {
        let detail = format!("the body must have at most {MAX_BODY} bytes");
        Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })
}

/// Returns the bearer token. Lambda joins repeated headers, and the result is no valid token.
fn bearer(headers: &HeaderMap) -> Result<&str, NotAContainer> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")).ok_or(NotAContainer)
}
