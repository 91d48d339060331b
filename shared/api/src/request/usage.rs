//! Bodies of requests that count usage, from members and from containers.

use crate::body::FieldErrors;
use deserr::Deserr;
use domain::usage::{Amount, Meter, UsageCommand, UsageKey};
use utoipa::ToSchema;

/// Consumption of a meter.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = UsageConsumption)]
pub struct UsageBody {
    /// Meter to consume.
    meter: Meter,
    /// Amount to consume.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_u64)]
    amount: Amount,
    /// Unique key of this consumption. A repeated key has no further effect.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    key: UsageKey,
}

impl UsageBody {
    /// Converts the body to a command.
    #[must_use]
    pub fn to_consumption(self) -> UsageCommand {
        let Self { meter, amount, key } = self;
        UsageCommand::consume(meter, amount, key)
    }
}

crate::json_body!(UsageBody);

/// Release of a consumption.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = UsageRelease)]
pub struct ReleaseBody {
    /// Meter to release.
    meter: Meter,
    /// Amount to release, at most the amount of the named consumption.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_u64)]
    amount: Amount,
    /// Unique key of this release. A repeated key has no further effect.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    key: UsageKey,
    /// Key of the consumption to release. Required for monthly meters (executions, traces, ai_credits), whose
    /// consumptions can be released within 15 minutes; optional for other meters. A consumption can be released once.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[deserr(default)]
    consumption: Option<UsageKey>,
}

impl ReleaseBody {
    /// Converts the body to a command.
    ///
    /// # Errors
    /// An error of the field `consumption`, if the meter is monthly and the field is missing.
    pub fn to_release(self) -> Result<UsageCommand, FieldErrors> {
        let Self { meter, amount, key, consumption } = self;
        UsageCommand::release(meter, amount, key, consumption)
            .map_err(|missing| FieldErrors::default().with("consumption", missing.to_string()))
    }
}

crate::json_body!(ReleaseBody);
