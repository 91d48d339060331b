//! Suspending a workspace, and ending its suspension. The wish of its members is kept: what ran before runs again afterwards.

use super::{error::Error, person::Operator};
use crate::decisions::DECISIONS;
use domain::{
    audit::record::Entry, ids::WorkspaceId, outbox::Message, text::SuspensionReason, workspace::head::Workspace,
};
use jiff::Timestamp;
use store::OperatorScope;
use store::{Change, Store, operator::Facts};

/// Suspends `workspace`, or gives its suspension another reason. Nothing is written if it is suspended for this reason already.
///
/// # Errors
/// [`Error`].
pub async fn suspend(
    store: &Store,
    operator: &Operator,
    workspace: WorkspaceId,
    reason: SuspensionReason,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), |scope, before, now| {
        let next = before.suspended_for(reason.clone(), scope.operator().clone(), now)?;
        Some((Entry::suspended(scope.by(), before, &next), next))
    })
    .await
}

/// Ends the suspension of `workspace`; the record has the `reason`. Nothing is written if it has none.
///
/// # Errors
/// [`Error`].
pub async fn unsuspend(
    store: &Store,
    operator: &Operator,
    workspace: WorkspaceId,
    reason: &SuspensionReason,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), |scope, before, _| {
        let next = before.unsuspended()?;
        Some((Entry::unsuspended(scope.by(), before, reason), next))
    })
    .await
}

/// Writes what `decide` makes of the head, if that is something else, with the messages that bring it about.
async fn change(
    store: &Store,
    scope: &OperatorScope,
    decide: impl Fn(&OperatorScope, &Workspace, Timestamp) -> Option<(Entry, Workspace)>,
) -> Result<(), Error> {
    for _ in 0..DECISIONS {
        let now = store.ambient().now();
        let Facts { workspace: head, runtime, .. } = store.facts(scope).await?;
        let before = head.filter(|head| head.live).ok_or(Error::NoWorkspace)?;
        let Some((entry, next)) = decide(scope, &before, now) else { return Ok(()) };
        let (acting, workspace) = (scope.scope(), before.id);
        let mut change = Change::<Error>::begin(store, &acting, entry, now)?;
        change.require_live(Error::NoWorkspace).suspend(&before, &next, Error::SuspensionChanged)?;
        // Also without a record of a runtime: a start that was decided before may write one in the meantime.
        let generation = runtime.map_or(0, |runtime| runtime.generation);
        change.set_off(Message::Reconcile { workspace, generation }, now)?;
        change.set_off(Message::SuspensionMail { workspace, version: next.suspension_version }, now)?;
        match change.commit(None, (), now).await {
            Err(Error::SuspensionChanged) => {}
            committed => return committed.map(drop),
        }
    }
    Err(Error::SuspensionChanged)
}
