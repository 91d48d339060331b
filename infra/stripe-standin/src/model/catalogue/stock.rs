//! The initial catalogue of an account.

use super::super::currency::Currency;
use crate::calendar::Interval;
use std::collections::BTreeMap;

/// Price of the initial catalogue, with its product. The default has no amount, no lookup key and no metadata.
#[derive(Clone, Debug)]
pub struct CataloguePrice {
    /// Id of the price.
    pub id: String,
    /// Id of the product.
    pub product: String,
    /// Name of the product.
    pub name: String,
    /// Currency of the price.
    pub currency: Currency,
    /// Price per interval, in the minor unit of the currency.
    pub unit_amount: i64,
    /// Billing interval.
    pub interval: Interval,
    /// Lookup key, which no other price may have.
    pub lookup_key: Option<String>,
    /// Metadata of the price.
    pub metadata: BTreeMap<String, String>,
}

impl Default for CataloguePrice {
    fn default() -> Self {
        Self {
            id: String::new(),
            product: String::new(),
            name: String::new(),
            currency: Currency::USD,
            unit_amount: 0,
            interval: Interval::Month,
            lookup_key: None,
            metadata: BTreeMap::new(),
        }
    }
}

impl CataloguePrice {
    /// Returns Berth's plans: starter, pro and business for 9, 29 and 79 USD a month, or ten times that a year.
    #[must_use]
    pub fn berth_prices() -> Vec<Self> {
        let price = |plan: &str, name: &str, interval: Interval, unit_amount| {
            let price = Self {
                id: format!("price_{plan}_{}", interval.word()),
                product: format!("prod_{plan}"),
                name: name.to_owned(),
                unit_amount,
                interval,
                ..Self::default()
            };
            price.of_plan(plan, 1)
        };
        [("starter", "Starter", 900), ("pro", "Pro", 2_900), ("business", "Business", 7_900)]
            .into_iter()
            .flat_map(|(plan, name, month)| {
                [price(plan, name, Interval::Month, month), price(plan, name, Interval::Year, 10 * month)]
            })
            .collect()
    }

    /// Marks the price as the one at which Berth sells this version of a plan: `berth_plan` and `berth_version` in its
    /// metadata, and the lookup key `berth:pro/1/month/usd`.
    #[must_use]
    pub fn of_plan(self, plan: &str, version: u32) -> Self {
        self.sold("berth_plan", plan, version, "")
    }

    /// Marks the price as the one at which Berth sells this version of an add-on: `berth_addon` and `berth_version` in
    /// its metadata, and the lookup key `berth:addon:storage/1/month/usd`.
    #[must_use]
    pub fn of_addon(self, addon: &str, version: u32) -> Self {
        self.sold("berth_addon", addon, version, "addon:")
    }

    fn sold(mut self, kind: &str, name: &str, version: u32, prefix: &str) -> Self {
        self.metadata.insert(kind.to_owned(), name.to_owned());
        self.metadata.insert("berth_version".to_owned(), version.to_string());
        let (interval, currency) = (self.interval.word(), self.currency);
        self.lookup_key = Some(format!("berth:{prefix}{name}/{version}/{interval}/{currency}"));
        self
    }
}
