//! Secrets that no integration refers to: those being created, and those scheduled for deletion.
//!
//! Secrets Manager and the table have no common transaction. So a note is written before a secret is created and when
//! it is replaced, and the note is removed when an integration uses the secret or the secret is deleted. If a process
//! ends in between, a note remains and is due, and the sweeper deletes its secret.

use crate::{
    ids::{SecretId, WorkspaceId},
    named,
};
use jiff::SignedDuration;

/// Time in which a new secret must be used: far longer than a request lives, so that no request can still use a secret
/// that is given up.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// A note of a secret that no integration refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orphan {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The secret.
    pub id: SecretId,
    /// Use expected, or scheduled for deletion.
    pub fate: OrphanState,
}

named! {
    /// State of a secret that no integration refers to.
    pub enum OrphanState {
        /// An integration may still use it.
        Awaited = "awaited",
        /// No integration will use it; it is scheduled for deletion.
        ScheduledForDeletion = "doomed",
    }
}
