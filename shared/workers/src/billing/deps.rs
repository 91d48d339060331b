//! The dependencies of billing.

use crate::{end_policy::EndPolicy, payments::Payments};
use aws_types::SdkConfig;
use domain::{
    billing::{
        intent::Offers,
        return_url::Origins,
        trial::{InvalidTrialDays, TrialDays},
    },
    plans::{
        catalogue::Catalogue,
        plan::{Interval, Plan},
    },
};
use platform::config::{ConfigError, Environment};
use store::Store;

/// Dependencies of billing without a caller.
#[derive(Debug, Clone)]
pub struct BillingDeps {
    /// The table.
    pub store: Store,
    /// Stripe.
    pub payments: Payments,
    /// Prices at Stripe, by plan and interval.
    pub catalogue: Catalogue,
    /// Origins to which Stripe may redirect customers.
    pub dashboard: Origins,
    /// Stripe's id of the customer portal's configuration; without it, the account's default applies.
    pub portal_configuration: Option<String>,
    /// Length of the trial that every customer may have once.
    pub trial: Option<TrialDays>,
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
        let price = |plan: Plan, interval: Interval| {
            let name = format!("STRIPE_PRICE_{}_{}", plan.name(), interval.name()).to_uppercase();
            environment.optional(&name).unwrap_or_default()
        };
        let unfit = |name| move |problem: String| ConfigError::Invalid { name, problem };
        let origins = [Some(environment.required("APP_ORIGIN")?), environment.optional("EXTRA_ORIGIN")];
        Ok(Self {
            payments: Payments::from_environment(config, environment, store.ambient())?,
            catalogue: Catalogue::new(price).map_err(|error| unfit("STRIPE_PRICE_…")(error.to_string()))?,
            dashboard: Origins::new(origins.into_iter().flatten())
                .map_err(|error| unfit("APP_ORIGIN")(error.to_string()))?,
            trial: match environment.optional("STRIPE_TRIAL_DAYS").filter(|days| days != "0") {
                Some(days) => Some(
                    days.parse().map_err(|error: InvalidTrialDays| unfit("STRIPE_TRIAL_DAYS")(error.to_string()))?,
                ),
                None => None,
            },
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
