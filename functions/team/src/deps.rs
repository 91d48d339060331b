//! The dependencies and settings of the routes.

use domain::workspace::allowance::FreeWorkspaceLimit;
use secrets::InvitationKey;
use store::Store;

/// What the routes work with.
#[derive(Debug, Clone)]
pub struct Team {
    /// The table.
    pub store: Store,
    /// The key of invitation tokens.
    pub key: InvitationKey,
    /// How many free workspaces a person holds at most.
    pub free_workspaces: FreeWorkspaceLimit,
}
