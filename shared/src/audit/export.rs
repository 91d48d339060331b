//! The export of the log and its checkpoints, with which others verify it.

use super::{error::Error, list::require_feature, view::CheckpointView};
use domain::{
    audit::{chain::LinkedRecord, checkpoint::CheckpointNumber, range::Range, verify::Found},
    bounds::budget::Budget,
    identity::access::Action,
    ids::{AuditId, WorkspaceId},
    page::{Page, PageRequest},
};
use identity::Caller;
use store::{Store, audit};

/// Number of records on a page of the export.
const EXPORT_PAGE: usize = 500;

/// A page of the export.
#[derive(Debug)]
pub struct ExportPage {
    found: Vec<Found>,
    /// The next page begins after this record.
    pub next: Option<AuditId>,
}

impl ExportPage {
    /// The records of the page that have a place.
    pub fn records(&self) -> impl Iterator<Item = LinkedRecord> {
        self.found.iter().filter_map(|found| match found {
            Found::Linked(record) => Some(record.clone()),
            Found::Unlinked(_) | Found::Unreadable(_) | Found::Absent => None,
        })
    }
}

/// Returns a page of the log after `after`, oldest first, as far back as the plan shows it. Records that have no place yet, and
/// those that cannot be read, are not in it. Each page counts against the workspace's budget of exports.
///
/// # Errors
/// [`Error`] if the caller may not read it, the plan does not include it, the budget is used up, or the table fails.
pub async fn export_log(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    range: Range,
    after: Option<AuditId>,
) -> Result<ExportPage, Error> {
    let read = store.enter(caller, workspace, None).authorize_read::<Error>(Action::ReadActivity);
    let (inside, taken) = store.read_and_take((caller, workspace), Action::ReadActivity, Budget::Exports, read).await?;
    let shown = range.since(require_feature(&inside, store.ambient().now())?);
    taken?;
    let page = store.record_page(&inside.scope.system(), shown, after, EXPORT_PAGE).await?;
    Ok(ExportPage { found: page.records, next: page.next })
}

/// Returns a page of the log's checkpoints, newest first.
///
/// # Errors
/// [`Error`] if the caller may not read them, the plan does not include them, or the table fails.
pub async fn list_checkpoints(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    page: PageRequest<CheckpointNumber>,
) -> Result<Page<CheckpointView, CheckpointNumber>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (inside, page) = entry.page::<_, _, Error>(Action::ReadActivity, audit::checkpoints(page)).await?;
    require_feature(&inside, store.ambient().now())?;
    Ok(page.map(|taken| taken.checkpoint))
}
