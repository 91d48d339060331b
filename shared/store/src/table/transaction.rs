//! Transactions: several writes and the conditions under which they are made, all or none.
//!
//! A transaction is built piece by piece. Pieces that concern one key become one action, since the table takes one
//! action per item. Every condition is stated with the error that its failure means.

use crate::{
    table::condition::{Condition, Terms},
    table::error::Error,
    table::item::{Item, number, place},
    table::keys::Key,
};
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use jiff::Timestamp;
use std::collections::HashMap;

/// The actions of one transaction. `E` is the error type of its conditions.
#[derive(Debug)]
pub(crate) struct Transaction<E> {
    actions: Vec<Action<E>>,
    stated: usize,
    defect: Option<Defect>,
}

/// Two pieces that cannot be one action, such as a deletion and an addition to the same item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two writes of one transaction to the same item exclude each other")]
struct Defect;

#[derive(Debug)]
struct Action<E> {
    key: Key,
    effect: Effect,
    checks: Vec<Check<E>>,
}

#[derive(Debug)]
struct Check<E> {
    /// Position among all conditions of the transaction.
    stated: usize,
    condition: Condition,
    meaning: E,
}

/// A numeric value of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Number {
    /// An attribute. A missing attribute counts as zero.
    Attribute(&'static str),
    /// A member of a map attribute, which must exist. A missing member counts as zero.
    Member {
        /// Name of the map attribute.
        map: &'static str,
        /// Name of the member.
        name: String,
    },
}

impl Number {
    const fn attribute(&self) -> &'static str {
        match self {
            Self::Attribute(name) | Self::Member { map: name, .. } => name,
        }
    }
}

impl From<&'static str> for Number {
    fn from(attribute: &'static str) -> Self {
        Self::Attribute(attribute)
    }
}

#[derive(Debug)]
enum Effect {
    None,
    Put(Item),
    Delete,
    Update {
        set: Vec<(String, AttributeValue)>,
        once: Vec<(String, AttributeValue)>,
        add: Vec<(Number, i64)>,
        unset: Vec<&'static str>,
    },
}

impl Effect {
    fn and(self, other: Self) -> Result<Self, Defect> {
        match (self, other) {
            (Self::None, effect) | (effect, Self::None) => Ok(effect),
            (
                Self::Update { mut set, mut once, mut add, mut unset },
                Self::Update { set: more_set, once: more_once, add: more_add, unset: more_unset },
            ) => {
                let known = |name: &str| set.iter().chain(&once).any(|(known, _)| known == name);
                if more_set.iter().chain(&more_once).any(|(name, _)| known(name)) {
                    return Err(Defect);
                }
                set.extend(more_set);
                once.extend(more_once);
                if set
                    .iter()
                    .chain(&once)
                    .any(|(name, _)| add.iter().chain(&more_add).any(|(added, _)| added.attribute() == name))
                {
                    return Err(Defect);
                }
                for (number, amount) in more_add {
                    match add.iter_mut().find(|(known, _)| *known == number) {
                        Some((_, sum)) => *sum += amount,
                        None => add.push((number, amount)),
                    }
                }
                unset.extend(more_unset);
                if set.iter().chain(&once).any(|(name, _)| unset.contains(&name.as_str())) {
                    return Err(Defect);
                }
                Ok(Self::Update { set, once, add, unset })
            }
            (Self::Put(_) | Self::Delete | Self::Update { .. }, Self::Put(_) | Self::Delete | Self::Update { .. }) => {
                Err(Defect)
            }
        }
    }
}

impl<E> Default for Transaction<E> {
    fn default() -> Self {
        Self { actions: Vec::new(), stated: 0, defect: None }
    }
}

impl<E> Transaction<E> {
    /// Requires `condition` of the item at `key`; its failure means `plan_of_price`.
    pub(crate) fn require(&mut self, key: &Key, condition: Condition, meaning: E) -> &mut Self {
        let stated = self.stated;
        self.stated += 1;
        self.action(key).checks.push(Check { stated, condition, meaning });
        self
    }

    /// Writes `item` at `key`, replacing an existing item.
    pub(crate) fn put(&mut self, key: &Key, item: Item) -> &mut Self {
        self.effect(key, Effect::Put(item))
    }

    /// Writes `item` at `key`; `taken` if an item exists there.
    pub(crate) fn put_new(&mut self, key: &Key, item: Item, taken: E) -> &mut Self {
        self.require(key, Condition::Absent, taken).put(key, item)
    }

    /// Like [`Self::put_new`], but the condition is stated before all others, and an expired item does not count.
    pub(crate) fn first(&mut self, key: &Key, item: Item, taken: E, now: Timestamp) -> &mut Self {
        for check in self.actions.iter_mut().flat_map(|action| &mut action.checks) {
            check.stated += 1;
        }
        self.stated += 1;
        let condition = Condition::absent_or_expired(now);
        self.action(key).checks.push(Check { stated: 0, condition, meaning: taken });
        self.put(key, item)
    }

    /// Deletes the item at `key`.
    pub(crate) fn delete(&mut self, key: &Key) -> &mut Self {
        self.effect(key, Effect::Delete)
    }

    /// Sets attributes of the item at `key`.
    pub(crate) fn set(
        &mut self,
        key: &Key,
        attributes: impl IntoIterator<Item = (String, AttributeValue)>,
    ) -> &mut Self {
        let set = attributes.into_iter().collect();
        self.effect(key, Effect::Update { set, once: Vec::new(), add: Vec::new(), unset: Vec::new() })
    }

    /// Sets those attributes that the item at `key` does not have.
    pub(crate) fn set_once(
        &mut self,
        key: &Key,
        attributes: impl IntoIterator<Item = (String, AttributeValue)>,
    ) -> &mut Self {
        let once = attributes.into_iter().collect();
        self.effect(key, Effect::Update { set: Vec::new(), once, add: Vec::new(), unset: Vec::new() })
    }

    /// Adds `amount` to a number of the item at `key`.
    pub(crate) fn add(&mut self, key: &Key, to: impl Into<Number>, amount: i64) -> &mut Self {
        let add = vec![(to.into(), amount)];
        self.effect(key, Effect::Update { set: Vec::new(), once: Vec::new(), add, unset: Vec::new() })
    }

    /// Removes attributes of the item at `key`.
    pub(crate) fn unset(&mut self, key: &Key, unset: impl IntoIterator<Item = &'static str>) -> &mut Self {
        let unset = unset.into_iter().collect();
        self.effect(key, Effect::Update { set: Vec::new(), once: Vec::new(), add: Vec::new(), unset })
    }

    fn effect(&mut self, key: &Key, more: Effect) -> &mut Self {
        let action = self.action(key);
        match std::mem::replace(&mut action.effect, Effect::None).and(more) {
            Ok(effect) => action.effect = effect,
            Err(defect) => self.defect = Some(defect),
        }
        self
    }

    fn action(&mut self, key: &Key) -> &mut Action<E> {
        let at = self.actions.iter().position(|action| action.key == *key).unwrap_or(self.actions.len());
        if at == self.actions.len() {
            self.actions.push(Action { key: key.clone(), effect: Effect::None, checks: Vec::new() });
        }
        #[expect(clippy::indexing_slicing, reason = "the position was found, or made in the line above")]
        &mut self.actions[at]
    }

    /// True if it has no actions.
    pub(crate) const fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Returns the transaction as a request to the table.
    pub(crate) fn items(&self, table: &str) -> Result<Vec<TransactWriteItem>, Error> {
        if let Some(defect) = self.defect {
            return Err(Error::Defect(defect.into()));
        }
        self.actions.iter().map(|action| action.item(table)).collect()
    }

    /// Returns the error of a transaction that the table refused; see [`Self::into_failed`].
    pub(crate) fn refusal(self, old: &[Failed<'_>]) -> Result<E, Error> {
        self.into_failed(old)
            .ok_or_else(|| Error::Defect("the table refused a transaction whose conditions all hold".into()))
    }

    /// Returns the error of the first stated condition that does not hold. `old` holds, for each action, the item that
    /// failed its conditions, if the table found that they fail.
    pub(crate) fn into_failed(self, old: &[Failed<'_>]) -> Option<E> {
        let checks = self.actions.into_iter().zip(old).flat_map(|(action, old)| match old {
            Failed::No => Vec::new(),
            Failed::With(item) => action.checks.into_iter().filter(|check| !check.condition.holds(*item)).collect(),
        });
        checks.min_by_key(|check| check.stated).map(|check| check.meaning)
    }
}

/// Result of an action's conditions.
#[derive(Debug)]
pub(crate) enum Failed<'a> {
    /// The conditions held.
    No,
    /// The conditions failed. Holds the item they were checked against, if there is one.
    With(Option<&'a Item>),
}

impl<E> Action<E> {
    fn item(&self, table: &str) -> Result<TransactWriteItem, Error> {
        let mut terms = Terms::default();
        let conditions: Vec<_> = self.checks.iter().map(|check| check.condition.expression(&mut terms)).collect();
        let condition = Some(conditions.join(" AND ")).filter(|text| !text.is_empty());
        let old = ReturnValuesOnConditionCheckFailure::AllOld;
        let key = HashMap::from(place(&self.key));
        let item = TransactWriteItem::builder();
        let item = match &self.effect {
            Effect::None => item.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .return_values_on_condition_check_failure(old)
                    .build()
                    .map_err(|error| Error::Defect(error.into()))?,
            ),
            Effect::Put(content) => item.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(content.clone()))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .return_values_on_condition_check_failure(old)
                    .build()
                    .map_err(|error| Error::Defect(error.into()))?,
            ),
            Effect::Delete => item.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .return_values_on_condition_check_failure(old)
                    .build()
                    .map_err(|error| Error::Defect(error.into()))?,
            ),
            Effect::Update { set, once, add, unset } => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .update_expression(update_expression(set, once, add, unset, &mut terms))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
                    .return_values_on_condition_check_failure(old)
                    .build()
                    .map_err(|error| Error::Defect(error.into()))?,
            ),
        };
        Ok(item.build())
    }
}

fn update_expression(
    set: &[(String, AttributeValue)],
    once: &[(String, AttributeValue)],
    add: &[(Number, i64)],
    unset: &[&str],
    terms: &mut Terms,
) -> String {
    let mut sets: Vec<_> =
        set.iter().map(|(name, value)| format!("{} = {}", terms.name(name), terms.value(value.clone()))).collect();
    sets.extend(once.iter().map(|(name, value)| {
        let name = terms.name(name);
        format!("{name} = if_not_exists({name}, {})", terms.value(value.clone()))
    }));
    let mut adds = Vec::new();
    for (to, amount) in add {
        match to {
            Number::Attribute(name) => adds.push(format!("{} {}", terms.name(name), terms.value(number(*amount)))),
            // `ADD` takes top-level attributes only.
            Number::Member { map, name } => {
                let path = format!("{}.{}", terms.name(map), terms.name(name));
                let (zero, amount) = (terms.value(number(0)), terms.value(number(*amount)));
                sets.push(format!("{path} = if_not_exists({path}, {zero}) + {amount}"));
            }
        }
    }
    let removes = unset.iter().map(|name| terms.name(name)).collect();
    [("SET", sets), ("ADD", adds), ("REMOVE", removes)]
        .into_iter()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(verb, parts)| format!("{verb} {}", parts.join(", ")))
        .collect::<Vec<_>>()
        .join(" ")
}
