//! Deliveries about incidents, to receivers that keep alerts.
//!
//! Each attempt sends the newest known event of the incident, whichever event the delivery is of, and looks again once the
//! receiver has accepted it. So the last request that a receiver gets is about the newest event, in whatever order events
//! arrive and attempts end: a recovery is not lost, and an old failure that is retried opens no alert again. A process that
//! ends in between leaves a delivery that is due, which does the same.

use super::{
    attempt::{AttemptDeps, attempt_delivery},
    error::Error,
};
use domain::integrations::{
    Integration, IntegrationNotice, Subject,
    delivery::{Delivery, DeliveryAttempt, NewEvent},
    incident::{Incident, NewestEvent},
};
use store::Store;
use system_scope::SystemScope;

/// Maximum number of times that an attempt is made again because a newer event is known.
const ROUNDS: usize = 3;

/// Records `event` as the newest of its incident, unless a later one is known, if one of `integrations` keeps alerts. What
/// is not delivered is recorded, too: a failure that waits for its next attempt may have ended meanwhile.
///
/// # Errors
/// [`Error`] if the table fails.
pub(super) async fn advance(
    store: &Store,
    scope: &SystemScope,
    mut integrations: impl Iterator<Item = &Integration>,
    NewEvent { id, occurrence, at }: NewEvent,
) -> Result<(), Error> {
    let Some((incident, _)) = occurrence.event().incident() else { return Ok(()) };
    if !integrations.any(|integration| integration.config.kind().keeps_alerts()) {
        return Ok(());
    }
    Ok(store.advance_incident(scope, incident, NewestEvent { event: id, occurrence, at }).await?)
}

/// Attempts `delivery` with `notice` or, if it is about an incident, with the newest event of that.
///
/// # Errors
/// As [`attempt_delivery`], and [`Error::ChangedMeanwhile`] if newer events arrive faster than they are sent.
pub(super) async fn attempt(
    with: AttemptDeps<'_>,
    scope: &SystemScope,
    integration: &Integration,
    delivery: &Delivery,
    notice: IntegrationNotice,
) -> Result<DeliveryAttempt, Error> {
    let Some(incident) = incident_of(delivery) else { return attempt_delivery(with, integration, &notice).await };
    let mut newest = with.store.newest_event(scope, incident).await?;
    for _ in 0..ROUNDS {
        // One that the integration is not subscribed to any more is not sent.
        let sent = newest.filter(|newest| integration.is_subscribed_to(newest.occurrence.event()));
        let went = attempt_delivery(with, integration, &about(sent, &notice)).await?;
        let now = with.store.newest_event(scope, incident).await?;
        // One that failed is repeated later, with what is the newest event then.
        if now == newest || !went.succeeded() {
            return Ok(went);
        }
        newest = now;
    }
    Err(Error::ChangedMeanwhile)
}

/// The incident that `delivery` is about, if its receiver keeps alerts.
fn incident_of(delivery: &Delivery) -> Option<Incident> {
    let incident = delivery.occurrence.event().incident().map(|(incident, _)| incident);
    incident.filter(|_| delivery.integration.keeps_alerts())
}

/// Returns `notice` about the event `newest`.
fn about(newest: Option<NewestEvent>, notice: &IntegrationNotice) -> IntegrationNotice {
    let notice = notice.clone();
    match newest {
        Some(NewestEvent { event, occurrence, at }) => {
            IntegrationNotice { id: event, at, subject: Subject::Occurrence(occurrence), ..notice }
        }
        // A delivery from before incidents were recorded.
        None => notice,
    }
}
