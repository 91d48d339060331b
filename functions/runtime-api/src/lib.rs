//! What a workspace's own container calls, at a URL of its own: it has a runtime token in place of a person's ID token.

mod requests;

use axum::{
    Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    routing::post,
};
use http::{HeaderMap, StatusCode, header};
use requests::Report;
use shared::{
    http::{Problem, from_json, serve_url},
    runtime::{ReportError, report},
    secrets::RuntimeKey,
    store::Store,
};

/// The longest body that is taken, in bytes.
pub const MAX_BODY: usize = 4 * 1024;

/// What it takes to hear a container.
#[derive(Debug, Clone)]
pub struct Reporting {
    /// The table.
    pub store: Store,
    /// What tokens are signed with.
    pub key: RuntimeKey,
}

/// The function's router.
pub fn router(reporting: Reporting) -> Router {
    serve_url("runtime-api", MAX_BODY, Router::new().route("/heartbeat", post(heartbeat)).with_state(reporting))
}

/// Keeps what a container uses, and whether it has something to do.
async fn heartbeat(
    State(Reporting { store, key }): State<Reporting>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    let token = bearer(&headers).ok_or(ReportError::Unauthenticated)?;
    let body = body.map_err(|_| {
        let detail = format!("the body must have at most {MAX_BODY} bytes");
        Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })?;
    let report_of = from_json::<Report>(&body).and_then(Report::checked).map_err(Problem::body)?;
    report(&store, &key, token, report_of).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The token; Lambda joins a header that comes twice, which is none then.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
