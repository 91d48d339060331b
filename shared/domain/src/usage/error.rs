//! Reasons to refuse a movement of a meter.

use super::{Meter, RETURNABLE};
use crate::{
    error::{Details, Kind, Refusal},
    plans::names::PlanName,
};
use jiff::Timestamp;

/// Reasons to refuse a movement of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// The consumption exceeds the limit.
    #[error(
        "the plan {plan} allows {limit} {meter}, {used} are used, and this request takes {amount}; upgrade to a larger plan"
    )]
    LimitReached {
        /// The plan in force.
        plan: PlanName,
        /// The smallest larger plan that allows more.
        upgrade_to: Option<PlanName>,
        /// The meter.
        meter: Meter,
        /// The amount of the consumption.
        amount: u64,
        /// The limit of the plan.
        limit: u64,
        /// The amount in use.
        used: u64,
        /// Time at which the usage resets.
        resets_at: Option<Timestamp>,
    },
    /// A payment is overdue, and the grace period has ended.
    #[error("a payment is overdue; pay the open invoice, then send the request again")]
    PastDue,
    /// The release exceeds the usage.
    #[error("only {used} of {meter} are used; no more can be released")]
    BelowZero {
        /// The meter.
        meter: Meter,
        /// The amount in use.
        used: u64,
    },
    /// The API key has used up its monthly budget.
    #[error("this API key may consume {budget} {meter} a month, {spent} are consumed, and this request takes {amount}")]
    KeyBudget {
        /// The meter.
        meter: Meter,
        /// The amount of the consumption.
        amount: u64,
        /// The budget.
        budget: u64,
        /// The amount that the key has consumed.
        spent: u64,
        /// Beginning of the next month.
        resets_at: Timestamp,
        /// Seconds until then.
        retry_after: u64,
    },
    /// The meter is counted where its items are made.
    #[error("{meter} are counted where they are made and removed; there is nothing to consume or release")]
    Counted {
        /// The meter.
        meter: Meter,
    },
    /// The key was used for another movement.
    #[error("this key was already used for another request; use a new key")]
    KeyReused,
    /// No consumption of this meter is stored under the key that the release names.
    #[error("no consumption of {meter} is known under this key; name the key under which it was consumed")]
    ConsumptionNotFound {
        /// The meter of the release.
        meter: Meter,
    },
    /// The consumption was already returned.
    #[error("this consumption was already returned; a consumption can be returned once")]
    ConsumptionReturned,
    /// The consumption is too old.
    #[error(
        "a consumption of a monthly meter can be returned for {} minutes; ask the operator to return an older one",
        RETURNABLE.as_mins()
    )]
    ReleaseTooLate,
    /// The release exceeds the consumption.
    #[error("only {consumed} of {meter} were consumed under this key; release at most that")]
    ReleaseExceedsConsumption {
        /// The meter.
        meter: Meter,
        /// The consumed amount.
        consumed: u64,
    },
}

impl Refusal for UsageError {
    fn kind(&self) -> Kind {
        match self {
            Self::LimitReached { .. } | Self::PastDue => Kind::OverPlan,
            Self::KeyBudget { .. } => Kind::TooMany,
            Self::BelowZero { .. }
            | Self::Counted { .. }
            | Self::ConsumptionReturned
            | Self::ReleaseTooLate
            | Self::ReleaseExceedsConsumption { .. } => Kind::Conflict,
            Self::ConsumptionNotFound { .. } => Kind::Absent,
            Self::KeyReused => Kind::KeyReused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::LimitReached { .. } => "workspace_meter_limit",
            Self::PastDue => "workspace_past_due",
            Self::KeyBudget { .. } => "key_budget_used",
            Self::Counted { .. } => "meter_is_counted",
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
            Self::LimitReached { upgrade_to, meter, limit, used, resets_at, .. } => Details {
                meter: Some(meter),
                limit: Some(limit),
                used: Some(used),
                resets_at,
                upgrade_to,
                ..Details::default()
            },
            Self::KeyBudget { meter, budget, spent, resets_at, retry_after, .. } => Details {
                meter: Some(meter),
                limit: Some(budget),
                used: Some(spent),
                resets_at: Some(resets_at),
                retry_after: Some(retry_after),
                ..Details::default()
            },
            Self::Counted { meter } => Details { meter: Some(meter), ..Details::default() },
            Self::BelowZero { meter, used } => Details { meter: Some(meter), used: Some(used), ..Details::default() },
            Self::ReleaseExceedsConsumption { meter, consumed } => {
                Details { meter: Some(meter), limit: Some(consumed), ..Details::default() }
            }
            Self::ConsumptionNotFound { meter } => Details { meter: Some(meter), ..Details::default() },
            Self::PastDue | Self::KeyReused | Self::ConsumptionReturned | Self::ReleaseTooLate => Details::default(),
        }
    }
}
