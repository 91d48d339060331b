//! Members, invitations and activity over HTTP. Decisions are in `shared::team`.

mod requests;
mod routes;

use api::{ClaimRules, serve};
use domain::workspace::allowance::FreeWorkspaceLimit;
use secrets::InvitationKey;
use store::Store;
use utoipa::openapi::OpenApi;

/// What the routes work with.
#[derive(Debug, Clone)]
pub struct Team {
    /// The table.
    pub store: Store,
    /// The key of invitation tokens.
    pub key: InvitationKey,
    /// How many free workspaces a person holds at most.
    pub free_workspaces: FreeWorkspaceLimit,
}

/// The function's router.
pub fn router(team: Team, rules: ClaimRules) -> axum::Router {
    serve("team", rules, routes::router().with_state(team))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::document()
}
