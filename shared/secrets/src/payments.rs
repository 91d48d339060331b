//! The Stripe API key.

use super::{Error, service::Service, versions::Versions};
use aws_types::SdkConfig;
use jiff::Timestamp;
use platform::config::{ConfigError, Environment};

/// The Stripe API key in Secrets Manager.
#[derive(Debug, Clone)]
pub struct StripeKey(Versions);

impl StripeKey {
    /// Uses the key in the secret named by the environment. Nothing is read yet.
    ///
    /// # Errors
    /// [`ConfigError`] if the environment names none.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self(Versions::new(Service::lazy(config), environment.required("STRIPE_API_KEY_SECRET_ARN")?)))
    }

    /// Returns the current key.
    pub async fn current(&self, now: Timestamp) -> Result<String, Error> {
        Ok(self.0.current(now).await?.trim().to_owned())
    }

    /// Reports that Stripe has refused the key, so that the newest key is read.
    pub async fn report_refusal(&self, now: Timestamp) -> Result<(), Error> {
        self.0.both(now).await.map(drop)
    }
}
