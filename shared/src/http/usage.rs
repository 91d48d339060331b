//! What is sent to count usage, by people and by containers.

use super::body::FieldErrors;
use crate::domain::usage::{Amount, Direction, Meter, Movement, UsageKey};
use deserr::Deserr;
use utoipa::ToSchema;

/// What is taken from a limit, or given back.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct UsageBody {
    /// Of which meter.
    meter: Meter,
    /// How much.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_u64)]
    amount: Amount,
    /// Names what is counted: the same key counts once.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    key: UsageKey,
}

impl UsageBody {
    /// What is asked of the meter, and under which key.
    #[must_use]
    pub fn to(self, direction: Direction) -> (Movement, UsageKey) {
        let Self { meter, amount, key } = self;
        (Movement { direction, meter, amount }, key)
    }
}

crate::json_body!(UsageBody);
