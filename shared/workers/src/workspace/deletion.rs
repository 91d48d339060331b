//! Taking a deleted workspace apart.
//!
//! The sweeper drives it, each minute until it is done: the deletion is due as long as it is under way. Every step may end
//! anywhere and be taken again, by two at once, too.

use crate::payments::Payments;
use domain::{
    ids::WorkspaceId,
    integrations::orphan::{Fate, Orphan},
    outbox::Message,
    runtime::record::{Runtime, State},
    workspace::deletion::{Deletion, Part},
};
use queue::{self, Queues};
use secrets::{self, IntegrationSecrets};
use store::{
    self, Store,
    runtime::runtimes::{Recorded, Tended},
    workspace::remains::{Kept, Remain, Within},
};
use system_scope::SystemScope;

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
    pub payments: Payments,
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
            let account = self.payments.account::<DeletingError>().await?;
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
