//! Members, what they may do, and what they did.

use super::{
    error::Error,
    view::{AccessView, ActivityView, MemberView},
};
use domain::{
    audit::record::{Filter, Record, shown_since},
    bounds::budget::Budget,
    identity::access::Action,
    identity::denied::Denied,
    ids::{AuditId, UserId, WorkspaceId},
    page::{Page, PageRequest},
    plans::plan::Limits,
};
use identity::Caller;
use jiff::Timestamp;
use store::{Store, audit, team::members};

/// A page of the workspace's members, by id.
///
/// # Errors
/// [`Error`].
pub async fn members(
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

/// The caller's role in the workspace, and for each action whether they may take it now.
///
/// # Errors
/// [`Error`].
pub async fn access(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<AccessView, Error> {
    let inside = store.enter(caller, workspace, None).look::<Error>(Action::ReadWorkspace).await?;
    let role = inside.scope.role().ok_or(Denied::Stranger)?;
    Ok(AccessView::new(role, inside.workspace.suspended.as_ref()))
}

/// A page of what was changed in the workspace, newest first, as far back as its plan shows.
///
/// # Errors
/// [`Error`].
pub async fn activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (inside, page) = entry.page::<_, _, Error>(Action::ReadActivity, audit::list(filter, page)).await?;
    let now = store.ambient().now();
    Ok(shown(page, &inside.billing.standing(now).limits(), now))
}

/// A page of records, newest first, as far back as `limits` show them at `now`.
pub(crate) fn shown(page: Page<Record, AuditId>, limits: &Limits, now: Timestamp) -> Page<ActivityView, AuditId> {
    let since = shown_since(limits, now);
    page.until(|record| record.at < since, |next| next.made_at() < since).map(ActivityView::from)
}

/// The same as a table, which takes of the workspace's budget for exports.
///
/// # Errors
/// [`Error`].
pub async fn export_activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let (page, taken) = tokio::join!(
        activity(store, caller, workspace, filter, page),
        store.take::<Error>(caller, workspace, Action::ReadActivity, Budget::Exports)
    );
    let page = page?;
    taken.map(|()| page)
}
