//! How a workspace is shown.

use domain::{
    identity::access::Role,
    ids::WorkspaceId,
    plans::plan::Plan,
    runtime::record::RuntimeStatus,
    text::{Description, SuspensionReason, Timezone, WorkspaceName},
    workspace::head::Workspace,
    workspace::suspension::Suspension,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use store::team::memberships::Membership;

/// Why a workspace is suspended, to its members.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Suspension)]
pub struct SuspensionView {
    /// The reason that the operator gives.
    pub reason: SuspensionReason,
    /// When the suspension began.
    pub at: Timestamp,
}

impl From<Suspension> for SuspensionView {
    fn from(Suspension { reason, at, by: _ }: Suspension) -> Self {
        Self { reason, at }
    }
}

/// A workspace, to its members.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Workspace)]
pub struct WorkspaceView {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: WorkspaceName,
    /// What it is for.
    pub description: Option<Description>,
    /// Its IANA time zone.
    pub timezone: Timezone,
    /// How many active members it has.
    pub member_count: u64,
    /// The plan in force.
    pub plan: Plan,
    /// The suspension by the operator; null if there is none. While suspended, reading, paying, leaving and deleting still work.
    pub suspended: Option<SuspensionView>,
    /// What the dashboard keeps with it.
    pub settings: Map<String, Value>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When name, description, time zone or settings were last changed.
    pub updated_at: Timestamp,
    /// The version of what can be changed here, for the `ETag`.
    #[serde(skip)]
    pub version: u64,
}

impl WorkspaceView {
    /// `workspace`, on `plan`.
    #[must_use]
    pub fn new(workspace: Workspace, plan: Plan) -> Self {
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

/// A workspace in the list of its member.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct WorkspaceSummary {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: WorkspaceName,
    /// What the caller may do there.
    pub role: Role,
    /// The plan in force.
    pub plan: Plan,
    /// How its runtime is.
    pub runtime_status: RuntimeStatus,
    /// The suspension by the operator; null if there is none.
    pub suspended: Option<SuspensionView>,
    /// How many active members it has.
    pub member_count: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl WorkspaceSummary {
    /// The workspace of `membership`, as it stands at `now`.
    #[must_use]
    pub fn new(membership: Membership, now: Timestamp) -> Self {
        let Membership { workspace, role, billing, runtime } = membership;
        Self {
            id: workspace.id,
            name: workspace.name,
            role,
            plan: billing.standing(now).plan,
            runtime_status: runtime.state.status(),
            suspended: workspace.suspended.map(SuspensionView::from),
            member_count: workspace.counts.members,
            created_at: workspace.created_at,
        }
    }
}
