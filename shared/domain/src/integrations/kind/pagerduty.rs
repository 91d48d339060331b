//! `PagerDuty`, through the Events API v2; the integration key of a service is the secret.
//! <https://developer.pagerduty.com/docs/send-alert-event>

use crate::{integrations::{
        fields::Fields,
        occurrence::{Notice, Severity},
        outgoing::{Outgoing, Unfit},
        secret_error::{SecretError, letters_and_digits},
    }, keyring::Keyring, secret::Secret};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;

/// Settings of a `PagerDuty` integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PagerdutyConfig))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Service region of the account; `us` if it is left out.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub region: Region,
}

/// A service region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PagerdutyRegion))]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// The United States.
    #[default]
    Us,
    /// Europe.
    Eu,
}

/// A text that names no region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of us, eu")]
pub struct UnknownRegion;

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, UnknownRegion> {
        match text {
            "us" => Ok(Self::Us),
            "eu" => Ok(Self::Eu),
            _ => Err(UnknownRegion),
        }
    }
}

/// Whether the secret signs what is sent.
pub(super) const SIGNS: bool = false;

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { region: fields.optional("region").unwrap_or_default() })
    }

    pub(super) fn request(&self, keys: &Keyring, notice: &Notice, _: Timestamp) -> Result<Outgoing, Unfit> {
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
            // The same in each attempt, so that one that comes twice is one alert.
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

/// An integration key.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    letters_and_digits(text, 32..=32, "the integration key of a service: 32 letters and digits")
}
