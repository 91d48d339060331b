//! What the metadata and the terms of a price say.

use crate::stripe::Price;
use domain::plans::{
    money::{Currency, Interval},
    price::{Stamp, is_lookup_key_of_plan, terms},
    version::PlanVersion,
};

/// Writes a version with its number, also that of the first.
pub(super) fn version(PlanVersion { name, version }: PlanVersion) -> String {
    format!("{name}/{}", version.get())
}

impl Price {
    /// Returns what the metadata says.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp::read(|key| self.metadata.get(key).map(String::as_str))
    }

    /// The lookup key, if Berth has written it for a plan.
    pub(super) fn lookup_key_of_plan(&self) -> Option<&str> {
        self.lookup_key.as_deref().filter(|key| is_lookup_key_of_plan(key))
    }

    /// The interval and currency, if Berth sells such prices.
    pub(super) fn terms(&self) -> Option<(Interval, Currency)> {
        let recurring = self.recurring.as_ref()?;
        terms(&recurring.interval, recurring.interval_count, &self.currency)
    }

    /// The price in words.
    pub(super) fn words(&self) -> String {
        let amount = self.unit_amount.map_or_else(|| "a varying amount of".to_owned(), |amount| amount.to_string());
        let interval = self.recurring.as_ref().map_or_else(String::new, |recurring| match recurring.interval_count {
            1 => format!(" by the {}", recurring.interval),
            count => format!(" every {count} {}s", recurring.interval),
        });
        format!("{amount} {}{interval}", self.currency)
    }
}
