//! Deletes the caller's account. The request decides; the sweeper ends memberships and erases afterwards.

use domain::{
    error::{CollectedError, Verdict},
    identity::account::{AccountDeletion, AccountError, Departure, Progress},
    identity::ownership::OwnedWorkspace,
    ids::{DeletionId, WorkspaceId},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{AccountFacts, Store, runtime::runtimes::Recorded};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Progress of the deletion of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = AccountDeletion)]
pub struct AccountDeletionView {
    /// Id of the deletion.
    pub id: DeletionId,
    /// Time at which the deletion was requested (RFC 3339, UTC).
    pub requested_at: Timestamp,
    /// Status of the deletion.
    pub status: AccountDeletionStatus,
    /// Workspaces of which you have become the last owner since the request. The deletion continues when they have
    /// another owner or are deleted.
    pub blocked_by: Vec<WorkspaceId>,
    /// Time at which everything was deleted (RFC 3339, UTC); null while pending.
    pub completed_at: Option<Timestamp>,
}

/// Status of the deletion of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountDeletionStatus {
    /// Your memberships end.
    Leaving,
    /// Your memberships have ended, and your data is being erased.
    Erasing,
    /// Everything is deleted.
    Complete,
}

impl From<AccountDeletion> for AccountDeletionView {
    fn from(deletion: AccountDeletion) -> Self {
        let (status, blocked_by, completed_at) = match deletion.progress {
            Progress::Leaving { blocked_by } => (AccountDeletionStatus::Leaving, blocked_by, None),
            Progress::Erasing(_) => (AccountDeletionStatus::Erasing, Vec::new(), None),
            Progress::Complete { at } => (AccountDeletionStatus::Complete, Vec::new(), Some(at)),
        };
        Self { id: deletion.id, requested_at: deletion.requested_at, status, blocked_by, completed_at }
    }
}

/// The reason an account is not deleted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The account cannot be deleted now, or there is no deletion.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    const fn is_lost(&self) -> bool {
        matches!(self, Self::Account(AccountError::ChangedMeanwhile))
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Account(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
        }
    }
}

/// Begins the deletion of the caller's account, and returns it. A pending deletion, or a complete one of an account that
/// is not in use again, is returned as it is.
///
/// # Errors
/// [`Error::Account`] if the caller is the last owner of workspaces that do not end with the account, or has deleted it
/// a short time ago. [`Error::Store`] if the table fails.
pub async fn delete_account(store: &Store, caller: &Caller) -> Result<AccountDeletionView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, AccountError::ChangedMeanwhile, || async {
        let AccountFacts { deletion: before, is_in_use, owned } = store.account_facts(caller).await?;
        let now = store.ambient().now();
        if let Some(before) = &before {
            if before.is_pending() || !is_in_use {
                return Ok(before.clone().into());
            }
            before.check_pause(now)?;
        }
        let kept: Vec<_> = owned
            .into_iter()
            .filter_map(|(workspace, billing)| match Departure::of(true, &workspace, &billing, store.plans(), now) {
                Departure::Blocked(reason) => Some(OwnedWorkspace { id: workspace.id, name: workspace.name, reason }),
                Departure::Leave | Departure::Delete => None,
            })
            .collect();
        if !kept.is_empty() {
            return Err(AccountError::LastOwner(kept).into());
        }
        let addresses = caller.verified_email().cloned().into_iter().collect();
        let deletion = AccountDeletion::requested(store.ambient().fresh(), caller.user(), addresses, now);
        match store.begin_account_deletion(caller, before.as_ref(), &deletion).await? {
            Recorded::Yes => Ok(deletion.into()),
            Recorded::ChangedMeanwhile => Err(AccountError::ChangedMeanwhile.into()),
        }
    })
    .await
}

/// Returns the caller's pending deletion, or the one that was completed in the last 30 days.
///
/// # Errors
/// [`AccountError::Unknown`] if there is none, or [`Error::Store`] if the table fails.
pub async fn read_account_deletion(store: &Store, caller: &Caller) -> Result<AccountDeletionView, Error> {
    let deletion = store.account_deletion(caller.user()).await?;
    Ok(deletion.ok_or(AccountError::Unknown)?.into())
}
