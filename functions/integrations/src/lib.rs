//! The HTTP routes of integrations. Decisions are in `shared::integrations`.

mod deliveries;
mod deps;
mod requests;
mod routes;

pub use deps::IntegrationDeps;

use api::{ClaimRules, serve};
use axum::Extension;
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: IntegrationDeps, rules: ClaimRules) -> axum::Router {
    let ports = Extension(deps.courier.ports().clone());
    serve("integrations", rules, routes::router().merge(deliveries::router()).with_state(deps).layer(ports))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document().merge_from(deliveries::document())
}
