//! Views of the audit log.

use domain::{
    audit::{
        chain::{LinkedRecord, Sequence},
        checkpoint::Checkpoint,
        digest::Digest,
        record::{AuditAction, Record},
    },
    ids::{AuditId, KeyId, UserId},
    text::PersonName,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use store::audit::StoredAudit;

/// A checkpoint of the log.
pub type CheckpointView = Checkpoint;

/// A change in the workspace, from its audit record.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Activity)]
pub struct ActivityView {
    /// Id of the audit record.
    pub id: AuditId,
    /// Time of the change (RFC 3339, UTC).
    pub at: Timestamp,
    /// Id of the user on whose behalf the change was made.
    pub actor: UserId,
    /// Name of the user or operator at the time; null for automatic changes and if none was known.
    pub actor_name: Option<PersonName>,
    /// Kind of change.
    pub action: AuditAction,
    /// Id of the changed object.
    pub target: String,
    /// Changed fields with their values before the change.
    pub before: Map<String, Value>,
    /// Changed fields with their values after the change.
    pub after: Map<String, Value>,
    /// Id of the request, assigned by the API gateway.
    pub request_id: String,
    /// IP address of the caller.
    pub ip_address: Option<String>,
    /// Id of the API key with which the change was made; null if a person made it.
    pub key: Option<KeyId>,
}

impl ActivityView {
    /// Column names of the CSV export.
    pub const COLUMNS: [&'static str; 11] =
        ["id", "at", "actor", "action", "target", "before", "after", "request_id", "ip_address", "actor_name", "key"];

    /// Returns the cells of the record's row in the CSV export.
    #[must_use]
    pub fn row(self) -> [String; 11] {
        let Self { id, at, actor, actor_name, action, target, before, after, request_id, ip_address, key } = self;
        [
            id.to_string(),
            at.to_string(),
            actor.to_string(),
            action.name().to_owned(),
            target,
            Value::Object(before).to_string(),
            Value::Object(after).to_string(),
            request_id,
            ip_address.unwrap_or_default(),
            actor_name.map(|name| name.to_string()).unwrap_or_default(),
            key.map(|key| key.to_string()).unwrap_or_default(),
        ]
    }
}

impl From<Record> for ActivityView {
    fn from(record: Record) -> Self {
        let Record { id, at, actor, actor_name, key, origin, entry } = record;
        let entry = entry.shown();
        Self {
            id,
            at,
            actor,
            actor_name,
            action: entry.action,
            target: entry.target,
            before: entry.before,
            after: entry.after,
            request_id: origin.request_id,
            ip_address: origin.ip_address,
            key,
        }
    }
}

/// A change in the workspace, and its place in the log.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = AuditRecord)]
pub struct AuditView {
    /// The change.
    #[serde(flatten)]
    pub activity: ActivityView,
    /// Sequence of the record: `log`, or `before` for records from before the log was chained; null as long as such a record
    /// has no place.
    #[schema(value_type = Option<String>)]
    pub sequence: Option<Sequence>,
    /// Number of the record in its sequence.
    pub number: Option<u64>,
    /// Digest of the record before it.
    #[schema(value_type = Option<String>)]
    pub previous: Option<Digest>,
    /// Digest of the record.
    #[schema(value_type = Option<String>)]
    pub digest: Option<Digest>,
}

impl AuditView {
    /// Column names of the CSV export.
    pub const COLUMNS: [&'static str; 15] = [
        "id",
        "at",
        "actor",
        "action",
        "target",
        "before",
        "after",
        "request_id",
        "ip_address",
        "actor_name",
        "sequence",
        "number",
        "previous",
        "digest",
        "key",
    ];

    /// Returns the cells of the record's row in the CSV export.
    #[must_use]
    pub fn row(self) -> [String; 15] {
        let Self { activity, sequence, number, previous, digest } = self;
        let [id, at, actor, action, target, before, after, request_id, ip_address, actor_name, key] = activity.row();
        let sequence = sequence.map(Sequence::name).unwrap_or_default().to_owned();
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let text = |digest: Option<Digest>| digest.map(|digest| digest.to_string()).unwrap_or_default();
        let (previous, digest) = (text(previous), text(digest));
        [
            id, at, actor, action, target, before, after, request_id, ip_address, actor_name, sequence, number,
            previous, digest, key,
        ]
    }
}

impl From<StoredAudit> for AuditView {
    fn from(StoredAudit { sealed, place, .. }: StoredAudit) -> Self {
        let (place, digest) = place.unzip();
        Self {
            activity: sealed.shown().into(),
            sequence: place.map(|place| place.sequence),
            number: place.map(|place| place.number),
            previous: place.map(|place| place.previous),
            digest,
        }
    }
}

impl From<LinkedRecord> for AuditView {
    fn from(record: LinkedRecord) -> Self {
        let LinkedRecord { sealed, kept_until, place, digest } = record;
        StoredAudit { sealed, kept_until, place: Some((place, digest)) }.into()
    }
}
