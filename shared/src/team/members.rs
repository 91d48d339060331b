//! Members of a workspace, their access and their activity.

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
    plans::limits::Limits,
};
use identity::Caller;
use jiff::Timestamp;
use store::{Store, audit, team::members};

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
    Ok(AccessView::new(role, inside.workspace.suspended.as_ref()))
}

/// Returns a page of the workspace's activity, newest first, within the retention of its plan.
///
/// # Errors
/// [`Error`] if the caller may not read the activity or the table fails.
pub async fn list_activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (inside, page) = entry.page::<_, _, Error>(Action::ReadActivity, audit::list(filter, page)).await?;
    let now = store.ambient().now();
    Ok(within_retention(page, &inside.billing.standing(inside.plans, now).limits(), now))
}

/// Limits a page of records, newest first, to the retention of `limits` at `now`.
pub(crate) fn within_retention(
    page: Page<Record, AuditId>,
    limits: &Limits,
    now: Timestamp,
) -> Page<ActivityView, AuditId> {
    let since = shown_since(limits, now);
    page.until(|record| record.at < since, |next| next.made_at() < since).map(ActivityView::from)
}

/// Like [`list_activity`], for exports, which count against the workspace's budget of exports.
///
/// # Errors
/// [`Error`] if the caller may not read the activity, the budget is used up, or the table fails.
pub async fn export_activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let (page, taken) = tokio::join!(
        list_activity(store, caller, workspace, filter, page),
        store.take::<Error>(caller, workspace, Action::ReadActivity, Budget::Exports)
    );
    let page = page?;
    taken.map(|()| page)
}
