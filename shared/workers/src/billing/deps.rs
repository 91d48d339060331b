//! The dependencies of billing.

use crate::payments::Payments;
use aws_types::SdkConfig;
use domain::{
    billing::{
        intent::Offers,
        return_url::Origins,
        trial::{NoTrialDays, TrialDays},
    },
    plans::{
        catalogue::Catalogue,
        plan::{Interval, Plan},
    },
};
use platform::config::{ConfigError, Environment};
use store::Store;

/// What it takes to have Stripe charge for workspaces.
#[derive(Debug, Clone)]
pub struct Charging {
    /// The table.
    pub store: Store,
    /// Stripe.
    pub payments: Payments,
    /// Its prices.
    pub catalogue: Catalogue,
    /// Where customers come back to.
    pub dashboard: Origins,
    /// Stripe's id of what the portal lets them do; the account's own is used where there is none.
    pub portal_configuration: Option<String>,
    /// The days on trial that everybody may have once.
    pub trial: Option<TrialDays>,
    /// What checkout pages offer beside the plan.
    pub offers: Offers,
}

impl Charging {
    /// What the environment says. Nothing is sent.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(store: Store, config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        let price = |plan: Plan, interval: Interval| {
            let name = format!("STRIPE_PRICE_{}_{}", plan.name(), interval.name()).to_uppercase();
            environment.optional(&name).unwrap_or_default()
        };
        let unfit = |name| move |problem: String| ConfigError::Unfit { name, problem };
        let origins = [Some(environment.required("APP_ORIGIN")?), environment.optional("EXTRA_ORIGIN")];
        Ok(Self {
            payments: Payments::from_environment(config, environment, store.ambient())?,
            catalogue: Catalogue::new(price).map_err(|error| unfit("STRIPE_PRICE_…")(error.to_string()))?,
            dashboard: Origins::new(origins.into_iter().flatten())
                .map_err(|error| unfit("APP_ORIGIN")(error.to_string()))?,
            trial: match environment.optional("STRIPE_TRIAL_DAYS").filter(|days| days != "0") {
                Some(days) => {
                    Some(days.parse().map_err(|error: NoTrialDays| unfit("STRIPE_TRIAL_DAYS")(error.to_string()))?)
                }
                None => None,
            },
            offers: Offers {
                automatic_tax: switch(environment, "STRIPE_AUTOMATIC_TAX")?,
                promotion_codes: switch(environment, "STRIPE_PROMOTION_CODES")?,
            },
            portal_configuration: environment.optional("STRIPE_PORTAL_CONFIGURATION"),
            store,
        })
    }
}

/// A setting that is on or off; off if nothing is said.
fn switch(environment: &Environment, name: &'static str) -> Result<bool, ConfigError> {
    match environment.optional(name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(ConfigError::Unfit { name, problem: "must be true or false".to_owned() }),
    }
}
