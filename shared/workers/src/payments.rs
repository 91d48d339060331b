//! The only access to Stripe. An API key that Stripe has refused may just have been rolled, so it is read again before
//! the next use.

use aws_types::SdkConfig;
use platform::{
    ambient::Ambient,
    config::{ConfigError, Environment},
};
use secrets::StripeKey;
use stripe::{Account, Stripe};

/// Access to Stripe with the API key in Secrets Manager.
#[derive(Debug, Clone)]
pub struct Payments {
    stripe: Stripe,
    key: StripeKey,
    ambient: Ambient,
}

impl Payments {
    /// Builds the access to Stripe from the environment. Sends nothing.
    ///
    /// # Errors
    /// [`ConfigError`] if a setting is missing or invalid.
    pub fn from_environment(
        config: &SdkConfig,
        environment: &Environment,
        ambient: &Ambient,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            stripe: Stripe::from_environment(environment, ambient.clone())?,
            key: StripeKey::from_environment(config, environment)?,
            ambient: ambient.clone(),
        })
    }

    /// Returns a client for one command, with the current API key.
    ///
    /// # Errors
    /// [`secrets::Error`] if the key cannot be read, or [`stripe::Error`] if no client can be built, converted to `E`.
    pub async fn stripe_account<E>(&self) -> Result<Account, E>
    where
        E: From<secrets::Error> + From<stripe::Error>,
    {
        let now = self.ambient.now();
        if self.stripe.has_refused_a_key() {
            self.key.report_refusal(now).await?;
            self.stripe.forget_refusal();
        }
        let key = self.key.current(now).await?;
        Ok(self.stripe.with_key(&key)?)
    }
}
