//! The status of a runtime, and its commands.

use super::{error::Error, view::RuntimeView};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    keys::refusal::KeyRefusal,
    runtime::record::{Runtime, RuntimeCommand},
    workspace::allowance::{Allowance, FreeContainerLimit},
};
use identity::Caller;
use jiff::Timestamp;
use store::{Change, KeyProof, Store};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Returns the state of the runtime.
///
/// Dashboards poll this, so it takes one read and writes nothing, not even the member's last activity: an open page is
/// not activity.
///
/// # Errors
/// [`Error`] if the caller may not read the runtime or the table fails.
pub async fn read_runtime(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<RuntimeView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (slot, heartbeat) = (entry.runtime(), entry.heartbeat());
    let inside = entry.load().await?.authorize(Action::ReadRuntime)?;
    let now = store.ambient().now();
    let (runtime, heartbeat) = (inside.take(&slot)?.unwrap_or_default(), inside.take(&heartbeat)?);
    Ok(RuntimeView::new(&runtime, heartbeat.as_ref(), &inside.billing.standing(inside.plans, now), now))
}

/// Starts, stops or restarts the runtime. The reconciler carries the command out. A command whose result is already
/// reached or pending changes nothing: it is not recorded, enqueues nothing, and does not count against the caller's
/// budget. A start of a running runtime is a command to compare it with ECS, since the event of its end may be lost.
///
/// # Errors
/// [`Error::Command`] if the runtime or the caller's runtimes are commanded too often. [`Error::Allowance`] if the
/// caller already runs as many containers of free workspaces as `limit` allows. Any other [`Error`] if the caller may
/// not control the runtime, the table fails, or concurrent changes exhaust the attempts.
pub async fn command_runtime(
    store: &Store,
    limit: FreeContainerLimit,
    caller: &Caller,
    workspace: WorkspaceId,
    command: RuntimeCommand,
    fingerprint: Option<&Fingerprint>,
) -> Result<Reply<RuntimeView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, fingerprint);
        let (slot, heartbeat, own) = (entry.runtime(), entry.heartbeat(), entry.allowance(caller.user()));
        let inside = entry.load().await?.authorize(Action::ControlRuntime)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let now = store.ambient().now();
        let standing = inside.billing.standing(inside.plans, now);
        let (before, heartbeat) = (inside.take(&slot)?.unwrap_or_default(), inside.take(&heartbeat)?);
        let view = |runtime: &Runtime| RuntimeView::new(runtime, heartbeat.as_ref(), &standing, now);
        let Some(next) = before.commanded(command, &standing, caller.user(), now)? else {
            return Ok(Reply::First(view(&before)));
        };
        let allowance = inside.take(&own)?.unwrap_or_default();
        let commanded = allowance.take_command_token(now)?;
        let changes = next.generation != before.generation;
        let takes_place = changes && command != RuntimeCommand::Stop && next.held_by == Some(caller.user());
        // A container of a free workspace counts for a person, and behind a service key is none.
        if takes_place && inside.scope.key().is_some_and(KeyProof::is_service) {
            return Err(Denied::Key(KeyRefusal::NotByKey).into());
        }
        let commanded = if takes_place {
            with_place(store, limit, workspace, (caller.user(), commanded), now).await?
        } else {
            commanded
        };
        let entry = Entry::commanded(workspace, command, &before, &next);
        let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
        change
            .require_billing(&inside.billing)
            .write_allowance(caller.user(), &allowance, commanded, Error::ChangedMeanwhile)?
            .write_runtime_command(&before, &next, Error::ChangedMeanwhile, now)?;
        change.commit(fingerprint, view(&next), now).await
    })
    .await
}

/// Adds the container of the free `workspace` to the allowance of `user`.
async fn with_place(
    store: &Store,
    limit: FreeContainerLimit,
    workspace: WorkspaceId,
    (user, allowance): (UserId, Allowance),
    now: Timestamp,
) -> Result<Allowance, Error> {
    match allowance.with_container(store.plans(), workspace, limit) {
        Ok(next) => Ok(next),
        // Some listed containers may have stopped, or their workspaces may be paid for by now.
        Err(_) => Ok(store.without_stale_entries(user, &allowance, now).await?.with_container(
            store.plans(),
            workspace,
            limit,
        )?),
    }
}
