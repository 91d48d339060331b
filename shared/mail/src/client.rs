//! The SES client: it sends a letter under the operator's address, and reads from SES's answer whether the same letter
//! could be sent again.

use crate::letter::Letter;
use aws_sdk_sesv2::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag},
};
use aws_types::SdkConfig;
use domain::{
    email::Email,
    ids::{InvitationId, UserId, WorkspaceId},
    notifications::recipient::Recipient,
    team::invitation::LetterRefusal,
};
use platform::{
    aws::CallFailed,
    config::{ConfigError, Environment},
};

/// The reason a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SES refuses the letter. It would refuse a repetition as well.
    #[error("the mail service refuses the letter")]
    Refused(LetterRefusal),
    /// SES failed, or refuses all letters of this sender. A repetition may succeed.
    #[error("a letter could not be sent")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Reads the answer of SES to a letter from `from`.
    fn of<R>(error: &SdkError<SendEmailError, R>, from: &str) -> Self {
        let answer = error.as_service_error();
        let refusal = match answer {
            Some(SendEmailError::MessageRejected(_)) => Some(LetterRefusal::Rejected),
            Some(SendEmailError::BadRequestException(_)) => Some(LetterRefusal::InvalidAddress),
            Some(_) | None => None,
        };
        // A sender that SES has not verified is rejected as well, and the message names it. The operator has to verify
        // it, and the letters are to be sent then.
        let sender = from.rsplit('<').next().unwrap_or(from).trim_end_matches('>');
        let names_sender = answer.and_then(|answer| answer.message()).is_some_and(|message| message.contains(sender));
        match refusal.filter(|_| !names_sender) {
            Some(refusal) => Self::Refused(refusal),
            None => Self::Failed(CallFailed::new("SES", error).into()),
        }
    }
}

/// The invitation that a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterReference {
    /// Workspace of the invitation.
    pub workspace: WorkspaceId,
    /// Id of the invitation.
    pub invitation: InvitationId,
    /// Version of the invitation whose link the letter contains.
    pub version: u64,
}

/// What a letter is about. SES stores it with the letter and includes it in notifications about returned letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterAbout<'a> {
    /// An invitation.
    Invitation(LetterReference),
    /// A member of a workspace.
    Member {
        /// The workspace.
        workspace: WorkspaceId,
        /// The member.
        member: UserId,
        /// The mailbox. The member may have another one by the time the letter is returned.
        recipient: &'a Recipient,
    },
}

/// The sender of all letters.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Address, or `Name <address>`, that SES has verified.
    pub from: String,
    /// Address that answers go to, if it is another one.
    pub reply_to: Option<Email>,
    /// Configuration set through which returned letters are reported, if there is one.
    pub configuration_set: Option<String>,
}

impl Sender {
    /// Reads the sender from `MAIL_FROM`, `MAIL_REPLY_TO` and `MAIL_CONFIGURATION_SET`.
    ///
    /// # Errors
    /// [`ConfigError`] if `MAIL_FROM` is missing, or `MAIL_REPLY_TO` is not an e-mail address.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            from: environment.required("MAIL_FROM")?,
            reply_to: environment.parsed_if_set("MAIL_REPLY_TO")?,
            configuration_set: environment.optional("MAIL_CONFIGURATION_SET"),
        })
    }
}

/// SES client with a fixed sender.
#[derive(Debug, Clone)]
pub struct MailClient {
    client: Client,
    sender: Sender,
}

impl MailClient {
    /// Builds a client that sends as `sender`.
    #[must_use]
    pub fn new(config: &SdkConfig, sender: Sender) -> Self {
        Self { client: Client::new(config), sender }
    }

    /// Sends `letter` to `to`. Its return is reported with what it is `about`.
    ///
    /// # Errors
    /// [`Error`] if SES refuses the letter or fails.
    pub async fn send(&self, to: &Email, letter: Letter, about: LetterAbout<'_>) -> Result<(), Error> {
        let tag = |name, value: String| {
            MessageTag::builder().name(name).value(value).build().map_err(|error| Error::Failed(error.into()))
        };
        let tags = match about {
            LetterAbout::Invitation(LetterReference { workspace, invitation, version }) => vec![
                tag("workspace", workspace.to_string())?,
                tag("invitation", invitation.to_string())?,
                tag("version", version.to_string())?,
            ],
            LetterAbout::Member { workspace, member, recipient } => vec![
                tag("workspace", workspace.to_string())?,
                tag("member", member.to_string())?,
                tag("recipient", recipient.digest())?,
            ],
        };
        let content =
            |text| Content::builder().data(text).charset("UTF-8").build().map_err(|error| Error::Failed(error.into()));
        let body = Body::builder().text(content(letter.text)?).html(content(letter.html)?).build();
        let headers = letter.stop.as_deref().map(one_click).transpose()?;
        let message = Message::builder().subject(content(letter.subject)?).body(body).set_headers(headers).build();
        let Sender { from, reply_to, configuration_set } = &self.sender;
        let sent = self
            .client
            .send_email()
            .from_email_address(from)
            .set_reply_to_addresses(reply_to.as_ref().map(|address| vec![address.written().to_owned()]))
            .destination(Destination::builder().to_addresses(to.written()).build())
            .content(EmailContent::builder().simple(message).build())
            .set_configuration_set_name(configuration_set.clone())
            .set_email_tags(Some(tags))
            .send()
            .await;
        sent.map(drop).map_err(|error| Error::of(&error, from))
    }
}

/// Returns the link with which a recipient unsubscribes. `letters` is the URL of the API's path `/letters`.
#[must_use]
pub fn unsubscribe_link(letters: &str, token: &str) -> String {
    format!("{letters}/stop/{token}")
}

/// Builds the headers with which mail programs offer to unsubscribe. They send a POST to the link without opening it.
/// <https://www.rfc-editor.org/rfc/rfc8058#section-3.1>
fn one_click(link: &str) -> Result<Vec<MessageHeader>, Error> {
    let header = |name, value: String| {
        MessageHeader::builder().name(name).value(value).build().map_err(|error| Error::Failed(error.into()))
    };
    Ok(vec![
        header("List-Unsubscribe", format!("<{link}>"))?,
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?,
    ])
}
