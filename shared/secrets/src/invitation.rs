//! The key of the tokens in invitations and in unsubscribe links.

use super::{Error, key::key, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::{
    notifications::letter_link::LetterHolder,
    notifications::recipient::Recipient,
    team::invitation::{Claim, Invitation},
    team::invitation_token::TokenContent,
};
use jiff::Timestamp;

/// The key of invitation tokens in Secrets Manager.
#[derive(Debug, Clone)]
pub struct InvitationKey(Versions);

impl InvitationKey {
    /// Uses the key in the secret `arn`. Nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::lazy(config), arn))
    }

    /// Signs the token of `invitation`.
    pub async fn sign(&self, invitation: &Invitation, now: Timestamp) -> Result<String, Error> {
        Ok(key(self.0.current(now).await?)?.sign(invitation))
    }

    /// Reads the claim in `token`. A signature that does not match is checked again with the newest and the previous
    /// key.
    pub async fn read_token(&self, token: &str, now: Timestamp) -> Result<TokenContent, Error> {
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

    /// Signs the token in the unsubscribe link of `recipient`.
    pub async fn sign_letter_link(&self, recipient: &Recipient, now: Timestamp) -> Result<String, Error> {
        Ok(key(self.0.current(now).await?)?.sign_letter_link(recipient))
    }

    /// Returns the recipient of the letter with the unsubscribe link of `token`; `None` if the token is not valid.
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
