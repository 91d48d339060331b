//! Microsoft Teams, through a workflow that posts what a webhook receives; its URL is the secret.
//! <https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498>

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

/// Settings of a Microsoft Teams integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MicrosoftTeamsConfig {
    /// Name of the channel, for people. The webhook's URL decides which channel it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 500))]
    pub channel: Option<Description>,
}

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
    ) -> Result<Outgoing, RequestError> {
        // A text run has no Markdown, so a name cannot become a link. <https://adaptivecards.io/explorer/TextRun.html>,
        // <https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>
        let run = |text: String| json!({ "type": "TextRun", "text": text });
        let runs: Vec<_> =
            markdown::without_functions(&notice.sentence(markdown::plain)).into_iter().map(run).collect();
        let card = json!({
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [{ "type": "RichTextBlock", "inlines": runs }],
        });
        let attachment = json!({ "contentType": "application/vnd.microsoft.card.adaptive", "content": card });
        let body = json!({ "type": "message", "attachments": [attachment] });
        to_webhook(&vendor::MICROSOFT_TEAMS, keys.current(), &body)
    }
}

/// Parses the URL of a workflow.
///
/// # Errors
/// [`SecretError`] if the text is not such a URL.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let shape = "the URL of a workflow such as https://….environment.api.powerplatform.com/powerautomate/…";
    webhook_url(text, &vendor::MICROSOFT_TEAMS, shape)
}
