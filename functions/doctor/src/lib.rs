//! The doctor over HTTP. Decisions are in `shared::doctor`.
//!
//! It is apart from the other routes of workspaces because these need neither Stripe nor ECS nor secrets: they start without them, and
//! may not ask them.

mod routes;

use api::{ClaimRules, serve};
use shared::doctor::Doctor;
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(doctor: Doctor, rules: ClaimRules) -> axum::Router {
    serve("doctor", rules, routes::router().with_state(doctor))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
