//! How far somebody has come with a workspace, and what of its billing wants his attention.

use super::error::Error;
use domain::{
    billing::account::Billing,
    billing::subscription::Status,
    identity::access::Action,
    ids::WorkspaceId,
    page::{Limit, PageRequest},
    plans::plan::Plan,
    runtime::record::Runtime,
    workspace::head::Workspace,
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::Store;

/// How far somebody has come.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Onboarding {
    /// What there is to do, in order.
    pub steps: Vec<Step>,
    /// What wants his attention.
    pub billing: BillingNotice,
}

/// One thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = OnboardingStep)]
pub struct Step {
    /// What it is.
    pub id: StepId,
    /// Whether it is done.
    pub done: bool,
}

/// The things to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OnboardingStepId)]
pub enum StepId {
    /// Have a workspace.
    CreateWorkspace,
    /// Invite somebody into it.
    InviteMember,
    /// Pay for more than the free plan.
    ChoosePlan,
    /// Start its runtime.
    StartRuntime,
    /// Set up an integration.
    ConnectIntegration,
}

/// What of a workspace's billing wants attention.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BillingNotice {
    /// What went wrong last, if anything did.
    pub last_error: Option<String>,
    /// When.
    pub last_error_at: Option<Timestamp>,
    /// Whether a checkout waits to be paid.
    pub has_pending_checkout: bool,
    /// What is paid for; null if nothing is.
    pub subscription: Option<SubscriptionNotice>,
}

/// How a subscription goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SubscriptionNotice {
    /// When it is paid for again; null if it ends.
    pub renews_at: Option<Timestamp>,
    /// When it ends, if it was cancelled for a time.
    pub cancel_at: Option<Timestamp>,
    /// Whether it ends with the present period.
    pub cancel_at_period_end: bool,
}

/// How far the caller has come with `workspace`; without one, with his newest.
///
/// # Errors
/// [`Error`].
pub async fn onboarding(store: &Store, caller: &Caller, workspace: Option<WorkspaceId>) -> Result<Onboarding, Error> {
    let now = store.ambient().now();
    let Some(workspace) = workspace else {
        let newest = PageRequest { limit: Limit::default(), after: None };
        let mine = store.workspaces_of(caller, newest).await?.items.into_iter().next();
        let seen = mine.as_ref().map(|mine| (&mine.workspace, &mine.billing, &mine.runtime));
        return Ok(Onboarding::at(now, seen));
    };
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.runtime();
    let inside = entry.look::<Error>(Action::ReadWorkspace).await?;
    let runtime = inside.take(&slot)?.unwrap_or_default();
    Ok(Onboarding::at(now, Some((&inside.workspace, &inside.billing, &runtime))))
}

impl Onboarding {
    pub(super) fn at(now: Timestamp, seen: Option<(&Workspace, &Billing, &Runtime)>) -> Self {
        let done = |step: StepId| {
            seen.is_some_and(|(workspace, billing, runtime)| match step {
                StepId::CreateWorkspace => true,
                StepId::InviteMember => workspace.counts.seats > 1,
                StepId::ChoosePlan => billing.standing(now).plan != Plan::Free,
                StepId::StartRuntime => runtime.generation > 0,
                StepId::ConnectIntegration => workspace.counts.integrations > 0,
            })
        };
        let steps = StepId::ALL.map(|id| Step { id, done: done(id) }).to_vec();
        let billing = seen.map(|(_, billing, _)| BillingNotice::at(now, billing)).unwrap_or_default();
        Self { steps, billing }
    }
}

impl StepId {
    /// All of them, in order.
    const ALL: [Self; 5] =
        [Self::CreateWorkspace, Self::InviteMember, Self::ChoosePlan, Self::StartRuntime, Self::ConnectIntegration];
}

impl BillingNotice {
    fn at(now: Timestamp, billing: &Billing) -> Self {
        let subscription = billing.subscription.as_ref().filter(|subscription| match subscription.status {
            Status::Active | Status::Trialing | Status::PastDue | Status::Unpaid | Status::Paused => true,
            Status::Incomplete | Status::IncompleteExpired | Status::Canceled => false,
        });
        Self {
            last_error: billing.trouble().map(|error| error.message.clone()),
            last_error_at: billing.trouble().map(|error| error.at),
            has_pending_checkout: billing.checkout_at(now).is_some(),
            subscription: subscription.map(|subscription| SubscriptionNotice {
                renews_at: subscription.ends().is_none().then_some(subscription.period.end),
                cancel_at: subscription.cancel_at,
                cancel_at_period_end: subscription.cancel_at_period_end,
            }),
        }
    }
}
