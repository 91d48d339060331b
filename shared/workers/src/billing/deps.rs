//! The dependencies of billing.

use crate::{end_policy::EndPolicy, payments::Payments};
use aws_types::SdkConfig;
use domain::billing::{intent::Offers, return_url::Origins};
use platform::config::{ConfigError, Environment};
use store::Store;

/// Dependencies of billing without a caller.
#[derive(Debug, Clone)]
pub struct BillingDeps {
    /// The table.
    pub store: Store,
    /// Stripe.
    pub payments: Payments,
    /// Origins to which Stripe may redirect customers.
    pub dashboard: Origins,
    /// Stripe's id of the customer portal's configuration; without it, the account's default applies.
    pub portal_configuration: Option<String>,
    /// Options of checkout pages: automatic tax and promotion codes.
    pub offers: Offers,
    /// Consequences of the end of a subscription and of a lost dispute.
    pub ends: EndPolicy,
}

impl BillingDeps {
    /// Builds the dependencies from the environment. Sends nothing.
    ///
    /// # Errors
    /// [`ConfigError`] if a setting is missing or invalid.
    pub fn from_environment(store: Store, config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let origins = [Some(environment.required("APP_ORIGIN")?), environment.optional("EXTRA_ORIGIN")];
        Ok(Self {
            payments: Payments::from_environment(config, environment, store.ambient())?,
            dashboard: Origins::new(origins.into_iter().flatten())
                .map_err(|error| ConfigError::Invalid { name: "APP_ORIGIN", problem: error.to_string() })?,
            offers: Offers {
                automatic_tax: switch(environment, "STRIPE_AUTOMATIC_TAX")?,
                promotion_codes: switch(environment, "STRIPE_PROMOTION_CODES")?,
                billing_details: true,
            },
            ends: EndPolicy::from_environment(environment)?,
            portal_configuration: environment.optional("STRIPE_PORTAL_CONFIGURATION"),
            store,
        })
    }
}

/// Reads a boolean setting; false if it is not set.
fn switch(environment: &Environment, name: &'static str) -> Result<bool, ConfigError> {
    match environment.optional(name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(ConfigError::Invalid { name, problem: "must be true or false".to_owned() }),
    }
}
