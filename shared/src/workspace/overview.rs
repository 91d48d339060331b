//! The first page of a workspace: all of it in one read.

use super::{error::Error, onboarding::Onboarding, view::WorkspaceView};
use crate::{
    billing::SubscriptionView,
    runtime::RuntimeView,
    team::{ActivityView, shown_activity},
};
use domain::{
    audit::record::Filter,
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::Resource,
    page::{Limit, PageRequest},
    usage::{Meter, is_near, span, total},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Inside, Store, audit, usage::Usage};

/// The first page of a workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Overview {
    /// The workspace.
    pub workspace: WorkspaceView,
    /// The caller's role.
    pub role: Role,
    /// The steps of the onboarding.
    pub onboarding: Onboarding,
    /// The state of the runtime.
    pub runtime: RuntimeView,
    /// The subscription.
    pub subscription: SubscriptionView,
    /// The limits of the plan of which at least 80 % are used.
    pub near_limits: Vec<NearLimit>,
    /// The five newest records of the activity; null for roles that may not read them.
    pub recent_activity: Option<Vec<ActivityView>>,
}

/// A limit of which much is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NearLimit {
    /// The meter, or what else the plan limits.
    pub resource: Resource,
    /// The use.
    pub used: u64,
    /// The limit.
    pub limit: u64,
    /// The end of the month after which the use starts again from zero; null for what lasts.
    pub resets_at: Option<Timestamp>,
}

/// The first page of `workspace`. Each part is shown to those who may read it by its own route.
///
/// # Errors
/// [`Error`].
pub async fn overview(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<Overview, Error> {
    let now = store.ambient().now();
    let mut entry = store.enter(caller, workspace, None);
    let (runtime, heartbeat) = (entry.runtime(), entry.heartbeat());
    let newest = audit::list(Filter::default(), PageRequest { limit: Limit::GLANCE, after: None });
    let listing = (Action::ReadActivity, newest);
    let (inside, usage, activity) = entry.overview::<_, _, Error>(Action::ReadWorkspace, now, listing).await?;
    // These are for every member, as the workspace is.
    for action in [Action::ReadRuntime, Action::ReadBilling] {
        inside.require(action)?;
    }
    let (runtime, heartbeat) = (inside.take(&runtime)?.unwrap_or_default(), inside.take(&heartbeat)?);
    let standing = inside.billing.standing(now);
    Ok(Overview {
        workspace: WorkspaceView::new(inside.workspace.clone(), standing.plan),
        role: inside.scope.role().ok_or(Denied::Stranger)?,
        onboarding: Onboarding::at(now, Some((&inside.workspace, &inside.billing, &runtime))),
        runtime: RuntimeView::at(&runtime, heartbeat.as_ref(), standing, now),
        subscription: SubscriptionView::new(&inside.billing, now),
        near_limits: near_limits(&inside, &usage, now),
        recent_activity: activity.map(|page| shown_activity(page, &standing.limits(), now).items),
    })
}

fn near_limits(inside: &Inside<'_>, usage: &Usage, now: Timestamp) -> Vec<NearLimit> {
    let limits = inside.billing.standing(now).limits();
    let counts = &inside.workspace.counts;
    let lasting = [
        (Resource::Members, counts.seats, limits.members, None),
        (Resource::Integrations, counts.integrations, limits.integrations, None),
    ];
    let metered = Meter::ALL.into_iter().map(|meter| {
        let span = span(meter, now, &inside.billing, inside.workspace.created_at);
        (Resource::from(meter), total(&usage.shards(span, meter)), meter.limit(&limits), span.resets_at())
    });
    let limited = lasting.into_iter().chain(metered).filter_map(|(resource, used, limit, resets_at)| {
        let limit = limit.filter(|limit| is_near(used, *limit))?;
        Some(NearLimit { resource, used, limit, resets_at })
    });
    limited.collect()
}
