//! The HTTP routes of API keys, and the question of the company's own services whether a key can be used. Decisions are in
//! `shared::keys`.

mod deps;
mod requests;
mod routes;
mod verify;

pub use deps::KeyDeps;

use api::{ClaimRules, serve_also};
use axum::{Extension, Router, routing::post};
use utoipa::openapi::OpenApi;

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
