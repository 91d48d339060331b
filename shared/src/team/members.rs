//! Members of a workspace and their access.

use super::{
    error::Error,
    view::{AccessView, MemberView},
};
use domain::{
    identity::access::Action,
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    page::{Page, PageRequest},
};
use identity::Caller;
use store::{Store, team::members};

/// Returns a page of the workspace's members, by id.
///
/// # Errors
/// [`Error`] if the caller may not list members or the table fails.
pub async fn list_members(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: members::MemberFilter,
    page: PageRequest<UserId>,
) -> Result<Page<MemberView, UserId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (_, page) = entry.page::<_, _, Error>(Action::ListMembers, members::list(filter, page)).await?;
    Ok(page.map(MemberView::from))
}

/// Returns the caller's role in the workspace, and for each action whether they may take it now.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn read_access(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<AccessView, Error> {
    let inside = store.enter(caller, workspace, None).authorize_read::<Error>(Action::ReadWorkspace).await?;
    let role = inside.scope.role().ok_or(Denied::Stranger)?;
    Ok(AccessView::new(role, |action| inside.obstacle(action)))
}
