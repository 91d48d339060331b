//! How an integration is shown: all but its secret.

use domain::{
    ids::{DeliveryId, EventId},
    integrations::delivery::{Attempt, Class, Delivery, State},
    integrations::{Event, HealthStatus, Integration, IntegrationType},
    secret::SecretHint,
    text::IntegrationName,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use store::Healths;

/// A type of integration, and the workspace's integration of it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Integration")]
pub struct IntegrationView {
    /// The service that it connects to; there is one of each type.
    pub integration_type: IntegrationType,
    /// What people call it; the type's own name until it is set up.
    pub integration_name: IntegrationName,
    /// Whether it is at work.
    pub is_enabled: bool,
    /// What was last seen of it.
    pub health_status: HealthStatus,
    /// Settings, as its type has them; null until it is set up.
    #[schema(value_type = Option<domain::integrations::Config>)]
    pub config_data: Option<Value>,
    /// What it hears of.
    pub events: BTreeSet<Event>,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
    /// The last four characters of the secret.
    pub secret_hint: Option<SecretHint>,
    /// When it was last tested.
    pub last_health_check_at: Option<Timestamp>,
    /// When something was last delivered to it.
    pub last_sync_at: Option<Timestamp>,
    /// When it last failed.
    pub last_error_at: Option<Timestamp>,
    /// How.
    pub last_error_message: Option<String>,
    /// What was delivered to it.
    pub stats: Stats,
}

/// What was delivered to an integration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(title = "IntegrationStats")]
pub struct Stats {
    /// Events that arrived.
    pub total_events_sent: u64,
    /// Attempts that failed.
    pub total_errors: u64,
}

impl IntegrationView {
    /// The type `kind`, with what was set up of it and how it does.
    #[must_use]
    pub fn new(kind: IntegrationType, integration: Option<&Integration>, healths: &Healths) -> Self {
        let kept = integration.and_then(Integration::kept);
        let health = healths.get(&kind).cloned().unwrap_or_default();
        let failure = health.last_failure();
        Self {
            integration_type: kind,
            integration_name: integration.map_or_else(|| kind.usual_name(), |integration| integration.name.clone()),
            is_enabled: integration.is_some_and(Integration::is_enabled),
            health_status: health.status(),
            config_data: integration.and_then(|integration| serde_json::to_value(&integration.config).ok()),
            events: integration.map(|integration| integration.events.clone()).unwrap_or_default(),
            has_secret: kept.is_some(),
            secret_hint: kept.and_then(|kept| kept.hint.clone()),
            last_health_check_at: health.last_check.map(|check| check.at),
            last_sync_at: health.last_sync_at,
            last_error_at: failure.map(|failure| failure.at),
            last_error_message: failure.and_then(|failure| failure.message()),
            stats: Stats { total_events_sent: health.sent, total_errors: health.errors },
        }
    }
}

/// How a test went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(title = "IntegrationTest")]
pub struct TestView {
    /// Whether the message arrived.
    pub ok: bool,
    /// The HTTP status that the receiver answered; null if it did not.
    pub status: Option<u16>,
    /// Why it did not arrive; null if it did.
    pub class: Option<Class>,
    /// How long it took, in milliseconds.
    pub latency_ms: u64,
}

impl From<Attempt> for TestView {
    fn from(attempt: Attempt) -> Self {
        let Attempt { latency_ms, status, class, .. } = attempt;
        Self { ok: attempt.succeeded(), status, class, latency_ms }
    }
}

/// The delivery of an event to an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(title = "Delivery")]
pub struct DeliveryView {
    /// Its id.
    pub id: DeliveryId,
    /// The event's id, which receivers see, too.
    pub event_id: EventId,
    /// What happened.
    pub event: Event,
    /// When.
    pub created_at: Timestamp,
    /// How far it is.
    pub state: DeliveryState,
    /// How many attempts were begun.
    pub attempts: u32,
    /// The HTTP status that the receiver answered the last time; null if it did not.
    pub status: Option<u16>,
    /// Why the last attempt failed; null if it did not.
    pub class: Option<Class>,
    /// How long it took, in milliseconds.
    pub latency_ms: Option<u64>,
    /// When it began.
    pub last_attempt_at: Option<Timestamp>,
    /// When the next one is; null if none is made by itself.
    pub next_attempt_at: Option<Timestamp>,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// An attempt is under way, or to come.
    Pending,
    /// It has arrived.
    Delivered,
    /// It has not arrived, and no further attempt is made by itself.
    Failed,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { id, event, occurrence, at, attempts, state, last, .. } = delivery;
        let (state, next_attempt_at) = match state {
            State::UnderWay { .. } => (DeliveryState::Pending, None),
            State::Waiting { until } => (DeliveryState::Pending, Some(until)),
            State::Delivered { .. } => (DeliveryState::Delivered, None),
            State::Failed { .. } => (DeliveryState::Failed, None),
        };
        Self {
            id,
            event_id: event,
            event: occurrence.event(),
            created_at: at,
            state,
            attempts,
            status: last.and_then(|last| last.status),
            class: last.and_then(|last| last.class),
            latency_ms: last.map(|last| last.latency_ms),
            last_attempt_at: last.map(|last| last.at),
            next_attempt_at,
        }
    }
}
