//! Usage of a workspace within the limits of its plan: meters, their movements, and the reasons to refuse one.

mod by_day;
mod count;
mod day;
mod days;
mod dry_run;
mod error;
mod month;
mod movement;
mod near;
mod record;

pub use by_day::{ByDay, by_day};
pub use count::{Allowed, LimitReport, MovementDecision, Shard, ShardChange, Terms, consume, release, total};
pub use day::{CalendarMonth, UsageDay};
pub use days::{Days, day_of};
pub use dry_run::{ConsumeRequest, DryRun};
pub use error::UsageError;
pub use month::{LOOK_AHEAD, LOOK_BACK, Span, month, span};
pub use movement::{
    Amount, Direction, InvalidAmount, InvalidUsageKey, Movement, RETURNABLE, RecordedMovement, UsageKey,
};
pub use near::is_near;
pub use record::{ConsumptionMissing, Recorded, UsageCommand, check_returnable};

pub use crate::plans::{
    catalogue::UnknownMeter,
    limits::CurrentUsage,
    meter::{LimitEffect, Meter},
};
