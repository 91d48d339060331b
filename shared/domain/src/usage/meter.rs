//! Meters: the usage of a workspace that is counted, and its limits in a plan. The counting itself is in `count`.

use crate::plans::plan::Limits;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A kind of usage that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// Executions per month.
    Executions,
    /// Traces per month.
    Traces,
    /// AI credits per month.
    AiCredits,
    /// Existing gateways.
    Gateways,
    /// Existing plugins.
    Plugins,
    /// Existing API keys.
    ApiKeys,
    /// Stored megabytes.
    StorageMb,
}

/// The text is not a meter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of executions, traces, ai_credits, gateways, plugins, api_keys, storage_mb")]
pub struct UnknownMeter;

/// Number of items over which the busiest meters are spread: an item takes a thousand writes per second, and half of
/// that in transactions.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>
const SPREAD: u8 = 8;

/// Share of a limit, in percent, from which usage is near it.
const NEAR_PERCENT: u128 = 80;

/// True if `used` is near `limit`. Zero usage is near no limit.
#[must_use]
pub fn is_near(used: u64, limit: u64) -> bool {
    used > 0 && u128::from(used) * 100 >= u128::from(limit) * NEAR_PERCENT
}

impl Meter {
    /// All meters, the monthly ones first.
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

    /// True if the meter resets every month; the others count what exists.
    #[must_use]
    pub const fn is_monthly(self) -> bool {
        match self {
            Self::Executions | Self::Traces | Self::AiCredits => true,
            Self::Gateways | Self::Plugins | Self::ApiKeys | Self::StorageMb => false,
        }
    }

    /// Number of items over which the count is spread.
    #[must_use]
    pub const fn shards(self) -> u8 {
        match self {
            Self::Executions | Self::Traces => SPREAD,
            Self::AiCredits | Self::Gateways | Self::Plugins | Self::ApiKeys | Self::StorageMb => 1,
        }
    }

    /// The meter's limit in `limits`; `None` is unlimited.
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
    fn written_meters_parse_back_and_name_their_limits() {
        let limits = serde_json::to_value(Plan::Starter.limits()).unwrap();
        for meter in Meter::ALL {
            assert_eq!(meter.name().parse(), Ok(meter));
            assert_eq!(serde_json::to_value(meter).unwrap(), meter.name());
            assert_eq!(limits[meter.name()].as_u64(), meter.limit(&Plan::Starter.limits()), "{meter}");
        }
        assert_eq!("members".parse::<Meter>(), Err(UnknownMeter));
    }
}
