//! Metadata (<https://docs.stripe.com/api/metadata>): up to 50 keys of 40 characters, with values of up to 500.

use super::tree::Node;
use crate::error::{ApiError, Result};
use std::collections::BTreeMap;

/// Metadata of an object.
pub(crate) type Metadata = BTreeMap<String, String>;

const KEYS: usize = 50;
const KEY_LENGTH: usize = 40;
const VALUE_LENGTH: usize = 500;

/// Change of the metadata: named keys are set, or unset by an empty value. Others stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MetadataChange {
    clear: bool,
    entries: BTreeMap<String, String>,
}

impl MetadataChange {
    /// Unsets every key.
    pub(super) fn clear() -> Self {
        Self { clear: true, entries: BTreeMap::new() }
    }

    pub(super) fn read(param: &str, nodes: Vec<(String, Node)>) -> Result<Self> {
        let mut entries = BTreeMap::new();
        for (key, node) in nodes {
            let name = format!("{param}[{key}]");
            let Node::Text(value) = node else {
                return Err(ApiError::invalid(&name, "Metadata values must be strings."));
            };
            if key.chars().count() > KEY_LENGTH {
                let message = format!("Metadata keys can have up to {KEY_LENGTH} characters.");
                return Err(ApiError::invalid(&name, message));
            }
            if value.chars().count() > VALUE_LENGTH {
                let message = format!("Metadata values can have up to {VALUE_LENGTH} characters.");
                return Err(ApiError::invalid(&name, message));
            }
            entries.insert(key, value);
        }
        Ok(Self { clear: false, entries })
    }

    /// Applies the change, or refuses it if more keys would remain than Stripe allows.
    pub(crate) fn apply(&self, metadata: &mut Metadata) -> Result<()> {
        let mut changed = if self.clear { Metadata::new() } else { metadata.clone() };
        for (key, value) in &self.entries {
            if value.is_empty() {
                changed.remove(key);
            } else {
                changed.insert(key.clone(), value.clone());
            }
        }
        if changed.len() > KEYS {
            return Err(ApiError::invalid("metadata", format!("You can set up to {KEYS} metadata keys.")));
        }
        *metadata = changed;
        Ok(())
    }

    /// Returns the named keys with their new values, if there are any.
    pub(crate) fn named(&self) -> Option<&BTreeMap<String, String>> {
        Some(&self.entries).filter(|entries| !entries.is_empty())
    }

    /// Returns the metadata of a new object.
    pub(crate) fn fresh(&self) -> Result<Metadata> {
        let mut metadata = Metadata::new();
        self.apply(&mut metadata)?;
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;

    fn check(before: &[(&str, &str)], form: &str, after: &[(&str, &str)]) {
        let own = |pairs: &[(&str, &str)]| -> Metadata {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let mut metadata = own(before);
        let mut params = Params::read(form_urlencoded::parse(form.as_bytes()).into_owned());
        params.metadata("metadata").unwrap().apply(&mut metadata).unwrap();
        assert_eq!(metadata, own(after), "{form}");
    }

    #[test]
    fn changes() {
        check(&[("a", "1")], "", &[("a", "1")]);
        check(&[("a", "1")], "metadata[b]=2", &[("a", "1"), ("b", "2")]);
        check(&[("a", "1"), ("b", "2")], "metadata[a]=", &[("b", "2")]);
        check(&[("a", "1")], "metadata=", &[]);
    }
}
