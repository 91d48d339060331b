//! Lists the API keys of a workspace.

use super::{error::Error, view::KeyView};
use domain::{
    identity::access::Action,
    ids::{KeyId, WorkspaceId},
    page::{Page, PageRequest},
};
use identity::Caller;
use store::Store;

/// Returns a page of the API keys, newest first, with their last use.
///
/// # Errors
/// [`Error`] if the caller may not read keys or the table fails.
pub async fn list_keys(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    page: PageRequest<KeyId>,
) -> Result<Page<KeyView, KeyId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (_, page, uses) = entry.api_keys::<Error>(Action::ReadKeys, page).await?;
    let now = store.ambient().now();
    Ok(page.map(|key| KeyView::new(&key, uses.get(&key.id), now)))
}
