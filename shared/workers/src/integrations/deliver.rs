//! Notifies a workspace's integrations of its events.
//!
//! Each delivery is recorded before it is attempted and again afterwards, so a process that crashes in between leaves a
//! delivery that is due. Only one process can begin an attempt, so a message that arrives twice is delivered once. The
//! exception is a receiver whose answer was lost: it gets the notice again.

use super::{
    attempt::AttemptDeps,
    audit,
    disable::{End, disable},
    error::Error,
    incident,
};
use courier::Courier;
use domain::{
    ids::{DeliveryId, WorkspaceId},
    integrations::delivery::{Delivery, DeliveryAttempt, DeliveryStatus, NewEvent},
    integrations::{Failing, Integration, IntegrationError, IntegrationNotice, IntegrationType, Subject},
    text::WorkspaceName,
};
use futures::future::join_all;
use jiff::Timestamp;
use queue::{DeliveryQueue, LONGEST_DELAY};
use secrets::IntegrationSecrets;
use store::{Store, integrations::deliveries::DeliveryFacts};
use system_scope::SystemScope;

/// Dependencies of deliveries.
#[derive(Debug, Clone)]
pub struct DeliveryDeps {
    /// The table.
    pub store: Store,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// HTTP client for receivers.
    pub courier: Courier,
    /// Queue of attempts that are due soon.
    pub later: DeliveryQueue,
}

/// The outcome of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Number of attempts made.
    Attempted(usize),
    /// There was nothing to do, or another process does it.
    Nothing,
}

/// Makes the first attempt to notify the integrations of `workspace` that subscribe to `event` and had their receiver
/// when it happened.
///
/// # Errors
/// [`Error`] if the table or Secrets Manager fails, or if the integration cannot be disabled.
pub async fn deliver_event(
    with: &DeliveryDeps,
    workspace: WorkspaceId,
    event: NewEvent,
    request_id: &str,
) -> Result<DeliveryOutcome, Error> {
    let scope = SystemScope::of(workspace);
    let (DeliveryFacts { workspace, suspended, integrations }, is_included) = tokio::try_join!(
        with.store.delivery_facts(&scope, &IntegrationType::ALL),
        audit::is_included(&with.store, &scope, event.occurrence.event())
    )?;
    let Some(name) = workspace else { return Ok(DeliveryOutcome::Nothing) };
    incident::advance(&with.store, &scope, integrations.iter().map(|(integration, _)| integration), event).await?;
    // Events during a suspension are never delivered, nor are those that the plan does not include.
    if suspended || !is_included {
        return Ok(DeliveryOutcome::Nothing);
    }
    let now = with.store.ambient().now();
    let begun = integrations.iter().filter_map(|listener| Some((listener, listener.0.first_delivery(event, now)?)));
    let begun: Vec<_> = begun.collect();
    let deliveries: Vec<_> = begun.iter().map(|(_, delivery)| delivery.clone()).collect();
    if deliveries.is_empty() || !with.store.begin_deliveries(&deliveries).await? {
        return Ok(DeliveryOutcome::Nothing);
    }
    let run = Run { with, scope: &scope, name: &name, request_id };
    // All attempts run to completion: one that fails, for example because its secret cannot be read, does not stop the
    // others.
    let attempts = begun.iter().map(|((integration, failing), delivery)| run.attempt(delivery, integration, *failing));
    join_all(attempts).await.into_iter().collect::<Result<(), _>>()?;
    Ok(DeliveryOutcome::Attempted(begun.len()))
}

/// Makes the next attempt of a delivery, if it is due and the integration, as it is now, is to receive it.
///
/// # Errors
/// [`Error`] if the table or Secrets Manager fails, or if the integration cannot be disabled.
pub async fn retry_delivery(
    with: &DeliveryDeps,
    workspace: WorkspaceId,
    kind: IntegrationType,
    id: DeliveryId,
    request_id: &str,
) -> Result<DeliveryOutcome, Error> {
    let scope = SystemScope::of(workspace);
    let kinds = [kind];
    let (facts, delivery) =
        tokio::try_join!(with.store.delivery_facts(&scope, &kinds), with.store.delivery(&scope, id))?;
    let Some(before) = delivery.filter(|delivery| delivery.integration == kind) else {
        return Ok(DeliveryOutcome::Nothing);
    };
    let now = with.store.ambient().now();
    let receiver = facts.integrations.into_iter().find(|(integration, _)| integration.receives(&before));
    let is_included = audit::is_included(&with.store, &scope, before.occurrence.event()).await?;
    // A delivery that is due during a suspension, or that the plan does not include, fails; a member can retry it afterwards.
    let name = facts.workspace.filter(|_| !facts.suspended && is_included);
    let (Some(name), Some((integration, failing))) = (name, receiver) else {
        if before.state.due().is_some() {
            with.store.move_delivery(&before, &before.abandoned(now)).await?;
        }
        return Ok(DeliveryOutcome::Nothing);
    };
    if let Some(lost) = before.lost(now) {
        with.store.move_delivery(&before, &lost).await?;
        return Ok(DeliveryOutcome::Nothing);
    }
    let Some(begun) = before.begun(now) else { return Ok(DeliveryOutcome::Nothing) };
    if !with.store.move_delivery(&before, &begun).await? {
        return Ok(DeliveryOutcome::Nothing);
    }
    Run { with, scope: &scope, name: &name, request_id }.attempt(&begun, &integration, failing).await?;
    Ok(DeliveryOutcome::Attempted(1))
}

/// Data shared by all attempts of one message.
struct Run<'a> {
    with: &'a DeliveryDeps,
    scope: &'a SystemScope,
    name: &'a WorkspaceName,
    request_id: &'a str,
}

impl Run<'_> {
    /// Makes the attempt of `begun`, records its result, and queues the next attempt or disables the integration.
    async fn attempt(
        &self,
        begun: &Delivery,
        integration: &Integration,
        failing: Option<Failing>,
    ) -> Result<(), Error> {
        let DeliveryDeps { store, secrets, courier, .. } = self.with;
        let attached = audit::facts_of(store, self.scope, &begun.occurrence).await?;
        let notice = IntegrationNotice {
            attached,
            id: begun.event,
            at: begun.at,
            workspace: begun.workspace,
            workspace_name: self.name.clone(),
            subject: Subject::Occurrence(begun.occurrence),
            plans: store.plans(),
        };
        let with = AttemptDeps { store, secrets, courier };
        let went = match incident::attempt(with, self.scope, integration, begun, notice).await {
            Ok(went) => went,
            // The secret was removed or rolled since it was read, so nothing may be sent with the old one.
            Err(Error::Integration(IntegrationError::SecretMissing)) => {
                let now = store.ambient().now();
                store.move_delivery(begun, &begun.abandoned(now)).await?;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let now = store.ambient().now();
        let next = begun.attempted(went, now);
        tracing::info!(
            function = "deliver", workspace = %begun.workspace, integration = %begun.integration, delivery = %begun.id,
            attempt = begun.attempts, status = went.status, class = ?went.class, latency_ms = went.latency_ms, "attempted"
        );
        if store.end_attempt(begun, &next, &went, failing, now).await? {
            self.queue_soon(&next, now).await;
            if let Some(end) = end_of_patience(&went, failing, now) {
                disable(store, self.scope, integration, end, self.request_id).await?;
            }
        }
        Ok(())
    }

    /// Queues the next attempt if it is due before the sweeper is certain to find it. If this fails, the sweeper finds
    /// it.
    async fn queue_soon(&self, next: &Delivery, now: Timestamp) {
        let DeliveryStatus::Waiting { until } = next.state else { return };
        let wait = until.duration_since(now);
        if wait > LONGEST_DELAY {
            return;
        }
        if let Err(error) = self.with.later.send(&next.message(), wait).await {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(function = "deliver", delivery = %next.id, %error, cause, "the next attempt was not queued; the sweeper will find it");
        }
    }
}

/// Returns the reason to disable the integration after `went`, if there is one. Deliveries that failed since the last
/// success were read as `failing`.
fn end_of_patience(went: &DeliveryAttempt, failing: Option<Failing>, now: Timestamp) -> Option<End> {
    if went.is_gone() {
        return Some(End::Gone);
    }
    let failing = Failing::and_one_at(failing, now);
    (!went.succeeded() && failing.is_over(now)).then_some(End::Failing(failing))
}
