//! Meters: what a plan limits. Seats, integrations and API keys are counted in the workspace's head, all others by usage.

use super::names::MeterName;
use serde::{Serialize, Serializer};
use std::{
    fmt,
    hash::{Hash, Hasher},
    ops::Deref,
};

/// The definition of a meter in the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct MeterTerms {
    /// Name in requests, answers and the table.
    pub name: MeterName,
    /// Title for customers, in English.
    pub title: &'static str,
    /// Words after a number, such as `executions a month`.
    pub unit: &'static str,
    /// Position in the catalogue.
    pub index: u8,
    /// True if the count resets every month; false if it counts what exists.
    pub is_monthly: bool,
    /// The place of the count.
    pub count: Count,
    /// Number of items over which the count is spread. An item takes a thousand writes per second, and half of that in
    /// transactions.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>
    pub shards: u8,
}

/// The place of a meter's count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Members and pending invitations, in the workspace's head.
    Seats,
    /// Enabled integrations, in the workspace's head.
    Integrations,
    /// API keys, in the workspace's head.
    Keys,
    /// Space that is used, counted by consumption and release.
    Storage,
    /// Anything else, counted by consumption and release.
    Usage,
}

/// Effect of a usage that exceeds the plan's limit. Nothing is ever deleted: `no_invitations`, `no_additions` and `no_storage`
/// refuse more until enough is removed, `until_next_period` until the usage is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LimitEffect {
    /// All members and invitations stay. New invitations are refused until enough members have left.
    NoInvitations,
    /// Existing items stay and work. New ones are refused until enough are removed.
    NoAdditions,
    /// Stored data stays. Nothing can be added until enough is removed.
    NoStorage,
    /// Past usage stays counted. Further usage is refused until the counter is reset, then allowed up to the limit each
    /// month.
    UntilNextPeriod,
}

impl LimitEffect {
    /// The effect in English.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::NoInvitations => "all members and invitations stay; nobody can be invited until enough have left",
            Self::NoAdditions => "existing items stay and work; none can be added until enough are removed",
            Self::NoStorage => "stored data stays; nothing can be added until enough is removed",
            Self::UntilNextPeriod => {
                "past usage stays counted; further usage is refused until the counter is reset, then allowed up to the limit each month"
            }
        }
    }
}

/// A meter of the catalogue.
#[derive(Clone, Copy)]
pub struct Meter(pub(super) &'static MeterTerms);

impl Meter {
    /// True if the meter is counted by consumption and release.
    #[must_use]
    pub const fn is_consumed(self) -> bool {
        match self.0.count {
            Count::Storage | Count::Usage => true,
            Count::Seats | Count::Integrations | Count::Keys => false,
        }
    }

    /// Effect of a usage above the limit.
    #[must_use]
    pub const fn effect(self) -> LimitEffect {
        match self.0.count {
            Count::Seats => LimitEffect::NoInvitations,
            Count::Storage => LimitEffect::NoStorage,
            Count::Usage if self.0.is_monthly => LimitEffect::UntilNextPeriod,
            Count::Integrations | Count::Keys | Count::Usage => LimitEffect::NoAdditions,
        }
    }
}

impl Deref for Meter {
    type Target = MeterTerms;

    fn deref(&self) -> &MeterTerms {
        self.0
    }
}

impl PartialEq for Meter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Meter {}

impl Hash for Meter {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

impl Serialize for Meter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.name.serialize(serializer)
    }
}
