//! The file in which a company defines its catalogue (`infra/plans.toml`). Reading it finds every mistake, each with its
//! line.
//!
//! Only build scripts, tools and tests read it. What they read lives until the process ends.

mod addons;
#[cfg(test)]
mod catalogues;
mod fields;
mod known;
pub mod lock;
mod meters;
mod mistakes;
mod plans;
#[cfg(test)]
pub(crate) mod samples;
mod sold;

use super::{
    catalogue::{Catalogue, FeatureTerms, Plans},
    money::Currency,
    names::{FeatureName, PlanName},
    plan::{PlanTerms, Sale},
};
use fields::{Fields, Found, Reader};
use known::{Known, leak, leak_one};
use lock::Lock;
pub use mistakes::{Mistake, Mistakes};

/// Reads the catalogue in `text`, of which the versions in `lock` were sold.
///
/// # Errors
/// [`Mistakes`] if the text is not a valid catalogue, or changes what was sold.
pub fn read(text: &str, lock: &Lock) -> Result<Plans, Mistakes> {
    let mut reader = Reader::new(text);
    match catalogue(&mut reader, lock).filter(|_| reader.is_clean()) {
        Some(catalogue) => Ok(Plans::new(leak_one(catalogue))),
        None => Err(reader.into_mistakes()),
    }
}

fn catalogue(reader: &mut Reader<'_>, lock: &Lock) -> Option<Catalogue> {
    let mut file = reader.file()?;
    let span = file.span();
    let currencies = currencies(reader, &mut file);
    let unpaid = file.parsed::<PlanName>(reader, "unpaid");
    let meters = meters::read(reader, &mut file, lock);
    let features = features(reader, &mut file);
    let known = Known { meters: leak(meters), features: leak(features), currencies };
    let found = plans::read(reader, &mut file, &known);
    let addons = addons::read(reader, &mut file, &known);
    file.finish(reader);

    // A plan with a mistake is missing among those that were found.
    let unpaid = unpaid.filter(|_| reader.is_clean()).and_then(|unpaid| unpaid_rank(reader, &found, &unpaid));
    let (former, former_addons) = if reader.is_clean() {
        (sold::former(reader, span, lock, &found, &known), sold::former_addons(reader, span, lock, &addons, &known))
    } else {
        (Vec::new(), Vec::new())
    };
    let plans = found.into_iter().map(|found| found.value).collect();
    Some(Catalogue {
        meters: known.meters,
        features: known.features,
        plans: leak(plans),
        former: leak(former),
        addons: leak(addons.into_iter().map(|found| found.value).collect()),
        former_addons: leak(former_addons),
        currencies: leak(known.currencies),
        unpaid: unpaid?,
    })
}

fn currencies(reader: &mut Reader<'_>, file: &mut Fields<'_>) -> Vec<Currency> {
    let found: Vec<Found<Currency>> = file.list(reader, "currencies");
    reader.no_repetition("currencies", &found, |currency| currency.to_string());
    found.into_iter().map(|found| found.value).collect()
}

fn features(reader: &mut Reader<'_>, file: &mut Fields<'_>) -> Vec<FeatureTerms> {
    let mut features = Vec::new();
    for mut fields in file.tables(reader, "features") {
        let name = fields.parsed::<FeatureName>(reader, "name");
        let title = fields.text(reader, "title");
        if let Some((name, title)) = name.zip(title) {
            features.push(Found { value: FeatureTerms { name: name.value, title }, span: name.span });
        }
        fields.finish(reader);
    }
    reader.no_repetition("features", &features, |feature| feature.name.to_string());
    features.into_iter().map(|found| found.value).collect()
}

/// Returns the rank of the plan that a workspace has as long as nothing is paid.
fn unpaid_rank(reader: &mut Reader<'_>, plans: &[Found<PlanTerms>], unpaid: &Found<PlanName>) -> Option<u16> {
    let Some(plan) = plans.iter().map(|found| &found.value).find(|plan| plan.name == unpaid.value) else {
        let names: Vec<_> = plans.iter().map(|plan| plan.value.name.as_str()).collect();
        reader.report(unpaid.span, format!("unpaid names no plan; expected one of: {}", names.join(", ")));
        return None;
    };
    if !plan.prices.is_empty() || plan.sale == Sale::Contract {
        reader.report(
            unpaid.span,
            format!(
                "the plan `{}` costs something; name a plan without prices, or add one with sale = \"hidden\"",
                plan.name
            ),
        );
    }
    for Found { value: other, span } in plans {
        if other.sale == Sale::Open && other.prices.is_empty() && other.name != plan.name {
            let message =
                format!("nobody can buy the plan `{}`; add prices, or sale = \"contract\" or \"hidden\"", other.name);
            reader.report(*span, message);
        }
    }
    Some(plan.rank)
}

#[cfg(test)]
mod tests;
