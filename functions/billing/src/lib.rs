//! The HTTP routes of plans, subscriptions, entitlements and usage. Decisions are in `shared::billing`.

mod requests;
mod routes;
mod usage;

use api::{ClaimRules, serve};
use axum::Extension;
use shared::billing::BillingDeps;
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: BillingDeps, rules: ClaimRules) -> axum::Router {
    // The bodies of requests name plans and meters.
    let plans = Extension(deps.store.plans());
    serve("billing", rules, routes::router().merge(usage::router()).with_state(deps).layer(plans))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document().merge_from(usage::document())
}
