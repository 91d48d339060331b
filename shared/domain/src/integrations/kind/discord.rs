//! Discord, through a channel's webhook, whose URL is the secret.
//! <https://discord.com/developers/docs/resources/webhook#execute-webhook>

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

/// Settings of a Discord integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DiscordConfig {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

/// Shows no preview of an address. <https://discord.com/developers/docs/resources/message#message-object-message-flags>
const SUPPRESS_EMBEDS: u32 = 1 << 2;

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl DiscordConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { channel: fields.description("channel") })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        _: Timestamp,
    ) -> Result<Outgoing, RequestError> {
        // Mentions are disabled, because a workspace may be called @everyone, and escaping one does not prevent it.
        let body = json!({
            "content": notice.sentence(markdown::backslashed),
            "allowed_mentions": { "parse": [] },
            "flags": SUPPRESS_EMBEDS,
        });
        to_webhook(&vendor::DISCORD, keys.current(), &body)
    }
}

/// Parses the URL of a channel's webhook.
///
/// # Errors
/// [`SecretError`] if the text is not such a URL.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    webhook_url(text, &vendor::DISCORD, "the URL of a channel's webhook such as https://discord.com/api/webhooks/…/…")
}
