//! Datadog, through its events API; an API key is the secret. <https://docs.datadoghq.com/api/latest/events/#post-an-event>

use crate::{
    integrations::{
        fields::Fields,
        kind::{markdown, vendor},
        occurrence::{IntegrationNotice, Severity},
        outgoing::{Outgoing, RequestError},
        kind::secret_error::{SecretError, letters_and_digits},
    },
    keyring::Keyring,
    secret::Secret,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;

/// Settings of a Datadog integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DatadogConfig {
    /// Site of the account; `datadoghq.com` if it is left out.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub site: Site,
}

/// A site. <https://docs.datadoghq.com/getting_started/site/>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Site(String);

/// The text is not a site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", sites().collect::<Vec<_>>().join(", "))]
pub struct UnknownSite;

/// All sites; the first is the default.
fn sites() -> impl Iterator<Item = &'static str> {
    vendor::DATADOG.hosts().filter_map(|host| host.strip_prefix("api."))
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Site {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let texts = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String);
        texts.description(Some("A site of Datadog.")).enum_values(Some(sites())).into()
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
        if sites().any(|site| site == text) { Ok(Self(text.to_owned())) } else { Err(UnknownSite) }
    }
}

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl DatadogConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let usual = || Site(sites().next().unwrap_or_default().to_owned());
        Some(Self { site: fields.optional("site").unwrap_or_else(usual) })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        _: Timestamp,
    ) -> Result<Outgoing, RequestError> {
        let alert_type = match notice.severity() {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let body = json!({
            "title": format!("Berth: {}", notice.kind()),
            // Between these marks the text is Markdown, so that a name can be escaped.
            "text": format!("%%% \n{}{}\n %%%", notice.sentence(markdown::without_mentions), attached(notice)),
            "date_happened": notice.at.as_second(),
            "alert_type": alert_type,
            "aggregation_key": notice.id,
            "tags": ["source:berth", format!("workspace:{}", notice.workspace), format!("event:{}", notice.kind())],
        });
        let request = Outgoing::json(&format!("https://api.{}/api/v1/events", self.site.0), &body)?;
        Ok(request.with("dd-api-key", keys.current().reveal()))
    }
}

/// Number of characters that Datadog keeps of a text, less those that others than the attached facts need.
/// <https://docs.datadoghq.com/api/latest/events/#post-an-event>
const MAX_ATTACHED: usize = 3_500;
/// Names the facts that were left out.
const LEFT_OUT: &str = "left_out";

/// Returns the attached facts as a block of JSON, if there are any. If they do not fit, the longest are left out, and `left_out`
/// names them.
fn attached(notice: &IntegrationNotice) -> String {
    let (mut facts, mut left_out) = (notice.attached.clone(), Vec::new());
    while !facts.is_empty() {
        if !left_out.is_empty() {
            facts.insert(LEFT_OUT.to_owned(), json!(left_out));
        }
        // These could end the block or the Markdown, or notify somebody. They occur in texts only.
        let json = json!(facts).to_string();
        let json = json.replace('`', "\\u0060").replace('@', "\\u0040").replace('%', "\\u0025");
        if json.len() <= MAX_ATTACHED {
            return format!("\n```\n{json}\n```");
        }
        facts.remove(LEFT_OUT);
        let longest = facts.iter().max_by_key(|(_, fact)| fact.to_string().len()).map(|(name, _)| name.clone());
        left_out.extend(longest.and_then(|name| facts.remove(&name).map(|_| name)));
    }
    String::new()
}

/// Parses an API key.
///
/// # Errors
/// [`SecretError`] if the text does not have the form of an API key.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    letters_and_digits(text, 32..=40, "an API key: 32 to 40 letters and digits")
}
