//! Workspaces and their settings: what the function `workspace` does.

mod deletion;
mod onboarding;
mod suspension;
mod view;

pub use deletion::{
    Deleting, DeletingError, DeletionView, Others, PartStatus, PartView, ReceiptView, delete, receipt, take_apart,
};
pub use onboarding::{BillingNotice, Onboarding, Step, StepId, SubscriptionNotice, onboarding};
pub use suspension::{MailError, mail_suspension};
pub use view::{SuspensionView, WorkspaceSummary, WorkspaceView};

use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    error::{Details, Kind, Refusal},
    identity::access::Action,
    identity::scope::{Caller, Denied, Scope},
    ids::WorkspaceId,
    page::{Page, PageRequest},
    plans::plan::Plan,
    runtime::record::CommandError,
    text::{Timezone, WorkspaceName},
    workspace::allowance::{AllowanceError, FreeWorkspaceLimit},
    workspace::deletion::DeletionError,
    workspace::head::{Expected, Update, found},
};
use store::{self, BeforeFounding, Change, Store, team::addresses::Holder};

/// Why a workspace is not shown, founded or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The caller holds as many free workspaces as a person may.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The caller sends too many commands.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// It cannot be deleted, or there is no such deletion.
    #[error(transparent)]
    Deletion(#[from] DeletionError),
    /// It is not the version that the caller wanted to change.
    #[error("the workspace has been changed since you read it; read it again")]
    AnotherVersion,
    /// Others keep changing it.
    #[error("the workspace is being changed by others; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::Store(error) => error.kind(),
            Self::Allowance(error) => error.kind(),
            Self::Command(error) => error.kind(),
            Self::Deletion(error) => error.kind(),
            Self::AnotherVersion => Kind::Stale,
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Store(error) => error.code(),
            Self::Allowance(error) => error.code(),
            Self::Command(error) => error.code(),
            Self::Deletion(error) => error.code(),
            Self::AnotherVersion => "workspace_version_mismatch",
            Self::ChangedMeanwhile => "workspace_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Denied(denied) => denied.details(),
            Self::Allowance(error) => error.details(),
            Self::Command(error) => error.details(),
            Self::Store(_) | Self::Deletion(_) | Self::AnotherVersion | Self::ChangedMeanwhile => Details::default(),
        }
    }
}

/// How often a change is decided again when another one came first.
const DECISIONS: usize = 5;

/// The caller's workspaces, newest first.
///
/// # Errors
/// [`Error::Store`].
pub async fn mine(
    store: &Store,
    caller: &Caller,
    page: PageRequest<WorkspaceId>,
) -> Result<Page<WorkspaceSummary, WorkspaceId>, Error> {
    let now = store.ambient().now();
    Ok(store.workspaces_of(caller, page).await?.map(|membership| WorkspaceSummary::new(membership, now)))
}

/// Creates a workspace, with the caller as its owner. It counts among their free ones until it is paid for.
///
/// # Errors
/// [`Error::Allowance`] if the caller holds as many free workspaces as `limit` allows, or another [`Error`].
pub async fn create(
    store: &Store,
    limit: FreeWorkspaceLimit,
    caller: &Caller,
    wanted: (WorkspaceName, Timezone),
    command: Option<&Fingerprint>,
) -> Result<Reply<WorkspaceView>, Error> {
    for _ in 0..DECISIONS {
        match try_create(store, limit, caller, wanted.clone(), command).await {
            Err(Error::ChangedMeanwhile) => {}
            decided => return decided,
        }
    }
    Err(Error::ChangedMeanwhile)
}

async fn try_create(
    store: &Store,
    limit: FreeWorkspaceLimit,
    caller: &Caller,
    (name, timezone): (WorkspaceName, Timezone),
    command: Option<&Fingerprint>,
) -> Result<Reply<WorkspaceView>, Error> {
    let BeforeFounding { earlier, allowance } = store.before_founding(caller, command).await?;
    if let Some(answer) = earlier {
        return Ok(answer);
    }
    let now = store.ambient().now();
    let founding = found(store.ambient().fresh(), caller, name, timezone, now);
    let id = founding.workspace.id;
    let held = match allowance.with_workspace(id, limit) {
        Ok(held) => held,
        // Some of those listed may be paid for, deleted or handed over by now.
        Err(_) => store.recount(caller.user(), &allowance, now).await?.with_workspace(id, limit)?,
    };
    let scope = Scope::of_founder(caller, founding.workspace.id);
    let mut change = Change::<Error>::begin(store, &scope, Entry::founded(&founding.workspace), now)?;
    // An id that exists already would be a broken source of randomness: deciding again draws another.
    change
        .keep_allowance(caller.user(), &allowance, held, Error::ChangedMeanwhile)?
        .found(&founding.workspace, Error::ChangedMeanwhile)?
        .seat_founder(&founding.owner, Error::ChangedMeanwhile)?;
    if let Some(email) = &founding.owner.email {
        change.take_address(email, Holder::Member(founding.owner.user), Error::ChangedMeanwhile)?;
    }
    change.commit(command, WorkspaceView::new(founding.workspace, Plan::Free), now).await
}

/// One workspace.
///
/// # Errors
/// [`Error`].
pub async fn read(store: &Store, caller: &Caller, id: WorkspaceId) -> Result<WorkspaceView, Error> {
    let inside = store.enter(caller, id, None).look::<Error>(Action::ReadWorkspace).await?;
    let plan = inside.billing.standing(store.ambient().now()).plan;
    Ok(WorkspaceView::new(inside.workspace, plan))
}

/// Changes the fields that `update` names, if the workspace is of the `expected` version.
///
/// # Errors
/// [`Error`].
pub async fn update(
    store: &Store,
    caller: &Caller,
    id: WorkspaceId,
    update: Update,
    expected: Expected,
) -> Result<WorkspaceView, Error> {
    for _ in 0..DECISIONS {
        let inside = store.enter(caller, id, None).read().await?.as_member(Action::UpdateWorkspace)?;
        let before = inside.workspace;
        if !expected.is(before.settings_version) {
            return Err(Error::AnotherVersion);
        }
        let now = store.ambient().now();
        let plan = inside.billing.standing(now).plan;
        let Some(next) = before.updated(update.clone(), now) else {
            return Ok(WorkspaceView::new(before, plan));
        };
        let entry = Entry::updated(&before, &next);
        let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
        change.edit(&before, &next, Error::ChangedMeanwhile)?;
        match change.commit(None, WorkspaceView::new(next, plan), now).await {
            Ok(Reply::First(view)) => return Ok(view),
            // Only commands under a key are answered again.
            Ok(Reply::Again(_)) | Err(Error::ChangedMeanwhile) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::ChangedMeanwhile)
}
