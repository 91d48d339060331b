//! Prices in letters.

use domain::plans::money::{Currency, Interval};
use jiff::Timestamp;

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The currency.
    pub currency: Currency,
    /// The amount in the currency's minor unit.
    pub minor_units: u64,
}

/// Other terms and another price of a plan.
#[derive(Debug, Clone, Copy)]
pub struct PriceChange {
    /// Time from which the new price is charged.
    pub at: Timestamp,
    /// True if the terms have changed already.
    pub is_made: bool,
    /// The price until then, if it is known.
    pub before: Option<Amount>,
    /// The price from then on.
    pub after: Amount,
    /// Interval of both prices.
    pub interval: Interval,
    /// True if the prices are those of a seat.
    pub is_by_seat: bool,
}
