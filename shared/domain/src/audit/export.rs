//! Exported records, with which others verify the log.

use crate::{
    audit::{
        chain::{LinkedRecord, Sequence, text},
        digest::Digest,
    },
    ids::WorkspaceId,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A line of the export; docs/audit-format.md has its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportedRecord {
    /// `record`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Sequence of the record: `log`, or `before` for records from before the log was chained.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    sequence: Sequence,
    /// Number of the record in its sequence.
    number: u64,
    /// Digest of the record before it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    previous: Digest,
    /// Digest of the record.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    digest: Digest,
    /// The record, as JSON.
    text: String,
    /// Values that can be erased, by name.
    values: BTreeMap<String, ExportedValue>,
}

/// A value that can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct ExportedValue {
    /// Salt of its digest.
    salt: String,
    /// The value, as JSON.
    json: String,
}

impl ExportedRecord {
    /// The line of `record`.
    #[must_use]
    pub fn new(workspace: WorkspaceId, record: &LinkedRecord) -> Self {
        let values = record.sealed.open_values().into_iter();
        Self {
            kind: "record",
            sequence: record.place.sequence,
            number: record.place.number,
            previous: record.place.previous,
            digest: record.digest,
            text: text(workspace, &record.sealed, record.kept_until, &record.place),
            values: values
                .map(|(name, (salt, value))| (name, ExportedValue { salt, json: value.to_string() }))
                .collect(),
        }
    }
}
