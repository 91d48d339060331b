//! Secrets Manager: the keys of invitations' and of runtimes' tokens, the key to Stripe, the signing secret of its webhook, and the secrets of
//! integrations.

mod integration;
mod payments;
mod runtime;
mod service;
mod versions;
mod webhook;

pub use integration::IntegrationSecrets;
pub use payments::StripeKey;
pub use runtime::RuntimeKey;
pub use webhook::WebhookSecret;

use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_types::SdkConfig;
use domain::{
    billing::stripe::signature::NoSecret,
    error::{Kind, Refusal},
    notifications::letter_link::LetterHolder,
    notifications::recipient::Recipient,
    secret::InvalidSecret,
    team::invitation::{Claim, Invitation},
    team::invitation_token::{KeyTooShort, Shown, TokenKey},
};
use jiff::Timestamp;
use platform::aws::CallFailed;
use service::Service;
use versions::Versions;

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Secrets Manager did not give it.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It has no value.
    #[error("something went wrong on our side")]
    Absent,
    /// Secrets Manager refused a request that Berth should not have made.
    #[error("something went wrong on our side")]
    Defect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is not fit to be a key.
    #[error("something went wrong on our side")]
    Unfit(#[source] KeyTooShort),
    /// It is empty.
    #[error("something went wrong on our side")]
    Empty(#[source] NoSecret),
    /// It is not of the shape that was kept.
    #[error("something went wrong on our side")]
    Unreadable(#[source] InvalidSecret),
}

impl Error {
    /// What a call that failed means. What Secrets Manager itself refuses as malformed or not allowed is a defect of ours;
    /// everything else may pass.
    fn of<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Self {
        let source = CallFailed::new("Secrets Manager", error).into();
        match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some(
                "AccessDeniedException"
                | "InvalidParameterException"
                | "MalformedPolicyDocumentException"
                | "ResourceNotFoundException"
                | "ValidationException",
            ) => Self::Defect(source),
            Some(_) | None => Self::Unavailable(source),
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::Unavailable,
            Self::Absent | Self::Defect(_) | Self::Unfit(_) | Self::Empty(_) | Self::Unreadable(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Absent | Self::Defect(_) | Self::Unfit(_) | Self::Empty(_) | Self::Unreadable(_) => "internal",
        }
    }
}

/// The key of invitation tokens, as Secrets Manager has it.
#[derive(Debug, Clone)]
pub struct InvitationKey(Versions);

impl InvitationKey {
    /// The key in the secret `arn`; nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::when_needed(config), arn))
    }

    /// The token for `invitation`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sign(&self, invitation: &Invitation, now: Timestamp) -> Result<String, Error> {
        Ok(key(self.0.current(now).await?)?.sign(invitation))
    }

    /// What `token` says. One that seems forged may have been made with a key that is newer than the one known, or with
    /// the one before.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn read(&self, token: &str, now: Timestamp) -> Result<Shown, Error> {
        let shown = key(self.0.current(now).await?)?.read(token);
        if shown.claim != Claim::Forged {
            return Ok(shown);
        }
        for version in self.0.both(now).await? {
            let again = key(version)?.read(token);
            if again.claim != Claim::Forged {
                return Ok(again);
            }
        }
        Ok(shown)
    }

    /// The token in the link by which `recipient` stops letters.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sign_letter_link(&self, recipient: &Recipient, now: Timestamp) -> Result<String, Error> {
        Ok(key(self.0.current(now).await?)?.sign_letter_link(recipient))
    }

    /// The holder of the letter that `token` comes from; `None` if it comes from no letter.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn read_letter_link(&self, token: &str, now: Timestamp) -> Result<Option<LetterHolder>, Error> {
        if let Some(holder) = key(self.0.current(now).await?)?.read_letter_link(token) {
            return Ok(Some(holder));
        }
        for version in self.0.both(now).await? {
            if let Some(holder) = key(version)?.read_letter_link(token) {
                return Ok(Some(holder));
            }
        }
        Ok(None)
    }
}

fn key(text: String) -> Result<TokenKey, Error> {
    TokenKey::new(text).map_err(Error::Unfit)
}
