//! The HTTP routes of plans, subscriptions and usage. Decisions are in `shared::billing`.

mod requests;
mod routes;

use api::{ClaimRules, serve};
use shared::billing::BillingDeps;
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: BillingDeps, rules: ClaimRules) -> axum::Router {
    serve("billing", rules, routes::router().with_state(deps))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
