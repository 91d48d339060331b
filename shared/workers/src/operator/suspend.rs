//! Suspends a workspace and ends its suspension. The wanted state of the runtime is kept: a runtime that ran before
//! runs again afterwards.

use super::{actor::ActingOperator, error::Error};
use crate::decisions::{MAX_DECISIONS, decide_again};
use domain::{
    audit::record::Entry,
    command::Seen,
    ids::WorkspaceId,
    notifications::happening::Happening,
    outbox::{MailMessage, RuntimeMessage},
    text::SuspensionReason,
    workspace::{head::Workspace, suspension::Suspension},
};
use jiff::Timestamp;
use store::OperatorScope;
use store::{Change, Store, operator::WorkspaceFacts};

/// Suspends `workspace`, or changes the reason of its suspension. Writes nothing if it is already suspended for this
/// reason.
///
/// # Errors
/// [`Error::AnotherSuspension`] if `replaces` names another suspension than the one in force. Any other [`Error`] if the
/// workspace does not exist, the table fails, or concurrent changes exhaust the attempts.
pub async fn suspend_workspace(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    reason: SuspensionReason,
    replaces: Option<Seen<Suspension>>,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), replaces, |scope, before, now| {
        let next = before.suspended_for(reason.clone(), scope.operator().clone(), now)?;
        Some((Entry::suspended(scope.by(), before, &next), next))
    })
    .await
}

/// Ends the suspension of `workspace`; the audit record names the operator's reason. Writes nothing if the workspace is not
/// suspended.
///
/// # Errors
/// [`Error::AnotherSuspension`] if `replaces` names another suspension than the one in force. Any other [`Error`] if the
/// workspace does not exist, the table fails, or concurrent changes exhaust the attempts.
pub async fn unsuspend_workspace(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    replaces: Option<Seen<Suspension>>,
) -> Result<(), Error> {
    change(store, &operator.scope(workspace), replaces, |scope, before, _| {
        let next = before.unsuspended()?;
        Some((Entry::unsuspended(scope.by(), before), next))
    })
    .await
}

/// Writes the head that `decide` returns, if it returns one, with the messages for the reconciler and the mailer. The
/// suspension before must be the one that the person `replaces`, if they say which.
async fn change(
    store: &Store,
    scope: &OperatorScope,
    replaces: Option<Seen<Suspension>>,
    decide: impl Fn(&OperatorScope, &Workspace, Timestamp) -> Option<(Entry, Workspace)>,
) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::SuspensionChanged, || async {
        let now = store.ambient().now();
        let WorkspaceFacts { workspace: head, runtime, .. } = store.workspace_facts(scope).await?;
        let before = head.filter(|head| head.live).ok_or(Error::NoWorkspace)?;
        let Some((entry, next)) = decide(scope, &before, now) else { return Ok(()) };
        if replaces.as_ref().is_some_and(|seen| !seen.is(before.suspended.as_ref())) {
            return Err(Error::AnotherSuspension);
        }
        let (acting, workspace) = (scope.scope(), before.id);
        let mut change = Change::<Error>::begin(store, &acting, entry, now)?;
        change.require_live(Error::NoWorkspace).suspend(&before, &next, Error::SuspensionChanged)?;
        // Sent even if no runtime is recorded, because a concurrent start may record one.
        let generation = runtime.map_or(0, |runtime| runtime.generation);
        change.enqueue(RuntimeMessage::Reconcile { workspace, generation }, now)?;
        change.enqueue(MailMessage::SuspensionMail { workspace, version: next.suspension_version }, now)?;
        match (&before.suspended, &next.suspended) {
            (None, Some(_)) => change.notify_members(Happening::WorkspaceSuspended {}, now)?,
            (Some(_), None) => change.notify_members(Happening::WorkspaceUnsuspended {}, now)?,
            // Another reason.
            (Some(_), Some(_)) | (None, None) => &mut change,
        };
        change.commit(None, (), now).await.map(drop)
    })
    .await
}
