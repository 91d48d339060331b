//! The key of the tokens in invitations and in the links by which letters are stopped.

use super::{Error, key::key, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::{
    notifications::letter_link::LetterHolder,
    notifications::recipient::Recipient,
    team::invitation::{Claim, Invitation},
    team::invitation_token::Shown,
};
use jiff::Timestamp;

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
