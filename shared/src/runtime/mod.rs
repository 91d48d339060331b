//! A workspace's runtime: what people command and see, and what the reconciler makes of it.

mod error;
mod idle;
mod patrol;
mod reconcile;
mod report;
mod view;

pub use error::Error;
pub use idle::rest;
pub use patrol::{Patrolled, patrol};
pub use reconcile::{Outcome, ReconcileError, Reconciling, reconcile};
pub use report::{ReportError, report};
pub use view::{Resources, RuntimeView};

use crate::{
    domain::{
        access::Action,
        audit::Entry,
        budget::Budget,
        command::{Fingerprint, Reply},
        ids::WorkspaceId,
        runtime::Command,
        scope::Caller,
    },
    store::{Change, Store},
};

/// How often a command is decided anew when another change came first.
const DECISIONS: usize = 5;

/// How the runtime is.
///
/// # Errors
/// [`Error`].
pub async fn status(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<RuntimeView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (slot, heartbeat) = (entry.runtime(), entry.heartbeat());
    let inside = entry.look::<Error>(Action::ReadRuntime).await?;
    let now = store.ambient().now();
    let runtime = inside.take(&slot)?.unwrap_or_default();
    let view = RuntimeView::new(&runtime, inside.billing.standing(now), now);
    Ok(match inside.take(&heartbeat)? {
        Some(heartbeat) if heartbeat.tells_of(&runtime, now) => view.with(heartbeat.figures),
        Some(_) | None => view,
    })
}

/// Starts, stops or restarts the runtime, as far as it is not so already; the reconciler brings it about.
///
/// # Errors
/// [`Error`].
pub async fn command(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    command: Command,
    fingerprint: Option<&Fingerprint>,
) -> Result<Reply<RuntimeView>, Error> {
    for _ in 0..DECISIONS {
        let mut entry = store.enter(caller, workspace, fingerprint);
        let slot = entry.runtime();
        let inside = entry.read().await?.as_member(Action::ControlRuntime)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let now = store.ambient().now();
        let standing = inside.billing.standing(now);
        let before = inside.take(&slot)?.unwrap_or_default();
        let Some(next) = before.commanded(command, standing, caller.user(), now)? else {
            return Ok(Reply::First(RuntimeView::new(&before, standing, now)));
        };
        let entry = Entry::commanded(workspace, command, &before, &next);
        let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
        change.require_billing(&inside.billing).command_runtime(&before, &next, Error::ChangedMeanwhile, now)?;
        match command {
            Command::Start | Command::Restart => {
                change.take(Budget::Starts, now);
            }
            Command::Stop => {}
        }
        match change.commit(fingerprint, RuntimeView::new(&next, standing, now), now).await {
            Err(Error::ChangedMeanwhile) => {}
            answer => return answer,
        }
    }
    Err(Error::ChangedMeanwhile)
}
