//! The plans, and what they allow.

use super::{
    fields::{Fields, Found, Reader, number},
    known::{Known, leak},
};
use crate::keys::usage::DEFAULT_REQUESTS_PER_MINUTE;
use crate::plans::{
    money::{Currency, Interval, Price},
    names::{FeatureName, PlanName},
    plan::{PlanTerms, Sale},
    size::Size,
    version::Version,
};

/// Largest amount of a price, in minor units. Stripe takes eight digits.
/// <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
const MOST: u64 = 99_999_999;

/// The most that a meter can be limited to: the largest number that all readers of JSON represent exactly.
pub(super) const LARGEST: u64 = 1_000_000_000_000_000;

/// The longest time for which records can be kept, in days.
const LONGEST: u64 = 3_650;

/// The longest time after which an idle container stops: a month.
const IDLE: u64 = 31 * 24 * 60;

/// Maximum number of plans of a catalogue.
const MAX_PLANS: u64 = 100;

/// Reads the plans in their order.
pub(super) fn read(reader: &mut Reader<'_>, file: &mut Fields<'_>, known: &Known) -> Vec<Found<PlanTerms>> {
    let tables = file.tables(reader, "plans");
    if tables.is_empty() {
        reader.report(file.span(), "there are no plans; add one as [[plans]]");
    }
    let mut plans = Vec::new();
    for (rank, mut fields) in (0_u16..).zip(tables) {
        if u64::from(rank) == MAX_PLANS {
            reader.report(fields.span(), format!("there are more than {MAX_PLANS} plans; remove some"));
            break;
        }
        let span = fields.span();
        let plan = plan(reader, &mut fields, known, rank);
        fields.finish(reader);
        plans.extend(plan.map(|value| Found { value, span }));
    }
    reader.no_repetition("plans", &plans, |plan| plan.name.to_string());
    plans
}

fn plan(reader: &mut Reader<'_>, fields: &mut Fields<'_>, known: &Known, rank: u16) -> Option<PlanTerms> {
    let name = fields.parsed::<PlanName>(reader, "name");
    let version = fields.required_number(reader, "version", (1, u64::from(u16::MAX)));
    let (title, description) = (fields.text(reader, "title"), fields.text(reader, "description"));
    let is_highlighted = fields.flag(reader, "highlighted");
    let sale =
        fields.choice(reader, "sale", &[("open", Sale::Open), ("hidden", Sale::Hidden), ("contract", Sale::Contract)]);
    let prices = prices(reader, fields, known);
    let retention_days = fields.required_number(reader, "retention_days", (1, LONGEST));
    let size = size(reader, fields);
    let idle = fields.number(reader, "idle_stop_minutes", (1, IDLE));
    if let Some(idle) = idle.filter(|_| size.is_none()) {
        reader.report(idle.span, "the plan has no container that could be idle; remove `idle_stop_minutes`");
    }
    let requests = fields.number(reader, "requests_per_minute", (1, 1_000_000));
    let trial = fields.number(reader, "trial_days", (1, 730));
    if let Some(trial) = trial.filter(|_| prices.is_empty()) {
        reader.report(trial.span, "the plan costs nothing, so it has no trial; remove `trial_days`");
    }
    let minimum_seats = fields.number(reader, "minimum_seats", (1, 1_000_000));
    if let Some(seats) = minimum_seats.filter(|_| prices.is_empty()) {
        reader.report(seats.span, "the plan has no price for a seat; remove `minimum_seats`");
    }
    let features = features(reader, fields, known);
    let limits = limits(reader, fields, known);
    if sale == Some(Sale::Contract) && !prices.is_empty() {
        reader.report(fields.span(), "a plan by contract has no prices; remove them, or `sale`");
    }
    Some(PlanTerms {
        name: name?.value,
        version: Version::new(u16::try_from(version?.value).ok()?)?,
        rank,
        title: title?,
        description: description?,
        is_highlighted,
        sale: sale?,
        prices: leak(prices),
        limits: leak(limits),
        features: leak(features),
        retention_days: u32::try_from(retention_days?.value).ok()?,
        size,
        idle_stop_minutes: idle.and_then(|idle| u32::try_from(idle.value).ok()),
        trial: trial.and_then(|days| u32::try_from(days.value).ok()?.try_into().ok()),
        requests_per_minute: requests
            .and_then(|requests| u32::try_from(requests.value).ok())
            .unwrap_or(DEFAULT_REQUESTS_PER_MINUTE),
        minimum_seats: minimum_seats.and_then(|seats| u32::try_from(seats.value).ok()),
    })
}

/// Reads the prices: for each interval one in every currency.
pub(super) fn prices(reader: &mut Reader<'_>, fields: &mut Fields<'_>, known: &Known) -> Vec<Price> {
    let Some(mut intervals) = fields.table(reader, "prices") else { return Vec::new() };
    let mut prices = Vec::new();
    for interval in Interval::ALL {
        let Some(mut amounts) = intervals.table(reader, interval.name()) else { continue };
        let mut found: Vec<(Currency, u64)> = Vec::new();
        for (key, value) in amounts.entries() {
            match key.value.parse::<Currency>() {
                Ok(currency) if known.currencies.contains(&currency) => {
                    let amount = number(reader, &key.value, &value, (1, MOST));
                    found.extend(amount.map(|amount| (currency, amount.value)));
                }
                Ok(_) | Err(_) => {
                    let names: Vec<_> = known.currencies.iter().map(ToString::to_string).collect();
                    let names = names.join(", ");
                    reader.report(key.span, format!("`{}` is not in currencies, which are: {names}", key.value));
                }
            }
        }
        for currency in &known.currencies {
            match found.iter().find(|(known, _)| known == currency) {
                Some((_, amount)) => prices.push(Price { interval, currency: *currency, amount: *amount }),
                None => reader.report(
                    amounts.span(),
                    format!("there is no price by the {} in {currency}; add one", interval.name()),
                ),
            }
        }
        amounts.finish(reader);
    }
    if prices.is_empty() {
        reader.report(intervals.span(), "there is no price; add `prices.month` or `prices.year`, or remove `prices`");
    }
    intervals.finish(reader);
    prices
}

/// Reads the size of the container, if the plan has one.
fn size(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Size> {
    let mut container = fields.table(reader, "container")?;
    let cpu = container.required_number(reader, "cpu_units", (1, u64::from(u32::MAX)));
    let memory = container.required_number(reader, "memory_mib", (1, u64::from(u32::MAX)));
    let span = container.span();
    container.finish(reader);
    let size = Size { cpu_units: u32::try_from(cpu?.value).ok()?, memory_mib: u32::try_from(memory?.value).ok()? };
    if !size.is_known_to_fargate() {
        reader.report(
            span,
            "Fargate has no container of this size; see \
             https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html",
        );
    }
    Some(size)
}

fn features(reader: &mut Reader<'_>, fields: &mut Fields<'_>, known: &Known) -> Vec<FeatureName> {
    let found: Vec<Found<FeatureName>> = fields.list(reader, "features");
    reader.no_repetition("features", &found, |feature| feature.to_string());
    for Found { value, span } in &found {
        if known.features.iter().all(|feature| feature.name != *value) {
            let names: Vec<_> = known.features.iter().map(|feature| feature.name.as_str()).collect();
            let message = format!("the feature `{value}` is unknown; expected one of: {}", names.join(", "));
            reader.report(*span, message);
        }
    }
    found.into_iter().map(|found| found.value).collect()
}

/// Reads the limits, one for each meter.
fn limits(reader: &mut Reader<'_>, fields: &mut Fields<'_>, known: &Known) -> Vec<Option<u64>> {
    let table = fields.table(reader, "limits");
    let span = table.as_ref().map_or(fields.span(), Fields::span);
    let (mut found, mut seen) = (Vec::new(), Vec::new());
    for (key, value) in table.map(|mut table| table.entries()).unwrap_or_default() {
        let Some(meter) = known.meters.iter().find(|meter| meter.name.as_str() == key.value) else {
            let names: Vec<_> = known.meters.iter().map(|meter| meter.name.as_str()).collect();
            let message = format!("the meter `{}` is unknown; expected one of: {}", key.value, names.join(", "));
            reader.report(key.span, message);
            continue;
        };
        seen.push(meter.name);
        if value.as_str() == Some("unlimited") {
            found.push((meter.name, None));
        } else if value.as_str().is_some() {
            reader.report(value.span, format!("`{}` must be a whole number or \"unlimited\"", meter.name));
        } else {
            let least = u64::from(meter.name.as_str() == "members");
            let limit = number(reader, meter.name.as_str(), &value, (least, LARGEST));
            found.extend(limit.map(|limit| (meter.name, Some(limit.value))));
        }
    }
    let mut limits = Vec::new();
    for meter in known.meters {
        match found.iter().find(|(name, _)| *name == meter.name) {
            Some((_, limit)) => limits.push(*limit),
            None if seen.contains(&meter.name) => {}
            None => {
                reader.report(span, format!("there is no limit of `{0}`; add {0} = 0 or \"unlimited\"", meter.name))
            }
        }
    }
    limits
}
