//! Lists, creates, reads and updates workspaces.

use super::{
    error::Error,
    view::{WorkspaceSummary, WorkspaceView},
};
use domain::{
    audit::record::Entry,
    command::Expected,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    page::{Page, PageRequest},
    text::{Timezone, WorkspaceName},
    workspace::allowance::FreeWorkspaceLimit,
    workspace::head::{Update, new_workspace},
};
use identity::Caller;
use store::{self, Change, CreationFacts, Store, team::addresses::Holder};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Returns a page of the caller's workspaces, newest first.
///
/// # Errors
/// [`Error::Store`] if the table fails.
pub async fn list_workspaces(
    store: &Store,
    caller: &Caller,
    page: PageRequest<WorkspaceId>,
) -> Result<Page<WorkspaceSummary, WorkspaceId>, Error> {
    let now = store.ambient().now();
    Ok(store.workspaces_of(caller, page).await?.map(|membership| WorkspaceSummary::new(store.plans(), membership, now)))
}

/// Creates a workspace with the caller as its owner. It counts against their limit of free workspaces until it is paid
/// for.
///
/// # Errors
/// [`Error::Allowance`] if the caller already holds as many free workspaces as `limit` allows. Any other [`Error`] if
/// the table fails or concurrent changes exhaust the attempts.
pub async fn create_workspace(
    store: &Store,
    limit: FreeWorkspaceLimit,
    caller: &Caller,
    wanted: (WorkspaceName, Timezone),
    command: Option<&Fingerprint>,
) -> Result<Reply<WorkspaceView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || {
        try_create(store, limit, caller, wanted.clone(), command)
    })
    .await
}

async fn try_create(
    store: &Store,
    limit: FreeWorkspaceLimit,
    caller: &Caller,
    (name, timezone): (WorkspaceName, Timezone),
    command: Option<&Fingerprint>,
) -> Result<Reply<WorkspaceView>, Error> {
    let CreationFacts { earlier, allowance, profile } = store.creation_facts(caller, command).await?;
    if let Some(answer) = earlier {
        return Ok(answer);
    }
    let now = store.ambient().now();
    let scope = store.scope_for_new_workspace(caller, &profile.name);
    let id = scope.workspace();
    let mut founding = new_workspace(id, caller.person(), name, timezone, now);
    founding.owner.chosen = profile.name;
    let held = match allowance.with_workspace(store.plans(), id, limit) {
        Ok(held) => held,
        // Some listed workspaces may be paid for, deleted or transferred by now.
        Err(_) => store.without_stale_entries(caller.user(), &allowance, now).await?.with_workspace(
            store.plans(),
            id,
            limit,
        )?,
    };
    let mut change = Change::<Error>::begin(store, &scope, Entry::created(&founding.workspace), now)?;
    // An id that exists already is treated like a concurrent change: the next attempt draws another one.
    change
        .write_allowance(caller.user(), &allowance, held, Error::ChangedMeanwhile)?
        .create_workspace(&founding.workspace, Error::ChangedMeanwhile)?
        .seat_founder(&founding.owner, Error::ChangedMeanwhile)?;
    if let Some(email) = &founding.owner.email {
        change.take_address(email, Holder::Member(founding.owner.user), Error::ChangedMeanwhile)?;
    }
    change.commit(command, WorkspaceView::new(founding.workspace, store.plans().unpaid().name), now).await
}

/// Returns a workspace.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn read_workspace(store: &Store, caller: &Caller, id: WorkspaceId) -> Result<WorkspaceView, Error> {
    let inside = store.enter(caller, id, None).authorize_read::<Error>(Action::ReadWorkspace).await?;
    let plan = inside.billing.standing(inside.plans, store.ambient().now()).plan.name;
    Ok(WorkspaceView::new(inside.workspace, plan))
}

/// Changes the fields that `update` names, if the workspace has the `expected` version.
///
/// # Errors
/// [`Error::AnotherVersion`] if the workspace has another version. Any other [`Error`] if the caller may not update the
/// workspace, the table fails, or concurrent changes exhaust the attempts.
pub async fn update_workspace(
    store: &Store,
    caller: &Caller,
    id: WorkspaceId,
    update: Update,
    expected: Expected,
) -> Result<WorkspaceView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let inside = store.enter(caller, id, None).load().await?.authorize(Action::UpdateWorkspace)?;
        let before = inside.workspace;
        if !expected.is(before.settings_version) {
            return Err(Error::AnotherVersion);
        }
        let now = store.ambient().now();
        let plan = inside.billing.standing(inside.plans, now).plan.name;
        let Some(next) = before.updated(update.clone(), now) else {
            return Ok(WorkspaceView::new(before, plan));
        };
        let entry = Entry::updated(&before, &next);
        let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
        change.edit(&before, &next, Error::ChangedMeanwhile)?;
        change.commit(None, WorkspaceView::new(next, plan), now).await?.first().ok_or(Error::ChangedMeanwhile)
    })
    .await
}
