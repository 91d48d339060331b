//! Items of the table and what is stored in them: every item carries its type and the version of its shape.

use crate::table::error::{Corrupt, Error};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use std::collections::HashMap;

/// An item, as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Where an item stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    pub(super) fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }
}

/// The attribute by which the table deletes items: seconds since 1970.
pub(crate) const TTL: &str = "ttl";

/// What an aggregate's file keeps in an item.
pub(crate) trait Stored: Serialize + DeserializeOwned {
    /// What it is.
    const TYPE: &'static str;
    /// The version of its shape; raised when old items can no longer be read as new ones.
    const VERSION: u32 = 1;
}

/// A value that stands as JSON in one text. The table's own numbers and nesting are narrower than JSON's, so what people
/// write freely is kept this way.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::from_str(&String::deserialize(deserializer)?).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A number as the table has it.
pub(crate) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A text as the table has it.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// The item that keeps `stored` at `key`.
pub(crate) fn encode<S: Stored>(key: &Key, stored: &S) -> Result<Item, Error> {
    let mut item: Item = serde_dynamo::to_item(stored).map_err(|error| Error::Defect(error.into()))?;
    item.extend(place(key));
    item.extend(stamp::<S>());
    Ok(item)
}

/// Type and version, as they stand in every item.
pub(crate) fn stamp<S: Stored>() -> [(String, AttributeValue); 2] {
    [("_type".to_owned(), text(S::TYPE)), ("_v".to_owned(), number(S::VERSION))]
}

/// The key as two attributes.
pub(crate) fn place(key: &Key) -> [(String, AttributeValue); 2] {
    [("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))]
}

/// The key of an item.
pub(crate) fn key_of(item: &Item) -> Option<Key> {
    let part = |name| item.get(name)?.as_s().ok().cloned();
    Some(Key { pk: part("pk")?, sk: part("sk")? })
}

/// What `item` keeps.
pub(crate) fn decode<S: Stored>(item: &Item) -> Result<S, Corrupt> {
    let corrupt = Corrupt { wanted: S::TYPE, version: S::VERSION };
    if !stamp::<S>().iter().all(|(name, value)| item.get(name) == Some(value)) {
        return Err(corrupt);
    }
    serde_dynamo::from_item(item.clone()).map_err(|_| corrupt)
}
