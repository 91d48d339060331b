//! The entitlements of a workspace: what its plan and its contract allow now, and what is left of it. One answer for the
//! dashboard and for the workspace's own container.

use domain::{
    identity::access::Action,
    ids::WorkspaceId,
    plans::names::{FeatureName, MeterName, PlanName},
    usage::{self, CurrentUsage, Meter, total},
};
use identity::Caller;
use jiff::Timestamp;
use secrets::RuntimeKey;
use serde::Serialize;
use store::{
    Store,
    usage::{MeterFacts, UsageKeys},
};
use workers::billing::Error;

/// Plan in force, with its features and limits, and what is left of them. Terms of a contract are included.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Entitlements)]
pub struct EntitlementsView {
    /// Id of the workspace.
    pub workspace_id: WorkspaceId,
    /// Plan in force.
    pub plan: EntitledPlan,
    /// Permission to consume.
    pub status: EntitlementStatus,
    /// All features of the catalogue, in its order.
    pub features: Vec<EntitledFeature>,
    /// All meters of the catalogue, in its order.
    pub meters: Vec<EntitledMeter>,
    /// Number of days for which records are kept.
    pub retention_days: u32,
}

/// Plan in force, in the version that the workspace has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntitledPlan {
    /// Name of the plan.
    pub name: PlanName,
    /// Version of the plan.
    pub version: u16,
    /// Title for customers.
    pub title: &'static str,
}

/// Permission to consume: `active`, `past_due` while consumption is refused with 402 `workspace_past_due`, or `suspended`
/// while it is refused with 403 `workspace_suspended`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntitlementStatus {
    /// What is left can be consumed.
    Active,
    /// A payment is overdue, and the grace period has ended.
    PastDue,
    /// The operator has suspended the workspace.
    Suspended,
}

/// A feature of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntitledFeature {
    /// Name of the feature.
    pub feature: FeatureName,
    /// Title for customers.
    pub title: &'static str,
    /// True if the workspace has the feature.
    pub included: bool,
}

/// A meter of the catalogue, and its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EntitledMeter {
    /// Name of the meter.
    pub meter: MeterName,
    /// Title for customers.
    pub title: &'static str,
    /// Limit in force; null if unlimited.
    pub limit: Option<u64>,
    /// Amount used.
    pub used: u64,
    /// Amount left; 0 if more is used than the limit allows, null if unlimited.
    pub remaining: Option<u64>,
    /// End of the month of counting, at which the usage is reset to zero (RFC 3339, UTC); null if it never is.
    pub resets_at: Option<Timestamp>,
}

/// Returns the entitlements of `workspace`.
///
/// # Errors
/// [`Error`] if the caller may not read billing or the table fails.
pub async fn read_entitlements(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<EntitlementsView, Error> {
    let (now, meters) = (store.ambient().now(), consumed(store));
    let entry = store.enter(caller, workspace, None);
    let (inside, usage) = entry.usage::<Error>(Action::ReadUsage, &meters, now, UsageKeys::default()).await?;
    Ok(EntitlementsView::new(workspace, &MeterFacts::of_member(inside, usage), now))
}

/// Like [`read_entitlements`], for the workspace whose container presents `token`.
///
/// # Errors
/// [`Error::NotAContainer`] if the token is not valid, or another [`Error`] as for [`read_entitlements`].
pub async fn read_entitlements_of_container(
    store: &Store,
    key: &RuntimeKey,
    token: &str,
) -> Result<EntitlementsView, Error> {
    let (now, meters) = (store.ambient().now(), consumed(store));
    let (bearer, action) = (key.verify(token, now).await??, Action::ReadUsage);
    let facts = store.meter_facts_of_container::<Error>(bearer, action, &meters, now, UsageKeys::default()).await?;
    Ok(EntitlementsView::new(bearer.workspace, &facts, now))
}

fn consumed(store: &Store) -> Vec<Meter> {
    store.plans().consumed().collect()
}

impl EntitlementsView {
    fn new(workspace_id: WorkspaceId, facts: &MeterFacts, now: Timestamp) -> Self {
        let MeterFacts { billing, plans, created_at, counts, suspended, usage, .. } = facts;
        let (standing, span) = (billing.standing(*plans, now), |meter| usage::span(meter, now, billing, *created_at));
        let (limits, plan) = (standing.limits(), standing.plan);
        let current = CurrentUsage::new(*plans, counts, |meter| total(&usage.shards(span(meter), meter)));
        let meter = |(meter, used): (Meter, u64)| {
            let limit = limits.of(meter);
            let remaining = limit.map(|limit| limit.saturating_sub(used));
            let resets_at = span(meter).resets_at();
            EntitledMeter { meter: meter.name, title: meter.title, limit, used, remaining, resets_at }
        };
        let features = plans.features.iter().map(|feature| EntitledFeature {
            feature: feature.name,
            title: feature.title,
            included: standing.includes(feature.name),
        });
        Self {
            workspace_id,
            plan: EntitledPlan { name: plan.name, version: plan.version.get(), title: plan.title },
            status: match (*suspended, standing.may_run) {
                (true, _) => EntitlementStatus::Suspended,
                (false, false) => EntitlementStatus::PastDue,
                (false, true) => EntitlementStatus::Active,
            },
            features: features.collect(),
            meters: current.iter().map(meter).collect(),
            retention_days: limits.retention_days(),
        }
    }
}
