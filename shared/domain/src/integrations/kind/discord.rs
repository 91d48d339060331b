//! Discord, through a channel's webhook, whose URL is the secret.
//! <https://discord.com/developers/docs/resources/webhook#execute-webhook>

use crate::{integrations::{
        fields::Fields,
        occurrence::Notice,
        outgoing::{Outgoing, Unfit},
        secret_error::{SecretError, webhook_url},
    }, keyring::Keyring, secret::Secret, text::Description};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Settings of a Discord integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DiscordConfig))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

/// Hosts of Discord's API.
const HOSTS: [&str; 4] = ["discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"];

/// Whether the secret signs what is sent.
pub(super) const SIGNS: bool = false;

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { channel: fields.description("channel") })
    }

    pub(super) fn request(&self, keys: &Keyring, notice: &Notice, _: Timestamp) -> Result<Outgoing, Unfit> {
        // Nobody is mentioned: a workspace may be called @everyone.
        let body = json!({ "content": notice.sentence(), "allowed_mentions": { "parse": [] } });
        Outgoing::json(keys.current().reveal(), &body)
    }
}

/// The URL of a channel's webhook.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let shape = "the URL of a channel's webhook such as https://discord.com/api/webhooks/…/…";
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    webhook_url(text, shape, |host, path| {
        HOSTS.contains(&host)
            && match path {
                ["api", "webhooks", id, token] => is_id(id) && !token.is_empty(),
                ["api", version, "webhooks", id, token] => {
                    version.strip_prefix('v').is_some_and(is_id) && is_id(id) && !token.is_empty()
                }
                _ => false,
            }
    })
}
