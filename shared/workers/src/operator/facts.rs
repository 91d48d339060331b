//! The state of a workspace, for support by the operator. It contains no secrets and no pages on which somebody could
//! pay or sign in.

use super::{actor::ActingOperator, error::Error};
use domain::{
    billing::account::{Billing, BillingError, Grant, OrderRefusal},
    billing::subscription::{Period, Standing, Status, Subscription},
    ids::{UserId, WorkspaceId},
    plans::contract::Contract,
    plans::{limits::Limits, money::Interval, names::MeterName, size::Size, version::PlanVersion},
    runtime::record::{Runtime, RuntimeStatus, StopReason},
    text::WorkspaceName,
    usage::{Meter, span, total},
    workspace::head::Workspace,
    workspace::suspension::Suspension,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Store, operator::WorkspaceFacts};

/// The state of a workspace.
#[derive(Debug, Serialize)]
pub struct WorkspaceFactsView {
    workspace: HeadView,
    standing: StandingView,
    contract: Option<Contract>,
    billing: BillingView,
    usage: BTreeMap<MeterName, UsedView>,
    runtime: Option<RunView>,
}

#[derive(Debug, Serialize)]
struct HeadView {
    id: WorkspaceId,
    name: WorkspaceName,
    live: bool,
    suspended: Option<Suspension>,
    owners: u64,
    members: u64,
    seats: u64,
    integrations: u64,
    created_at: Timestamp,
}

/// The plan and limits in force.
#[derive(Debug, Serialize)]
struct StandingView {
    plan: PlanVersion,
    may_run: bool,
    limits: Limits,
    runtime: Option<Size>,
}

/// The state of billing at Stripe, and pending commands.
#[derive(Debug, Serialize)]
struct BillingView {
    version: u64,
    customer: Option<String>,
    subscription: Option<PaidView>,
    pending_checkout: Option<PendingView>,
    last_error: Option<BillingError>,
    last_refusal: Option<OrderRefusal>,
    command_under_way: bool,
    ordered_by: Option<UserId>,
    granted_trial: Option<Grant>,
    trialed_at: Option<Timestamp>,
    compared_again_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct PaidView {
    id: String,
    plan: PlanVersion,
    interval: Interval,
    status: Status,
    period: Period,
    cancel_at: Option<Timestamp>,
    trial_end: Option<Timestamp>,
    grace_until: Option<Timestamp>,
    scheduled: Option<(PlanVersion, Interval)>,
    pending_change: Option<ChangeView>,
}

#[derive(Debug, Serialize)]
struct ChangeView {
    plan: PlanVersion,
    interval: Interval,
    expires_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct PendingView {
    session: String,
    plan: PlanVersion,
    interval: Interval,
    expires_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct UsedView {
    used: u64,
    limit: Option<u64>,
    resets_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct RunView {
    status: RuntimeStatus,
    generation: u32,
    plan: Option<PlanVersion>,
    last_stop_reason: Option<StopReason>,
    deadline: Option<Timestamp>,
}

/// Returns the state of `workspace`.
///
/// # Errors
/// [`Error`] if the workspace does not exist or the table fails. A workspace that is being deleted is returned while
/// its record exists.
pub async fn describe_workspace(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
) -> Result<WorkspaceFactsView, Error> {
    let scope = operator.scope(workspace);
    let WorkspaceFacts { workspace, billing, runtime } = store.workspace_facts(&scope).await?;
    let workspace = workspace.ok_or(Error::NoWorkspace)?;
    let now = store.ambient().now();
    let standing = billing.standing(store.plans(), now);
    let (reading, limits) = (scope.scope(), standing.limits());
    let count = async |meter: Meter| {
        let span = span(meter, now, &billing, workspace.created_at);
        let used = total(&store.shards(&reading, span, meter).await?);
        Ok::<_, Error>((meter.name, UsedView { used, limit: limits.of(meter), resets_at: span.resets_at() }))
    };
    let mut usage = BTreeMap::new();
    for meter in store.plans().consumed() {
        usage.extend([count(meter).await?]);
    }
    Ok(WorkspaceFactsView {
        standing: standing_view(&standing),
        contract: billing.contract.clone(),
        billing: billing_view(billing),
        usage,
        runtime: runtime.map(|runtime| run(&runtime)),
        workspace: head(workspace),
    })
}

fn head(workspace: Workspace) -> HeadView {
    let Workspace { id, name, live, suspended, counts, created_at, .. } = workspace;
    HeadView {
        id,
        name,
        live,
        suspended,
        owners: counts.owners,
        members: counts.members,
        seats: counts.seats,
        integrations: counts.integrations,
        created_at,
    }
}

fn standing_view(standing: &Standing) -> StandingView {
    let (plan, may_run) = (standing.plan.reference(), standing.may_run);
    StandingView { plan, may_run, limits: standing.limits(), runtime: standing.size() }
}

fn billing_view(billing: Billing) -> BillingView {
    BillingView {
        version: billing.version,
        customer: billing.customer,
        subscription: billing.subscription.map(|paid| PaidView {
            cancel_at: Subscription::ends(&paid),
            id: paid.id,
            plan: paid.paid_plan,
            interval: paid.interval,
            status: paid.status,
            period: paid.period,
            trial_end: paid.trial_end,
            grace_until: paid.grace_until,
            scheduled: paid.scheduled,
            // Without the page's URL, as below.
            pending_change: paid.pending_change.map(|change| ChangeView {
                plan: change.plan,
                interval: change.interval,
                expires_at: change.expires_at,
            }),
        }),
        // Without the page's URL, which would allow its holder to pay.
        pending_checkout: billing.pending_checkout.map(|pending| PendingView {
            session: pending.session,
            plan: pending.plan,
            interval: pending.interval,
            expires_at: pending.expires_at,
        }),
        last_error: billing.last_error,
        last_refusal: billing.refusal,
        command_under_way: billing.open.is_some(),
        ordered_by: billing.ordered_by,
        granted_trial: billing.granted,
        trialed_at: billing.trialed_at,
        compared_again_at: billing.due_at,
    }
}

fn run(runtime: &Runtime) -> RunView {
    RunView {
        status: runtime.state.status(),
        generation: runtime.generation,
        plan: runtime.shape().map(|shape| shape.plan),
        last_stop_reason: runtime.last_stop_reason,
        deadline: runtime.state.deadline(),
    }
}
