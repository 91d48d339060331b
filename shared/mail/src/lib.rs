//! SES: letters on their way out, and what they say.

mod billing;
mod letter;

pub use billing::{payment_failed, plan_lapsed, trial_ending};
pub use letter::{Disabled, Invitation, Letter, suspended, unsuspended};

use aws_sdk_sesv2::{
    Client,
    types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag},
};
use aws_types::SdkConfig;
use domain::{
    email::Email,
    ids::{InvitationId, WorkspaceId},
};
use platform::aws::CallFailed;

/// A letter that could not be handed over.
#[derive(Debug, thiserror::Error)]
#[error("a letter could not be sent")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// What a letter is about. SES keeps it with the letter, and says it again when the letter comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Where the invitation is.
    pub workspace: WorkspaceId,
    /// Which it is.
    pub invitation: InvitationId,
    /// The version whose link the letter has.
    pub version: u64,
}

/// The post office, and whom our letters are from.
#[derive(Debug, Clone)]
pub struct Post {
    client: Client,
    from: String,
    configuration_set: Option<String>,
}

impl Post {
    /// Letters from `from`, an address or `Name <address>` that SES has verified. What comes back is told by way of the
    /// configuration set, if there is one.
    #[must_use]
    pub fn new(config: &SdkConfig, from: String, configuration_set: Option<String>) -> Self {
        Self { client: Client::new(config), from, configuration_set }
    }

    /// Sends `letter` to `to`. What comes back of one that is about an invitation is told.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn send(&self, to: &Email, letter: Letter, about: Option<Reference>) -> Result<(), Error> {
        let tag = |name, value: String| {
            MessageTag::builder().name(name).value(value).build().map_err(|error| Error(error.into()))
        };
        let tags = match about {
            Some(about) => Some(vec![
                tag("workspace", about.workspace.to_string())?,
                tag("invitation", about.invitation.to_string())?,
                tag("version", about.version.to_string())?,
            ]),
            None => None,
        };
        let content =
            |text| Content::builder().data(text).charset("UTF-8").build().map_err(|error| Error(error.into()));
        let body = Body::builder().text(content(letter.text)?).html(content(letter.html)?).build();
        let headers = letter.stop.as_deref().map(one_click).transpose()?;
        let message = Message::builder().subject(content(letter.subject)?).body(body).set_headers(headers).build();
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to.written()).build())
            .content(EmailContent::builder().simple(message).build())
            .set_configuration_set_name(self.configuration_set.clone().filter(|_| about.is_some()))
            .set_email_tags(tags)
            .send()
            .await;
        sent.map(drop).map_err(|error| Error(CallFailed::new("SES", &error).into()))
    }
}

/// The link by which a recipient stops letters; `letters` is the URL of the API's path `/letters`.
#[must_use]
pub fn stop_link(letters: &str, token: &str) -> String {
    format!("{letters}/stop/{token}")
}

/// The headers by which mail programs offer to stop letters, without opening the link: they send a POST to it.
/// <https://www.rfc-editor.org/rfc/rfc8058#section-3.1>
fn one_click(link: &str) -> Result<Vec<MessageHeader>, Error> {
    let header = |name, value: String| {
        MessageHeader::builder().name(name).value(value).build().map_err(|error| Error(error.into()))
    };
    Ok(vec![
        header("List-Unsubscribe", format!("<{link}>"))?,
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?,
    ])
}
