//! The usage of a month by day.

use super::month::{PeriodView, month_of};
use domain::{
    identity::access::Action,
    ids::WorkspaceId,
    plans::names::MeterName,
    usage::{CalendarMonth, Span, by_day, month},
};
use identity::Caller;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use store::{Store, usage::UsageKeys};
use workers::billing::Error;

/// Usage of a month, by day.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = UsageByDay)]
pub struct DaysView {
    /// Month over which the meters are counted.
    pub month: PeriodView,
    /// Time zone of the days; always `UTC`.
    #[schema(example = "UTC")]
    pub timezone: &'static str,
    /// Start of counting by day for all meters (RFC 3339, UTC). It is later than the start of the month if counting by
    /// day began within the month.
    pub since: Timestamp,
    /// Monthly meters.
    pub meters: Vec<MeterDays>,
}

/// Usage of a meter, by day.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MeterDays {
    /// The meter.
    pub meter: MeterName,
    /// The days, oldest first. Days before counting by day began are absent, and so are days to come.
    pub days: Vec<DayView>,
}

/// Usage of one day.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = UsageOfDay)]
pub struct DayView {
    /// Day in UTC (ISO 8601).
    #[schema(value_type = String, format = Date, example = "2026-11-21")]
    pub date: Date,
    /// Amount consumed on this day, minus the amount released later.
    pub used: u64,
}

/// Returns the usage of `workspace` by day, for the metering month in which `calendar_month` ended, or for the current
/// month.
///
/// # Errors
/// [`Error`] if the caller may not read billing or the table fails.
pub async fn read_usage_by_day(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    calendar_month: Option<CalendarMonth>,
) -> Result<DaysView, Error> {
    let now = store.ambient().now();
    let moment = calendar_month.map_or(now, |month| month.last_moment().min(now));
    let monthly: Vec<_> = store.plans().consumed().filter(|meter| meter.is_monthly).collect();
    let entry = store.enter(caller, workspace, None);
    let (inside, usage) = entry.usage::<Error>(Action::ReadUsage, &monthly, moment, UsageKeys::default()).await?;
    let present = month(now, &inside.billing, inside.workspace.created_at);
    let period = if moment == now { present } else { month_of(moment, present, &inside, &usage) };
    let mut since = period.start;
    let meters = monthly.into_iter().map(|meter| {
        let counted = by_day(&usage.shards(Span::Month(period), meter), period, now);
        // A counter without days starts to count by day with the next consumption.
        since = since.max(counted.as_ref().map_or(now.min(period.end), |counted| counted.since));
        let days = counted.map(|counted| counted.days).unwrap_or_default();
        MeterDays { meter: meter.name, days: days.into_iter().map(|(date, used)| DayView { date, used }).collect() }
    });
    let meters = meters.collect();
    Ok(DaysView { month: period.into(), timezone: "UTC", since, meters })
}
