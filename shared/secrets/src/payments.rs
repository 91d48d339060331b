//! The key to Stripe's API.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use jiff::Timestamp;
use platform::config::{ConfigError, Environment};

/// The key to Stripe's API, as Secrets Manager has it.
#[derive(Debug, Clone)]
pub struct StripeKey(Versions);

impl StripeKey {
    /// The key in the secret that the environment names; nothing is read yet.
    ///
    /// # Errors
    /// [`ConfigError`] if it names none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self(Versions::new(Service::when_needed(config), environment.required("STRIPE_API_KEY_SECRET_ARN")?)))
    }

    /// The key.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn current(&self, now: Timestamp) -> Result<String, Error> {
        Ok(self.0.current(now).await?.trim().to_owned())
    }

    /// Word that Stripe has refused the key: the next one who asks for it gets the newest.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn refused(&self, now: Timestamp) -> Result<(), Error> {
        self.0.both(now).await.map(drop)
    }
}
