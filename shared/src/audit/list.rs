//! The activity of a workspace, and the same records with their places in the log.

use super::{
    error::Error,
    view::{ActivityView, AuditView},
};
use domain::{
    audit::{
        range::{AuditRefusal, FEATURE},
        record::{Filter, Record, shown_since},
    },
    billing::subscription::Standing,
    bounds::budget::Budget,
    identity::access::Action,
    ids::{AuditId, WorkspaceId},
    page::{Page, PageRequest},
    plans::limits::Limits,
};
use identity::Caller;
use jiff::Timestamp;
use store::{Authorized, Store, audit};

/// Returns a page of the workspace's activity, newest first, within the retention of its plan.
///
/// # Errors
/// [`Error`] if the caller may not read the activity or the table fails.
pub async fn list_activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: &Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (inside, page) = entry.page::<_, _, Error>(Action::ReadActivity, audit::list(filter, page)).await?;
    let now = store.ambient().now();
    Ok(within_retention(page, &inside.billing.standing(inside.plans, now).limits(), now))
}

/// Limits a page of records, newest first, to the retention of `limits` at `now`.
pub fn within_retention(page: Page<Record, AuditId>, limits: &Limits, now: Timestamp) -> Page<ActivityView, AuditId> {
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
    filter: &Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let read = list_activity(store, caller, workspace, filter, page);
    let (page, taken) = store.read_and_take((caller, workspace), Action::ReadActivity, Budget::Exports, read).await?;
    taken.map(|()| page)
}

/// Returns a page of the workspace's log, newest first, within the retention of its plan.
///
/// # Errors
/// [`Error`] if the caller may not read it, the plan does not include it, or the table fails.
pub async fn list_log(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: &Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<AuditView, AuditId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (inside, page) = entry.page::<_, _, Error>(Action::ReadActivity, audit::list_stored(filter, page)).await?;
    let now = store.ambient().now();
    let since = require_feature(&inside, now)?;
    let page = page.until(|stored| stored.sealed.record.at < since, |next| next.made_at() < since);
    Ok(page.map(AuditView::from))
}

/// Like [`list_log`], for tables, which count against the workspace's budget of exports.
///
/// # Errors
/// [`Error`] as [`list_log`], or if the budget is used up.
pub async fn export_list(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: &Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<AuditView, AuditId>, Error> {
    let read = list_log(store, caller, workspace, filter, page);
    let (page, taken) = store.read_and_take((caller, workspace), Action::ReadActivity, Budget::Exports, read).await?;
    taken.map(|()| page)
}

/// Requires that the plan includes the log, and returns the time since which it shows records.
pub(super) fn require_feature(inside: &Authorized<'_>, now: Timestamp) -> Result<Timestamp, Error> {
    let standing = inside.billing.standing(inside.plans, now);
    require_log(&standing)?;
    Ok(shown_since(&standing.limits(), now))
}

/// Requires that the plan includes the log.
pub(crate) fn require_log(standing: &Standing) -> Result<(), AuditRefusal> {
    if standing.includes(FEATURE) {
        return Ok(());
    }
    Err(AuditRefusal::NotIncluded { upgrade_to: standing.next_with(FEATURE) })
}
