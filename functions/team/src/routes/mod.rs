//! The routes of the function `team`.

mod access;
mod activity;
mod audit;
mod invitations;
mod letters;
mod members;

use crate::TeamDeps;
use axum::Router;
use utoipa::openapi::OpenApi;

pub(crate) fn router() -> Router<TeamDeps> {
    access::router()
        .merge(members::router())
        .merge(invitations::router())
        .merge(activity::router())
        .merge(audit::router())
        .merge(letters::router())
}

pub(crate) fn document() -> OpenApi {
    access::document()
        .merge_from(members::document())
        .merge_from(invitations::document())
        .merge_from(activity::document())
        .merge_from(audit::document())
        .merge_from(letters::document())
}
