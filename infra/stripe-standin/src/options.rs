//! Options of a stand-in.

use crate::{
    cloud_clock::CloudClock,
    delivery::Webhook,
    model::{CataloguePrice, Dunning},
};
use jiff::Timestamp;
use std::{fmt, sync::Arc};

/// Source of the time.
pub(crate) type Wall = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Options of a stand-in. `Options::new` sets Berth's catalogue, a test key and no webhook.
#[derive(Clone)]
pub struct Options {
    /// The time that the stand-in's clock starts from and moves with.
    pub(crate) wall: Wall,
    /// The clock of the local cloud, which moves with the stand-in's. Signatures are dated by the verifier's clock: by
    /// this one, or by `wall` without it.
    pub cloud_clock: Option<CloudClock>,
    /// Seed of ids and faults: the same seed gives the same ones.
    pub seed: u64,
    /// API key that requests must carry.
    pub api_key: String,
    /// Restricted API key that may only read, if there is one.
    pub read_key: Option<String>,
    /// Signing secret of events. It is required, because unsigned events could be forged.
    pub webhook_secret: String,
    /// Address for events. Without one, they wait until a test takes them.
    pub webhook: Option<Webhook>,
    /// Base URL of the stand-in for browsers, without a trailing slash. `None` is the address that it is served at.
    pub public_url: Option<String>,
    /// Id of the account.
    pub account: String,
    /// Prices of the initial catalogue, with their products.
    pub catalogue: Vec<CataloguePrice>,
    /// Collection of failed renewals.
    pub dunning: Dunning,
}

impl Options {
    /// Creates options with this source of time and this seed.
    pub fn new(wall: impl Fn() -> Timestamp + Send + Sync + 'static, seed: u64) -> Self {
        Self {
            wall: Arc::new(wall),
            cloud_clock: None,
            seed,
            api_key: "sk_test_standin".to_owned(),
            read_key: Some("rk_test_standin".to_owned()),
            webhook_secret: "whsec_standin".to_owned(),
            webhook: None,
            public_url: None,
            account: "acct_1Standin".to_owned(),
            catalogue: CataloguePrice::berth_prices(),
            dunning: Dunning::default(),
        }
    }
}

impl fmt::Debug for Options {
    /// Formats the options without their secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("seed", &self.seed)
            .field("webhook", &self.webhook)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
