//! Conditions on an item under which a change is made, as an expression for the table and as a check of an old item.
//!
//! The table reports the actions of a transaction that failed, and their items, but not the condition that failed. So
//! each condition can also be checked against an item here.

use crate::table::item::{Item, TTL, number};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use std::collections::HashMap;

/// A condition on one item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// The item does not exist.
    Absent,
    /// The attribute has this value.
    Equals(&'static str, AttributeValue),
    /// The item exists, and the attribute is missing or null.
    Unset(&'static str),
    /// The attribute has one of these values.
    OneOf(&'static str, Vec<AttributeValue>),
    /// The attribute is a number below this one.
    Below(&'static str, i64),
    /// The attribute is a number above this one.
    Above(&'static str, i64),
    /// The item exists and lacks the attribute.
    Lacks(&'static str),
    /// The attribute is a list with this text.
    Contains(&'static str, String),
    /// The attribute is missing, or a number below this one.
    LacksOrBelow(&'static str, i64),
    /// One of these conditions holds.
    Any(Vec<Condition>),
    /// All of these conditions hold.
    All(Vec<Condition>),
    /// The item has the attribute.
    Has(&'static str),
    /// The item does not exist, or lacks the attribute.
    AbsentOrLacks(&'static str),
    /// The item does not exist, or its attribute is a number below this one.
    AbsentOrBefore(&'static str, i64),
}

impl Condition {
    /// The item does not exist, or has expired at `now` and was not deleted yet.
    pub(crate) fn absent_or_expired(now: Timestamp) -> Self {
        Self::AbsentOrBefore(TTL, now.as_second().saturating_add(1))
    }

    /// True if the condition holds for `item`.
    pub(crate) fn holds(&self, item: Option<&Item>) -> bool {
        let number = |name: &str| item?.get(name)?.as_n().ok()?.parse::<i64>().ok();
        match self {
            Self::Absent => item.is_none(),
            Self::Equals(name, value) => item.and_then(|item| item.get(*name)) == Some(value),
            Self::Unset(name) => item.is_some_and(|item| item.get(*name).is_none_or(AttributeValue::is_null)),
            Self::OneOf(name, values) => {
                item.and_then(|item| item.get(*name)).is_some_and(|value| values.contains(value))
            }
            Self::Below(name, bound) => number(name).is_some_and(|n| n < *bound),
            Self::Above(name, bound) => number(name).is_some_and(|n| n > *bound),
            Self::Lacks(name) => item.is_some_and(|item| !item.contains_key(*name)),
            Self::Contains(name, text) => {
                let list = item.and_then(|item| item.get(*name)?.as_l().ok());
                list.is_some_and(|list| list.iter().any(|entry| entry.as_s() == Ok(text)))
            }
            Self::LacksOrBelow(name, bound) => {
                item.is_none_or(|item| !item.contains_key(*name)) || number(name).is_some_and(|n| n < *bound)
            }
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(item)),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(item)),
            Self::Has(name) => item.is_some_and(|item| item.contains_key(*name)),
            Self::AbsentOrLacks(name) => item.is_none_or(|item| !item.contains_key(*name)),
            Self::AbsentOrBefore(name, bound) => item.is_none() || number(name).is_some_and(|n| n < *bound),
        }
    }

    /// Returns the condition as an expression. Its names and values are added to `terms`.
    pub(crate) fn expression(&self, terms: &mut Terms) -> String {
        match self {
            Self::Absent => format!("attribute_not_exists({})", terms.name("pk")),
            Self::Equals(name, value) => format!("{} = {}", terms.name(name), terms.value(value.clone())),
            Self::Unset(name) => {
                let (item, name) = (terms.name("pk"), terms.name(name));
                let null = terms.value(AttributeValue::S("NULL".to_owned()));
                format!("attribute_exists({item}) AND (attribute_not_exists({name}) OR attribute_type({name}, {null}))")
            }
            Self::OneOf(name, values) => {
                let name = terms.name(name);
                let values: Vec<_> = values.iter().map(|value| terms.value(value.clone())).collect();
                format!("{name} IN ({})", values.join(", "))
            }
            Self::Below(name, bound) => format!("{} < {}", terms.name(name), terms.value(number(*bound))),
            Self::Above(name, bound) => format!("{} > {}", terms.name(name), terms.value(number(*bound))),
            Self::Lacks(name) => {
                format!("attribute_exists({}) AND attribute_not_exists({})", terms.name("pk"), terms.name(name))
            }
            Self::Contains(name, text) => {
                format!("contains({}, {})", terms.name(name), terms.value(AttributeValue::S(text.clone())))
            }
            Self::LacksOrBelow(name, bound) => {
                let below = Self::Below(name, *bound).expression(terms);
                format!("(attribute_not_exists({}) OR {below})", terms.name(name))
            }
            Self::Any(conditions) => {
                let parts: Vec<_> = conditions.iter().map(|condition| condition.expression(terms)).collect();
                format!("({})", parts.join(" OR "))
            }
            Self::All(conditions) => {
                let parts: Vec<_> = conditions.iter().map(|condition| condition.expression(terms)).collect();
                format!("({})", parts.join(" AND "))
            }
            Self::Has(name) => format!("attribute_exists({})", terms.name(name)),
            Self::AbsentOrLacks(name) => format!("attribute_not_exists({})", terms.name(name)),
            Self::AbsentOrBefore(name, bound) => {
                let (absent, before) = (Self::Absent.expression(terms), Self::Below(name, *bound).expression(terms));
                format!("({absent} OR {before})")
            }
        }
    }
}

/// Condition: an item that counts its changes in `version` still has this version. Version 0 means that the item does
/// not exist.
pub(crate) fn is_still(version: u64) -> Condition {
    if version == 0 { Condition::Absent } else { Condition::Equals("version", number(version)) }
}

/// The names and values of one action's expressions.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    names: Vec<String>,
    values: Vec<AttributeValue>,
}

impl Terms {
    /// Returns a placeholder for the attribute `name`.
    pub(crate) fn name(&mut self, name: &str) -> String {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        format!("#n{at}")
    }

    /// Returns a placeholder for `value`.
    pub(crate) fn value(&mut self, value: AttributeValue) -> String {
        self.values.push(value);
        format!(":v{}", self.values.len() - 1)
    }

    /// Attribute names by placeholder; `None` if there are none, as the table requires.
    pub(crate) fn names(&self) -> Option<HashMap<String, String>> {
        let names = self.names.iter().enumerate();
        Some(names.map(|(at, name)| (format!("#n{at}"), name.clone())).collect())
            .filter(|map: &HashMap<_, _>| !map.is_empty())
    }

    /// Values by placeholder; `None` if there are none.
    pub(crate) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        let values = self.values.iter().enumerate();
        Some(values.map(|(at, value)| (format!(":v{at}"), value.clone())).collect())
            .filter(|map: &HashMap<_, _>| !map.is_empty())
    }
}
