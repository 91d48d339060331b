//! Changes at Stripe. None deletes anything or changes an amount.

use super::words::version;
use crate::stripe::{Inventory, Price, Product};
use domain::plans::{
    names::PlanName,
    plan::Plan,
    price::{PLAN_KEY, PriceName, VERSION_KEY},
};
use std::fmt;

/// A change at Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Creates an object.
    Create(Change),
    /// Changes an object.
    Update(Change),
}

/// A request that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// Path of the request.
    pub(super) path: String,
    /// Parameters of the request.
    pub(super) form: Vec<(String, String)>,
    /// The change in words.
    words: String,
}

/// A change of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The plan and version in its metadata.
    Metadata(PriceName),
    /// The lookup key of the price that is sold.
    LookupKey(PriceName),
    /// Customers can buy at it again.
    Active,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(change) => write!(f, "create {}", change.words),
            Self::Update(change) => write!(f, "update {}", change.words),
        }
    }
}

/// Id of the product of a plan.
pub(super) fn product_id(name: PlanName) -> String {
    format!("berth_plan_{name}")
}

impl Step {
    /// The change of a plan's product, if it needs one.
    pub(super) fn product(plan: Plan, inventory: &Inventory) -> Option<Self> {
        let id = product_id(plan.name);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let stamp = |plan: Plan| (format!("metadata[{}]", PLAN_KEY), plan.name.to_string());
        let Some(found) = inventory.products.iter().find(|product| product.id == id) else {
            let words = format!("product {id} \"{}\"", plan.title);
            let form =
                vec![pair("id", &id), pair("name", plan.title), pair("description", plan.description), stamp(plan)];
            return Some(Self::Create(Change { path: "/products".to_owned(), form, words }));
        };
        let Product { name, description, active, metadata, .. } = found;
        let (mut form, mut words) = (Vec::new(), vec![format!("product {id}:")]);
        if name != plan.title {
            form.push(pair("name", plan.title));
            words.push(format!("name \"{}\"", plan.title));
        }
        if description.as_deref() != Some(plan.description) {
            form.push(pair("description", plan.description));
            words.push(format!("description \"{}\"", plan.description));
        }
        if !active {
            form.push(pair("active", "true"));
            words.push("can be bought again".to_owned());
        }
        if metadata.get(PLAN_KEY).map(String::as_str) != Some(plan.name.as_str()) {
            form.push(stamp(plan));
            words.push(format!("metadata of {}", plan.name));
        }
        let change = Change { path: format!("/products/{id}"), form, words: listed(&words) };
        (!change.form.is_empty()).then_some(Self::Update(change))
    }

    /// Creates a price.
    pub(super) fn price(key: PriceName, amount: u64) -> Self {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let mut form = vec![
            pair("product", product_id(key.plan.name)),
            pair("currency", key.currency.to_string()),
            pair("unit_amount", amount.to_string()),
            pair("recurring[interval]", key.interval.to_string()),
            pair("lookup_key", key.lookup_key()),
        ];
        form.extend(metadata(key));
        let words = format!("price {key}: {amount} {} by the {}", key.currency, key.interval);
        Self::Create(Change { path: "/prices".to_owned(), form, words })
    }

    /// Gives marks to a price; `None` if there are none to give.
    pub(super) fn mark(price: &Price, marks: &[Mark]) -> Option<Self> {
        let (mut form, mut words) = (Vec::new(), vec![format!("price {} ({}):", price.id, price.words())]);
        for mark in marks {
            match mark {
                Mark::Metadata(key) => {
                    form.extend(metadata(*key));
                    words.push(format!("metadata of {}", version(key.plan)));
                }
                Mark::LookupKey(key) => {
                    form.push(("lookup_key".to_owned(), key.lookup_key()));
                    words.push(format!("lookup key {}", key.lookup_key()));
                }
                Mark::Active => {
                    form.push(("active".to_owned(), "true".to_owned()));
                    words.push("can be bought again".to_owned());
                }
            }
        }
        let change = Change { path: format!("/prices/{}", price.id), form, words: listed(&words) };
        (!change.form.is_empty()).then_some(Self::Update(change))
    }

    /// True if this changes `price`.
    pub(super) fn changes(&self, price: &Price) -> bool {
        let path = format!("/prices/{}", price.id);
        matches!(self, Self::Update(change) if change.path == path)
    }
}

/// Joins `head: first, second`.
fn listed(words: &[String]) -> String {
    let (head, rest) = words.split_first().map_or(("", [].as_slice()), |(head, rest)| (head.as_str(), rest));
    format!("{head} {}", rest.join(", "))
}

fn metadata(key: PriceName) -> [(String, String); 2] {
    let (plan, number) = (key.plan.name.to_string(), key.plan.version.get().to_string());
    [(format!("metadata[{}]", PLAN_KEY), plan), (format!("metadata[{}]", VERSION_KEY), number)]
}
