//! Third-party connections over HTTP. Decisions are in `shared::integrations`.

mod deliveries;
mod requests;
mod routes;

use api::{ClaimRules, serve};
use axum::Extension;
use courier::Courier;
use secrets::IntegrationSecrets;
use store::Store;
use utoipa::openapi::OpenApi;

/// What the routes work with.
#[derive(Debug, Clone)]
pub struct Integrations {
    /// The table.
    pub store: Store,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// The way to receivers.
    pub courier: Courier,
}

/// The function's router.
pub fn router(integrations: Integrations, rules: ClaimRules) -> axum::Router {
    let ports = Extension(integrations.courier.ports().clone());
    serve("integrations", rules, routes::router().merge(deliveries::router()).with_state(integrations).layer(ports))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document().merge_from(deliveries::document())
}
