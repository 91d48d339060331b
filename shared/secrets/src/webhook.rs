//! The signing secret of Stripe's webhook, which proves that Stripe sent a body.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::billing::stripe::signature::{SignatureError, SigningSecrets};
use jiff::Timestamp;

/// The signing secret of Stripe's webhook in Secrets Manager.
#[derive(Debug, Clone)]
pub struct WebhookSecret(Versions);

impl WebhookSecret {
    /// Uses the secret `arn`. Nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::eager(config), arn))
    }

    /// Verifies that Stripe sent `body` with the header `Stripe-Signature: {header}`. A signature that does not match
    /// is checked again with the newest and the previous secret.
    ///
    /// # Errors
    /// [`Error`] if that cannot be decided: no secret can be read, or the current one is empty.
    pub async fn verify(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Result<(), SignatureError>, Error> {
        match SigningSecrets::new([self.0.current(now).await?]).map(|present| present.verify(header, body, now)) {
            Ok(Err(SignatureError::Mismatch)) | Err(_) => {}
            Ok(verdict @ (Ok(()) | Err(SignatureError::Malformed | SignatureError::Stale))) => return Ok(verdict),
        }
        let versions = self.0.both(now).await?;
        // An empty current secret is a mistake to report, even if the previous one verifies the body.
        SigningSecrets::new(versions.first().cloned()).map_err(Error::Empty)?;
        Ok(SigningSecrets::new(versions).map_err(Error::Empty)?.verify(header, body, now))
    }
}
