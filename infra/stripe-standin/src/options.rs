//! How a stand-in is set up.

use crate::{
    delivery::Webhook,
    model::{CataloguePrice, Dunning},
};
use jiff::Timestamp;
use std::{fmt, sync::Arc};

/// Where the time comes from.
pub(crate) type Wall = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a stand-in is made of. `Options::new` gives Berth's catalogue, a test key and no webhook.
#[derive(Clone)]
pub struct Options {
    /// The time that the stand-in's clock starts from and moves with. Signatures are always dated by it, however far
    /// the stand-in's own clock was moved: whoever verifies them has not moved his.
    pub(crate) wall: Wall,
    /// What ids and faults are drawn from: the same seed gives the same ones.
    pub seed: u64,
    /// The key that requests must carry.
    pub api_key: String,
    /// The secret that events are signed with. Without one, what is sent could not be told from a forgery.
    pub webhook_secret: String,
    /// Where events are sent. Without one they wait until somebody takes them.
    pub webhook: Option<Webhook>,
    /// Where a browser finds the stand-in, without a slash at the end; where it is served, if nothing else is said.
    pub public_url: Option<String>,
    /// The prices that exist.
    pub catalogue: Vec<CataloguePrice>,
    /// How failed renewals are collected.
    pub dunning: Dunning,
}

impl Options {
    /// A stand-in whose time comes from there and whose chance is that seed's.
    pub fn new(wall: impl Fn() -> Timestamp + Send + Sync + 'static, seed: u64) -> Self {
        Self {
            wall: Arc::new(wall),
            seed,
            api_key: "sk_test_standin".to_owned(),
            webhook_secret: "whsec_standin".to_owned(),
            webhook: None,
            public_url: None,
            catalogue: CataloguePrice::berth(),
            dunning: Dunning::default(),
        }
    }
}

impl fmt::Debug for Options {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("seed", &self.seed)
            .field("webhook", &self.webhook)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
