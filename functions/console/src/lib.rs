//! The HTTP routes of the operator's console, for the operator's staff: people with a group in their ID token. To everybody
//! else none of them exists.
//!
//! The commands are those of the function `operator`, which IAM guards; `commands` carries out both. It is a function of its
//! own, so that no other function of the API has its permissions.

mod acting;
mod deps;
mod requests;
mod routes;

pub use deps::ConsoleDeps;

use api::{StaffRules, serve_staff};
use axum::Router;
use utoipa::openapi::OpenApi;

/// The function's router.
pub fn router(deps: ConsoleDeps, rules: StaffRules) -> Router {
    serve_staff("console", rules, routes::router().with_state(deps))
}

/// The function's document, openapi.json of this folder, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
