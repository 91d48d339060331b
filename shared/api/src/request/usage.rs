//! Bodies of requests that count usage, from members and from containers.

use super::FromBody;
use crate::body::{FieldErrors, Fields, from_json_or};
use deserr::Deserr;
use domain::{
    plans::{catalogue::Plans, names::MeterName},
    usage::{Amount, ConsumeRequest, DryRun, Meter, UsageCommand, UsageKey},
};
use http::Extensions;
use utoipa::ToSchema;

/// The error of a field that is missing.
const MISSING: &str = "is missing";

/// Consumption of a meter.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = UsageConsumption)]
pub struct UsageBody {
    /// Meter to consume.
    meter: MeterName,
    /// Amount to consume.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_u64)]
    amount: Amount,
    /// Unique key of this consumption. A repeated key has no further effect. Optional with `dry_run`, otherwise required.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[deserr(default)]
    key: Option<UsageKey>,
    /// True to only check the consumption: the answer and the refusals are the same, and nothing is counted. False by
    /// default.
    #[deserr(default)]
    dry_run: Option<bool>,
}

impl UsageBody {
    /// Parses the JSON in `bytes`.
    ///
    /// # Errors
    /// The errors of all fields.
    pub fn read(bytes: &[u8], plans: Plans) -> Result<ConsumeRequest, FieldErrors> {
        Self::parse(bytes, Some(plans))?.to_consumption(plans)
    }

    fn parse(bytes: &[u8], plans: Option<Plans>) -> Result<Self, FieldErrors> {
        from_json_or(bytes, |fields| {
            let lacks_key = fields.lack("key") && fields.deny("dry_run");
            let errors = unknown_meter(fields, plans);
            if lacks_key { errors.with("key", MISSING) } else { errors }
        })
    }

    /// Converts the body to a request.
    ///
    /// # Errors
    /// An error of the field `meter`, if `plans` have no such meter, and of `key`, if a consumption that is counted has none.
    pub fn to_consumption(self, plans: Plans) -> Result<ConsumeRequest, FieldErrors> {
        let Self { meter, amount, key, dry_run } = self;
        match (known(plans, meter), key, dry_run.unwrap_or_default()) {
            (Ok(meter), key, true) => Ok(ConsumeRequest::Check(DryRun::consume(meter, amount, key))),
            (Ok(meter), Some(key), false) => Ok(ConsumeRequest::Count(UsageCommand::consume(meter, amount, key))),
            (Ok(_), None, false) => Err(FieldErrors::one("key", MISSING)),
            (Err(unknown), None, false) => Err(unknown.with("key", MISSING)),
            (Err(unknown), Some(_), false) | (Err(unknown), _, true) => Err(unknown),
        }
    }
}

impl FromBody for UsageBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        Self::parse(bytes, extensions.get().copied())
    }
}

/// Release of a consumption.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = UsageRelease)]
pub struct ReleaseBody {
    /// Meter to release.
    meter: MeterName,
    /// Amount to release, at most the amount of the named consumption.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_u64)]
    amount: Amount,
    /// Unique key of this release. A repeated key has no further effect.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    key: UsageKey,
    /// Key of the consumption to release. Required for monthly meters, whose
    /// consumptions can be released within 15 minutes; optional for other meters. A consumption can be released once.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    #[deserr(default)]
    consumption: Option<UsageKey>,
}

impl ReleaseBody {
    /// Parses the JSON in `bytes`.
    ///
    /// # Errors
    /// The errors of all fields.
    pub fn read(bytes: &[u8], plans: Plans) -> Result<UsageCommand, FieldErrors> {
        Self::parse(bytes, Some(plans))?.to_release(plans)
    }

    fn parse(bytes: &[u8], plans: Option<Plans>) -> Result<Self, FieldErrors> {
        from_json_or(bytes, |fields| unknown_meter(fields, plans))
    }

    /// Converts the body to a command.
    ///
    /// # Errors
    /// An error of the field `consumption`, if the meter is monthly and the field is missing, or of `meter`, if `plans`
    /// have no such meter.
    pub fn to_release(self, plans: Plans) -> Result<UsageCommand, FieldErrors> {
        let Self { meter, amount, key, consumption } = self;
        UsageCommand::release(known(plans, meter)?, amount, key, consumption)
            .map_err(|missing| FieldErrors::default().with("consumption", missing.to_string()))
    }
}

impl FromBody for ReleaseBody {
    fn from_body(bytes: &[u8], _: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        Self::parse(bytes, extensions.get().copied())
    }
}

/// Returns the meter with this name.
fn known(plans: Plans, name: MeterName) -> Result<Meter, FieldErrors> {
    plans.known_meter(name).map_err(|unknown| FieldErrors::default().with("meter", unknown.to_string()))
}

/// Returns the error of the field `meter`, if it is the name of no meter.
fn unknown_meter(fields: Fields<'_>, plans: Option<Plans>) -> FieldErrors {
    let named = fields.text("meter").zip(plans);
    named.and_then(|(name, plans)| known(plans, name).err()).unwrap_or_default()
}
