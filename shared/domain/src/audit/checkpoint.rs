//! Checkpoints: what a workspace's log was at a time, signed together with other workspaces' by one signature over the root
//! of a Merkle tree. docs/audit-format.md has the format.

use crate::{
    audit::{chain::End, digest::Digest},
    ids::WorkspaceId,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Time between two checkpoints of a workspace.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A signed checkpoint. The members are texts because their bytes are what was hashed and signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checkpoint {
    /// The checkpoint, as JSON.
    pub text: String,
    /// The way from the text to the root of the batch.
    pub proof: Vec<ProofStep>,
    /// The batch with which it was signed, as JSON.
    pub batch: String,
    /// ECDSA signature of the batch, in base64 (DER, SHA-256, P-256).
    pub signature: String,
}

/// Number of the record with which a checkpoint ends. Its text has 20 digits, so that texts sort as numbers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckpointNumber(pub u64);

/// The text is not the number of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 20 digits")]
pub struct ParseNumberError;

impl fmt::Display for CheckpointNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

impl FromStr for CheckpointNumber {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        let digits = text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits).map(Self).ok_or(ParseNumberError)
    }
}

/// A step towards the root: a digest, and the side of the digest so far that it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProofStep {
    /// Side of `digest`.
    pub side: Side,
    /// The digest that is hashed with the one so far.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub digest: Digest,
}

/// A side of a pair of digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Side {
    /// The first of the pair.
    Left,
    /// The second.
    Right,
}

/// The oldest record that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// Its number.
    pub number: u64,
    /// The digest of the record before it.
    pub previous: Digest,
}

/// The log of a workspace at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    v: u8,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Number of the newest record.
    pub number: u64,
    /// Its digest.
    pub digest: Digest,
    /// Time after which it counts as absent. Checkpoints from before it was stated have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<Timestamp>,
    /// Time of the checkpoint.
    pub at: Timestamp,
    /// Where the log began.
    pub begins: Option<Beginning>,
}

#[derive(Serialize)]
struct Batch<'a> {
    v: u8,
    at: Timestamp,
    key: &'a str,
    root: Digest,
    size: usize,
}

impl Statement {
    /// States that the log of `workspace` ended with `end` at `at`.
    #[must_use]
    pub const fn new(workspace: WorkspaceId, end: &End, at: Timestamp, begins: Option<Beginning>) -> Self {
        let kept_until = Some(end.kept_until);
        Self { v: 1, workspace, number: end.number, digest: end.digest, kept_until, at, begins }
    }

    /// Returns its text.
    #[must_use]
    pub fn text(&self) -> String {
        // None of its values fails to serialize.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Texts that are signed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The leaves, then the nodes above them, up to the root.
    rows: Vec<Vec<Digest>>,
}

impl Tree {
    /// Builds the tree of `texts`.
    #[must_use]
    pub fn new(texts: &[String]) -> Self {
        let mut row: Vec<_> = texts.iter().map(|text| Digest::of("berth.audit.leaf.v1", &[text.as_bytes()])).collect();
        let mut rows = vec![row.clone()];
        while row.len() > 1 {
            row = row
                .chunks(2)
                .filter_map(|pair| match pair {
                    [left, right] => Some(Digest::of("berth.audit.node.v1", &[left.bytes(), right.bytes()])),
                    // Without a partner it moves up as it is.
                    [single] => Some(*single),
                    _ => None,
                })
                .collect();
            rows.push(row.clone());
        }
        Self { rows }
    }

    /// The leaves.
    #[must_use]
    pub fn leaves(&self) -> &[Digest] {
        self.rows.first().map(Vec::as_slice).unwrap_or_default()
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.rows.last().and_then(|row| row.first()).copied().unwrap_or(Digest::NONE)
    }

    /// Returns the way from the leaf at `position` to the root.
    #[must_use]
    pub fn proof(&self, position: usize) -> Vec<ProofStep> {
        let below_root = self.rows.iter().take(self.rows.len().saturating_sub(1));
        below_root
            .enumerate()
            .filter_map(|(height, row)| {
                let at = position >> height;
                let side = if at.is_multiple_of(2) { Side::Right } else { Side::Left };
                row.get(at ^ 1).map(|digest| ProofStep { side, digest: *digest })
            })
            .collect()
    }

    /// Returns the text of the batch, which is signed with `key` at `at`.
    #[must_use]
    pub fn batch(&self, key: &str, at: Timestamp) -> String {
        let batch = Batch { v: 1, at, key, root: self.root(), size: self.leaves().len() };
        // None of its values fails to serialize.
        serde_json::to_string(&batch).unwrap_or_default()
    }
}

/// Time at which the log of `workspace` has its next checkpoint after a change at `now`: the same minute each day, and
/// another one for each workspace, so that the work is spread over the day.
#[must_use]
pub fn next_due(workspace: WorkspaceId, now: Timestamp) -> Timestamp {
    let spread = workspace.ulid();
    let minute = i64::try_from(u128::from(spread) % (24 * 60)).unwrap_or_default();
    let midnight = now.as_second().div_euclid(DAY.as_secs()) * DAY.as_secs();
    let today = Timestamp::from_second(midnight + minute * 60).unwrap_or(now);
    if today > now { today } else { today.saturating_add(DAY).unwrap_or(now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_proof_leads_to_the_root() {
        for size in 1..=9 {
            let texts: Vec<_> = (0..size).map(|number| format!("text {number}")).collect();
            let tree = Tree::new(&texts);
            for (position, text) in texts.iter().enumerate() {
                let leaf = Digest::of("berth.audit.leaf.v1", &[text.as_bytes()]);
                let root = tree.proof(position).iter().fold(leaf, |digest, step| {
                    let (left, right) = match step.side {
                        Side::Left => (step.digest, digest),
                        Side::Right => (digest, step.digest),
                    };
                    Digest::of("berth.audit.node.v1", &[left.bytes(), right.bytes()])
                });
                assert_eq!(root, tree.root(), "{position} of {size}");
            }
        }
    }

    #[test]
    fn checkpoints_are_a_day_apart_and_spread() {
        use crate::ids::Fresh;
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let due = |random: u128| next_due(WorkspaceId::fresh(ulid::Ulid::from(random)), now);
        assert_eq!(due(0).to_string(), "2026-11-22T00:00:00Z");
        assert_eq!(due(721).to_string(), "2026-11-21T12:01:00Z");
        for random in 0..3000 {
            let first = due(random);
            assert!(first > now && first.duration_since(now) <= DAY);
            let workspace = WorkspaceId::fresh(ulid::Ulid::from(random));
            assert_eq!(next_due(workspace, first), first + DAY);
        }
    }
}
