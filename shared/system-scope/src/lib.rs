//! Proof that a worker acts in a workspace, not a person.
//!
//! Whatever lists this crate can make one: the store, the workers and the test kit. Use cases that serve a caller do not list it; they
//! get one from the scope of a caller who was authorized.

use domain::ids::WorkspaceId;

/// Proof that a worker acts in one workspace.
#[derive(Debug, Clone)]
pub struct SystemScope {
    workspace: WorkspaceId,
}

impl SystemScope {
    /// The scope of a worker that got `workspace` from a queue, the table's stream, the `due` index, or a runtime's token.
    #[must_use]
    pub const fn of(workspace: WorkspaceId) -> Self {
        Self { workspace }
    }

    /// The workspace it holds for.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }
}
