//! The changes that make Stripe follow the catalogue. Nothing is deleted, and no amount changes.

use super::{
    adoption::{Adoption, adopt},
    step::{Mark, Offer, Step},
    words,
};
use crate::stripe::{Inventory, Price, subscriptions};
use domain::plans::{
    catalogue::Plans,
    plan::Plan,
    price::{PriceKey, Stamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// The comparison of the catalogue with Stripe.
#[derive(Debug, Default)]
pub(super) struct Todo {
    /// The changes to make, in their order.
    pub(super) steps: Vec<Step>,
    /// What the company should know.
    pub(super) warnings: Vec<String>,
    /// Reasons why nothing is changed.
    pub(super) problems: Vec<String>,
    /// Ids of the prices that are sold, such as `pro/1/month/usd`.
    pub(super) ids: BTreeMap<String, String>,
}

/// True if the number of subscriptions of `price` matters: nobody may pay for something that is not in the catalogue.
pub(super) fn is_counted(plans: Plans, price: &Price) -> bool {
    match price.stamp() {
        Stamp::None | Stamp::Unreadable => true,
        stamp @ (Stamp::Plan(_) | Stamp::Addon(_)) => !is_known(plans, stamp),
    }
}

/// Compares the catalogue with what Stripe has.
pub(super) fn compare(plans: Plans, inventory: &Inventory, adoptions: &[Adoption]) -> Todo {
    let mut todo = Todo::default();
    let adopted = adopt(plans, inventory, adoptions, &mut todo.problems);
    todo.steps.extend(Offer::all(plans).filter_map(|offer| Step::product(&offer, inventory)));
    todo.steps.extend(adopted.steps);
    for key in plans.sold_prices().filter(|key| !adopted.sold.contains_key(&key.lookup_key())) {
        if let Some(amount) = plans.amount_of(key) {
            todo.price(inventory, key, amount, &adopted.ids);
        }
    }
    todo.look_at_the_rest(plans, inventory, &adopted.ids);
    todo
}

impl Todo {
    /// Compares a price that is sold.
    fn price(&mut self, inventory: &Inventory, key: PriceKey, amount: u64, adopted: &BTreeSet<&str>) {
        let lookup_key = key.lookup_key();
        let wanted = (Some(key.terms()), Some(amount));
        let Some(found) = inventory.prices.iter().find(|price| price.lookup_key.as_ref() == Some(&lookup_key)) else {
            // Somebody may have removed the lookup key of a price.
            let is_same = |price: &&Price| {
                let is_free = price.lookup_key.is_none() && !adopted.contains(price.id.as_str());
                is_free && price.active && price.stamp() == key.stamp() && (price.terms(), price.unit_amount) == wanted
            };
            self.steps.extend(match inventory.prices.iter().find(is_same) {
                Some(price) => Step::mark(price, &[Mark::LookupKey(key)]),
                None => Some(Step::price(key, amount)),
            });
            return;
        };
        if (found.terms(), found.unit_amount) != wanted {
            let ((interval, currency), next) = (key.terms(), key.version().get().saturating_add(1));
            self.problems.push(format!(
                "{key} costs {amount} {currency} by the {interval} in the catalogue, but {} at Stripe ({}); set version = {next}, or restore it",
                found.words(), found.id
            ));
            return;
        }
        let mut marks = Vec::new();
        match found.stamp() {
            stamp if stamp == key.stamp() => {}
            Stamp::None => marks.push(Mark::Metadata(key)),
            Stamp::Plan(_) | Stamp::Addon(_) | Stamp::Unreadable => {
                self.problems.push(format!(
                    "the price {} has the lookup key {lookup_key}, but other metadata; correct that in Stripe's dashboard",
                    found.id
                ));
                return;
            }
        }
        if !found.active {
            marks.push(Mark::Active);
        }
        self.steps.extend(Step::mark(found, &marks));
        self.ids.insert(key.to_string(), found.id.clone());
    }

    /// Looks at the prices that the catalogue does not name.
    fn look_at_the_rest(&mut self, plans: Plans, inventory: &Inventory, adopted: &BTreeSet<&str>) {
        let mut gone = BTreeMap::<_, (usize, Vec<&str>)>::new();
        for price in inventory.prices.iter().filter(|price| !adopted.contains(price.id.as_str())) {
            let number = inventory.subscribers.get(&price.id).copied().unwrap_or_default();
            let stamp = price.stamp();
            match stamp {
                Stamp::Plan(_) | Stamp::Addon(_) if !is_known(plans, stamp) && number > 0 => {
                    let (total, ids) = gone.entry(stamp).or_default();
                    *total = total.saturating_add(number);
                    ids.push(&price.id);
                }
                Stamp::None if number > 0 && !self.is_repaired(price) => self.warnings.push(format!(
                    "the price {} ({}) is of no plan and has {}; if it was a plan's, adopt it: --adopt {}={}",
                    price.id,
                    price.words(),
                    subscriptions(number),
                    price.id,
                    suggestion(plans, price)
                )),
                Stamp::Unreadable if number > 0 => self.warnings.push(format!(
                    "the price {} ({}) has metadata that is not Berth's, and {}; correct that in Stripe's dashboard",
                    price.id,
                    price.words(),
                    subscriptions(number)
                )),
                Stamp::Plan(_) | Stamp::Addon(_) if !agrees(price, stamp) => self.warnings.push(format!(
                    "the price {} has the lookup key {}, but the metadata of {}; correct that in Stripe's dashboard",
                    price.id,
                    price.lookup_key.as_deref().unwrap_or_default(),
                    words::of(stamp)
                )),
                Stamp::None | Stamp::Plan(_) | Stamp::Addon(..) | Stamp::Unreadable => {}
            }
        }
        for (stamp, (total, ids)) in gone {
            self.problems.push(format!(
                "{} is not in the catalogue and has {} ({}); restore it, with sale = \"hidden\" if it is no longer sold",
                words::of(stamp),
                subscriptions(total),
                ids.join(", ")
            ));
        }
    }

    /// True if a step changes `price`.
    fn is_repaired(&self, price: &Price) -> bool {
        self.steps.iter().any(|step| step.changes(price))
    }
}

/// True if the catalogue has what the metadata of a price says.
fn is_known(plans: Plans, stamp: Stamp) -> bool {
    match stamp {
        Stamp::Plan(plan) => plans.version(plan).is_some(),
        Stamp::Addon(addon) => plans.addon(addon).is_some(),
        Stamp::None | Stamp::Unreadable => false,
    }
}

/// True if the lookup key of `price` is none of Berth's, or that of what the metadata says.
fn agrees(price: &Price, stamp: Stamp) -> bool {
    let Some(lookup_key) = price.lookup_key_of_berth() else { return true };
    let wanted = price.terms().and_then(|terms| PriceKey::stamped(stamp, terms)).map(PriceKey::lookup_key);
    wanted.as_deref() == Some(lookup_key)
}

/// The plan that `price` is probably of, as `--adopt` takes it.
fn suggestion(plans: Plans, price: &Price) -> String {
    let interval = price.recurring.as_ref().map_or("month", |recurring| recurring.interval.as_str());
    let terms = price.terms();
    let costs_the_same = |plan: &Plan| {
        plan.prices
            .iter()
            .any(|known| terms == Some((known.interval, known.currency)) && price.unit_amount == Some(known.amount))
    };
    match plans.every_version().find(costs_the_same) {
        Some(plan) => format!("{}/{interval}/{}", plan.name, plan.version.get()),
        None => format!("PLAN/{interval}/1"),
    }
}
