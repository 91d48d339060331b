//! The signing secret of Stripe's webhook: whether Stripe has sent a body.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::billing::stripe::signature::{SignatureError, SigningSecrets};
use jiff::Timestamp;

/// The signing secret of Stripe's webhook, as Secrets Manager has it.
#[derive(Debug, Clone)]
pub struct WebhookSecret(Versions);

impl WebhookSecret {
    /// The secret `arn`; nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::at_once(config), arn))
    }

    /// Whether `body` was sent by Stripe with the header `Stripe-Signature: {header}`. A signature that does not match
    /// may have been made with a secret that is newer than the one known, or with the one before.
    ///
    /// # Errors
    /// [`Error`] if that cannot be told: no secret is at hand, or the present one is empty.
    pub async fn verify(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Result<(), SignatureError>, Error> {
        match SigningSecrets::new([self.0.current(now).await?]).map(|present| present.verify(header, body, now)) {
            Ok(Err(SignatureError::Mismatch)) | Err(_) => {}
            Ok(said @ (Ok(()) | Err(SignatureError::Malformed | SignatureError::Stale))) => return Ok(said),
        }
        let versions = self.0.both(now).await?;
        // An empty present one is a mistake to be told, whatever the one before still opens.
        SigningSecrets::new(versions.first().cloned()).map_err(Error::Empty)?;
        Ok(SigningSecrets::new(versions).map_err(Error::Empty)?.verify(header, body, now))
    }
}
