//! The HTTP routes of the doctor. Decisions are in `shared::doctor`.
//!
//! It is a function of its own because it needs Stripe, ECS and Secrets Manager. The other routes of workspaces start without
//! clients of these three and have no permission to call them.

mod routes;

use api::{ClaimRules, serve};
use shared::doctor::DoctorDeps;
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: DoctorDeps, rules: ClaimRules) -> axum::Router {
    serve("doctor", rules, routes::router().with_state(deps))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
