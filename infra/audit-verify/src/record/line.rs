//! A line of an export, its text, and the digests that bind them. This file does not know the other lines.

use crate::{digest::Digest, record::unique::Unique};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{fmt, num::NonZeroU64};

/// Version of the format that this program knows.
const VERSION: u64 = 1;

/// The sequence of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SequenceName {
    /// Records of the log.
    Log,
    /// Records that were written before the log began.
    Before,
}

/// The type of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineType {
    /// A record.
    Record,
}

/// A line of an export.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// Type of the line.
    #[serde(rename = "type")]
    pub line_type: LineType,
    /// Sequence of the record.
    pub sequence: SequenceName,
    /// Number in the sequence, from 1.
    pub number: NonZeroU64,
    /// Digest of the record before it.
    pub previous: Digest,
    /// Digest of this record.
    pub digest: Digest,
    /// The record, in JSON. It is hashed as it is.
    pub text: String,
    /// Values that can be erased and were not, by name.
    pub values: Unique<Value>,
}

/// A value that can be erased.
#[derive(Debug, Deserialize)]
pub struct Value {
    /// Salt of its digest.
    pub salt: String,
    /// The value, in JSON. It is hashed as it is.
    pub json: String,
}

/// Members of a record's text that bind it to other records.
#[derive(Debug, Deserialize)]
pub struct Text {
    v: u64,
    /// Id of the workspace.
    pub workspace: String,
    /// Number in the sequence, from 1.
    pub number: NonZeroU64,
    /// Id of the record.
    pub id: String,
    /// Time after which the record counts as absent.
    pub kept_until: Timestamp,
    /// `kept_until` of the record before it; `None` in the first record.
    #[serde(deserialize_with = "Option::deserialize")]
    pub previous_until: Option<Timestamp>,
    /// Kind of change.
    pub action: String,
    /// Changed fields and their new values, in JSON.
    pub after: Box<RawValue>,
    /// Digests of the values that can be erased, by name.
    pub digests: Unique<Digest>,
}

/// Reason why a line cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The line is not JSON, or has other members.
    #[error("it is not a record of an export: {0}")]
    Line(serde_json::Error),
    /// The text is not JSON, or has other members.
    #[error("its text is not the text of a record: {0}")]
    Text(serde_json::Error),
    /// The text has a later version of the format.
    #[error("its text has version {0} of the format; use a program that knows this version")]
    Version(u64),
}

impl Line {
    /// Parses a line.
    ///
    /// # Errors
    /// [`Error::Line`] if it is not a record.
    pub fn parse(line: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(line).map_err(Error::Line)
    }

    /// Computes the digest of the record. It is equal to [`Self::digest`] unless the record was changed.
    #[must_use]
    pub fn compute_digest(&self) -> Digest {
        let purpose = match self.sequence {
            SequenceName::Log => "berth.audit.record.v1",
            SequenceName::Before => "berth.audit.before.v1",
        };
        Digest::with_purpose(purpose, self.previous.bytes(), self.text.as_bytes())
    }

    /// Returns a message for each part of the line that the text contradicts.
    pub fn contradictions<'a>(&'a self, text: &'a Text) -> impl Iterator<Item = String> + 'a {
        let number = (self.number != text.number)
            .then(|| format!("its number was changed from {} to {} after it was written", text.number, self.number));
        let changed = self.values.0.iter().filter_map(|(name, value)| match text.digests.0.get(name) {
            None => Some(format!("the value `{name}` was added after the record was written")),
            Some(digest) if *digest != value.compute_digest(name) => {
                Some(format!("the value `{name}` was changed after the record was written"))
            }
            Some(_) => None,
        });
        number.into_iter().chain(changed)
    }
}

impl Value {
    fn compute_digest(&self, name: &str) -> Digest {
        let [salt, name, json] = [&self.salt, name, &self.json].map(str::as_bytes);
        Digest::of(&[b"berth.audit.", salt, &[0], name, &[0], json])
    }
}

impl Text {
    /// Parses the text of a record.
    ///
    /// # Errors
    /// [`Error::Text`] if it is not one, [`Error::Version`] if it has another version.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text: Self = serde_json::from_str(text).map_err(Error::Text)?;
        if text.v == VERSION { Ok(text) } else { Err(Error::Version(text.v)) }
    }
}

impl fmt::Display for SequenceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Log => "log",
            Self::Before => "before",
        })
    }
}
