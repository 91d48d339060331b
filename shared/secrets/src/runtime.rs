//! The key of the tokens with which runtime containers send reports.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::runtime::token::{Bearer, NotAContainer};
use jiff::Timestamp;

/// The key of runtime tokens in Secrets Manager.
#[derive(Debug, Clone)]
pub struct RuntimeKey(Versions);

impl RuntimeKey {
    /// Uses the key in the secret `arn`. Nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::eager(config), arn))
    }

    /// Signs the token of `bearer`.
    pub async fn sign(&self, bearer: Bearer, now: Timestamp) -> Result<String, Error> {
        Ok(self.0.key(now).await?.sign_runtime(bearer))
    }

    /// Verifies that Berth signed `token`, and returns its bearer. A signature that does not match is checked again
    /// with the newest and the previous key.
    ///
    /// # Errors
    /// [`Error`] if that cannot be decided: no key can be read, or it is unusable.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Result<Bearer, NotAContainer>, Error> {
        Ok(self.0.with_any_key(now, |key| key.read_runtime(token)).await?.ok_or(NotAContainer))
    }
}
