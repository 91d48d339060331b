//! Sentry, its own or a customer's, through a project's envelope endpoint; the DSN is the secret.
//! <https://develop.sentry.dev/sdk/data-model/envelopes/>, <https://develop.sentry.dev/sdk/overview/#parsing-the-dsn>

use crate::{
    integrations::reach::HttpsUrl,
    integrations::{
        fields::Fields,
        kind::{markdown, vendor},
        occurrence::{IntegrationNotice, Severity},
        outgoing::{Outgoing, RequestError},
        kind::secret_error::{SecretError, at_https},
    },
    keyring::Keyring,
    secret::Secret,
    text::is_deceptive,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;
use url::Url;

/// Settings of a Sentry integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SentryConfig {
    /// Environment that events are filed under: at most 64 characters, without white space and slashes, and not `None`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 64))]
    pub environment: Option<Environment>,
}

/// The name of an environment. Sentry drops the environment of an event if the name is not one.
/// <https://docs.sentry.io/platforms/rust/configuration/environments/>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Environment(String);

/// The text is not the name of an environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "must have at most {} characters, no white space or slash, and not be None, because Sentry drops such an environment",
    vendor::SENTRY.limit("environment")
)]
pub struct InvalidEnvironment;

impl FromStr for Environment {
    type Err = InvalidEnvironment;

    fn from_str(text: &str) -> Result<Self, InvalidEnvironment> {
        let text = text.trim();
        let fits = text.chars().count() <= vendor::SENTRY.limit("environment")
            && !text.chars().any(|c| c == '/' || c.is_whitespace() || is_deceptive(c))
            && text != "None";
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidEnvironment) }
    }
}

/// The parts of a DSN that a request needs.
struct Dsn {
    key: String,
    envelope: HttpsUrl,
}

/// Parses a DSN, `https://<public key>@<host>/<path>/<project>`. The key goes into a header, so that the URL has none.
fn dsn(text: &str) -> Option<Dsn> {
    let mut url = Url::parse(text).ok()?;
    let key = url.username().to_owned();
    let fits = (16..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits || url.password().is_some() || url.query().is_some() {
        return None;
    }
    let (path, project) = url.path().rsplit_once('/')?;
    if project.is_empty() || !project.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let envelope = format!("{path}/api/{project}/envelope/");
    url.set_username("").ok()?;
    url.set_path(&envelope);
    let envelope = HttpsUrl::known(url.as_str()).ok()?;
    at_https(&envelope).then_some(Dsn { key, envelope })
}

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl SentryConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let environment = fields.optional::<Environment>("environment").filter(|environment| !environment.0.is_empty());
        Some(Self { environment })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        now: Timestamp,
    ) -> Result<Outgoing, RequestError> {
        let Dsn { key, envelope } = dsn(keys.current().reveal()).ok_or(RequestError::InvalidStored)?;
        let level = match notice.severity() {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        // Sentry's ids are 128 bits in hexadecimal.
        let id = format!("{:032x}", u128::from(notice.id.ulid()));
        let event = json!({
            "event_id": id,
            "timestamp": notice.at,
            "platform": "other",
            "level": level,
            "logger": "berth",
            "environment": self.environment,
            "message": { "formatted": notice.sentence(markdown::plain) },
            "tags": { "event": notice.kind(), "workspace": notice.workspace },
            "extra": notice.facts(),
            "fingerprint": ["berth", notice.kind(), notice.workspace],
        })
        .to_string();
        let header = json!({ "event_id": id, "sent_at": now });
        let item = json!({ "type": "event", "content_type": "application/json", "length": event.len() });
        let auth = format!("Sentry sentry_version=7, sentry_client=berth/1.0, sentry_key={key}");
        let headers = vec![("content-type", "application/x-sentry-envelope".to_owned()), ("x-sentry-auth", auth)];
        Ok(Outgoing::new(envelope, headers, format!("{header}\n{item}\n{event}\n")))
    }
}

/// Parses a DSN.
///
/// # Errors
/// [`SecretError`] if the text is not a DSN.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let shape = || SecretError::Shape("a project's DSN such as https://<key>@<host>/<project>");
    let Dsn { envelope, .. } = dsn(text).ok_or_else(shape)?;
    envelope.as_str().parse::<HttpsUrl>().map_err(|_| shape())?;
    Ok(text.parse()?)
}
