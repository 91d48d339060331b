//! Telling a workspace's integrations of what happens in it.
//!
//! Each delivery is written down before it is attempted and again after: a process that ends in between leaves one that is
//! due. Whoever begins an attempt has won it against all others, so that a message which comes twice delivers once, as far as
//! a receiver can be told apart from one whose answer was lost.

use super::{attempt::attempt, disable::disable, error::Error};
use courier::Courier;
use domain::{
    ids::{DeliveryId, EventId, WorkspaceId},
    integrations::delivery::{Attempt, Delivery, PATIENCE, State},
    integrations::{Cause, Integration, IntegrationError, IntegrationType, Notice, Occurrence, Subject},
    text::WorkspaceName,
};
use futures::future::join_all;
use jiff::Timestamp;
use queue::{LONGEST_DELAY, Later};
use secrets::IntegrationSecrets;
use store::{Store, integrations::deliveries::Told};
use system_scope::SystemScope;

/// What it takes to deliver.
#[derive(Debug, Clone)]
pub struct Delivering {
    /// The table.
    pub store: Store,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// The way to receivers.
    pub courier: Courier,
    /// Where an attempt waits that comes soon.
    pub later: Later,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// So many attempts were made.
    Attempted(usize),
    /// There was nothing to do, or another one does it.
    Nothing,
}

/// Tells the integrations of `workspace` that want to hear of it that `occurrence` happened, for the first time.
///
/// # Errors
/// [`Error`].
pub async fn tell(
    with: &Delivering,
    workspace: WorkspaceId,
    (event, occurrence, at): (EventId, Occurrence, Timestamp),
    request_id: &str,
) -> Result<Outcome, Error> {
    let scope = SystemScope::of(workspace);
    let Told { workspace, suspended, integrations } = with.store.told(&scope, &IntegrationType::ALL).await?;
    // What happens during a suspension is not delivered, also not afterwards.
    let Some(name) = workspace.filter(|_| !suspended) else { return Ok(Outcome::Nothing) };
    let now = with.store.ambient().now();
    let listeners = integrations.iter().filter(|(integration, _)| integration.hears_of(occurrence.event()));
    let begun: Vec<_> = listeners
        .map(|listener @ (integration, _)| {
            let whose = (scope.workspace(), integration.config.kind());
            (listener, Delivery::first(whose, (event, occurrence), at, now))
        })
        .collect();
    let deliveries: Vec<_> = begun.iter().map(|(_, delivery)| delivery.clone()).collect();
    if deliveries.is_empty() || !with.store.begin_deliveries(&deliveries).await? {
        return Ok(Outcome::Nothing);
    }
    let run = Run { with, scope: &scope, name: &name, request_id };
    // All to their ends: one whose secret cannot be had, say, takes none of the others with it.
    let attempts = begun.iter().map(|((integration, since), delivery)| run.attempt(delivery, integration, *since));
    join_all(attempts).await.into_iter().collect::<Result<(), _>>()?;
    Ok(Outcome::Attempted(begun.len()))
}

/// Makes the next attempt of a delivery, if it is time.
///
/// # Errors
/// [`Error`].
pub async fn again(
    with: &Delivering,
    (workspace, kind, id): (WorkspaceId, IntegrationType, DeliveryId),
    request_id: &str,
) -> Result<Outcome, Error> {
    let scope = SystemScope::of(workspace);
    let kinds = [kind];
    let (told, delivery) = tokio::try_join!(with.store.told(&scope, &kinds), with.store.delivery(&scope, id))?;
    let Some(before) = delivery.filter(|delivery| delivery.integration == kind) else { return Ok(Outcome::Nothing) };
    let now = with.store.ambient().now();
    let at_work = told.integrations.into_iter().find(|(integration, _)| integration.is_enabled());
    // What is due during a suspension has failed; a member can retry it afterwards.
    let name = told.workspace.filter(|_| !told.suspended);
    let (Some(name), Some((integration, since))) = (name, at_work) else {
        if before.state.due().is_some() {
            with.store.move_delivery(&before, &before.abandoned(now)).await?;
        }
        return Ok(Outcome::Nothing);
    };
    if let Some(lost) = before.lost(now) {
        with.store.move_delivery(&before, &lost).await?;
        return Ok(Outcome::Nothing);
    }
    let Some(begun) = before.begun(now) else { return Ok(Outcome::Nothing) };
    if !with.store.move_delivery(&before, &begun).await? {
        return Ok(Outcome::Nothing);
    }
    Run { with, scope: &scope, name: &name, request_id }.attempt(&begun, &integration, since).await?;
    Ok(Outcome::Attempted(1))
}

/// What all attempts of one message have in common.
struct Run<'a> {
    with: &'a Delivering,
    scope: &'a SystemScope,
    name: &'a WorkspaceName,
    request_id: &'a str,
}

impl Run<'_> {
    /// Makes the attempt of `begun`, writes down what came of it, and sees to what follows.
    async fn attempt(
        &self,
        begun: &Delivery,
        integration: &Integration,
        since: Option<Timestamp>,
    ) -> Result<(), Error> {
        let Delivering { store, secrets, courier, .. } = self.with;
        let notice = Notice {
            id: begun.event,
            at: begun.at,
            workspace: begun.workspace,
            workspace_name: self.name.clone(),
            subject: Subject::Occurrence(begun.occurrence),
        };
        let went = match attempt((store, secrets, courier), integration, &notice).await {
            Ok(went) => went,
            // Removed or rolled since it was read: whoever did so wants nothing sent by the old one.
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
        if store.end_attempt(begun, &next, (&went, since), now).await? {
            self.queue_soon(&next, now).await;
            if let Some(cause) = end_of_patience(&went, since, now) {
                disable(store, self.scope, (integration, since), cause, self.request_id).await?;
            }
        }
        Ok(())
    }

    /// Queues the next attempt if it is sooner than the sweeper is sure to find it. What fails here is found by that.
    async fn queue_soon(&self, next: &Delivery, now: Timestamp) {
        let State::Waiting { until } = next.state else { return };
        let wait = until.duration_since(now);
        if wait > LONGEST_DELAY {
            return;
        }
        if let Err(error) = self.with.later.send(&next.message(), wait).await {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(function = "deliver", delivery = %next.id, %error, cause, "not queued; the sweeper will find it");
        }
    }
}

/// Why the integration is to be taken off work after `went`, if it is; nothing has arrived since `since`.
fn end_of_patience(went: &Attempt, since: Option<Timestamp>, now: Timestamp) -> Option<Cause> {
    if went.is_gone() {
        return Some(Cause::Gone);
    }
    let failing = since.filter(|since| !went.succeeded() && now.duration_since(*since) >= PATIENCE);
    failing.map(|_| Cause::Failing)
}
