//! Proof that a worker, not a person, acts in a workspace.
//!
//! Crates that depend on this one can create it: the store, the workers and the test kit. Use cases that serve a caller
//! do not depend on it. They get it from the scope of an authorized caller.

use domain::ids::WorkspaceId;

/// Proof that a worker acts in one workspace.
#[derive(Debug, Clone)]
pub struct SystemScope {
    workspace: WorkspaceId,
}

impl SystemScope {
    /// Creates the scope of a worker that got `workspace` from a queue, the table's stream, the `due` index, or a
    /// runtime token.
    #[must_use]
    pub const fn of(workspace: WorkspaceId) -> Self {
        Self { workspace }
    }

    /// Workspace of the scope.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }
}
