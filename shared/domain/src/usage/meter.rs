//! Meters: what of a workspace's use is counted, and what a plan allows of it. Nothing here knows how it is counted.

use crate::plans::plan::Limits;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Something whose use is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// Executions a month.
    Executions,
    /// Traces a month.
    Traces,
    /// AI credits a month.
    AiCredits,
    /// Gateways there are.
    Gateways,
    /// Plugins there are.
    Plugins,
    /// API keys there are.
    ApiKeys,
    /// Megabytes that are stored.
    StorageMb,
}

/// A text that names no meter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of executions, traces, ai_credits, gateways, plugins, api_keys, storage_mb")]
pub struct UnknownMeter;

/// Over how many items the meters are spread that are consumed all the time: an item takes a thousand writes a second, in
/// transactions half of that.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>
const SPREAD: u8 = 8;

/// The share of a limit, in percent, from which its use is near it.
const NEAR_PERCENT: u128 = 80;

/// Whether `used` is near `limit`. Nothing is near a limit of zero until there is something.
#[must_use]
pub fn is_near(used: u64, limit: u64) -> bool {
    used > 0 && u128::from(used) * 100 >= u128::from(limit) * NEAR_PERCENT
}

impl Meter {
    /// All meters, those of a month first.
    pub const ALL: [Self; 7] = [
        Self::Executions,
        Self::Traces,
        Self::AiCredits,
        Self::Gateways,
        Self::Plugins,
        Self::ApiKeys,
        Self::StorageMb,
    ];

    /// The name in requests, answers and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Executions => "executions",
            Self::Traces => "traces",
            Self::AiCredits => "ai_credits",
            Self::Gateways => "gateways",
            Self::Plugins => "plugins",
            Self::ApiKeys => "api_keys",
            Self::StorageMb => "storage_mb",
        }
    }

    /// Whether it begins anew every month; the others count what there is.
    #[must_use]
    pub const fn is_monthly(self) -> bool {
        match self {
            Self::Executions | Self::Traces | Self::AiCredits => true,
            Self::Gateways | Self::Plugins | Self::ApiKeys | Self::StorageMb => false,
        }
    }

    /// Over how many items its count is spread.
    #[must_use]
    pub const fn shards(self) -> u8 {
        match self {
            Self::Executions | Self::Traces => SPREAD,
            Self::AiCredits | Self::Gateways | Self::Plugins | Self::ApiKeys | Self::StorageMb => 1,
        }
    }

    /// What `limits` allow of it; `None` is no limit.
    #[must_use]
    pub const fn limit(self, limits: &Limits) -> Option<u64> {
        match self {
            Self::Executions => limits.executions,
            Self::Traces => limits.traces,
            Self::AiCredits => limits.ai_credits,
            Self::Gateways => limits.gateways,
            Self::Plugins => limits.plugins,
            Self::ApiKeys => limits.api_keys,
            Self::StorageMb => limits.storage_mb,
        }
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Meter {
    type Err = UnknownMeter;

    fn from_str(text: &str) -> Result<Self, UnknownMeter> {
        Self::ALL.into_iter().find(|meter| meter.name() == text).ok_or(UnknownMeter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::plan::Plan;

    #[test]
    fn a_meter_is_read_as_it_is_written_and_stands_in_the_limits() {
        let limits = serde_json::to_value(Plan::Starter.limits()).unwrap();
        for meter in Meter::ALL {
            assert_eq!(meter.name().parse(), Ok(meter));
            assert_eq!(serde_json::to_value(meter).unwrap(), meter.name());
            assert_eq!(limits[meter.name()].as_u64(), meter.limit(&Plan::Starter.limits()), "{meter}");
        }
        assert_eq!("members".parse::<Meter>(), Err(UnknownMeter));
    }
}
