//! Creation of an account: it has a catalogue and a portal, and no customer.

use crate::{
    ids::{Id, PriceId, ProductId},
    model::{CataloguePrice, PortalConfiguration, Price, Product, Settings},
    state::State,
};
use fastrand::Rng;
use jiff::Timestamp;

impl State {
    /// Creates an account with this catalogue and without customers.
    pub(crate) fn new(now: Timestamp, seed: u64, settings: Settings, catalogue: &[CataloguePrice]) -> Self {
        let mut state = Self::empty(now, Rng::with_seed(seed), settings);
        state.stock(catalogue);
        state.open_portal();
        state
    }

    /// Adds the catalogue. The first price of a product is its default.
    fn stock(&mut self, catalogue: &[CataloguePrice]) {
        for entry in catalogue {
            let (id, product) = (PriceId::given(&entry.id), ProductId::given(&entry.product));
            if self.products.get(&product).is_none() {
                let made = Product::new(product.clone(), entry.name.clone(), self.now);
                self.products.put(product.clone(), Product { default_price: Some(id.clone()), ..made });
            }
            let price = Price {
                id: id.clone(),
                created: self.now,
                product,
                active: true,
                nickname: None,
                lookup_key: entry.lookup_key.clone(),
                metadata: entry.metadata.clone(),
                currency: entry.currency,
                unit_amount: entry.unit_amount,
                interval: entry.interval,
                known: true,
            };
            self.prices.put(id, price);
        }
    }

    /// Adds the portal configuration that every account has.
    fn open_portal(&mut self) {
        let configuration = PortalConfiguration { id: self.fresh(), created: self.now };
        self.portal_configurations.put(configuration.id.clone(), configuration);
    }
}
