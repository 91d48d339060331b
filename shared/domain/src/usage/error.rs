//! The reasons why a meter does not move.

use super::{Meter, RETURNABLE};
use crate::{
    error::{Details, Kind, Refusal},
    plans::plan::Plan,
};
use jiff::Timestamp;

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
