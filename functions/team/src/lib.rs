//! The HTTP routes of members, their access, invitations, activity and the audit log. Decisions are in `shared::team` and
//! `shared::audit`.

mod deps;
mod requests;
mod routes;

pub use deps::TeamDeps;

use api::{ClaimRules, serve};
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: TeamDeps, rules: ClaimRules) -> axum::Router {
    serve("team", rules, routes::router().with_state(deps))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
