//! Workspaces that keep a person from deleting their account, because they have no other owner.

use crate::{ids::WorkspaceId, named, text::WorkspaceName};
use serde::Serialize;

named! {
    /// Reason for which a person cannot leave a workspace.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum OwnerDuty or UnknownDuty {
        /// The workspace has a plan or a subscription, and no other owner.
        Paid = "paid",
        /// The workspace has other members, and no other owner.
        HasMembers = "has_members",
    }
}

/// A workspace that a person cannot leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnedWorkspace {
    /// Id of the workspace.
    pub id: WorkspaceId,
    /// Name of the workspace.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: WorkspaceName,
    /// `paid`: end the subscription, or make another member an owner. `has_members`: make another member an owner, or
    /// delete the workspace.
    pub reason: OwnerDuty,
}
