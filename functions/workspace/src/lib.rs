//! Workspaces and their runtimes over HTTP: list, create, read, change; start, stop, restart. Decisions are in
//! `shared::workspace` and `shared::runtime`.

mod requests;
mod routes;
mod runtime;

use api::{ClaimRules, serve};
use domain::workspace::allowance::{FreeContainerLimit, FreeWorkspaceLimit};
use store::Store;
use utoipa::openapi::OpenApi;

/// The dependencies and settings of the routes.
#[derive(Debug, Clone)]
pub struct WorkspaceDeps {
    /// The table.
    pub store: Store,
    /// How many free workspaces a person holds at most.
    pub free_workspaces: FreeWorkspaceLimit,
    /// How many containers of free workspaces a person runs at once at most.
    pub free_containers: FreeContainerLimit,
}

/// The function's router.
pub fn router(deps: WorkspaceDeps, rules: ClaimRules) -> axum::Router {
    serve("workspace", rules, routes::router().merge(runtime::router()).with_state(deps))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document().merge_from(runtime::document())
}
