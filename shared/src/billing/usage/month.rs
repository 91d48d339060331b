//! The months over which meters count.

use domain::{
    billing::account::Billing,
    billing::subscription::Period,
    usage::{self, Meter, Span, month},
};
use jiff::Timestamp;
use serde::Serialize;
use store::{Authorized, usage::Usage};

/// A month of metering.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = UsagePeriod)]
pub struct PeriodView {
    /// Start of the month (RFC 3339, UTC).
    pub start: Timestamp,
    /// End of the month, which is the start of the next (RFC 3339, UTC).
    pub end: Timestamp,
}

impl From<Period> for PeriodView {
    fn from(Period { start, end }: Period) -> Self {
        Self { start, end }
    }
}

/// Returns the span over which `meter` counts at `now`.
pub(in crate::billing) fn span(meter: Meter, inside: &Authorized<'_>, now: Timestamp) -> Span {
    usage::span(meter, now, &inside.billing, inside.workspace.created_at)
}

/// Returns the metering month of `moment`: the `present` month or an earlier one.
pub(in crate::billing) fn month_of(
    moment: Timestamp,
    present: Period,
    inside: &Authorized<'_>,
    usage: &Usage,
) -> Period {
    if moment < present.start { usage.month_at(moment).unwrap_or_else(|| month_then(inside, moment)) } else { present }
}

/// Returns the month of `moment` from the day on which the workspace was created, for months in which nothing was
/// counted.
fn month_then(inside: &Authorized<'_>, moment: Timestamp) -> Period {
    month(moment, &Billing::default(), inside.workspace.created_at)
}
