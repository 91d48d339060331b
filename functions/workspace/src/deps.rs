//! The dependencies and settings of the routes.

use domain::workspace::allowance::{FreeContainerLimit, FreeWorkspaceLimit};
use store::Store;

/// The dependencies and settings of the workspace routes.
#[derive(Debug, Clone)]
pub struct WorkspaceDeps {
    /// The table.
    pub store: Store,
    /// The maximum number of free workspaces per person.
    pub free_workspaces: FreeWorkspaceLimit,
    /// The maximum number of concurrent containers of free workspaces per person.
    pub free_containers: FreeContainerLimit,
}
