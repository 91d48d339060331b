//! Templates for the tests.

use serde_json::{Value, json};
use std::{fs, path::PathBuf};

/// Returns the folder of the workspace.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads a template, or a part of one, without its tags (`!Ref`, `!GetAtt`).
pub(crate) fn read(template: &str) -> Value {
    let text = fs::read_to_string(root().join(template)).unwrap();
    plain(yaml_serde::from_str(&text).unwrap())
}

fn plain(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Tagged(tagged) => json!({ tagged.tag.to_string(): plain(tagged.value) }),
        yaml_serde::Value::Sequence(items) => items.into_iter().map(plain).collect(),
        yaml_serde::Value::Mapping(fields) => {
            fields.into_iter().map(|(name, value)| (name.as_str().unwrap().to_owned(), plain(value))).collect()
        }
        scalar @ (yaml_serde::Value::Null
        | yaml_serde::Value::Bool(_)
        | yaml_serde::Value::Number(_)
        | yaml_serde::Value::String(_)) => serde_json::to_value(scalar).unwrap(),
    }
}
