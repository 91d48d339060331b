//! SES: letters on their way out, and what they say.

mod letter;

pub use letter::{Letter, integration_disabled, invitation};

use crate::{aws::CallFailed, domain::email::Email};
use aws_sdk_sesv2::{
    Client,
    types::{Body, Content, Destination, EmailContent, Message},
};
use aws_types::SdkConfig;

/// A letter that could not be handed over.
#[derive(Debug, thiserror::Error)]
#[error("a letter could not be sent")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// The post office, and whom our letters are from.
#[derive(Debug, Clone)]
pub struct Post {
    client: Client,
    from: String,
}

impl Post {
    /// Letters from `from`, an address or `Name <address>` that SES has verified.
    #[must_use]
    pub fn new(config: &SdkConfig, from: String) -> Self {
        Self { client: Client::new(config), from }
    }

    /// Sends `letter` to `to`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn send(&self, to: &Email, letter: Letter) -> Result<(), Error> {
        let content =
            |text| Content::builder().data(text).charset("UTF-8").build().map_err(|error| Error(error.into()));
        let body = Body::builder().text(content(letter.text)?).html(content(letter.html)?).build();
        let message = Message::builder().subject(content(letter.subject)?).body(body).build();
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to.written()).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await;
        sent.map(drop).map_err(|error| Error(CallFailed::new("SES", &error).into()))
    }
}
