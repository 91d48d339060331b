//! Secrets that no integration refers to: those that are being made, and those that are to be deleted.
//!
//! Secrets Manager and the table know no common transaction. So a secret is noted before it is made and as soon as it is
//! replaced, and the note goes when an integration takes the secret or when it is deleted. Whatever ends in between, a
//! note is left, is due, and tells the sweeper what to delete.

use crate::ids::{SecretId, WorkspaceId};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How long a secret may be in the making: far longer than a request lives, so that nothing of it is under way any more
/// when it is given up.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// The note of a secret that no integration refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orphan {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Which secret.
    pub id: SecretId,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a secret that no integration refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// An integration may still take it.
    Awaited,
    /// None takes it any more; it is to be deleted.
    Doomed,
}

impl Fate {
    /// The name in the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Doomed => "doomed",
        }
    }
}
