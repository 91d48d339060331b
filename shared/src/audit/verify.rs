//! Verifies the log of a workspace, a page at a time.

use super::{error::Error, list::require_feature};
use domain::{
    audit::{
        chain::{Head, Sequence},
        digest::Digest,
        range::Range,
        verify::{Break, Broken, Found, Position, Verifier},
    },
    bounds::budget::Budget,
    identity::access::Action,
    ids::{AuditId, WorkspaceId},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{
    Store,
    audit::{self, RecordPage},
};

/// Number of records that one request verifies.
const PAGE: usize = 500;

/// Result of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Verification {
    /// False if the log is broken in this page.
    pub ok: bool,
    /// Number of records of this page that were verified.
    pub checked: u64,
    /// Id of the record at which the log is broken; null if it is not, or if no record is left.
    pub broken_at: Option<AuditId>,
    /// Reason why it is broken; null if it is not.
    pub reason: Option<Break>,
    /// Number of the last record of the log that was verified; null if there was none.
    pub last_number: Option<u64>,
    /// Its digest, with which a checkpoint of this number agrees; null if there was none.
    #[schema(value_type = Option<String>)]
    pub last_digest: Option<Digest>,
}

/// Verifies a page of the log after `after`, as far back as the plan shows it. Returns the position of the next page, if the
/// log is whole so far and there is one. Each page counts against the workspace's budget of exports.
///
/// # Errors
/// [`Error`] if the caller may not read it, the plan does not include it, the budget is used up, or the table fails.
pub async fn verify_log(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    range: Range,
    after: Option<Position>,
) -> Result<(Verification, Option<Position>), Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (head, linking) = (entry.audit_head(), entry.audit_linking());
    let read = entry.authorize_read::<Error>(Action::ReadActivity);
    let (inside, taken) = store.read_and_take((caller, workspace), Action::ReadActivity, Budget::Exports, read).await?;
    let now = store.ambient().now();
    let shown = range.since(require_feature(&inside, now)?);
    taken?;
    let (head, linking) = (inside.take(&head)?, inside.take(&linking)?);
    // What the caller has verified is not shown any more: the walk begins with what is.
    let after = after.filter(|position| !position.after.is_some_and(|last| audit::is_before(shown, last)));
    // The head was read before the records, so each record that it counts must be there.
    let scope = inside.scope.system();
    let begin = async {
        match after {
            Some(position) => Ok(position),
            None if shown.from == Timestamp::UNIX_EPOCH => Ok(Position::default()),
            None => {
                let (earlier, is_all) = store.records_before(&scope, shown).await?;
                Ok(Position::first(now, &earlier, is_all))
            }
        }
    };
    let records = store.record_page(&scope, shown, after.and_then(|at| at.after), PAGE);
    let (page, position) = tokio::try_join!(records, begin)?;
    // If there was no head, the first change may have come between the two reads.
    let is_headless = head.is_none() && page.records.iter().any(is_of_log) && store.audit_head(&scope).await?.is_none();
    let is_whole = page.next.is_none() && range.to.is_none();
    let mut verifier = Verifier::new(
        workspace,
        now,
        head.as_ref().map(|head| head.end),
        // A log without a head begins with the next change.
        linking.is_some() || head.is_none(),
        position,
    );
    let mut result = check(&mut verifier, &page).and_then(|()| match &head {
        Some(head) if is_whole => verifier.finish(shown.from, head.at),
        None if is_headless => Err(verifier.without_head()),
        Some(_) | None => Ok(()),
    });
    // A change between the two reads has moved the head.
    if result.is_ok()
        && is_beyond(&verifier, head.as_ref())
        && is_beyond(&verifier, store.audit_head(&scope).await?.as_ref())
    {
        result = Err(verifier.beyond_head());
    }
    let next = page.next.filter(|_| result.is_ok()).map(|last| verifier.position().at(last));
    Ok((verification(&verifier, result), next))
}

fn is_of_log(found: &Found) -> bool {
    matches!(found, Found::Linked(record) if record.place.sequence == Sequence::Log)
}

/// True if the last record is beyond the head, which is written with each record.
fn is_beyond(verifier: &Verifier, head: Option<&Head>) -> bool {
    head.zip(verifier.position().log()).is_some_and(|(head, last)| last.number > head.end.number)
}

fn check(verifier: &mut Verifier, page: &RecordPage) -> Result<(), Broken> {
    page.records.iter().try_for_each(|found| verifier.check(found))
}

fn verification(verifier: &Verifier, result: Result<(), Broken>) -> Verification {
    let last = verifier.position().log();
    let broken = result.err();
    Verification {
        ok: broken.is_none(),
        checked: verifier.checked(),
        broken_at: broken.and_then(|broken| broken.at),
        reason: broken.map(|broken| broken.reason),
        last_number: last.map(|end| end.number),
        last_digest: last.map(|end| end.digest),
    }
}
