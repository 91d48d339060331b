//! The dependencies and settings of the routes.

use domain::workspace::allowance::FreeWorkspaceLimit;
use secrets::InvitationKey;
use store::Store;

/// The dependencies and settings of the team routes.
#[derive(Debug, Clone)]
pub struct TeamDeps {
    /// The table.
    pub store: Store,
    /// The key that signs invitation tokens.
    pub key: InvitationKey,
    /// The maximum number of free workspaces per person.
    pub free_workspaces: FreeWorkspaceLimit,
}
