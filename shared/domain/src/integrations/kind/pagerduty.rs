//! `PagerDuty`, through the Events API v2; the integration key of a service is the secret.
//! <https://developer.pagerduty.com/docs/send-alert-event>

use crate::{
    named,
    integrations::{
        fields::Fields,
        occurrence::{IntegrationNotice, Severity},
        outgoing::{InvalidStoredConfig, Outgoing},
        secret_error::{SecretError, letters_and_digits},
    },
    keyring::Keyring,
    secret::Secret,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Settings of a `PagerDuty` integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PagerdutyConfig {
    /// Service region of the account; `us` if it is left out.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub region: Region,
}

named! {
    /// A service region.
    #[derive(Default)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PagerdutyRegion))]
    pub enum Region or UnknownRegion {
        /// The United States.
        #[default]
        Us = "us",
        /// Europe.
        Eu = "eu",
    }
}

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl PagerdutyConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { region: fields.optional("region").unwrap_or_default() })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        _: Timestamp,
    ) -> Result<Outgoing, InvalidStoredConfig> {
        let url = match self.region {
            Region::Us => "https://events.pagerduty.com/v2/enqueue",
            Region::Eu => "https://events.eu.pagerduty.com/v2/enqueue",
        };
        let severity = match notice.severity() {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let body = json!({
            "routing_key": keys.current().reveal(),
            "event_action": "trigger",
            // The key is the same in each attempt, so that a repeated delivery is one alert.
            "dedup_key": notice.id,
            "payload": {
                "summary": notice.sentence(),
                "source": notice.workspace,
                "severity": severity,
                "timestamp": notice.at,
                "component": "berth",
                "class": notice.kind(),
                "custom_details": notice.facts(),
            },
        });
        Outgoing::json(url, &body)
    }
}

/// Parses an integration key.
///
/// # Errors
/// [`SecretError`] if the text does not have the form of an integration key.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    letters_and_digits(text, 32..=32, "the integration key of a service: 32 letters and digits")
}
