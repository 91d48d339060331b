//! `PagerDuty`, through the Events API v2; the integration key of a service is the secret.
//! <https://developer.pagerduty.com/docs/send-alert-event>, <https://developer.pagerduty.com/docs/send-change-event>
//!
//! What fails opens one alert for each workspace and [`Incident`](crate::integrations::incident::Incident), and what ends it resolves that alert. Every other event is
//! a change, which pages nobody. A test opens an alert of its own and resolves it.

use crate::{
    integrations::{
        fields::Fields,
        incident::Turn,
        kind::{markdown, vendor},
        occurrence::{IntegrationNotice, Severity, Subject},
        outgoing::{Outgoing, RequestError},
        kind::secret_error::{SecretError, letters_and_digits},
    },
    keyring::Keyring,
    named,
    secret::Secret,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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
    ) -> Result<Outgoing, RequestError> {
        let service = Service { host: self.region.host(), key: keys.current().reveal() };
        let alert = |name: &str| format!("berth/{}/{name}", notice.workspace);
        match (&notice.subject, notice.subject.incident()) {
            (_, Some((incident, Turn::Opens))) => {
                service.alert("trigger", &alert(incident.name()), Some(payload(notice)))
            }
            (_, Some((incident, Turn::Ends))) => service.alert("resolve", &alert(incident.name()), None),
            (Subject::Test, None) => {
                let then = Some(Box::new(service.alert("resolve", &alert("test"), None)?));
                Ok(Outgoing { then, ..service.alert("trigger", &alert("test"), Some(payload(notice)))? })
            }
            // A ruleset takes no changes. That it has nothing to resolve proves the key, and pages nobody.
            // <https://developer.pagerduty.com/docs/events-api-v2-overview#getting-started>
            (Subject::Occurrence(_), None) if service.key.starts_with('R') => {
                service.alert("resolve", &notice.id.to_string(), None)
            }
            (Subject::Occurrence(_), None) => service.change(notice),
        }
    }
}

impl Region {
    const fn host(self) -> &'static str {
        match self {
            Self::Us => vendor::PAGERDUTY_US,
            Self::Eu => vendor::PAGERDUTY_EU,
        }
    }
}

/// The service that requests go to.
struct Service<'a> {
    host: &'static str,
    key: &'a str,
}

impl Service<'_> {
    /// Builds a request about the alert with the key `dedup_key`, which all requests about it share.
    fn alert(&self, action: &str, dedup_key: &str, payload: Option<Value>) -> Result<Outgoing, RequestError> {
        let mut body = json!({ "routing_key": self.key, "event_action": action, "dedup_key": dedup_key });
        if let (Some(payload), Some(body)) = (payload, body.as_object_mut()) {
            body.insert("payload".to_owned(), payload);
        }
        Outgoing::json(&format!("https://{}/v2/enqueue", self.host), &body)
    }

    fn change(&self, notice: &IntegrationNotice) -> Result<Outgoing, RequestError> {
        let body = json!({
            "routing_key": self.key,
            "payload": {
                "summary": notice.sentence(markdown::plain),
                "source": notice.workspace,
                "timestamp": notice.at,
                "custom_details": notice.facts(),
            },
        });
        Outgoing::json(&format!("https://{}/v2/change/enqueue", self.host), &body)
    }
}

fn payload(notice: &IntegrationNotice) -> Value {
    let severity = match notice.severity() {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({
        "summary": notice.sentence(markdown::plain),
        "source": notice.workspace,
        "severity": severity,
        "timestamp": notice.at,
        "component": "berth",
        "class": notice.kind(),
        "custom_details": notice.facts(),
    })
}

/// Parses an integration key.
///
/// # Errors
/// [`SecretError`] if the text does not have the form of an integration key.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    letters_and_digits(text, 32..=32, "the integration key of a service: 32 letters and digits")
}
