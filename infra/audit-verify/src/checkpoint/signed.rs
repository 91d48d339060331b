//! A checkpoint, from its text to the signature. This file does not know the export.

use crate::{checkpoint::key::PublicKey, digest::Digest};
use jiff::Timestamp;
use serde::Deserialize;

/// Version of the format that this program knows.
const VERSION: u64 = 1;

/// A checkpoint as it is published.
#[derive(Debug, Deserialize)]
pub struct Checkpoint {
    text: String,
    proof: Vec<Step>,
    batch: String,
    signature: String,
}

/// A step from the text to the root of the batch.
#[derive(Debug, Deserialize)]
struct Step {
    side: Side,
    digest: Digest,
}

/// Side of a step's digest.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Left,
    Right,
}

#[derive(Debug, Deserialize)]
struct Batch {
    v: u64,
    root: Digest,
}

/// The newest record of a log at the time of a checkpoint.
#[derive(Debug, Clone, Deserialize)]
pub struct SignedHead {
    v: u64,
    /// Id of the workspace.
    pub workspace: String,
    /// Number of the record.
    pub number: u64,
    /// Digest of the record.
    pub digest: Digest,
    /// Time after which it counts as absent; `None` in checkpoints from before it was stated.
    pub kept_until: Option<Timestamp>,
    /// Time of the checkpoint.
    pub at: Timestamp,
    /// The oldest record that counted; `None` if none did.
    #[serde(deserialize_with = "Option::deserialize")]
    pub begins: Option<Beginning>,
}

/// The oldest record that counted at the time of a checkpoint.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Beginning {
    /// Its number.
    pub number: u64,
    /// Digest of the record before it.
    pub previous: Digest,
}

/// Reason why a checkpoint is not the operator's, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not that of a checkpoint.
    #[error("its text is not the text of a checkpoint: {0}")]
    Text(serde_json::Error),
    /// The batch is not that of checkpoints.
    #[error("its batch is not a batch of checkpoints: {0}")]
    Batch(serde_json::Error),
    /// The text or the batch has a later version of the format.
    #[error("it has version {0} of the format; use a program that knows this version")]
    Version(u64),
    /// The text does not lead to the root.
    #[error("its text and its proof do not lead to the root of its batch, so one of them was changed")]
    Proof,
    /// The signature is not right.
    #[error("its batch was not signed with this key; the batch was changed, or another key is needed")]
    Signature,
}

impl SignedHead {
    /// Returns the highest number of a record whose time is over at `now`, as far as the checkpoint shows it; otherwise 0.
    #[must_use]
    pub fn over_at(&self, now: Timestamp) -> u64 {
        match self.begins {
            _ if self.at > now => 0,
            Some(beginning) => beginning.number.saturating_sub(1),
            None => self.number,
        }
    }
}

impl Checkpoint {
    /// Checks that the operator signed the text, and parses it.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn verify(&self, key: &PublicKey) -> Result<SignedHead, Error> {
        if !key.has_signed(&self.batch, &self.signature) {
            return Err(Error::Signature);
        }
        let batch: Batch = serde_json::from_str(&self.batch).map_err(Error::Batch)?;
        check_version(batch.v)?;
        let leaf = Digest::with_purpose("berth.audit.leaf.v1", self.text.as_bytes(), &[]);
        let root = self.proof.iter().fold(leaf, |digest, step| {
            let (left, right) = match step.side {
                Side::Left => (step.digest, digest),
                Side::Right => (digest, step.digest),
            };
            Digest::with_purpose("berth.audit.node.v1", left.bytes(), right.bytes())
        });
        if root != batch.root {
            return Err(Error::Proof);
        }
        let head: SignedHead = serde_json::from_str(&self.text).map_err(Error::Text)?;
        check_version(head.v)?;
        Ok(head)
    }
}

fn check_version(version: u64) -> Result<(), Error> {
    if version == VERSION { Ok(()) } else { Err(Error::Version(version)) }
}
