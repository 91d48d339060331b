//! How an integration is shown: all but its secret.

use crate::domain::{
    integration::{Event, Integration, IntegrationType},
    secret::SecretHint,
    text::IntegrationName,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

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
    /// What it was told; null until it is set up.
    #[schema(value_type = Option<Object>)]
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

/// What was last seen of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// Nothing: it was neither tested nor has anything been delivered to it.
    Unknown,
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
    /// The type `kind`, with what was set up of it.
    #[must_use]
    pub fn new(kind: IntegrationType, integration: Option<&Integration>) -> Self {
        let kept = integration.and_then(Integration::kept);
        Self {
            integration_type: kind,
            integration_name: integration.map_or_else(|| kind.usual_name(), |integration| integration.name.clone()),
            is_enabled: integration.is_some_and(Integration::is_enabled),
            health_status: HealthStatus::Unknown,
            config_data: integration.and_then(|integration| serde_json::to_value(&integration.config).ok()),
            events: integration.map(|integration| integration.events.clone()).unwrap_or_default(),
            has_secret: kept.is_some(),
            secret_hint: kept.and_then(|kept| kept.hint.clone()),
            last_health_check_at: None,
            last_sync_at: None,
            last_error_at: None,
            last_error_message: None,
            stats: Stats::default(),
        }
    }
}
