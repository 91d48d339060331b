//! Prices: what they sell, and what they cost.
//! <https://docs.stripe.com/api/prices>

use super::{Account, Error, shapes::List};
use domain::{
    billing::intent::OrderedPrice,
    plans::{
        catalogue::Plans,
        money::{Currency, Interval},
        price::{AddonPriceName, PriceAtStripe, PriceKey, Sells, SoldAddonPrice, SoldPrice, Stamp, terms},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use stripe_client_core::{RequestBuilder, StripeMethod};

/// Maximum number of lookup keys of a request. <https://docs.stripe.com/api/prices/list#list_prices-lookup_keys>
const KEYS: usize = 10;

/// The part of Stripe's price object that Berth reads. <https://docs.stripe.com/api/prices/object>
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RawPrice {
    id: String,
    currency: Option<String>,
    unit_amount: Option<u64>,
    recurring: Option<Recurring>,
    lookup_key: Option<String>,
    #[serde(default)]
    metadata: HashMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Recurring {
    interval: String,
    interval_count: u64,
}

impl RawPrice {
    /// Returns what the price sells.
    pub(super) fn to_domain(&self) -> PriceAtStripe {
        let stamp = Stamp::read(|key| self.metadata.get(key).map(String::as_str));
        PriceAtStripe { id: self.id.clone(), sells: Sells::of(stamp, self.lookup_key.as_deref(), self.terms()) }
    }

    /// Returns the amount per interval, in the currency's minor unit; `None` if it depends on the quantity.
    pub(super) const fn amount(&self) -> Option<u64> {
        self.unit_amount
    }

    /// Returns the interval and currency, if Berth sells such prices.
    fn terms(&self) -> Option<(Interval, Currency)> {
        let Recurring { interval, interval_count } = self.recurring.as_ref()?;
        terms(interval, *interval_count, self.currency.as_deref()?)
    }
}

/// What is charged for a price that the catalogue sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargedPrice {
    /// What the price sells.
    pub key: PriceKey,
    /// Stripe's id of the price.
    pub id: String,
    /// Amount in the currency's minor unit; `None` if it is none for each seat or period.
    pub amount: Option<u64>,
}

#[derive(Serialize)]
struct Wanted {
    lookup_keys: Vec<String>,
    active: bool,
    limit: usize,
}

impl Account {
    /// Returns the price of an order, if customers pay for it what `plans` say.
    ///
    /// # Errors
    /// [`Error::Absent`] if Stripe has no such price, one that is not a plan's, or one of another amount.
    pub async fn sold_price(&self, plans: Plans, ordered: &OrderedPrice) -> Result<SoldPrice, Error> {
        let found = match ordered {
            OrderedPrice::Name(name) => self.of_lookup_keys(&[PriceKey::Plan(*name)]).await?.into_iter().next(),
            OrderedPrice::Id(id) => Some(self.price(id).await?),
        };
        let sold = found.and_then(|price| match price.to_domain() {
            PriceAtStripe { id, sells: Sells::Plan(name) } => Some((SoldPrice { id, name }, price.unit_amount)),
            PriceAtStripe { sells: Sells::Addon(..) | Sells::Other | Sells::Unclear, .. } => None,
        });
        let problem = match (ordered, sold) {
            (OrderedPrice::Id(_), Some((sold, _))) => return Ok(sold),
            (OrderedPrice::Name(name), Some((sold, amount))) if sold.name == *name => {
                if amount == plans.amount(*name) {
                    return Ok(sold);
                }
                format!("Stripe sells {name} for another amount than the catalogue")
            }
            (OrderedPrice::Name(name), _) => {
                format!("Stripe has no price with the lookup key of {name} that can be bought")
            }
            (OrderedPrice::Id(_), None) => "the price of an order is no plan's".to_owned(),
        };
        Err(Error::Absent(problem.into()))
    }

    /// Returns the prices `names` of add-ons, if customers pay for them what `plans` say.
    ///
    /// # Errors
    /// [`Error::Absent`] if Stripe lacks one, or has one of another amount.
    pub async fn sold_addon_prices(
        &self,
        plans: Plans,
        names: &[AddonPriceName],
    ) -> Result<Vec<SoldAddonPrice>, Error> {
        let keys: Vec<_> = names.iter().copied().map(PriceKey::Addon).collect();
        let charged = self.charged_prices(&keys).await?;
        let sold = |name: &AddonPriceName| {
            let found = charged.iter().find(|charged| charged.key == PriceKey::Addon(*name)).ok_or_else(|| {
                Error::Absent(format!("Stripe has no price with the lookup key of {name} that can be bought").into())
            })?;
            if found.amount != plans.addon_amount(*name) {
                let problem = format!("Stripe sells {name} for another amount than the catalogue");
                return Err(Error::Absent(problem.into()));
            }
            Ok(SoldAddonPrice { id: found.id.clone(), name: *name })
        };
        names.iter().map(sold).collect()
    }

    /// Returns what is charged for the prices `keys`. Those that cannot be bought are missing.
    pub async fn charged_prices(&self, keys: &[PriceKey]) -> Result<Vec<ChargedPrice>, Error> {
        let mut charged = Vec::new();
        for keys in keys.chunks(KEYS) {
            charged.extend(self.of_lookup_keys(keys).await?.into_iter().filter_map(|price| {
                let key = match price.to_domain().sells {
                    Sells::Plan(name) => PriceKey::Plan(name),
                    Sells::Addon(name) => PriceKey::Addon(name),
                    Sells::Other | Sells::Unclear => return None,
                };
                let RawPrice { id, unit_amount: amount, .. } = price;
                Some(ChargedPrice { key, id, amount })
            }));
        }
        Ok(charged)
    }

    /// Returns the prices `known`, and those of `ids` that are not among them. One that Stripe does not have sells nothing of
    /// Berth's.
    pub(super) async fn prices_with(
        &self,
        known: Vec<PriceAtStripe>,
        ids: Vec<String>,
    ) -> Result<Vec<PriceAtStripe>, Error> {
        let mut prices = known;
        for id in ids {
            if prices.iter().all(|price| price.id != id) {
                prices.push(match self.price(&id).await {
                    Ok(price) => price.to_domain(),
                    Err(Error::Absent(_)) => PriceAtStripe::unknown(id),
                    Err(error) => return Err(error),
                });
            }
        }
        Ok(prices)
    }

    /// Returns the price `id`, whatever it sells.
    async fn price(&self, id: &str) -> Result<RawPrice, Error> {
        self.get_built(&RequestBuilder::new(StripeMethod::Get, format!("/prices/{id}"))).await
    }

    /// Returns the prices with the lookup keys of `keys`, if they can be bought.
    async fn of_lookup_keys(&self, keys: &[PriceKey]) -> Result<Vec<RawPrice>, Error> {
        let lookup_keys = keys.iter().copied().map(PriceKey::lookup_key).collect();
        let wanted = Wanted { lookup_keys, active: true, limit: 100 };
        let request = RequestBuilder::new(StripeMethod::Get, "/prices").query(&wanted);
        Ok(self.get_built::<List<RawPrice>>(&request).await?.data)
    }
}
