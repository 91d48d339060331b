//! Microsoft Teams, through a workflow that posts what a webhook receives; its URL is the secret.
//! <https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498>

use crate::{integrations::{
        fields::Fields,
        occurrence::Notice,
        outgoing::{Outgoing, Unfit},
        secret_error::{SecretError, webhook_url},
    }, keyring::Keyring, secret::Secret, text::Description};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Settings of a Microsoft Teams integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MicrosoftTeamsConfig))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

/// Where workflows, and the connectors before them, have their webhooks.
const HOSTS: [&str; 3] = [".logic.azure.com", ".api.powerplatform.com", ".webhook.office.com"];

/// Whether the secret signs what is sent.
pub(super) const SIGNS: bool = false;

impl Config {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { channel: fields.description("channel") })
    }

    pub(super) fn request(&self, keys: &Keyring, notice: &Notice, _: Timestamp) -> Result<Outgoing, Unfit> {
        // A text run, which has no Markdown: a name can make no link.
        // <https://adaptivecards.io/explorer/TextRun.html>,
        // <https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>
        let card = json!({
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [{ "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": notice.sentence() }] }],
        });
        let attachment = json!({ "contentType": "application/vnd.microsoft.card.adaptive", "content": card });
        Outgoing::json(keys.current().reveal(), &json!({ "type": "message", "attachments": [attachment] }))
    }
}

/// The URL of a workflow.
///
/// # Errors
/// [`SecretError`].
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let shape = "the URL of a workflow such as https://….logic.azure.com/workflows/…";
    webhook_url(text, shape, |host, path| {
        HOSTS.iter().any(|domain| host.ends_with(domain)) && path.iter().any(|part| !part.is_empty())
    })
}
