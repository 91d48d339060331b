//! Exports everything that Berth holds of a workspace.

use super::error::Error;
use domain::{
    ids::WorkspaceId,
    page::{Page, PageRequest},
};
use identity::Caller;
use serde_json::{Value, json};
use store::{
    Store,
    export::{ExportPosition, ExportedItem},
};

/// Returns the items of a page of the export, each with its type, its key and its content. A page can be short although
/// more follow. Each counts against the workspace's budget.
///
/// # Errors
/// [`Error`] if the caller may not export the workspace, the budget is used up, or the table fails.
pub async fn export_workspace(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    page: PageRequest<ExportPosition>,
) -> Result<Page<Value, ExportPosition>, Error> {
    let page = store.enter(caller, workspace, None).export::<Error>(page).await?;
    Ok(page.map(|ExportedItem { kind, key, content }| json!({"type": kind.name(), "key": key, "content": content})))
}
