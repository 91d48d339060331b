//! Deleting a workspace: it is gone for everybody at once, and then taken apart, each part confirmed on the receipt.
//!
//! The sweeper drives it, each minute until it is done: the deletion is due as long as it is under way. Every step may end
//! anywhere and be taken again, by two at once, too.

use super::{DECISIONS, Error};
use domain::{
    audit::record::Entry,
    identity::access::Action,
    identity::scope::{Caller, SystemScope},
    ids::{DeletionId, WorkspaceId},
    integrations::orphan::{Fate, Orphan},
    outbox::Message,
    runtime::record::{Runtime, State},
    workspace::deletion::{Deletion, DeletionError, Part},
};
use jiff::Timestamp;
use queue::{self, Queues};
use secrets::{self, IntegrationSecrets, StripeKey};
use serde::Serialize;
use store::{
    self, Change, Store,
    runtime::runtimes::{Recorded, Tended},
    workspace::remains::{Kept, Remain, Within},
};
use stripe::{self, Stripe};

/// How many pages of what is left are taken away in one minute.
const PAGES: usize = 10;

/// What it takes to take a workspace apart.
#[derive(Debug, Clone)]
pub struct Deleting {
    /// The table.
    pub store: Store,
    /// Where the reconciler is told to look.
    pub queues: Queues,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// Stripe.
    pub stripe: Stripe,
    /// The key to it.
    pub key: StripeKey,
}

/// Why a deletion does not go on now; it is due again.
#[derive(Debug, thiserror::Error)]
pub enum DeletingError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] queue::Error),
    /// Secrets Manager failed.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// Stripe failed.
    #[error(transparent)]
    Stripe(#[from] stripe::Error),
}

/// Whether others may be among the members of a workspace that is deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Others {
    /// They keep it.
    #[default]
    Keep,
    /// They lose it.
    Lose,
}

/// What somebody who deletes a workspace is told.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(title = "DeletionRequested")]
pub struct DeletionView {
    /// The id of the receipt.
    pub deletion_id: DeletionId,
}

/// How far a deletion has come.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Receipt")]
pub struct ReceiptView {
    /// Its id.
    pub id: DeletionId,
    /// What is deleted.
    pub workspace_id: WorkspaceId,
    /// When that was asked for.
    pub requested_at: Timestamp,
    /// Its container.
    pub runtime: PartView,
    /// Its subscription.
    pub subscription: PartView,
    /// The secrets of its integrations.
    pub secrets: PartView,
    /// Its members, and all else.
    pub members: PartView,
}

/// How far one part of a deletion has come.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(title = "ReceiptPart")]
pub struct PartView {
    /// How far.
    pub status: PartStatus,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
}

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartStatus {
    /// It is not known to be gone.
    Pending,
    /// It is gone.
    Confirmed,
}

/// Deletes `workspace`: nobody enters it from now on. It counts as one of the caller's commands, so that workspaces which are created
/// and deleted without end do not fill the queue of all tenants.
///
/// # Errors
/// [`Error::Command`] if the caller sends too many commands, or another [`Error`].
pub async fn delete(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    others: Others,
) -> Result<DeletionView, Error> {
    for _ in 0..DECISIONS {
        match try_delete(store, caller, workspace, others).await {
            Err(Error::ChangedMeanwhile) => {}
            decided => return decided,
        }
    }
    Err(Error::ChangedMeanwhile)
}

async fn try_delete(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    others: Others,
) -> Result<DeletionView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (slot, own) = (entry.runtime(), entry.allowance(caller.user()));
    let inside = entry.read().await?.as_member(Action::DeleteWorkspace)?;
    if others == Others::Keep && inside.workspace.counts.members > 1 {
        return Err(DeletionError::HasMembers.into());
    }
    let now = store.ambient().now();
    let runtime = inside.take(&slot)?.unwrap_or_default();
    let allowance = inside.take(&own)?.unwrap_or_default();
    let rest = allowance.commanded(now)?.without_workspace(workspace);
    let deletion = Deletion::requested(store.ambient().fresh(), workspace, caller.user(), now);
    let mut change = Change::<Error>::begin(store, &inside.scope, Entry::deleted(&inside.workspace), now)?;
    match others {
        Others::Keep => {
            change.require_alone(DeletionError::HasMembers);
        }
        Others::Lose => {}
    }
    change.keep_allowance(caller.user(), &allowance, rest, Error::ChangedMeanwhile)?.delete_workspace(&deletion)?;
    change.set_off(Message::Reconcile { workspace, generation: runtime.generation }, now)?;
    change.commit(None, (), now).await?;
    Ok(DeletionView { deletion_id: deletion.id })
}

/// The receipt `id`, for whoever asked for the deletion.
///
/// # Errors
/// [`Error`].
pub async fn receipt(store: &Store, caller: &Caller, id: DeletionId) -> Result<ReceiptView, Error> {
    let deletion = store.receipt(caller, id).await?.ok_or(DeletionError::Unknown)?;
    let part = |part| {
        let confirmed_at = deletion.confirmed_at(part);
        let status = if confirmed_at.is_some() { PartStatus::Confirmed } else { PartStatus::Pending };
        PartView { status, confirmed_at }
    };
    Ok(ReceiptView {
        id,
        workspace_id: deletion.workspace,
        requested_at: deletion.requested_at,
        runtime: part(Part::Runtime),
        subscription: part(Part::Subscription),
        secrets: part(Part::Secrets),
        members: part(Part::Members),
    })
}

/// Takes apart what can be taken apart of `workspace` now. A part that fails holds up no other.
///
/// # Errors
/// [`DeletingError`], of the first part that failed.
pub async fn take_apart(with: &Deleting, workspace: WorkspaceId) -> Result<(), DeletingError> {
    let scope = SystemScope::of(workspace);
    let Some(deletion) = with.store.deletion(&scope).await? else { return Ok(()) };
    let (runtime, subscription, secrets) = tokio::join!(
        with.end_runtime(&scope, &deletion),
        with.end_subscription(&scope, &deletion),
        with.end_secrets(&scope, &deletion),
    );
    runtime.and(subscription).and(secrets)?;
    match with.store.deletion(&scope).await? {
        Some(deletion) if deletion.is_bare() => with.end_members(&scope, &deletion).await,
        Some(_) | None => Ok(()),
    }
}

impl Deleting {
    /// The reconciler stops what runs; that it has is seen from the record.
    async fn end_runtime(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeletingError> {
        if deletion.runtime_at.is_some() {
            return Ok(());
        }
        let tended: Tended = self.store.tended(scope).await?;
        if has_ended(&tended.runtime) {
            // Who changed it in between is seen in the next minute.
            let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.confirm_runtime(deletion, &tended).await?;
            return Ok(());
        }
        let generation = tended.runtime.generation;
        Ok(self.queues.send(&Message::Reconcile { workspace: scope.workspace(), generation }).await?)
    }

    /// Closes what can be paid, ends what is paid, and confirms once a look finds neither. Pages come first: one that is paid
    /// while this looks is found as a subscription, now or in the next minute.
    async fn end_subscription(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeletingError> {
        if deletion.subscription_at.is_some() {
            return Ok(());
        }
        let billing = self.store.tended(scope).await?.billing;
        if billing.open.is_some() {
            // A command to Stripe is under way, or was left: whoever finishes it may still make a customer or a page.
            return Ok(());
        }
        if let Some(customer) = &billing.customer {
            let now = self.store.ambient().now();
            let account = self.stripe.with_key(&self.key.current(now).await?)?;
            let mut found = false;
            for session in account.open_sessions(customer).await? {
                account.expire_session(&session.id).await?;
                found = true;
            }
            for held in account.subscriptions(customer).await?.iter().filter(|held| held.status.lives()) {
                let key = format!("{}-{}-{}", deletion.workspace, deletion.id, held.id);
                // What was to follow does not: nothing is to come of a schedule that outlives its subscription.
                if let Some(schedule) = &account.present(&held.id).await?.schedule {
                    account.release(schedule, &format!("{key}-release")).await?;
                }
                account.cancel_now(&held.id, &key).await?;
                found = true;
            }
            if found {
                return Ok(());
            }
        }
        let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.confirm(deletion, Part::Subscription).await?;
        Ok(())
    }

    /// Deletes what integrations keep, and what is noted to be deleted; confirms once a look finds neither.
    async fn end_secrets(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeletingError> {
        if deletion.secrets_at.is_some() {
            return Ok(());
        }
        let kept = self.store.kept_secrets(scope).await?;
        for secret in &kept {
            match secret {
                Kept::By(id, integration) => {
                    self.secrets.delete(*id).await?;
                    let (Recorded::Yes | Recorded::ChangedMeanwhile) =
                        self.store.drop_integration(scope, integration).await?;
                }
                Kept::Noted(orphan) => self.discard(orphan).await?,
            }
        }
        if kept.is_empty() {
            let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.confirm(deletion, Part::Secrets).await?;
        }
        Ok(())
    }

    /// Nobody can take a secret that is awaited any more: the workspace is gone for everybody.
    async fn discard(&self, orphan: &Orphan) -> Result<(), DeletingError> {
        match orphan.fate {
            // Whoever makes it may be doing so just now; its note is due by itself.
            Fate::Awaited => Ok(()),
            Fate::Doomed => {
                self.secrets.delete(orphan.id).await?;
                Ok(self.store.deleted(orphan).await?)
            }
        }
    }

    /// Takes away all that is left, and then the workspace itself.
    async fn end_members(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeletingError> {
        for within in Within::ALL {
            self.clear(scope, within).await?;
        }
        // What slipped in while this went on is seen here, and ended in the next minute.
        for within in Within::ALL {
            let (remains, more) = self.store.remains(scope, within, None).await?;
            if !remains.is_empty() || more {
                return Ok(());
            }
        }
        let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.end_deletion(deletion).await?;
        Ok(())
    }

    /// Takes away what is left of the workspace there, as far as a minute's work goes.
    async fn clear(&self, scope: &SystemScope, within: Within) -> Result<(), DeletingError> {
        let mut last: Option<Remain> = None;
        for _ in 0..PAGES {
            let (remains, more) = self.store.remains(scope, within, last.as_ref()).await?;
            for remain in &remains {
                // Two may be at it; what changed in between is found in the next minute.
                let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.drop_remain(remain).await?;
            }
            if !more {
                break;
            }
            last = remains.into_iter().next_back();
        }
        Ok(())
    }
}

/// Whether there is no container, and none that may still come to be.
fn has_ended(runtime: &Runtime) -> bool {
    match runtime.state {
        State::Stopped | State::Failed { .. } => runtime.is_settled(),
        State::Starting { .. }
        | State::Running { .. }
        | State::Stopping { .. }
        | State::Resizing { .. }
        | State::Kept { .. } => false,
    }
}
