//! The key of the tokens in invitations and in unsubscribe links.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::{
    notifications::letter_link::LetterHolder,
    notifications::recipient::Recipient,
    team::invitation::{Claim, Invitation},
    team::invitation_token::{TokenContent, TokenKey},
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
        Ok(self.0.key(now).await?.sign(invitation))
    }

    /// Reads the claim in `token`. A signature that does not match is checked again with the newest and the previous
    /// key.
    pub async fn read_token(&self, token: &str, now: Timestamp) -> Result<TokenContent, Error> {
        let signed = |key: &TokenKey| Some(key.read(token)).filter(|shown| shown.claim != Claim::Forged);
        match self.0.with_any_key(now, signed).await? {
            Some(shown) => Ok(shown),
            None => Ok(self.0.key(now).await?.read(token)),
        }
    }

    /// Signs the token in the unsubscribe link of `recipient`.
    pub async fn sign_letter_link(&self, recipient: &Recipient, now: Timestamp) -> Result<String, Error> {
        Ok(self.0.key(now).await?.sign_letter_link(recipient))
    }

    /// Returns the recipient of the letter with the unsubscribe link of `token`; `None` if the token is not valid.
    pub async fn read_letter_link(&self, token: &str, now: Timestamp) -> Result<Option<LetterHolder>, Error> {
        self.0.with_any_key(now, |key| key.read_letter_link(token)).await
    }
}
