//! Workspaces and their runtimes over HTTP: list, create, read, change; start, stop, restart; the doctor. Decisions are in
//! `shared::workspace`, `shared::runtime` and `shared::doctor`.

mod doctor;
mod requests;
mod routes;
mod runtime;

use axum::extract::FromRef;
use shared::{
    doctor::Doctor,
    http::{ClaimRules, serve},
    store::Store,
};
use utoipa::openapi::OpenApi;

/// What the routes work with: the table, and for the doctor all else.
#[derive(Debug, Clone)]
pub(crate) struct Backends(Doctor);

impl FromRef<Backends> for Doctor {
    fn from_ref(Backends(doctor): &Backends) -> Self {
        doctor.clone()
    }
}

impl FromRef<Backends> for Store {
    fn from_ref(Backends(doctor): &Backends) -> Self {
        doctor.store.clone()
    }
}

/// The function's router.
pub fn router(doctor: Doctor, rules: ClaimRules) -> axum::Router {
    let (routes, _) = routes::routes().split_for_parts();
    serve("workspace", rules, routes.with_state(Backends(doctor)))
}

/// The function's part of openapi.json, without the base path.
#[must_use]
pub fn openapi() -> OpenApi {
    routes::routes().into_openapi()
}
