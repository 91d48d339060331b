//! Datadog, through its events API; an API key is the secret. <https://docs.datadoghq.com/api/latest/events/#post-an-event>

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

/// Settings of a Datadog integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DatadogConfig))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Site of the account; `datadoghq.com` if it is left out.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub site: Site,
}

/// A site. <https://docs.datadoghq.com/getting_started/site/>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Site(String);

/// A text that names no site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", SITES.join(", "))]
pub struct UnknownSite;

/// All sites; the first is where an account is that does not say.
const SITES: [&str; 7] = [
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "datadoghq.eu",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "ddog-gov.com",
];

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Site {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let texts = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String);
        texts.description(Some("A site of Datadog.")).enum_values(Some(SITES)).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Site {
    fn name() -> std::borrow::Cow<'static, str> {
        "DatadogSite".into()
    }
}

impl FromStr for Site {
    type Err = UnknownSite;

    fn from_str(text: &str) -> Result<Self, UnknownSite> {
        if SITES.contains(&text) { Ok(Self(text.to_owned())) } else { Err(UnknownSite) }
    }
}

/// Whether the secret signs what is sent.
pub(super) const SIGNS: bool = false;

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let [usual, ..] = SITES;
        Some(Self { site: fields.optional("site").unwrap_or_else(|| Site(usual.to_owned())) })
    }

    pub(super) fn request(&self, keys: &Keyring, notice: &Notice, _: Timestamp) -> Result<Outgoing, Unfit> {
        let alert_type = match notice.severity() {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let body = json!({
            "title": format!("Berth: {}", notice.kind()),
            "text": notice.sentence(),
            "date_happened": notice.at.as_second(),
            "alert_type": alert_type,
            "aggregation_key": notice.id,
            "tags": ["source:berth", format!("workspace:{}", notice.workspace), format!("event:{}", notice.kind())],
        });
        let request = Outgoing::json(&format!("https://api.{}/api/v1/events", self.site.0), &body)?;
        Ok(request.with("dd-api-key", keys.current().reveal()))
    }
}

/// An API key.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    letters_and_digits(text, 32..=40, "an API key: 32 to 40 letters and digits")
}
