//! Workspaces and their runtimes over HTTP: list, create, read, change; start, stop, restart. Decisions are in
//! `shared::workspace` and `shared::runtime`.

mod requests;
mod routes;
mod runtime;

use shared::{
    http::{ClaimRules, serve},
    store::Store,
};
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(store: Store, rules: ClaimRules) -> axum::Router {
    serve("workspace", rules, routes::router().merge(runtime::router()).with_state(store))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document().merge_from(runtime::document())
}
