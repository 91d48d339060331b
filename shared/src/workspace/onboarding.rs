//! Onboarding steps of a workspace, and billing notices for its members.

use super::error::Error;
use domain::{
    billing::account::Billing,
    billing::subscription::Status,
    identity::access::Action,
    ids::WorkspaceId,
    page::{Limit, PageRequest},
    plans::catalogue::Plans,
    runtime::record::Runtime,
    workspace::head::Workspace,
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::Store;

/// Onboarding steps and billing notices.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Onboarding {
    /// Steps in the recommended order.
    pub steps: Vec<Step>,
    /// Billing notices that need attention.
    pub billing: BillingNotice,
}

/// Onboarding step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = OnboardingStep)]
pub struct Step {
    /// Id of the step.
    pub id: StepId,
    /// True if the step is done.
    pub done: bool,
}

domain::named! {
    /// Id of an onboarding step.
    #[derive(utoipa::ToSchema)]
    #[schema(as = OnboardingStepId)]
    pub enum StepId {
        /// Create a workspace.
        CreateWorkspace = "create_workspace",
        /// Invite a member.
        InviteMember = "invite_member",
        /// Choose a paid plan.
        ChoosePlan = "choose_plan",
        /// Start the runtime.
        StartRuntime = "start_runtime",
        /// Set up an integration.
        ConnectIntegration = "connect_integration",
    }
}

/// State of a workspace's billing that needs attention.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BillingNotice {
    /// Description of the last failed payment; null if there is none or a payment has succeeded since.
    pub last_error: Option<String>,
    /// Time of the last failed payment (RFC 3339, UTC).
    pub last_error_at: Option<Timestamp>,
    /// True if a checkout page is open and unpaid.
    pub has_pending_checkout: bool,
    /// Renewal or end of the subscription; null if there is no subscription.
    pub subscription: Option<SubscriptionNotice>,
}

/// Renewal or end of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SubscriptionNotice {
    /// Time of the next renewal (RFC 3339, UTC); null if the subscription ends.
    pub renews_at: Option<Timestamp>,
    /// Time at which the subscription ends (RFC 3339, UTC), if it is cancelled for a certain time.
    pub cancel_at: Option<Timestamp>,
    /// True if the subscription ends with the current period.
    pub cancel_at_period_end: bool,
}

/// Returns the onboarding of `workspace`, or of the caller's newest workspace if none is given.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn read_onboarding(
    store: &Store,
    caller: &Caller,
    workspace: Option<WorkspaceId>,
) -> Result<Onboarding, Error> {
    let now = store.ambient().now();
    let Some(workspace) = workspace else {
        let newest = PageRequest { limit: Limit::default(), after: None };
        let mine = store.workspaces_of(caller, newest).await?.items.into_iter().next();
        let seen = mine.as_ref().map(|mine| (&mine.workspace, &mine.billing, &mine.runtime));
        return Ok(Onboarding::at(store.plans(), now, seen));
    };
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.runtime();
    let inside = entry.authorize_read::<Error>(Action::ReadWorkspace).await?;
    let runtime = inside.take(&slot)?.unwrap_or_default();
    let onboarding = Onboarding::at(store.plans(), now, Some((&inside.workspace, &inside.billing, &runtime)));
    Ok(if inside.require(Action::ReadBilling).is_ok() { onboarding } else { onboarding.without_billing() })
}

impl Onboarding {
    pub(super) fn at(plans: Plans, now: Timestamp, seen: Option<(&Workspace, &Billing, &Runtime)>) -> Self {
        let done = |step: StepId| {
            seen.is_some_and(|(workspace, billing, runtime)| match step {
                StepId::CreateWorkspace => true,
                StepId::InviteMember => workspace.counts.seats > 1,
                StepId::ChoosePlan => !billing.standing(plans, now).is_free(),
                StepId::StartRuntime => runtime.generation > 0,
                StepId::ConnectIntegration => workspace.counts.integrations > 0,
            })
        };
        let steps = StepId::ALL.map(|id| Step { id, done: done(id) }).to_vec();
        let billing = seen.map(|(_, billing, _)| BillingNotice::at(now, billing)).unwrap_or_default();
        Self { steps, billing }
    }

    /// The same without what only readers of the billing see.
    fn without_billing(self) -> Self {
        Self { billing: BillingNotice::default(), ..self }
    }
}

impl BillingNotice {
    fn at(now: Timestamp, billing: &Billing) -> Self {
        let subscription = billing.subscription.as_ref().filter(|subscription| match subscription.status {
            Status::Active | Status::Trialing | Status::PastDue | Status::Unpaid | Status::Paused => true,
            Status::Incomplete | Status::IncompleteExpired | Status::Canceled => false,
        });
        Self {
            last_error: billing.unresolved_error().map(|error| error.message.clone()),
            last_error_at: billing.unresolved_error().map(|error| error.at),
            has_pending_checkout: billing.checkout_at(now).is_some(),
            subscription: subscription.map(|subscription| SubscriptionNotice {
                renews_at: subscription.ends().is_none().then_some(subscription.period.end),
                cancel_at: subscription.cancel_at,
                cancel_at_period_end: subscription.cancel_at_period_end,
            }),
        }
    }
}
