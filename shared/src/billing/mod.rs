//! What a workspace pays for: what the functions `billing` and `stripe-events` do, and what is finished after them.
//!
//! Stripe is the truth. A command is written down as an intent before it is sent, and what it brings about is read from
//! Stripe; events only say when to look.

mod at_stripe;
mod change;
mod checkout;
mod compare;
mod comparison;
mod error;
mod event;
mod intents;
mod notices;
mod overview;
mod page;
mod preview;
mod usage;
mod view;

pub use at_stripe::{InvoiceView, invoices, portal};
pub use change::{cancel, change_plan, resume};
pub use checkout::{CheckoutRequest, checkout};
pub use compare::{overdue, sync};
pub use comparison::go_on;
pub use error::Error;
pub use event::{HeardAs, hear};
pub use intents::finish_left;
pub use notices::{MailError, mail_notice};
pub use overview::{ConfigView, UsageView, config, usage};
pub use preview::{OverLimit, PlanPreviewView, preview};
pub use usage::{CountedView, count, count_for_container};
pub use view::{CheckoutView, PlanChangeView, PlanView, SubscriptionView, plans};

use aws_types::SdkConfig;
use domain::{
    billing::intent::Offers,
    billing::return_url::Origins,
    billing::trial::{NoTrialDays, TrialDays},
    identity::access::Action,
    identity::scope::Caller,
    ids::WorkspaceId,
    plans::catalogue::Catalogue,
    plans::plan::{Interval, Plan},
};
use platform::config::{ConfigError, Environment};
use secrets::StripeKey;
use store::Store;
use stripe::{self, Account, Stripe};

/// How often a change is decided anew when another one came first.
const DECISIONS: usize = 5;

/// What it takes to have Stripe charge for workspaces.
#[derive(Debug, Clone)]
pub struct Charging {
    /// The table.
    pub store: Store,
    /// Stripe.
    pub stripe: Stripe,
    /// The key to it.
    pub key: StripeKey,
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
            stripe: Stripe::from_environment(environment, store.ambient().clone())?,
            key: StripeKey::from_environment(config, environment)?,
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

    /// Stripe, under the key that holds now.
    async fn account(&self) -> Result<Account, Error> {
        let key = self.key.current(self.store.ambient().now()).await?;
        Ok(self.stripe.with_key(&key)?)
    }

    /// What Stripe answered. A key that it refuses may just have been replaced: it is read again, for the next request.
    async fn answered<T>(&self, answer: Result<T, stripe::Error>) -> Result<T, Error> {
        if matches!(answer, Err(stripe::Error::KeyRefused)) {
            self.key.refused(self.store.ambient().now()).await?;
        }
        Ok(answer?)
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

/// What `workspace` pays for.
///
/// # Errors
/// [`Error`].
pub async fn subscription(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<SubscriptionView, Error> {
    let inside = store.enter(caller, workspace, None).read().await?.as_member(Action::ReadBilling)?;
    Ok(SubscriptionView::new(&inside.billing, store.ambient().now()))
}
