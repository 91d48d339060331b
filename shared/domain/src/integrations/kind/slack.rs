//! Slack, through an incoming webhook or a workflow that starts from one, whose URL is the secret.
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>

use crate::{
    integrations::{
        fields::Fields,
        kind::{markdown, vendor},
        occurrence::IntegrationNotice,
        outgoing::{Outgoing, RequestError},
        kind::secret_error::{SecretError, to_webhook, webhook_url},
    },
    keyring::Keyring,
    secret::Secret,
    text::Description,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Settings of a Slack integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SlackConfig {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl SlackConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { channel: fields.description("channel") })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        _: Timestamp,
    ) -> Result<Outgoing, RequestError> {
        let text = notice.sentence(markdown::slack);
        let body = match keys.current().reveal().contains("/services/") {
            // Names are not formatted, and addresses in them get no preview.
            true => json!({ "text": text, "mrkdwn": false, "unfurl_links": false, "unfurl_media": false }),
            // A workflow takes the variables that it declares, and no other.
            false => json!({ "text": text }),
        };
        to_webhook(&vendor::SLACK, keys.current(), &body)
    }
}

/// Parses the URL of an incoming webhook.
///
/// # Errors
/// [`SecretError`] if the text is not such a URL.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    webhook_url(text, &vendor::SLACK, "the URL of an incoming webhook such as https://hooks.slack.com/services/T…/B…/…")
}
