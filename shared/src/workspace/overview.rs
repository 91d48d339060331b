//! Overview of a workspace, in one read.

use super::{error::Error, onboarding::Onboarding, view::WorkspaceView};
use crate::{
    audit::{ActivityView, within_retention},
    billing::{SubscriptionView, shown_to},
    runtime::RuntimeView,
};
use domain::{
    audit::record::Filter,
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::WorkspaceId,
    page::{Limit, PageRequest},
    plans::names::MeterName,
    usage::{CurrentUsage, is_near, span, total},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Authorized, Store, audit, usage::Usage};

/// Overview of a workspace, for the first page of the dashboard.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Overview {
    /// Workspace and its settings.
    pub workspace: WorkspaceView,
    /// Role of the caller.
    pub role: Role,
    /// Onboarding steps and billing notices.
    pub onboarding: Onboarding,
    /// State of the runtime.
    pub runtime: RuntimeView,
    /// State of the subscription.
    pub subscription: SubscriptionView,
    /// Limits of the plan that are used by at least 80 %.
    pub near_limits: Vec<NearLimit>,
    /// Five newest records of the activity; null for roles that may not read it.
    pub recent_activity: Option<Vec<ActivityView>>,
}

/// A limit that is nearly reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NearLimit {
    /// Meter or other limited resource.
    pub resource: MeterName,
    /// Amount used.
    pub used: u64,
    /// Limit of the plan.
    pub limit: u64,
    /// Time at which the usage is reset to zero (RFC 3339, UTC); null if it never is.
    pub resets_at: Option<Timestamp>,
}

/// Returns the overview of `workspace`. Each part is shown only to callers who may read it by its own route.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn read_overview(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<Overview, Error> {
    let now = store.ambient().now();
    let mut entry = store.enter(caller, workspace, None);
    let (runtime, heartbeat) = (entry.runtime(), entry.heartbeat());
    let newest = audit::list(&Filter::default(), PageRequest { limit: Limit::GLANCE, after: None });
    let (inside, usage, activity) =
        entry.overview::<_, _, Error>(Action::ReadWorkspace, now, Action::ReadActivity, newest).await?;
    // Every member may take these actions, and a key with their scopes.
    for action in [Action::ReadRuntime, Action::ReadBilling] {
        inside.require(action)?;
    }
    let reads_usage = inside.require(Action::ReadUsage).is_ok();
    let (runtime, heartbeat) = (inside.take(&runtime)?.unwrap_or_default(), inside.take(&heartbeat)?);
    let standing = inside.billing.standing(inside.plans, now);
    Ok(Overview {
        workspace: WorkspaceView::new(inside.workspace.clone(), standing.plan.name),
        role: inside.scope.role().ok_or(Denied::Stranger)?,
        onboarding: Onboarding::at(store.plans(), now, Some((&inside.workspace, &inside.billing, &runtime))),
        runtime: RuntimeView::new(&runtime, heartbeat.as_ref(), &standing, now),
        subscription: shown_to(&inside, SubscriptionView::new(inside.plans, &inside.billing, now)),
        near_limits: if reads_usage { near_limits(&inside, &usage, now) } else { Vec::new() },
        recent_activity: activity.map(|page| within_retention(page, &standing.limits(), now).items),
    })
}

fn near_limits(inside: &Authorized<'_>, usage: &Usage, now: Timestamp) -> Vec<NearLimit> {
    let limits = inside.billing.standing(inside.plans, now).limits();
    let used = CurrentUsage::new(inside.plans, &inside.workspace.counts, |meter| {
        total(&usage.shards(span(meter, now, &inside.billing, inside.workspace.created_at), meter))
    });
    let near = used.iter().filter_map(|(meter, used)| {
        let limit = limits.of(meter).filter(|limit| is_near(used, *limit))?;
        let resets_at = span(meter, now, &inside.billing, inside.workspace.created_at).resets_at();
        Some(NearLimit { resource: meter.name, used, limit, resets_at })
    });
    near.collect()
}
