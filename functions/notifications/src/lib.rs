//! The HTTP routes of inboxes. Decisions are in `shared::notifications`.

mod deps;
mod requests;
mod routes;

pub use deps::NotificationDeps;

use api::{ClaimRules, serve};
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: NotificationDeps, rules: ClaimRules) -> axum::Router {
    serve("notifications", rules, routes::router().with_state(deps))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
