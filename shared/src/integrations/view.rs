//! Views of integrations and deliveries, without secrets.

use domain::{
    identity::access::Role,
    ids::{DeliveryId, EventId},
    integrations::delivery::{Class, Delivery, DeliveryAttempt, DeliveryStatus},
    integrations::{Cause, Event, HealthStatus, Integration, IntegrationState, IntegrationType},
    secret::SecretHint,
    text::IntegrationName,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use store::Healths;

/// A type of integration, and the workspace's integration of this type.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Integration)]
pub struct IntegrationView {
    /// Service that the integration connects to. A workspace has one integration of each type.
    pub integration_type: IntegrationType,
    /// Name of the integration; the name of its type until it is set up.
    pub integration_name: IntegrationName,
    /// Version of name, settings, events, secret and whether it is enabled; 0 until it is set up. `If-Match` takes it as an entity
    /// tag: `"3"`.
    pub version: u64,
    /// True if the integration is enabled.
    pub is_enabled: bool,
    /// Reason for which Berth disabled the integration; null unless it did.
    pub disabled_cause: Option<Cause>,
    /// Time at which Berth disabled it (RFC 3339, UTC); null if that is unknown, or it did not.
    pub disabled_at: Option<Timestamp>,
    /// Health of the integration, from its last delivery or test.
    pub health_status: HealthStatus,
    /// Settings, as its type has them; null until it is set up. For members below admin, a URL has its scheme and host
    /// only.
    #[schema(value_type = Option<domain::integrations::Config>)]
    pub config_data: Option<Value>,
    /// Events that the integration subscribes to.
    pub events: BTreeSet<Event>,
    /// True if a secret is stored for the integration.
    pub has_secret: bool,
    /// Last four characters of the secret.
    pub secret_hint: Option<SecretHint>,
    /// Time of the last test (RFC 3339, UTC).
    pub last_health_check_at: Option<Timestamp>,
    /// Time of the last successful delivery (RFC 3339, UTC).
    pub last_sync_at: Option<Timestamp>,
    /// Time of the last failure (RFC 3339, UTC).
    pub last_error_at: Option<Timestamp>,
    /// Description of the last failure.
    pub last_error_message: Option<String>,
    /// Delivery statistics.
    pub stats: Stats,
}

/// An integration after its setup.
// It has no `Debug`, since it may hold the secret.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = IntegrationSetUp)]
pub struct SetUpView {
    /// The integration.
    #[serde(flatten)]
    pub integration: IntegrationView,
    /// Secret that Berth made. It is missing unless the request asked for one, and no other answer shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Delivery statistics of an integration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = IntegrationStats)]
pub struct Stats {
    /// Number of events delivered.
    pub total_events_sent: u64,
    /// Number of failed attempts.
    pub total_errors: u64,
}

impl IntegrationView {
    /// Builds the view of the type `kind` from its integration and health, for a member with the role `seen_by`.
    #[must_use]
    pub fn new(kind: IntegrationType, integration: Option<&Integration>, healths: &Healths, seen_by: Role) -> Self {
        let kept = integration.and_then(Integration::kept);
        let health = healths.get(&kind).cloned().unwrap_or_default();
        let failure = health.last_failure();
        let disabled = integration.and_then(|integration| match integration.state {
            IntegrationState::Disabled { cause, at, .. } => Some((cause, at)),
            IntegrationState::Enabled { .. } | IntegrationState::Removed => None,
        });
        Self {
            integration_type: kind,
            integration_name: integration.map_or_else(|| kind.usual_name(), |integration| integration.name.clone()),
            version: integration.map_or(0, |integration| integration.version),
            is_enabled: integration.is_some_and(Integration::is_enabled),
            disabled_cause: disabled.map(|(cause, _)| cause),
            disabled_at: disabled.and_then(|(_, at)| at),
            health_status: health.status(),
            config_data: integration.map(|integration| integration.config.shown_to(seen_by).into()),
            events: integration.map(|integration| integration.events.clone()).unwrap_or_default(),
            has_secret: kept.is_some(),
            secret_hint: kept.and_then(|kept| kept.hint.clone()),
            last_health_check_at: health.last_check.map(|check| check.at),
            last_sync_at: health.last_sync_at,
            last_error_at: failure.map(|failure| failure.at),
            last_error_message: failure.and_then(|failure| failure.message(kind)),
            stats: Stats { total_events_sent: health.sent, total_errors: health.errors },
        }
    }
}

/// Result of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = IntegrationTest)]
pub struct TestView {
    /// True if the message arrived.
    pub ok: bool,
    /// HTTP status that the receiver answered; null if it did not answer.
    pub status: Option<u16>,
    /// Class of the failure; null if the message arrived.
    pub class: Option<Class>,
    /// Duration of the attempt in milliseconds.
    pub latency_ms: u64,
}

impl From<DeliveryAttempt> for TestView {
    fn from(attempt: DeliveryAttempt) -> Self {
        let DeliveryAttempt { latency_ms, status, class, .. } = attempt;
        Self { ok: attempt.succeeded(), status, class, latency_ms }
    }
}

/// Delivery of an event to an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryView {
    /// Id of the delivery.
    pub id: DeliveryId,
    /// Id of the event, which receivers also get.
    pub event_id: EventId,
    /// Type of the event.
    pub event: Event,
    /// Time of the event (RFC 3339, UTC).
    pub created_at: Timestamp,
    /// State of the delivery.
    pub state: DeliveryState,
    /// Number of attempts begun.
    pub attempts: u32,
    /// HTTP status that the receiver answered to the last attempt; null if it did not answer.
    pub status: Option<u16>,
    /// Class of the last attempt's failure; null if it did not fail.
    pub class: Option<Class>,
    /// Duration of the last attempt in milliseconds.
    pub latency_ms: Option<u64>,
    /// Start of the last attempt (RFC 3339, UTC).
    pub last_attempt_at: Option<Timestamp>,
    /// Time of the next automatic attempt (RFC 3339, UTC); null if there is none.
    pub next_attempt_at: Option<Timestamp>,
}

/// State of a delivery: `pending` while an attempt is running or scheduled, `delivered`, or `failed` if no further automatic
/// attempt is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// An attempt is running or scheduled.
    Pending,
    /// The event was delivered.
    Delivered,
    /// The event was not delivered, and no further automatic attempt is made.
    Failed,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { id, event, occurrence, at, attempts, state, last, .. } = delivery;
        let (state, next_attempt_at) = match state {
            DeliveryStatus::UnderWay { .. } => (DeliveryState::Pending, None),
            DeliveryStatus::Waiting { until } => (DeliveryState::Pending, Some(until)),
            DeliveryStatus::Delivered { .. } => (DeliveryState::Delivered, None),
            DeliveryStatus::Failed { .. } => (DeliveryState::Failed, None),
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
