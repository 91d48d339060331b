//! Queries: entries of one partition, of the table or of one of its indexes. It knows no aggregate.

use crate::table::{
    condition::{Condition, Terms},
    item::{Item, text},
};
use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};

/// A query for the entries of one partition, in ascending order of their sort keys.
#[derive(Debug)]
pub(crate) struct Query {
    index: Option<&'static str>,
    terms: Terms,
    within: String,
    filters: Vec<String>,
    start: Option<Item>,
    limit: Option<i32>,
    newest_first: bool,
}

impl Query {
    /// Asks for the entries of a partition of the table, as all earlier writes have left them.
    pub(crate) fn table(partition: impl Into<String>) -> Self {
        Self::partition(None, "pk", partition)
    }

    /// Asks for the entries of a partition of `index`, which the attribute `key` names. An index lags behind the table.
    pub(crate) fn index(index: &'static str, key: &'static str, partition: impl Into<String>) -> Self {
        Self::partition(Some(index), key, partition)
    }

    fn partition(index: Option<&'static str>, key: &'static str, partition: impl Into<String>) -> Self {
        let mut terms = Terms::default();
        let within = Condition::Equals(key, text(partition)).expression(&mut terms);
        Self { index, terms, within, filters: Vec::new(), start: None, limit: None, newest_first: false }
    }

    /// Leaves out entries whose sort keys do not begin with `prefix`.
    pub(crate) fn starting_with(mut self, prefix: &str) -> Self {
        if !prefix.is_empty() {
            let (name, value) = (self.terms.name("sk"), self.terms.value(text(prefix)));
            self.within += &format!(" AND begins_with({name}, {value})");
        }
        self
    }

    /// Leaves out entries whose sort keys are not between `first` and `last`, both included.
    pub(crate) fn between(mut self, first: String, last: String) -> Self {
        let (name, first) = (self.terms.name("sk"), self.terms.value(text(first)));
        let last = self.terms.value(text(last));
        self.within += &format!(" AND {name} BETWEEN {first} AND {last}");
        self
    }

    /// Leaves out entries whose sort key, the attribute `name`, is not below `value`.
    pub(crate) fn below(mut self, name: &str, value: AttributeValue) -> Self {
        let (name, value) = (self.terms.name(name), self.terms.value(value));
        self.within += &format!(" AND {name} < {value}");
        self
    }

    /// Leaves out entries whose sort key does not satisfy `condition`.
    pub(crate) fn within(mut self, condition: &Condition) -> Self {
        self.within += &format!(" AND {}", condition.expression(&mut self.terms));
        self
    }

    /// Leaves out entries that do not satisfy `condition`, after they were counted against the limit.
    pub(crate) fn filter(mut self, condition: &Condition) -> Self {
        self.filters.push(condition.expression(&mut self.terms));
        self
    }

    /// Begins after the entry at the position `start`.
    pub(crate) fn after(self, start: Option<Item>) -> Self {
        Self { start, ..self }
    }

    /// Examines up to `limit` entries.
    pub(crate) fn limit(self, limit: usize) -> Self {
        Self { limit: Some(i32::try_from(limit).unwrap_or(i32::MAX)), ..self }
    }

    /// Reverses the order: if the sort keys begin with times, the newest comes first.
    pub(crate) fn newest_first(self) -> Self {
        Self { newest_first: true, ..self }
    }

    /// Returns the request of the query. An index cannot be read consistently.
    pub(super) fn shape(self, request: QueryFluentBuilder) -> QueryFluentBuilder {
        let filter = (!self.filters.is_empty()).then(|| self.filters.join(" AND "));
        request
            .consistent_read(self.index.is_none())
            .set_index_name(self.index.map(ToOwned::to_owned))
            .key_condition_expression(self.within)
            .set_filter_expression(filter)
            .set_expression_attribute_names(self.terms.names())
            .set_expression_attribute_values(self.terms.values())
            .set_exclusive_start_key(self.start)
            .set_limit(self.limit)
            .scan_index_forward(!self.newest_first)
    }
}
