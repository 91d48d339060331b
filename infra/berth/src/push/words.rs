//! What the metadata and the terms of a price say.

use crate::stripe::Price;
use domain::plans::{
    money::{Currency, Interval},
    price::{Stamp, is_lookup_key, terms},
    version::Versioned,
};
use std::fmt;

/// Writes a version with its number, also that of the first.
pub(super) fn version<N: fmt::Display>(Versioned { name, version }: Versioned<N>) -> String {
    format!("{name}/{}", version.get())
}

/// Writes what metadata says that a price is of.
pub(super) fn of(stamp: Stamp) -> String {
    match stamp {
        Stamp::Plan(plan) => version(plan),
        Stamp::Addon(addon) => format!("the add-on {}", version(addon)),
        Stamp::None | Stamp::Unreadable => "nothing".to_owned(),
    }
}

impl Price {
    /// Returns what the metadata says.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp::read(|key| self.metadata.get(key).map(String::as_str))
    }

    /// The lookup key, if it is one of Berth's.
    pub(super) fn lookup_key_of_berth(&self) -> Option<&str> {
        self.lookup_key.as_deref().filter(|key| is_lookup_key(key))
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
