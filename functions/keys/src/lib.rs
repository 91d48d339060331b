//! The HTTP routes of API keys, and the question of the company's own services whether a key can be used. Decisions are in
//! `shared::keys`.

mod requests;
mod routes;
mod verify;

use api::{ClaimRules, serve_also};
use axum::{Extension, Router, routing::post};
use domain::keys::secret::KeyPrefix;
use store::Store;
use utoipa::openapi::OpenApi;

/// The dependencies of the key routes.
#[derive(Debug, Clone)]
pub struct KeyDeps {
    /// The table.
    pub store: Store,
    /// The beginning of tokens.
    pub prefix: KeyPrefix,
}

/// The function's router. The question comes to the function's URL, which only AWS identities with the permission can call.
pub fn router(deps: KeyDeps, rules: ClaimRules) -> Router {
    // The bodies of requests name meters.
    let plans = Extension(deps.store.plans());
    let own = Router::new().route("/verify", post(verify::answer)).with_state(deps.clone());
    serve_also("keys", rules, routes::router().with_state(deps).layer(plans), own)
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
