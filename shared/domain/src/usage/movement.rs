//! Movements of a meter: direction, amount, and the key under which a movement counts once.

use super::Meter;
use crate::{plans::names::MeterName, text::is_visible_ascii};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Time for which a consumption of a monthly meter can be returned.
pub const RETURNABLE: SignedDuration = SignedDuration::from_mins(15);

/// Amount of one movement: 1 to 10^12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct Amount(u64);

/// The number is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 1000000000000")]
pub struct InvalidAmount;

impl Amount {
    /// The largest amount.
    pub const MAX: u64 = 1_000_000_000_000;

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number as a signed integer, for sums.
    pub(super) const fn signed(self) -> i64 {
        self.0.cast_signed()
    }
}

impl TryFrom<u64> for Amount {
    type Error = InvalidAmount;

    fn try_from(number: u64) -> Result<Self, InvalidAmount> {
        if (1..=Self::MAX).contains(&number) { Ok(Self(number)) } else { Err(InvalidAmount) }
    }
}

/// Key by which a client makes sure that a repeated request counts once: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UsageKey(String);

/// The text is not a usage key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters, such as the id of what is counted")]
pub struct InvalidUsageKey;

impl FromStr for UsageKey {
    type Err = InvalidUsageKey;

    fn from_str(text: &str) -> Result<Self, InvalidUsageKey> {
        if is_visible_ascii(text, 255) { Ok(Self(text.to_owned())) } else { Err(InvalidUsageKey) }
    }
}

impl TryFrom<String> for UsageKey {
    type Error = InvalidUsageKey;

    fn try_from(text: String) -> Result<Self, InvalidUsageKey> {
        text.parse()
    }
}

impl From<UsageKey> for String {
    fn from(key: UsageKey) -> Self {
        key.0
    }
}

impl fmt::Display for UsageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Direction of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The amount is taken from the limit.
    Consume,
    /// The amount is given back.
    Release,
}

/// A requested movement of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// Consumption or release.
    pub direction: Direction,
    /// The meter.
    pub meter: Meter,
    /// The amount.
    pub amount: Amount,
}

/// A movement by the name of its meter, which the catalogue may no longer have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedMovement {
    /// Consumption or release.
    pub direction: Direction,
    /// The meter.
    pub meter: MeterName,
    /// The amount.
    pub amount: Amount,
}

impl From<Movement> for RecordedMovement {
    fn from(Movement { direction, meter, amount }: Movement) -> Self {
        Self { direction, meter: meter.name, amount }
    }
}

impl Movement {
    /// The change of the count.
    #[must_use]
    pub const fn signed(self) -> i64 {
        match self.direction {
            Direction::Consume => self.amount.signed(),
            Direction::Release => -self.amount.signed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        assert_eq!([1, Amount::MAX].map(|n| Amount::try_from(n).map(Amount::get)), [Ok(1), Ok(Amount::MAX)]);
        assert_eq!([0, Amount::MAX + 1, u64::MAX].map(Amount::try_from), [Err(InvalidAmount); 3]);
    }

    #[test]
    fn keys_are_1_to_255_visible_ascii_characters() {
        for text in ["", "a b", "ü", "\n", &"x".repeat(256)] {
            assert_eq!(text.parse::<UsageKey>(), Err(InvalidUsageKey), "{text:?}");
        }
        assert_eq!("run#1".parse::<UsageKey>().unwrap().to_string(), "run#1");
    }
}
