//! Parameters of a request. Each is taken by name and form, and the rest at the end is refused as unknown, as Stripe
//! does. It knows no endpoint.

mod metadata;
mod tree;

pub(crate) use metadata::{Metadata, MetadataChange};
use tree::Node;

use crate::error::{ApiError, Result};
use jiff::Timestamp;
use std::{fmt, str::FromStr};

/// Change of one field in an update: an absent parameter keeps it, an empty one unsets it
/// (<https://docs.stripe.com/api/customers/update>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Change<T> {
    /// Applies the change to the field.
    pub(crate) fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// Returns the value, if one was given.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Keep | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// Parameters of a request, or of one of its nested hashes.
#[derive(Debug, Default)]
pub(crate) struct Params {
    path: String,
    entries: Vec<(String, Node)>,
}

impl Params {
    /// Reads form-encoded pairs of the query and of the body.
    pub(crate) fn read(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut entries = Vec::new();
        for (name, value) in pairs {
            tree::insert(&mut entries, &name, value);
        }
        Self { path: String::new(), entries }
    }

    /// Returns the full name of a parameter in this hash, as in Stripe's messages.
    pub(crate) fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}[{key}]", self.path) }
    }

    fn take(&mut self, key: &str) -> Option<Node> {
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(at).1)
    }

    /// Takes a text. An empty one counts as absent.
    pub(crate) fn text(&mut self, key: &str) -> Result<Option<String>> {
        Ok(self.text_change(key)?.value())
    }

    /// Takes a text that an update may also unset.
    pub(crate) fn text_change(&mut self, key: &str) -> Result<Change<String>> {
        match self.take(key) {
            None => Ok(Change::Keep),
            Some(Node::Text(text)) if text.is_empty() => Ok(Change::Clear),
            Some(Node::Text(text)) => Ok(Change::Set(text)),
            Some(Node::Branch(_)) => Err(ApiError::invalid(&self.name(key), "Invalid string")),
        }
    }

    /// Takes a required text.
    pub(crate) fn required(&mut self, key: &str) -> Result<String> {
        self.text(key)?.ok_or_else(|| ApiError::required(&self.name(key)))
    }

    /// Takes an integer.
    pub(crate) fn integer(&mut self, key: &str) -> Result<Option<i64>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let invalid = |_| ApiError::invalid(&self.name(key), format!("Invalid integer: {text}"));
        text.parse().map(Some).map_err(invalid)
    }

    /// Takes an integer that is not negative.
    pub(crate) fn unsigned(&mut self, key: &str) -> Result<Option<i64>> {
        let number = self.integer(key)?;
        if number.is_some_and(|number| number < 0) {
            return Err(ApiError::invalid(&self.name(key), "Invalid non-negative integer"));
        }
        Ok(number)
    }

    /// Takes a value of a type that is read from text.
    pub(crate) fn parsed<T: FromStr<Err: fmt::Display>>(&mut self, key: &str) -> Result<Option<T>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        text.parse().map(Some).map_err(|error: T::Err| ApiError::invalid(&self.name(key), error.to_string()))
    }

    /// Takes a text that an update cannot unset.
    pub(crate) fn set_text(&mut self, key: &str) -> Result<Option<String>> {
        match self.text_change(key)? {
            Change::Keep => Ok(None),
            Change::Clear => Err(ApiError::empty(&self.name(key))),
            Change::Set(text) => Ok(Some(text)),
        }
    }

    /// Takes `true` or `false`.
    pub(crate) fn flag(&mut self, key: &str) -> Result<Option<bool>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        match text.as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            other => Err(ApiError::invalid(&self.name(key), format!("Invalid boolean: {other}"))),
        }
    }

    /// Takes a time, in seconds since 1970.
    pub(crate) fn time(&mut self, key: &str) -> Result<Option<Timestamp>> {
        let Some(seconds) = self.integer(key)? else { return Ok(None) };
        let invalid = |_| ApiError::invalid(&self.name(key), format!("Invalid timestamp: {seconds}"));
        Timestamp::from_second(seconds).map(Some).map_err(invalid)
    }

    /// Takes one of these words.
    pub(crate) fn choice<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Ok(Some(*value));
        }
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        Err(ApiError::invalid(&self.name(key), format!("Invalid {key}: must be one of {}", known.join(", "))))
    }

    /// Returns true if the parameter is a nested hash, for parameters that may also be a plain value.
    pub(crate) fn is_hash(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, node)| name == key && matches!(node, Node::Branch(_)))
    }

    /// Returns true if the parameter is given, with any value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name == key)
    }

    /// Takes a nested hash.
    pub(crate) fn hash(&mut self, key: &str) -> Result<Option<Self>> {
        match self.take(key) {
            None => Ok(None),
            // Stripe's form encoding writes an unset hash as `hash=`.
            Some(Node::Text(text)) if text.is_empty() => Ok(None),
            Some(Node::Text(_)) => Err(ApiError::invalid(&self.name(key), "Invalid hash")),
            Some(Node::Branch(entries)) => Ok(Some(Self { path: self.name(key), entries })),
        }
    }

    /// Takes a list of hashes: `key[0][..]`, `key[1][..]`.
    pub(crate) fn hashes(&mut self, key: &str) -> Result<Vec<Self>> {
        let Some(mut list) = self.hash(key)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (index, node) in std::mem::take(&mut list.entries) {
            let path = list.name(&index);
            match node {
                Node::Branch(entries) if is_index(&index) => found.push(Self { path, entries }),
                Node::Branch(_) | Node::Text(_) => return Err(ApiError::invalid(&list.path, "Invalid array")),
            }
        }
        Ok(found)
    }

    /// Takes a list of texts: `key[]`, `key[0]`.
    pub(crate) fn texts(&mut self, key: &str) -> Result<Vec<String>> {
        let Some(mut list) = self.hash(key)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (index, node) in std::mem::take(&mut list.entries) {
            match node {
                Node::Text(text) if is_index(&index) => found.push(text),
                Node::Branch(_) | Node::Text(_) => return Err(ApiError::invalid(&list.path, "Invalid array")),
            }
        }
        Ok(found)
    }

    /// Takes a change of the metadata.
    pub(crate) fn metadata(&mut self, key: &str) -> Result<MetadataChange> {
        match self.take(key) {
            None => Ok(MetadataChange::default()),
            Some(Node::Text(text)) if text.is_empty() => Ok(MetadataChange::clear()),
            Some(Node::Text(_)) => Err(ApiError::invalid(&self.name(key), "Invalid hash")),
            Some(Node::Branch(entries)) => MetadataChange::read(&self.name(key), entries),
        }
    }

    /// Refuses the parameters that were not taken.
    pub(crate) fn finish(self) -> Result<()> {
        match self.entries.first() {
            None => Ok(()),
            Some((key, node)) => Err(ApiError::unknown_param(&node.leaf(&self.name(key)))),
        }
    }
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(form: &str) -> Params {
        Params::read(form_urlencoded::parse(form.as_bytes()).into_owned())
    }

    fn body(error: &ApiError) -> String {
        let body = error.body();
        format!("{}: {}", body["error"]["param"].as_str().unwrap(), body["error"]["message"].as_str().unwrap())
    }

    #[test]
    fn nested_hashes_and_lists() {
        let mut found =
            params("line_items[0][price]=price_1&line_items[0][quantity]=2&line_items[1][price]=b&expand[]=x");
        assert_eq!(found.texts("expand").unwrap(), ["x"]);
        let mut items = found.hashes("line_items").unwrap();
        assert_eq!(items[0].required("price").unwrap(), "price_1");
        assert_eq!(items[0].integer("quantity").unwrap(), Some(2));
        assert_eq!(items[1].required("price").unwrap(), "b");
        found.finish().unwrap();
    }

    #[test]
    fn unknown_parameters_are_refused_by_their_full_name() {
        let mut found = params("a[b][c]=1&d=2");
        assert_eq!(found.text("d").unwrap().unwrap(), "2");
        assert_eq!(body(&found.finish().unwrap_err()), "a[b][c]: Received unknown parameter: a[b][c]");
    }

    #[test]
    fn forms() {
        assert_eq!(body(&params("n=x").integer("n").unwrap_err()), "n: Invalid integer: x");
        assert_eq!(body(&params("n=-1").unsigned("n").unwrap_err()), "n: Invalid non-negative integer");
        assert_eq!(params("n=0").unsigned("n").unwrap(), Some(0));
        assert_eq!(body(&params("n=1").flag("n").unwrap_err()), "n: Invalid boolean: 1");
        assert_eq!(body(&params("").required("n").unwrap_err()), "n: Missing required param: n.");
        let mode = params("mode=x").choice("mode", &[("a", 1), ("b", 2)]).unwrap_err();
        assert_eq!(body(&mode), "mode: Invalid mode: must be one of a, b");
        assert_eq!(params("n=").text_change("n").unwrap(), Change::Clear);
        assert_eq!(params("m=1").text_change("n").unwrap(), Change::Keep);
    }
}
