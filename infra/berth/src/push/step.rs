//! Changes at Stripe. None deletes anything or changes an amount.

use super::words;
use crate::stripe::{Inventory, Price};
use domain::plans::{
    addon::{Addon, AddonTerms},
    catalogue::Plans,
    plan::{Plan, PlanTerms},
    price::{ADDON_KEY, PLAN_KEY, PriceKey},
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
    /// The plan or add-on and its version in the metadata.
    Metadata(PriceKey),
    /// The lookup key of the price that is sold.
    LookupKey(PriceKey),
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

/// What a product is for: a plan or an add-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    title: &'static str,
    description: &'static str,
    key: &'static str,
    name: String,
}

impl Offer {
    /// The offers of a catalogue, in its order.
    pub(super) fn all(plans: Plans) -> impl Iterator<Item = Self> {
        let of_plan = |plan: Plan| {
            let PlanTerms { title, description, .. } = *plan;
            Self { title, description, key: PLAN_KEY, name: plan.name.to_string() }
        };
        let of_addon = |addon: Addon| {
            let AddonTerms { title, description, .. } = *addon;
            Self { title, description, key: ADDON_KEY, name: addon.name.to_string() }
        };
        plans.sold().map(of_plan).chain(plans.sold_addons().map(of_addon))
    }

    /// Id of the product.
    pub(super) fn product_id(&self) -> String {
        format!("{}_{}", self.key, self.name)
    }
}

/// Id of the product that the price `key` is of.
fn product_of(key: PriceKey) -> String {
    let [(kind, name), _] = key.metadata();
    format!("{kind}_{name}")
}

impl Step {
    /// The change of an offer's product, if it needs one.
    pub(super) fn product(offer: &Offer, inventory: &Inventory) -> Option<Self> {
        let Offer { title, description, key, name } = offer;
        let id = offer.product_id();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let stamp = || (format!("metadata[{key}]"), name.clone());
        let Some(found) = inventory.products.iter().find(|product| product.id == id) else {
            let words = format!("product {id} \"{title}\"");
            let form = vec![pair("id", &id), pair("name", title), pair("description", description), stamp()];
            return Some(Self::Create(Change { path: "/products".to_owned(), form, words }));
        };
        let (mut form, mut words) = (Vec::new(), vec![format!("product {id}:")]);
        if found.name != *title {
            form.push(pair("name", title));
            words.push(format!("name \"{title}\""));
        }
        if found.description.as_deref() != Some(*description) {
            form.push(pair("description", description));
            words.push(format!("description \"{description}\""));
        }
        if !found.active {
            form.push(pair("active", "true"));
            words.push("can be bought again".to_owned());
        }
        if found.metadata.get(*key) != Some(name) {
            form.push(stamp());
            words.push(format!("metadata of {name}"));
        }
        let change = Change { path: format!("/products/{id}"), form, words: listed(&words) };
        (!change.form.is_empty()).then_some(Self::Update(change))
    }

    /// Creates a price.
    pub(super) fn price(key: PriceKey, amount: u64) -> Self {
        let (interval, currency) = key.terms();
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let mut form = vec![
            pair("product", product_of(key)),
            pair("currency", currency.to_string()),
            pair("unit_amount", amount.to_string()),
            pair("recurring[interval]", interval.to_string()),
            pair("lookup_key", key.lookup_key()),
        ];
        form.extend(metadata(key));
        let words = format!("price {key}: {amount} {currency} by the {interval}");
        Self::Create(Change { path: "/prices".to_owned(), form, words })
    }

    /// Gives marks to a price; `None` if there are none to give.
    pub(super) fn mark(price: &Price, marks: &[Mark]) -> Option<Self> {
        let (mut form, mut said) = (Vec::new(), vec![format!("price {} ({}):", price.id, price.words())]);
        for mark in marks {
            match mark {
                Mark::Metadata(key) => {
                    form.extend(metadata(*key));
                    said.push(format!("metadata of {}", words::of(key.stamp())));
                }
                Mark::LookupKey(key) => {
                    form.push(("lookup_key".to_owned(), key.lookup_key()));
                    said.push(format!("lookup key {}", key.lookup_key()));
                }
                Mark::Active => {
                    form.push(("active".to_owned(), "true".to_owned()));
                    said.push("can be bought again".to_owned());
                }
            }
        }
        let change = Change { path: format!("/prices/{}", price.id), form, words: listed(&said) };
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

fn metadata(key: PriceKey) -> [(String, String); 2] {
    key.metadata().map(|(name, value)| (format!("metadata[{name}]"), value))
}
