//! The limits of the plans and the meters that count against them: the only list of both. Their types, names, errors,
//! numbers and texts derive from it.

use crate::{named, workspace::head::Counts};
use serde::{Deserialize, Serialize};

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

/// Generates [`Limits`] and [`Resource`] from `limits`, [`Meter`] from `meters`, and [`CurrentUsage`] from `counts` and
/// `meters`.
///
/// A row of `limits` has the limit's name, its number in each plan, and, unless it is a mere setting, the resource, its
/// words in a notice, and the effect of exceeding it. A row of `counts` has the counter in the workspace's head, one of
/// `meters` the number of items over which the count is spread.
macro_rules! limits {
    (
        limits { $(
            #[doc = $doc:tt]
            $limit:ident: [$($most:expr),+ $(,)?] $(, $resource:ident, $words:literal, $effect:ident)?;
        )+ }
        counts { $(#[doc = $head_doc:tt] $head:ident: $count:ident;)+ }
        meters { $(#[doc = $used_doc:tt] $counted:ident: $meter:ident, $shards:expr;)+ }
    ) => {
        /// The limits of a plan. Null is unlimited.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PlanLimits))]
        pub struct Limits {
            $(#[doc = $doc] pub $limit: Option<u64>,)+
        }

        impl Limits {
            /// Names of the limits.
            pub(super) const NAMES: &[&str] = &[$(stringify!($limit)),+];

            /// The limits of the plan whose numbers are in `column`.
            pub(super) const fn of_plan(column: usize) -> Self {
                Self { $($limit: number(&[$($most),+], column),)+ }
            }

            /// Returns the limit with this JSON name.
            pub(super) fn named(&mut self, name: &str) -> Option<&mut Option<u64>> {
                $(if name == stringify!($limit) {
                    return Some(&mut self.$limit);
                })+
                None
            }
        }

        /// A resource that a plan limits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = LimitedResource))]
        #[serde(rename_all = "snake_case")]
        pub enum Resource {
            $($(#[doc = $doc] $resource,)?)+
        }

        named! { pub impl Resource { $($($resource = stringify!($limit),)?)+ } }

        impl Resource {
            /// Words in a notice, after a number.
            #[must_use]
            pub(crate) const fn words(self) -> &'static str {
                match self {
                    $($(Self::$resource => $words,)?)+
                }
            }

            /// The resource's limit in `limits`; `None` is unlimited.
            #[must_use]
            pub const fn limit(self, limits: &Limits) -> Option<u64> {
                match self {
                    $($(Self::$resource => limits.$limit,)?)+
                }
            }

            /// Effect of a usage above the limit.
            #[must_use]
            pub const fn effect(self) -> LimitEffect {
                match self {
                    $($(Self::$resource => LimitEffect::$effect,)?)+
                }
            }
        }

        /// A kind of usage that is counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Meter {
            $(#[doc = $used_doc] $meter,)+
        }

        named! { pub impl Meter or UnknownMeter { $($meter = stringify!($counted),)+ } }

        impl Meter {
            /// The resource that the meter counts.
            #[must_use]
            pub const fn resource(self) -> Resource {
                match self {
                    $(Self::$meter => Resource::$meter,)+
                }
            }

            /// Number of items over which the count is spread.
            #[must_use]
            pub const fn shards(self) -> u8 {
                match self {
                    $(Self::$meter => $shards,)+
                }
            }
        }

        /// Usage of everything that the plan limits.
        #[derive(Debug, Clone, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct CurrentUsage {
            $(#[doc = $head_doc] pub $head: u64,)+
            $(#[doc = $used_doc] pub $counted: u64,)+
        }

        impl CurrentUsage {
            /// The usage of a workspace with these `counts`, whose meters have `used`.
            #[must_use]
            pub fn new(counts: &Counts, used: impl Fn(Meter) -> u64) -> Self {
                Self { $($head: counts.$count,)+ $($counted: used(Meter::$meter),)+ }
            }
        }
    };
}

/// Number of items over which the busiest meters are spread: an item takes a thousand writes per second, and half of
/// that in transactions.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>
const SPREAD: u8 = 8;

// The order is that of the fields of `Limits` and of `CurrentUsage` in answers and errors.
limits! {
    // free, starter, pro, business, enterprise
    limits {
        /// Seats: members and pending invitations.
        members: [Some(3), Some(5), Some(10), Some(50), None], Members, "members", NoInvitations;
        /// Enabled integrations.
        integrations: [Some(1), Some(3), None, None, None], Integrations, "integrations", NoAdditions;
        /// API keys.
        api_keys: [Some(1), Some(5), Some(20), Some(100), None], ApiKeys, "API keys", NoAdditions;
        /// Gateways.
        gateways: [Some(1), Some(3), Some(10), Some(50), None], Gateways, "gateways", NoAdditions;
        /// Plugins.
        plugins: [Some(3), Some(10), Some(50), Some(200), None], Plugins, "plugins", NoAdditions;
        /// Executions per month.
        executions: [Some(1_000), Some(10_000), Some(100_000), Some(1_000_000), None],
            Executions, "executions a month", UntilNextPeriod;
        /// Traces per month.
        traces: [Some(10_000), Some(100_000), Some(1_000_000), Some(10_000_000), None],
            Traces, "traces a month", UntilNextPeriod;
        /// Number of days for which records are kept.
        retention_days: [Some(7), Some(30), Some(90), Some(365), Some(730)];
        /// Storage, in megabytes.
        storage_mb: [Some(1_024), Some(10_240), Some(102_400), Some(1_048_576), None],
            StorageMb, "megabytes of storage", NoStorage;
        /// AI credits per month.
        ai_credits: [Some(10), Some(100), Some(500), Some(1_000), Some(5_000)],
            AiCredits, "AI credits a month", UntilNextPeriod;
    }
    counts {
        /// Seats in use: members and pending invitations.
        members: seats;
        /// Enabled integrations.
        integrations: integrations;
    }
    meters {
        /// Executions in the current month.
        executions: Executions, SPREAD;
        /// Traces in the current month.
        traces: Traces, SPREAD;
        /// AI credits used in the current month.
        ai_credits: AiCredits, 1;
        /// Gateways.
        gateways: Gateways, 1;
        /// Plugins.
        plugins: Plugins, 1;
        /// API keys.
        api_keys: ApiKeys, 1;
        /// Storage in megabytes.
        storage_mb: StorageMb, 1;
    }
}

#[expect(clippy::indexing_slicing, reason = "five plans, five columns")]
const fn number(row: &[Option<u64>; 5], column: usize) -> Option<u64> {
    row[column]
}

impl From<Meter> for Resource {
    fn from(meter: Meter) -> Self {
        meter.resource()
    }
}

impl Meter {
    /// True if the meter resets every month; the others count what exists.
    #[must_use]
    pub const fn is_monthly(self) -> bool {
        match self.resource().effect() {
            LimitEffect::UntilNextPeriod => true,
            LimitEffect::NoInvitations | LimitEffect::NoAdditions | LimitEffect::NoStorage => false,
        }
    }

    /// The meter's limit in `limits`; `None` is unlimited.
    #[must_use]
    pub const fn limit(self, limits: &Limits) -> Option<u64> {
        self.resource().limit(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn names_of_meters_and_resources_are_those_of_their_limits() {
        let limits = Limits::of_plan(1);
        let shown = serde_json::to_value(limits).unwrap();
        for meter in Meter::ALL {
            assert_eq!(meter.name().parse(), Ok(meter));
            assert_eq!(serde_json::to_value(meter).unwrap(), meter.name());
            assert_eq!(meter.name(), meter.resource().name());
        }
        for resource in Resource::ALL {
            assert_eq!(serde_json::to_value(resource).unwrap(), resource.name());
            assert_eq!(shown[resource.name()].as_u64(), resource.limit(&limits), "{resource}");
        }
        assert_eq!("members".parse::<Meter>(), Err(UnknownMeter));
        expect!["must be one of executions, traces, ai_credits, gateways, plugins, api_keys, storage_mb"]
            .assert_eq(&UnknownMeter.to_string());
    }
}
