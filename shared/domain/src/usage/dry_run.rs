//! Consumptions that are only checked. The answer is that of the consumption, and nothing is counted.

use super::{Amount, Direction, Meter, Movement, UsageCommand, UsageKey};

/// A request to consume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsumeRequest {
    /// The amount is counted.
    Count(UsageCommand),
    /// The consumption is only checked.
    Check(DryRun),
}

/// A consumption that is only checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// The consumption.
    pub movement: Movement,
    /// The key that the consumption would have. Without one, the consumption is a new one.
    pub key: Option<UsageKey>,
}

impl DryRun {
    /// Creates the check of a consumption.
    #[must_use]
    pub const fn consume(meter: Meter, amount: Amount, key: Option<UsageKey>) -> Self {
        Self { movement: Movement { direction: Direction::Consume, meter, amount }, key }
    }
}
