//! Common parts of all objects: times, ids, lists.

use jiff::Timestamp;
use serde_json::{Value, json};

/// API version of every object and event (<https://docs.stripe.com/api/versioning>).
pub(crate) const API_VERSION: &str = "2026-09-30.endive";

/// Formats a time as Stripe does.
pub(super) fn time(at: Timestamp) -> i64 {
    at.as_second()
}

/// Formats an optional time.
pub(super) fn maybe_time(at: Option<Timestamp>) -> Value {
    json!(at.map(time))
}

/// Formats an optional id.
pub(super) fn maybe_id(id: Option<&impl ToString>) -> Value {
    json!(id.map(ToString::to_string))
}

/// Formats ids.
pub(super) fn ids(ids: &[impl ToString]) -> Value {
    ids.iter().map(ToString::to_string).collect()
}

/// Makes a list object with one page.
pub(super) fn whole_list(data: Vec<Value>, url: &str) -> Value {
    json!({ "object": "list", "data": data, "has_more": false, "url": url })
}

/// Merges the fields of several objects.
pub(super) fn together<const N: usize>(parts: [Value; N]) -> Value {
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    });
    Value::Object(fields.flatten().collect())
}
