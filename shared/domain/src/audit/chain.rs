//! The chain of audit records: each record has the digest of the one before it. docs/audit-format.md has the format, from
//! which others verify an export; what is hashed here never changes.
//!
//! A record's text is made from its fields whenever it is needed. Values that can be erased are in it as digests, and the
//! salts say which these are, so the text is the same before and after an erasure.

use crate::{
    audit::{
        digest::Digest,
        record::{AuditAction, Entry},
        seal::SealedRecord,
    },
    ids::{AuditId, KeyId, UserId, WorkspaceId},
    integrations::Event,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use ulid::Ulid;

/// A sequence of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sequence {
    /// The log.
    Log,
    /// Records that were stored before the log was chained.
    Before,
}

impl Sequence {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Log => "berth.audit.record.v1",
            Self::Before => "berth.audit.before.v1",
        }
    }

    /// Name of the sequence in exports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Before => "before",
        }
    }
}

/// The end of a sequence: what the next record continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Number of the last record.
    pub number: u64,
    /// Its digest.
    pub digest: Digest,
    /// Its id.
    pub id: AuditId,
    /// Time after which it counts as absent.
    pub kept_until: Timestamp,
}

/// The end of a workspace's log, and what hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last record.
    pub end: End,
    /// Time of the last change.
    pub at: Timestamp,
    /// Number with which the newest checkpoint ends; 0 if there is none.
    pub checkpointed: u64,
    /// The events of the log that integrations have selected.
    pub selected: BTreeSet<Event>,
    /// Time after which the head is deleted: once the workspace is.
    pub expires: Option<Timestamp>,
}

/// How far the records from before the log was chained have places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linking {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The last one that has a place.
    pub end: Option<End>,
    /// The last record that was looked at.
    pub after: Option<AuditId>,
    /// Number of steps so far.
    pub step: u64,
}

/// The place of a record in a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The sequence.
    pub sequence: Sequence,
    /// Number of the record; the first is 1.
    pub number: u64,
    /// Digest of the record before it; [`Digest::NONE`] for the first.
    pub previous: Digest,
    /// Time after which the record before it counts as absent; `None` for the first.
    pub previous_until: Option<Timestamp>,
}

impl Place {
    /// Returns the place after `end`, or the first one.
    #[must_use]
    pub fn after(sequence: Sequence, end: Option<&End>) -> Self {
        Self {
            sequence,
            number: end.map_or(1, |end| end.number.saturating_add(1)),
            previous: end.map_or(Digest::NONE, |end| end.digest),
            previous_until: end.map(|end| end.kept_until),
        }
    }
}

/// A record in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedRecord {
    /// The record.
    pub sealed: SealedRecord,
    /// Time after which it counts as absent.
    pub kept_until: Timestamp,
    /// Its place.
    pub place: Place,
    /// Its digest.
    pub digest: Digest,
}

/// The text of a record. The order of the fields is that of the JSON.
#[derive(Serialize)]
struct Text<'a> {
    v: u8,
    workspace: WorkspaceId,
    number: u64,
    id: AuditId,
    at: Timestamp,
    kept_until: Timestamp,
    previous_until: Option<Timestamp>,
    actor: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<KeyId>,
    action: AuditAction,
    target: &'a str,
    before: BTreeMap<String, Value>,
    after: BTreeMap<String, Value>,
    request_id: &'a str,
    digests: BTreeMap<String, String>,
}

/// Returns the text of a record of `workspace` in `place`.
#[must_use]
pub fn text(workspace: WorkspaceId, sealed: &SealedRecord, kept_until: Timestamp, place: &Place) -> String {
    let record = &sealed.record;
    let open = |side: &str, changed: &Map<String, Value>| -> BTreeMap<String, Value> {
        let open = changed.iter().filter(|(field, _)| !sealed.can_be_erased(&format!("{side}.{field}")));
        open.map(|(field, value)| (field.clone(), value.clone())).collect()
    };
    let text = Text {
        v: 1,
        workspace,
        number: place.number,
        id: record.id,
        at: record.at,
        kept_until,
        previous_until: place.previous_until,
        actor: record.actor,
        key: record.key,
        action: record.entry.action,
        target: &record.entry.target,
        before: open("before", &record.entry.before),
        after: open("after", &record.entry.after),
        request_id: &record.origin.request_id,
        digests: sealed.all_digests(),
    };
    // Its keys are strings, and none of its values fails to serialize.
    serde_json::to_string(&text).unwrap_or_default()
}

impl LinkedRecord {
    /// Links `sealed` into `place`.
    #[must_use]
    pub fn new(workspace: WorkspaceId, sealed: SealedRecord, kept_until: Timestamp, place: Place) -> Self {
        let digest = digest(workspace, &sealed, kept_until, &place);
        Self { sealed, kept_until, place, digest }
    }

    /// Returns the digest that the record has by its contents.
    #[must_use]
    pub fn found_digest(&self, workspace: WorkspaceId) -> Digest {
        digest(workspace, &self.sealed, self.kept_until, &self.place)
    }

    /// What the next record of the sequence continues.
    #[must_use]
    pub const fn end(&self) -> End {
        End { number: self.place.number, digest: self.digest, id: self.sealed.record.id, kept_until: self.kept_until }
    }
}

fn digest(workspace: WorkspaceId, sealed: &SealedRecord, kept_until: Timestamp, place: &Place) -> Digest {
    let text = text(workspace, sealed, kept_until, place);
    Digest::of(place.sequence.purpose(), &[place.previous.bytes(), text.as_bytes()])
}

impl Entry {
    /// The entry for the records from before the log was chained, which end with `last`.
    #[must_use]
    pub fn began(workspace: WorkspaceId, last: Option<&End>) -> Self {
        let after = Map::from_iter([
            ("records".to_owned(), json!(last.map_or(0, |last| last.number))),
            ("covered".to_owned(), json!(last.map(|last| last.digest))),
            ("covered_until".to_owned(), json!(last.map(|last| last.kept_until))),
        ]);
        Self::new(AuditAction::AuditBegan, workspace, Map::new(), after)
    }
}

/// Returns the id of a record after `last` whose own id would be `fresh`: ids of a chain ascend, even if the clock of one
/// process is behind another's.
#[must_use]
pub fn id_after(last: Option<AuditId>, fresh: AuditId) -> AuditId {
    use crate::ids::Fresh;
    match last {
        Some(last) if last >= fresh => AuditId::fresh(Ulid::from(u128::from(last.ulid()).saturating_add(1))),
        Some(_) | None => fresh,
    }
}
