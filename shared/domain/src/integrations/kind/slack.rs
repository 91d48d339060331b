//! Slack, through an incoming webhook, whose URL is the secret.
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>

use crate::{integrations::{
        fields::Fields,
        occurrence::Notice,
        outgoing::{Outgoing, Unfit},
        secret_error::{SecretError, webhook_url},
    }, keyring::Keyring, secret::Secret, text::Description};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Settings of a Slack integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SlackConfig))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

/// Hosts of incoming webhooks: Slack's, and that for governments.
const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

/// Whether the secret signs what is sent.
pub(super) const SIGNS: bool = false;

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { channel: fields.description("channel") })
    }

    pub(super) fn request(&self, keys: &Keyring, notice: &Notice, _: Timestamp) -> Result<Outgoing, Unfit> {
        // These three characters have a meaning in Slack's text; escaped, a name can neither link nor call a channel.
        // <https://docs.slack.dev/messaging/formatting-message-text#escaping>
        let text = notice.sentence().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        Outgoing::json(keys.current().reveal(), &json!({ "text": text }))
    }
}

/// The URL of an incoming webhook.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let shape = "the URL of an incoming webhook such as https://hooks.slack.com/services/T…/B…/…";
    webhook_url(text, shape, |host, path| {
        HOSTS.contains(&host)
            && matches!(path, ["services" | "workflows" | "triggers", parts @ ..] if parts.len() >= 3 && parts.iter().all(|part| !part.is_empty()))
    })
}
