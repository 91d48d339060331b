//! What a workspace uses of what its plan allows: meters, what is asked of them, and why it is refused.

mod count;
mod day;
mod month;
mod record;

pub use count::{Allowed, Decision, Part, Shard, Terms, consume, release, total};
pub use day::Day;
pub use month::{Span, month, span};
pub use record::{ConsumptionMissing, RETURNABLE, Recorded, UsageCommand, may_return};

use crate::{
    error::{Details, Kind, Refusal},
    plans::plan::{Limits, Plan},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Something whose use is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
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

/// How much is consumed or released at once: 1 to 10^12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64")]
pub struct Amount(u64);

/// A number that is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 1000000000000")]
pub struct InvalidAmount;

impl Amount {
    /// The largest.
    pub const MAX: u64 = 1_000_000_000_000;

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The same, as sums are kept.
    const fn signed(self) -> i64 {
        self.0.cast_signed()
    }
}

impl TryFrom<u64> for Amount {
    type Error = InvalidAmount;

    fn try_from(number: u64) -> Result<Self, InvalidAmount> {
        if (1..=Self::MAX).contains(&number) { Ok(Self(number)) } else { Err(InvalidAmount) }
    }
}

/// What a client chooses so that what it asks for counts once, however often it asks: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UsageKey(String);

/// A text that is no such key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters, such as the id of what is counted")]
pub struct InvalidUsageKey;

impl FromStr for UsageKey {
    type Err = InvalidUsageKey;

    fn from_str(text: &str) -> Result<Self, InvalidUsageKey> {
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidUsageKey) }
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

/// Whether something is taken from a limit or given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It is taken.
    Consume,
    /// It is given back.
    Release,
}

/// What is asked of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Whether it is taken or given back.
    pub direction: Direction,
    /// Of which meter.
    pub meter: Meter,
    /// How much.
    pub amount: Amount,
}

impl Movement {
    /// What the count changes by.
    #[must_use]
    pub const fn signed(self) -> i64 {
        match self.direction {
            Direction::Consume => self.amount.signed(),
            Direction::Release => -self.amount.signed(),
        }
    }
}

/// Why a meter does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// The limit does not allow that much more.
    #[error(
        "the plan {plan} allows {limit} of {meter}, {used} are used, and this takes {amount}; a larger plan has more"
    )]
    LimitReached {
        /// The plan in force.
        plan: Plan,
        /// What would be consumed.
        meter: Meter,
        /// How much would be.
        amount: u64,
        /// What the plan allows.
        limit: u64,
        /// What is used of it.
        used: u64,
        /// When the use starts anew.
        resets_at: Option<Timestamp>,
    },
    /// What is owed was not paid in time.
    #[error("a payment is overdue; pay the open invoice to go on")]
    PastDue,
    /// More is given back than was taken.
    #[error("only {used} of {meter} are used; no more can be released")]
    BelowZero {
        /// What would be released.
        meter: Meter,
        /// What is used of it.
        used: u64,
    },
    /// The key came with something else before.
    #[error("this key was used for something else before; use a new key")]
    KeyReused,
    /// No consumption of this meter is known under the key that a release names.
    #[error("no consumption of {meter} is known under this key; name the key under which it was consumed")]
    ConsumptionNotFound {
        /// The meter of the release.
        meter: Meter,
    },
    /// The consumption was returned before.
    #[error("this consumption was already returned; a consumption can be returned once")]
    ConsumptionReturned,
    /// The consumption was made too long ago.
    #[error(
        "a consumption of a monthly meter can be returned for {} minutes; ask the operator to return an older one",
        RETURNABLE.as_mins()
    )]
    ReleaseTooLate,
    /// More would be returned than was consumed.
    #[error("only {consumed} of {meter} were consumed under this key; release at most that")]
    ReleaseExceedsConsumption {
        /// The meter.
        meter: Meter,
        /// The amount that was consumed.
        consumed: u64,
    },
}

impl Refusal for UsageError {
    fn kind(&self) -> Kind {
        match self {
            Self::LimitReached { .. } | Self::PastDue => Kind::OverPlan,
            Self::BelowZero { .. }
            | Self::ConsumptionReturned
            | Self::ReleaseTooLate
            | Self::ReleaseExceedsConsumption { .. } => Kind::Conflict,
            Self::ConsumptionNotFound { .. } => Kind::Absent,
            Self::KeyReused => Kind::KeyReused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::LimitReached { meter: Meter::Executions, .. } => "workspace_run_limit",
            Self::LimitReached { .. } => "workspace_meter_limit",
            Self::PastDue => "workspace_past_due",
            Self::BelowZero { .. } => "usage_below_zero",
            Self::KeyReused => "usage_key_reused",
            Self::ConsumptionNotFound { .. } => "consumption_not_found",
            Self::ConsumptionReturned => "consumption_returned",
            Self::ReleaseTooLate => "release_too_late",
            Self::ReleaseExceedsConsumption { .. } => "release_exceeds_consumption",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::LimitReached { plan, meter, limit, used, resets_at, .. } => Details {
                meter: Some(meter),
                limit: Some(limit),
                used: Some(used),
                resets_at,
                upgrade_to: plan.with_more(|limits| meter.limit(&limits)),
                ..Details::default()
            },
            Self::BelowZero { meter, used } => Details { meter: Some(meter), used: Some(used), ..Details::default() },
            Self::ReleaseExceedsConsumption { meter, consumed } => {
                Details { meter: Some(meter), limit: Some(consumed), ..Details::default() }
            }
            Self::ConsumptionNotFound { meter } => Details { meter: Some(meter), ..Details::default() },
            Self::PastDue | Self::KeyReused | Self::ConsumptionReturned | Self::ReleaseTooLate => Details::default(),
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
    fn a_meter_is_read_as_it_is_written_and_stands_in_the_limits() {
        let limits = serde_json::to_value(Plan::Starter.limits()).unwrap();
        for meter in Meter::ALL {
            assert_eq!(meter.name().parse(), Ok(meter));
            assert_eq!(serde_json::to_value(meter).unwrap(), meter.name());
            assert_eq!(limits[meter.name()].as_u64(), meter.limit(&Plan::Starter.limits()), "{meter}");
        }
        assert_eq!("members".parse::<Meter>(), Err(UnknownMeter));
    }

    #[test]
    fn keys_are_short_and_visible() {
        for text in ["", "a b", "ü", "\n", &"x".repeat(256)] {
            assert_eq!(text.parse::<UsageKey>(), Err(InvalidUsageKey), "{text:?}");
        }
        assert_eq!("run#1".parse::<UsageKey>().unwrap().to_string(), "run#1");
    }
}
