//! The key of the tokens with which runtime containers send reports.

use super::{Error, key::key, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::runtime::token::Bearer;
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
        Ok(key(self.0.current(now).await?)?.sign_runtime(bearer))
    }

    /// Returns the bearer of `token`, or `None` if it is not valid. A signature that does not match is checked again
    /// with the newest and the previous key.
    pub async fn read_bearer(&self, token: &str, now: Timestamp) -> Result<Option<Bearer>, Error> {
        if let Some(bearer) = key(self.0.current(now).await?)?.read_runtime(token) {
            return Ok(Some(bearer));
        }
        for version in self.0.both(now).await? {
            if let Some(bearer) = key(version)?.read_runtime(token) {
                return Ok(Some(bearer));
            }
        }
        Ok(None)
    }
}
