//! The person who is signed in.

use crate::deps::ConsoleDeps;
use api::{PersonInput, Problem, StaffCaller, operations};
use axum::Json;
use domain::{email::Email, text::PersonName};
use serde::Serialize;
use utoipa::ToSchema;

operations!(ConsoleDeps: session);

/// The person of the staff who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StaffSession)]
struct SessionView {
    /// Their verified address.
    email: Email,
    /// Their name in the audit records of their changes.
    name: PersonName,
}

/// Return the session
///
/// Returns the person of the staff who is signed in.
#[utoipa::path(get, path = "/operator/session", operation_id = "operator_session", tag = "operator",
    responses((status = OK, body = SessionView)))]
async fn session(StaffCaller(staff): StaffCaller, _: PersonInput) -> Result<Json<SessionView>, Problem> {
    Ok(Json(SessionView { email: staff.email().clone(), name: staff.name().clone() }))
}
