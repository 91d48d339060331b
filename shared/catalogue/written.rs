//! Writes a catalogue as an expression of Rust.

use domain::plans::{
    addon::AddonTerms,
    catalogue::{Catalogue, FeatureTerms},
    meter::MeterTerms,
    money::Price,
    names::FeatureName,
    plan::PlanTerms,
    size::Size,
};

/// Writes `catalogue` as a value of its type. Types have paths, because an import of a kind that the catalogue does not
/// have would be unused.
pub(crate) fn catalogue(catalogue: &Catalogue) -> String {
    let Catalogue { meters, features, plans, former, addons, former_addons, currencies, unpaid } = catalogue;
    format!(
        "{{
    use ::domain::plans;
    plans::catalogue::Catalogue {{
        meters: {},
        features: {},
        plans: {},
        former: {},
        addons: {},
        former_addons: {},
        currencies: {},
        unpaid: {unpaid},
    }}
}}",
        list(meters.iter().map(meter)),
        list(features.iter().map(feature)),
        list(plans.iter().map(plan)),
        list(former.iter().map(plan)),
        list(addons.iter().map(addon)),
        list(former_addons.iter().map(addon)),
        list(currencies.iter().map(|currency| literal("money::Currency", currency.as_str()))),
    )
}

fn meter(terms: &MeterTerms) -> String {
    let MeterTerms { name, title, unit, index, is_monthly, count, shards } = terms;
    let name = literal("names::MeterName", name.as_str());
    format!(
        "plans::meter::MeterTerms {{ name: {name}, title: {title:?}, unit: {unit:?}, index: {index}, \
         is_monthly: {is_monthly}, count: plans::meter::Count::{count:?}, shards: {shards} }}"
    )
}

fn feature(FeatureTerms { name, title }: &FeatureTerms) -> String {
    format!("plans::catalogue::FeatureTerms {{ name: {}, title: {title:?} }}", feature_name(name))
}

fn plan(terms: &PlanTerms) -> String {
    let PlanTerms {
        name,
        version,
        rank,
        title,
        description,
        is_highlighted,
        sale,
        prices,
        limits,
        features,
        retention_days,
        size,
        idle_stop_minutes,
        trial,
        requests_per_minute,
        minimum_seats,
    } = terms;
    format!(
        "plans::plan::PlanTerms {{ name: {}, version: {}, rank: {rank}, title: {title:?}, \
         description: {description:?}, is_highlighted: {is_highlighted}, sale: plans::plan::Sale::{sale:?}, \
         prices: {}, limits: &{limits:?}, features: {}, \
         retention_days: {retention_days}, size: {}, idle_stop_minutes: {idle_stop_minutes:?}, trial: {}, \
         requests_per_minute: {requests_per_minute}, minimum_seats: {minimum_seats:?} }}",
        literal("names::PlanName", name.as_str()),
        format_args!("plans::version::Version::literal({})", version.get()),
        list(prices.iter().map(price)),
        list(features.iter().map(feature_name)),
        option(size.map(|Size { cpu_units, memory_mib }| {
            format!("plans::size::Size {{ cpu_units: {cpu_units}, memory_mib: {memory_mib} }}")
        })),
        option(trial.map(|days| format!("::domain::billing::trial::TrialDays::literal({})", days.get()))),
    )
}

fn addon(terms: &AddonTerms) -> String {
    let AddonTerms { name, version, title, description, sale, meter, amount, maximum_quantity, prices } = terms;
    format!(
        "plans::addon::AddonTerms {{ name: {}, version: {}, title: {title:?}, description: {description:?}, \
         sale: plans::plan::Sale::{sale:?}, meter: {}, amount: {amount}, \
         maximum_quantity: {maximum_quantity}, prices: {} }}",
        literal("names::AddonName", name.as_str()),
        format_args!("plans::version::Version::literal({})", version.get()),
        literal("names::MeterName", meter.as_str()),
        list(prices.iter().map(price)),
    )
}

fn price(Price { interval, currency, amount }: &Price) -> String {
    let currency = literal("money::Currency", currency.as_str());
    format!(
        "plans::money::Price {{ interval: plans::money::Interval::{interval:?}, currency: {currency}, \
         amount: {amount} }}"
    )
}

fn feature_name(name: &FeatureName) -> String {
    literal("names::FeatureName", name.as_str())
}

fn literal(of: &str, text: &str) -> String {
    format!("plans::{of}::literal({text:?})")
}

fn option(value: Option<String>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(", "))
}
