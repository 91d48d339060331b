//! Creation of an account: it has a catalogue and a portal, and no customer.

use crate::{
    error::{ApiError, Result},
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
                let default_price = Some(id.clone());
                let made = Product { id: product.clone(), created: self.now, name: entry.name.clone(), default_price };
                self.products.put(product.clone(), made);
            }
            let price = Price {
                id: id.clone(),
                created: self.now,
                product,
                lookup_key: entry.id.clone(),
                currency: entry.currency,
                unit_amount: entry.unit_amount,
                interval: entry.interval,
                known: true,
            };
            self.prices.put(id, price);
        }
    }

    /// Finds a price that a request names (<https://docs.stripe.com/error-codes>, `resource_missing`).
    pub(crate) fn known_price(&self, id: &PriceId, param: &str) -> Result<&Price> {
        let price = self.prices.find(id, param)?;
        if price.known { Ok(price) } else { Err(ApiError::missing(PriceId::NOUN, id.as_str(), param)) }
    }

    /// Sets if requests find the price from now on. Subscriptions keep it either way.
    pub(crate) fn set_price_known(&mut self, id: &PriceId, known: bool) -> Result<()> {
        self.prices.find(id, "price")?;
        self.prices.known_mut(id)?.known = known;
        Ok(())
    }

    /// Adds the portal configuration that every account has.
    fn open_portal(&mut self) {
        let configuration = PortalConfiguration { id: self.fresh(), created: self.now };
        self.portal_configurations.put(configuration.id.clone(), configuration);
    }
}
