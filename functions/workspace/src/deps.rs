//! The dependencies and settings of the routes.

use domain::workspace::allowance::{FreeContainerLimit, FreeWorkspaceLimit};
use store::Store;

/// The dependencies and settings of the routes.
#[derive(Debug, Clone)]
pub struct WorkspaceDeps {
    /// The table.
    pub store: Store,
    /// How many free workspaces a person holds at most.
    pub free_workspaces: FreeWorkspaceLimit,
    /// How many containers of free workspaces a person runs at once at most.
    pub free_containers: FreeContainerLimit,
}
