//! Letters that came back.

use crate::{acting::acting, deps::ConsoleDeps, requests::LetterFilter};
use api::{PersonQuery, Problem, StaffCaller, operations};
use axum::{Json, extract::State};
use domain::{email::Email, ids::WorkspaceId};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use workers::operator::{ReturnedLetterView, letters_of_workspace, letters_to};

operations!(ConsoleDeps: list);

/// Letters that did not reach their readers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnedLetters)]
struct LettersView {
    /// The letters.
    letters: Vec<ReturnedLetterView>,
}

/// Exactly one of these is named.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes `LetterFilter`")]
struct LetterParams {
    /// Id of the workspace that the letters are about.
    workspace: Option<WorkspaceId>,
    /// Address that the letters were sent to.
    email: Option<Email>,
}

/// List letters that came back
///
/// Returns the letters that did not reach their readers: of a workspace, or to an address in all workspaces. For each
/// invitation it is the newest one.
///
/// Refused with 404 `workspace_not_found` if there is no such workspace.
#[utoipa::path(get, path = "/operator/letters", operation_id = "list_returned_letters", tag = "operator",
    params(LetterParams),
    responses((status = OK, body = LettersView)))]
async fn list(
    State(ConsoleDeps { doctor, .. }): State<ConsoleDeps>,
    staff: StaffCaller,
    input: PersonQuery<LetterFilter>,
) -> Result<Json<LettersView>, Problem> {
    let operator = acting(&staff);
    let letters = match &input.query {
        LetterFilter::Workspace(workspace) => letters_of_workspace(&doctor.store, &operator, *workspace).await?,
        LetterFilter::Email(email) => letters_to(&doctor.store, email).await?,
    };
    Ok(Json(LettersView { letters }))
}
