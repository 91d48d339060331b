//! Writes exports, as docs/audit-format.md describes them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The workspace.
pub(crate) const WORKSPACE: &str = "ws_01K00000000000000000000001";
/// Digest of the predecessor of a first record.
pub(crate) const ZERO: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Time for which a record counts.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);

/// A line of an export, the members of which a test can change.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    r#type: &'static str,
    pub(crate) sequence: &'static str,
    pub(crate) number: u64,
    pub(crate) previous: String,
    pub(crate) digest: String,
    pub(crate) text: String,
    pub(crate) values: Map<String, Value>,
}

/// The text of a record, in the order of its members.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Text {
    v: u8,
    pub(crate) workspace: String,
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) kept_until: Timestamp,
    pub(crate) previous_until: Option<Timestamp>,
    actor: String,
    pub(crate) action: String,
    target: String,
    before: Map<String, Value>,
    pub(crate) after: Value,
    request_id: String,
    digests: Map<String, Value>,
}

/// What a record says.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) day: i64,
    pub(crate) action: &'static str,
    pub(crate) after: Value,
    /// Values that can be erased, by name.
    pub(crate) values: Vec<(&'static str, Value)>,
}

/// Returns the digest of the parts.
pub(crate) fn digest(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().to_vec()
}

/// Returns a digest as JSON has it.
pub(crate) fn encode(digest: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(digest)
}

/// Time of a day, counted from 1 January 2026, as the programs' arguments have it.
pub(crate) fn day(day: i64) -> Timestamp {
    let start: Timestamp = "2026-01-01T10:20:30.123456789Z".parse().unwrap();
    start + SignedDuration::from_hours(24 * day)
}

/// Returns the time until which a record of a day counts.
pub(crate) fn kept_until(of_day: i64) -> Timestamp {
    Timestamp::from_second((day(of_day) + KEPT).as_second()).unwrap()
}

impl Line {
    /// Parses the text.
    pub(crate) fn read(&self) -> Text {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Changes the text, which leaves the digest as it is.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Text)) {
        let mut text = self.read();
        change(&mut text);
        self.text = serde_json::to_string(&text).unwrap();
    }

    /// Computes the digest again.
    pub(crate) fn seal(&mut self) {
        let purpose = if self.sequence == "log" { "berth.audit.record.v1" } else { "berth.audit.before.v1" };
        let previous = URL_SAFE_NO_PAD.decode(&self.previous).unwrap();
        self.digest = encode(digest(&[purpose.as_bytes(), &[0], &previous, self.text.as_bytes()]));
    }
}

/// Appends a record to the sequence that ends with `last`.
pub(crate) fn append(sequence: &'static str, last: Option<&Line>, change: Change) -> Line {
    let number = last.map_or(1, |last| last.number + 1);
    let mut digests = Map::new();
    let mut values = Map::new();
    for (name, value) in change.values {
        let (salt, json) = (format!("salt-{sequence}-{number}-{name}"), value.to_string());
        let parts: [&[u8]; 6] = [b"berth.audit.", salt.as_bytes(), &[0], name.as_bytes(), &[0], json.as_bytes()];
        digests.insert(name.to_owned(), json!(encode(digest(&parts))));
        values.insert(name.to_owned(), json!({ "salt": salt, "json": json }));
    }
    let text = Text {
        v: 1,
        workspace: WORKSPACE.to_owned(),
        number,
        id: format!("aud_01K{:023}", (change.day + 1000) * 1000 + i64::try_from(number).unwrap()),
        at: day(change.day),
        kept_until: kept_until(change.day),
        previous_until: last.map(|last| last.read().kept_until),
        actor: "usr_01K00000000000000000000002".to_owned(),
        action: change.action.to_owned(),
        target: "usr_01K00000000000000000000003".to_owned(),
        before: Map::new(),
        after: change.after,
        request_id: format!("req-{number}"),
        digests,
    };
    let mut line = Line {
        r#type: "record",
        sequence,
        number,
        previous: last.map_or_else(|| ZERO.to_owned(), |last| last.digest.clone()),
        digest: String::new(),
        text: serde_json::to_string(&text).unwrap(),
        values,
    };
    line.seal();
    line
}

/// Returns a change of a day, with values that can be erased.
pub(crate) fn change(day: i64) -> Change {
    Change {
        day,
        action: "member.invited",
        after: json!({ "role": "admin" }),
        values: vec![
            ("actor_name", json!("Zoë \"Z\" Müller\n")),
            ("after.email", json!(format!("ben{day}@example.com"))),
            ("ip_address", json!("192.0.2.7")),
        ],
    }
}

/// Returns the change that binds the records from before.
pub(crate) fn began(day: i64, before: &[Line]) -> Change {
    let last = before.last();
    let after = json!({
        "records": before.len(),
        "covered": last.map(|last| &last.digest),
        "covered_until": last.map(|last| last.read().kept_until),
    });
    Change { day, action: "audit.began", after, values: Vec::new() }
}

/// Appends a sequence of changes.
pub(crate) fn sequence(name: &'static str, changes: impl IntoIterator<Item = Change>) -> Vec<Line> {
    changes.into_iter().fold(Vec::new(), |mut lines, change| {
        lines.push(append(name, lines.last(), change));
        lines
    })
}

/// A well-formed export: 3 records from before, of the days -30 to -28, and 9 records of the log, of the days 0 to 8, of which
/// the first binds the records from before. So record 7 of the log is in line 10.
pub(crate) fn export() -> Vec<Line> {
    let mut lines = sequence("before", [-30, -29, -28].map(change));
    let log = sequence("log", [began(0, &lines)].into_iter().chain((1..9).map(change)));
    lines.extend(log);
    // The first record's address was erased, and all values of a later one.
    lines[0].values.remove("ip_address");
    lines[6].values.clear();
    lines
}

/// The log of [`export`], without records from before. So record 7 is in line 7.
pub(crate) fn log() -> Vec<Line> {
    sequence("log", (0..9).map(change))
}

/// Writes lines as NDJSON.
pub(crate) fn write(lines: &[Line]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("{}\n", serde_json::to_string(line).unwrap()).into_bytes()).collect()
}
