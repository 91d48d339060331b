//! Attempt numbers of a workspace's commands to Stripe.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Number of a workspace's command to Stripe; the first is 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentNumber(u32);

impl IntentNumber {
    /// The next attempt.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The form in keys, with leading zeros, so that keys sort by attempt.
impl fmt::Display for IntentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}
