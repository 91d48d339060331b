//! Items of the table and their stored values. Every item carries its type and the version of its shape.

use crate::{
    partitions::ItemKind,
    table::error::{Corrupt, Error},
};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use std::collections::HashMap;

/// An item as the SDK represents it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Primary key of an item.
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

/// The stored shape of an item. Each belongs to the file of its aggregate.
pub(crate) trait Stored: Serialize + DeserializeOwned {
    /// Kind of the items, registered in `partitions`.
    const KIND: ItemKind;
    /// Name of the type, stored in `_type`.
    const TYPE: &'static str = Self::KIND.name();
    /// Version of the shape, raised when old items can no longer be read as new ones.
    const VERSION: u32 = 1;
}

/// A value stored as one JSON string. Numbers and nesting of the table are narrower than those of JSON, so free-form
/// input is stored this way.
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

/// Returns a number as an attribute value.
pub(crate) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// Returns a text as an attribute value.
pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// Returns the item that stores `stored` at `key`.
pub(crate) fn encode<S: Stored>(key: &Key, stored: &S) -> Result<Item, Error> {
    let mut item: Item = serde_dynamo::to_item(stored).map_err(|error| Error::Defect(error.into()))?;
    item.extend(place(key));
    item.extend(stamp::<S>());
    Ok(item)
}

/// Type and version attributes, present in every item.
pub(crate) fn stamp<S: Stored>() -> [(String, AttributeValue); 2] {
    [("_type".to_owned(), text(S::TYPE)), ("_v".to_owned(), number(S::VERSION))]
}

/// The key as two attributes.
pub(crate) fn place(key: &Key) -> [(String, AttributeValue); 2] {
    [("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))]
}

/// Returns the key of an item.
pub(crate) fn key_of(item: &Item) -> Option<Key> {
    let part = |name| item.get(name)?.as_s().ok().cloned();
    Some(Key { pk: part("pk")?, sk: part("sk")? })
}

/// Returns the registered kind of an item.
pub(crate) fn kind_of(item: &Item) -> Option<ItemKind> {
    let key = key_of(item)?;
    ItemKind::at(&key.pk, &key.sk)
}

/// Returns the stored value of `item`.
pub(crate) fn decode<S: Stored>(item: &Item) -> Result<S, Corrupt> {
    let corrupt = Corrupt { wanted: S::TYPE, version: S::VERSION };
    if !stamp::<S>().iter().all(|(name, value)| item.get(name) == Some(value)) {
        return Err(corrupt);
    }
    serde_dynamo::from_item(item.clone()).map_err(|_| corrupt)
}
