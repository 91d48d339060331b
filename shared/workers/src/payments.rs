//! The one way to Stripe, and its one rule for keys: a key that Stripe has refused may just have been rolled, so it is read again before
//! the next use.

use aws_types::SdkConfig;
use platform::{
    ambient::Ambient,
    config::{ConfigError, Environment},
};
use secrets::StripeKey;
use stripe::{Account, Stripe};

/// Stripe, under the key in Secrets Manager.
#[derive(Debug, Clone)]
pub struct Payments {
    stripe: Stripe,
    key: StripeKey,
    ambient: Ambient,
}

impl Payments {
    /// Stripe and the secret of its key, as the environment names them. Nothing is sent.
    ///
    /// # Errors
    /// [`ConfigError`].
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

    /// Stripe, for one command.
    ///
    /// # Errors
    /// `E`, made of [`secrets::Error`] or [`stripe::Error`].
    pub async fn account<E>(&self) -> Result<Account, E>
    where
        E: From<secrets::Error> + From<stripe::Error>,
    {
        let now = self.ambient.now();
        if self.stripe.has_refused_a_key() {
            self.key.refused(now).await?;
            self.stripe.forget_refusal();
        }
        let key = self.key.current(now).await?;
        Ok(self.stripe.with_key(&key)?)
    }
}
