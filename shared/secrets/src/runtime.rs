//! The key of the tokens that runtimes' containers report with.

use super::{Error, key::key, service::Service, versions::Versions};
use aws_types::SdkConfig;
use domain::runtime::token::Bearer;
use jiff::Timestamp;

/// The key of runtimes' tokens, as Secrets Manager has it.
#[derive(Debug, Clone)]
pub struct RuntimeKey(Versions);

impl RuntimeKey {
    /// The key in the secret `arn`; nothing is read yet.
    #[must_use]
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self(Versions::new(Service::at_once(config), arn))
    }

    /// The token for `bearer`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sign(&self, bearer: Bearer, now: Timestamp) -> Result<String, Error> {
        Ok(key(self.0.current(now).await?)?.sign_runtime(bearer))
    }

    /// Who shows `token`; `None` if nobody was given it. One that seems forged may have been made with a key that is newer
    /// than the one known, or with the one before.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn read(&self, token: &str, now: Timestamp) -> Result<Option<Bearer>, Error> {
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
