//! The HTTP routes of workspaces, their runtimes, and the caller's own profile. Decisions are in `shared::workspace`,
//! `shared::runtime` and `shared::profile`.

mod deps;
mod profile;
mod requests;
mod routes;
mod runtime;

pub use deps::WorkspaceDeps;

use api::{ClaimRules, serve};
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: WorkspaceDeps, rules: ClaimRules) -> axum::Router {
    serve("workspace", rules, routes::router().merge(runtime::router()).merge(profile::router()).with_state(deps))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document().merge_from(runtime::document()).merge_from(profile::document())
}
