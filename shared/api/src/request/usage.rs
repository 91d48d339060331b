//! What is sent to count usage, by people and by containers.

use crate::body::FieldErrors;
use deserr::Deserr;
use domain::usage::{Amount, Meter, UsageCommand, UsageKey};
use utoipa::ToSchema;

/// What is taken from a limit.
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
    /// The consumption.
    #[must_use]
    pub fn to_consumption(self) -> UsageCommand {
        let Self { meter, amount, key } = self;
        UsageCommand::consume(meter, amount, key)
    }
}

crate::json_body!(UsageBody);

/// What is given back of a limit.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct ReleaseBody {
    /// The meter.
    meter: Meter,
    /// How much to give back: at most the amount of the consumption that is named.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_u64)]
    amount: Amount,
    /// Names this release: the same key counts once.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    key: UsageKey,
    /// The key of the consumption that is returned. Required for monthly meters (executions, traces, ai_credits), whose
    /// consumptions can be returned for 15 minutes; optional for the others. A consumption can be returned once.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[deserr(default)]
    consumption: Option<UsageKey>,
}

impl ReleaseBody {
    /// The release.
    ///
    /// # Errors
    /// The field `consumption`, if the meter is monthly and it is missing.
    pub fn to_release(self) -> Result<UsageCommand, FieldErrors> {
        let Self { meter, amount, key, consumption } = self;
        UsageCommand::release(meter, amount, key, consumption)
            .map_err(|missing| FieldErrors::default().with("consumption", missing.to_string()))
    }
}

crate::json_body!(ReleaseBody);
