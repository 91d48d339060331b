//! The length of a trial, in days.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Number of trial days: 1 to 730, the maximum at Stripe.
/// <https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-subscription_data-trial_period_days>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct TrialDays(u32);

/// The number is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number of days from 1 to 730")]
pub struct InvalidTrialDays;

impl TrialDays {
    /// This number of days, for constants.
    ///
    /// # Panics
    /// If `days` is out of range.
    #[must_use]
    pub const fn literal(days: u32) -> Self {
        assert!(1 <= days && days <= 730, "not a number of trial days");
        Self(days)
    }

    /// The number of days.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for TrialDays {
    type Error = InvalidTrialDays;

    fn try_from(days: u32) -> Result<Self, InvalidTrialDays> {
        if (1..=730).contains(&days) { Ok(Self(days)) } else { Err(InvalidTrialDays) }
    }
}

impl From<TrialDays> for u32 {
    fn from(days: TrialDays) -> Self {
        days.0
    }
}

impl FromStr for TrialDays {
    type Err = InvalidTrialDays;

    fn from_str(text: &str) -> Result<Self, InvalidTrialDays> {
        text.parse::<u32>().map_err(|_| InvalidTrialDays)?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trial_days_are_1_to_730() {
        for text in ["0", "731", "-1", "1.5", "", "ten", "10000000000000000000"] {
            assert_eq!(text.parse::<TrialDays>(), Err(InvalidTrialDays), "{text}");
        }
        assert_eq!("14".parse::<TrialDays>().unwrap().get(), 14);
    }
}
