//! Deletes the parts of a deleted workspace.
//!
//! The sweeper runs this each minute until the deletion is complete; a pending deletion is always due. Every step may
//! be interrupted anywhere, repeated, and run concurrently.

use crate::{
    debts::{report_payment, void_invoices},
    end_policy::{EndPolicy, EndedInvoices},
    payments::Payments,
};
use domain::{
    billing::stripe::facts::CustomerAtStripe,
    ids::WorkspaceId,
    integrations::orphan::{Orphan, OrphanState},
    outbox::RuntimeMessage,
    runtime::record::{Runtime, RuntimeState},
    workspace::deletion::{Deletion, DeletionPart},
};
use queue::{self, Queues};
use secrets::{self, IntegrationSecrets};
use store::{
    self, Store,
    partitions::WorkspacePartition,
    runtime::runtimes::{Recorded, RuntimeFacts},
    workspace::leftovers::{Leftover, LeftoverSecret},
};
use system_scope::SystemScope;

/// Pages of leftover items that are deleted per minute and partition.
const PAGES: usize = 10;

/// Dependencies of a deletion.
#[derive(Debug, Clone)]
pub struct DeletionDeps {
    /// The table.
    pub store: Store,
    /// Queues; the deletion sends messages to the reconciler.
    pub queues: Queues,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// Stripe.
    pub payments: Payments,
    /// Consequences of the end of a subscription.
    pub ends: EndPolicy,
}

/// The reason a deletion made no progress. It remains due.
#[derive(Debug, thiserror::Error)]
pub enum DeleteWorkspaceError {
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

/// Deletes the parts of `workspace` that can be deleted now. The failure of one part does not stop the others.
///
/// # Errors
/// [`DeleteWorkspaceError`] of the first part that failed.
pub async fn advance_deletion(with: &DeletionDeps, workspace: WorkspaceId) -> Result<(), DeleteWorkspaceError> {
    let scope = SystemScope::of(workspace);
    let Some(deletion) = with.store.deletion(&scope).await? else { return Ok(()) };
    let (runtime, subscription, secrets) = tokio::join!(
        with.end_runtime(&scope, &deletion),
        with.end_subscription(&scope, &deletion),
        with.end_secrets(&scope, &deletion),
    );
    runtime.and(subscription).and(secrets)?;
    match with.store.deletion(&scope).await? {
        Some(deletion) if deletion.only_members_left() => with.end_members(&scope, &deletion).await,
        Some(_) | None => Ok(()),
    }
}

impl DeletionDeps {
    /// Asks the reconciler to stop the runtime, and confirms once the record shows that it has stopped.
    async fn end_runtime(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeleteWorkspaceError> {
        if deletion.runtime_at.is_some() {
            return Ok(());
        }
        let facts: RuntimeFacts = self.store.runtime_facts(scope).await?;
        if has_ended(&facts.runtime) {
            // A concurrent change is seen in the next minute.
            let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.confirm_runtime(deletion, &facts).await?;
            return Ok(());
        }
        let generation = facts.runtime.generation;
        Ok(self.queues.send(&RuntimeMessage::Reconcile { workspace: scope.workspace(), generation }.into()).await?)
    }

    /// Closes open checkout pages, cancels all subscriptions, voids their open invoices unless the operator keeps them, and
    /// confirms once there are none. Pages are read first:
    /// one that is paid in the meantime is found as a subscription, now or in the next minute.
    async fn end_subscription(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeleteWorkspaceError> {
        if deletion.subscription_at.is_some() {
            return Ok(());
        }
        let billing = self.store.runtime_facts(scope).await?.billing;
        if billing.open.is_some() {
            // A command to Stripe is pending and may still create a customer or a page.
            return Ok(());
        }
        if let Some(customer) = &billing.customer {
            let account = self.payments.stripe_account::<DeleteWorkspaceError>().await?;
            let mut found = false;
            // A deleted customer has neither.
            for session in absent_as_none(account.open_sessions(customer).await)? {
                account.expire_session(&session.id).await?;
                found = true;
            }
            for held in
                absent_as_none(account.subscriptions(customer).await)?.iter().filter(|held| held.status.is_payable())
            {
                let key = format!("{}-{}-{}", deletion.workspace, deletion.id, held.id);
                let present = account.current_subscription(&held.id).await?;
                // The page of a pending change must not stay payable. A change that is paid in the meantime is ended.
                if let Some(pending) = &present.pending {
                    account.withdraw_change(&pending.invoice, &format!("{key}-{}", pending.invoice)).await?;
                }
                // A schedule must not outlive its subscription.
                if let Some(schedule) = &present.schedule {
                    match account.release_schedule(&schedule.id, &format!("{key}-release")).await {
                        // The schedule has ended or was released in the meantime.
                        Ok(()) | Err(stripe::Error::Refused(_) | stripe::Error::Absent(_)) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                account.cancel_now(&held.id, &key).await?;
                found = true;
            }
            if found {
                return Ok(());
            }
            if self.ends.ended_invoices == EndedInvoices::Void {
                let held = absent_as_none(account.customer_at_stripe(customer).await.map(|held| vec![held]))?;
                let now = self.store.ambient().now();
                let debts = held.iter().flat_map(CustomerAtStripe::debts_of_ended);
                // No comparison follows that would see whether the payment arrives.
                for invoice in void_invoices(&account, debts, now).await?.under_way {
                    report_payment(&invoice, now);
                }
            }
        }
        let (Recorded::Yes | Recorded::ChangedMeanwhile) =
            self.store.confirm_deletion_part(deletion, DeletionPart::Subscription).await?;
        Ok(())
    }

    /// Deletes the secrets of integrations and the secrets noted for deletion, and confirms once there are none.
    async fn end_secrets(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeleteWorkspaceError> {
        if deletion.secrets_at.is_some() {
            return Ok(());
        }
        let kept = self.store.leftover_secrets(scope).await?;
        for secret in &kept {
            match secret {
                LeftoverSecret::OfIntegration(id, integration) => {
                    self.secrets.delete(*id).await?;
                    let (Recorded::Yes | Recorded::ChangedMeanwhile) =
                        self.store.delete_integration(scope, integration).await?;
                }
                LeftoverSecret::Orphan(orphan) => self.discard(orphan).await?,
            }
        }
        if kept.is_empty() {
            let (Recorded::Yes | Recorded::ChangedMeanwhile) =
                self.store.confirm_deletion_part(deletion, DeletionPart::Secrets).await?;
        }
        Ok(())
    }

    /// Deletes a secret noted for deletion. No integration can adopt it any more, because the workspace is gone.
    async fn discard(&self, orphan: &Orphan) -> Result<(), DeleteWorkspaceError> {
        match orphan.fate {
            // The secret may be in creation at this moment. Its note becomes due by itself.
            OrphanState::Awaited => Ok(()),
            OrphanState::ScheduledForDeletion => {
                self.secrets.delete(orphan.id).await?;
                Ok(self.store.delete_orphan(orphan).await?)
            }
        }
    }

    /// Deletes all leftovers, then the workspace itself.
    async fn end_members(&self, scope: &SystemScope, deletion: &Deletion) -> Result<(), DeleteWorkspaceError> {
        for within in WorkspacePartition::deleted_with_workspace() {
            self.clear(scope, within).await?;
        }
        // Items written in the meantime are found here and deleted in the next minute.
        for within in WorkspacePartition::deleted_with_workspace() {
            let (leftovers, more) = self.store.leftovers(scope, within, None).await?;
            if !leftovers.is_empty() || more {
                return Ok(());
            }
        }
        if !self.erase_records(scope, deletion).await? {
            return Ok(());
        }
        let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.finish_deletion(deletion).await?;
        Ok(())
    }

    /// Erases personal data from audit records, up to [`PAGES`] pages. Returns true if none is left.
    async fn erase_records(&self, scope: &SystemScope, deletion: &Deletion) -> Result<bool, DeleteWorkspaceError> {
        let mut position = deletion.erased_until;
        for _ in 0..PAGES {
            let page = self.store.sealed_records(scope, position).await?;
            let Some(last) = page.last().map(|stored| stored.sealed.record.id) else { return Ok(true) };
            for stored in &page {
                let erased = stored.sealed.without_personal_data(|| self.store.ambient().salt());
                if let Some(erased) = erased
                    && !self.store.erase_from_record(scope, stored, erased).await?
                {
                    // Another worker was faster. The page is read again in the next minute.
                    return Ok(false);
                }
            }
            let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.note_erased_until(deletion, last).await?;
            position = Some(last);
        }
        Ok(false)
    }

    /// Deletes leftovers of the workspace in `within`, up to [`PAGES`] pages.
    async fn clear(&self, scope: &SystemScope, within: WorkspacePartition) -> Result<(), DeleteWorkspaceError> {
        let mut last: Option<Leftover> = None;
        for _ in 0..PAGES {
            let (leftovers, more) = self.store.leftovers(scope, within, last.as_ref()).await?;
            for leftover in &leftovers {
                // Another process may be deleting it, too. Items that changed are found in the next minute.
                let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.store.delete_leftover(leftover).await?;
            }
            if !more {
                break;
            }
            last = leftovers.into_iter().next_back();
        }
        Ok(())
    }
}

/// Returns an empty list for a customer that Stripe does not know.
fn absent_as_none<T>(found: Result<Vec<T>, stripe::Error>) -> Result<Vec<T>, stripe::Error> {
    match found {
        Err(stripe::Error::Absent(_)) => Ok(Vec::new()),
        found => found,
    }
}

/// Returns true if there is no container and none can still start.
fn has_ended(runtime: &Runtime) -> bool {
    match runtime.state {
        RuntimeState::Stopped | RuntimeState::Failed { .. } => runtime.is_settled(),
        RuntimeState::Starting { .. }
        | RuntimeState::Running { .. }
        | RuntimeState::Stopping { .. }
        | RuntimeState::Resizing { .. }
        | RuntimeState::Kept { .. } => false,
    }
}
