//! Secrets Manager: the key of invitation tokens.
//!
//! A secret is read on its first use, again when what is known is five minutes old, and at once when it does not fit
//! what it is held against; the latter at most every half minute, so that a forger cannot make us ask.

use crate::{
    aws::CallFailed,
    domain::{
        error::{Kind, Refusal},
        invitation::{Claim, Invitation},
        invitation_token::{KeyTooShort, Shown, TokenKey},
    },
};
use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long a secret is taken for current.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// How old a secret must be to be asked for again because something did not fit it.
const DOUBTED: SignedDuration = SignedDuration::from_secs(30);

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Secrets Manager did not give it.
    #[error("the service is busy; send the same request again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is not fit to be a key.
    #[error("something went wrong on our side")]
    Unfit(#[source] KeyTooShort),
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::Unavailable,
            Self::Unfit(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Unfit(_) => "internal",
        }
    }
}

/// The key of invitation tokens, as Secrets Manager has it.
#[derive(Debug, Clone)]
pub struct InvitationKey {
    client: Client,
    arn: String,
    known: Arc<Mutex<Option<Known>>>,
}

#[derive(Debug, Clone)]
struct Known {
    key: TokenKey,
    since: Timestamp,
}

impl InvitationKey {
    /// The key in the secret `arn`; nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self { client: Client::new(config), arn, known: Arc::default() }
    }

    /// The token for `invitation`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sign(&self, invitation: &Invitation, now: Timestamp) -> Result<String, Error> {
        Ok(self.at_most(FRESH, now).await?.sign(invitation))
    }

    /// What `token` says. One that seems forged may have been made by a key that is newer than the one known.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn read(&self, token: &str, now: Timestamp) -> Result<Shown, Error> {
        let shown = self.at_most(FRESH, now).await?.read(token);
        match shown.claim {
            Claim::Forged => Ok(self.at_most(DOUBTED, now).await?.read(token)),
            Claim::Token { .. } | Claim::Id => Ok(shown),
        }
    }

    /// The key, known for less than `age`.
    async fn at_most(&self, age: SignedDuration, now: Timestamp) -> Result<TokenKey, Error> {
        let mut known = self.known.lock().await;
        if let Some(current) = known.as_ref().filter(|known| now.duration_since(known.since) < age) {
            return Ok(current.key.clone());
        }
        let answer = self.client.get_secret_value().secret_id(&self.arn).send().await;
        let answer = answer.map_err(|error| Error::Unavailable(CallFailed::new("Secrets Manager", &error).into()))?;
        let key = TokenKey::new(answer.secret_string.unwrap_or_default()).map_err(Error::Unfit)?;
        *known = Some(Known { key: key.clone(), since: now });
        Ok(key)
    }
}
