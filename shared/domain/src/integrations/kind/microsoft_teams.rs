//! Microsoft Teams, through a workflow that posts what a webhook receives; its URL is the secret.
//! <https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498>

use crate::{
    integrations::{
        fields::Fields,
        occurrence::IntegrationNotice,
        outgoing::{InvalidStoredConfig, Outgoing},
        secret_error::{SecretError, webhook_url},
    },
    keyring::Keyring,
    secret::Secret,
    text::Description,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Settings of a Microsoft Teams integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MicrosoftTeamsConfig {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

/// Domains of the webhooks of workflows and of their predecessors, the connectors.
const HOSTS: [&str; 3] = [".logic.azure.com", ".api.powerplatform.com", ".webhook.office.com"];

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl MicrosoftTeamsConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { channel: fields.description("channel") })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        _: Timestamp,
    ) -> Result<Outgoing, InvalidStoredConfig> {
        // A text run has no Markdown, so a name cannot become a link. <https://adaptivecards.io/explorer/TextRun.html>,
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

/// Parses the URL of a workflow.
///
/// # Errors
/// [`SecretError`] if the text is not such a URL.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let shape = "the URL of a workflow such as https://….logic.azure.com/workflows/…";
    webhook_url(text, shape, |host, path| {
        HOSTS.iter().any(|domain| host.ends_with(domain)) && path.iter().any(|part| !part.is_empty())
    })
}
