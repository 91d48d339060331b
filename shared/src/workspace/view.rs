//! Views of workspaces.

use domain::{
    identity::access::Role,
    ids::WorkspaceId,
    plans::{catalogue::Plans, names::PlanName},
    runtime::record::RuntimeStatus,
    text::{Description, SuspensionReason, Timezone, WorkspaceName},
    workspace::head::Workspace,
    workspace::suspension::Suspension,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use store::team::memberships::Membership;

/// Suspension of a workspace, as shown to its members.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Suspension)]
pub struct SuspensionView {
    /// Reason given by the operator.
    pub reason: SuspensionReason,
    /// Start of the suspension (RFC 3339, UTC).
    pub at: Timestamp,
}

impl From<Suspension> for SuspensionView {
    fn from(Suspension { reason, at, by: _ }: Suspension) -> Self {
        Self { reason, at }
    }
}

/// Workspace, as shown to its members.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Workspace)]
pub struct WorkspaceView {
    /// Id of the workspace.
    pub id: WorkspaceId,
    /// Name of the workspace.
    pub name: WorkspaceName,
    /// Description of the workspace.
    pub description: Option<Description>,
    /// IANA time zone of the workspace.
    pub timezone: Timezone,
    /// Number of active members.
    pub member_count: u64,
    /// Plan in force.
    pub plan: PlanName,
    /// Suspension by the operator; null if there is none. A suspended workspace can still be read, paid for, left and
    /// deleted.
    pub suspended: Option<SuspensionView>,
    /// Settings stored by the dashboard.
    pub settings: Map<String, Value>,
    /// Time at which the workspace was created (RFC 3339, UTC).
    pub created_at: Timestamp,
    /// Time of the last change of name, description, time zone or settings (RFC 3339, UTC).
    pub updated_at: Timestamp,
    /// Version of the fields that can be changed, for the `ETag`.
    #[serde(skip)]
    pub version: u64,
}

impl WorkspaceView {
    /// Builds the view of `workspace`, on `plan`.
    #[must_use]
    pub fn new(workspace: Workspace, plan: PlanName) -> Self {
        Self {
            id: workspace.id,
            name: workspace.name,
            description: workspace.description,
            timezone: workspace.timezone,
            member_count: workspace.counts.members,
            plan,
            suspended: workspace.suspended.map(SuspensionView::from),
            settings: workspace.settings.as_object().clone(),
            created_at: workspace.created_at,
            updated_at: workspace.updated_at,
            version: workspace.settings_version,
        }
    }
}

/// Workspace in the list of a member's workspaces.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WorkspaceSummary {
    /// Id of the workspace.
    pub id: WorkspaceId,
    /// Name of the workspace.
    pub name: WorkspaceName,
    /// Role of the caller in the workspace.
    pub role: Role,
    /// Plan in force.
    pub plan: PlanName,
    /// Status of the runtime.
    pub runtime_status: RuntimeStatus,
    /// Suspension by the operator; null if there is none.
    pub suspended: Option<SuspensionView>,
    /// Number of active members.
    pub member_count: u64,
    /// Time at which the workspace was created (RFC 3339, UTC).
    pub created_at: Timestamp,
}

impl WorkspaceSummary {
    /// Builds the summary of the workspace of `membership` at `now`.
    #[must_use]
    pub fn new(plans: Plans, membership: Membership, now: Timestamp) -> Self {
        let Membership { workspace, role, billing, runtime } = membership;
        Self {
            id: workspace.id,
            name: workspace.name,
            role,
            plan: billing.standing(plans, now).plan.name,
            runtime_status: runtime.state.status(),
            suspended: workspace.suspended.map(SuspensionView::from),
            member_count: workspace.counts.members,
            created_at: workspace.created_at,
        }
    }
}
