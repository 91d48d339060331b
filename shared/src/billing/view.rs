//! Views of changes of plan and add-ons.

use domain::{
    billing::account::Billing,
    billing::order::OrderDecision,
    plans::{
        catalogue::Plans,
        money::Interval,
        names::{AddonName, PlanName},
        version::PlanVersion,
    },
};
use jiff::Timestamp;
use serde::Serialize;
use workers::billing::LastCommandView;

/// Result of a change of plan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PlanChange)]
pub struct PlanChangeView {
    /// Status of the change.
    pub status: PlanChangeStatus,
    /// URL of the checkout page; absent unless the workspace has no subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout_url: Option<String>,
    /// Time of the change; absent unless it is a downgrade or a cancellation, which takes effect at the end of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_downgrade: Option<ScheduledDowngrade>,
    /// Upgrade that takes effect at the end of the period; absent unless there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_upgrade: Option<ScheduledUpgrade>,
    /// URL of the page on which the customer must pay or confirm; absent unless the automatic payment failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
    /// The recorded command; absent unless it is still carried out. `GET /billing/subscription` shows its outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<LastCommandView>,
}

/// Status of a change: `applied` is in force, `scheduled` takes effect at the end of the period, `checkout` must be
/// paid on the page `checkout_url`, `action_required` must be paid or confirmed on the page `action_url`, `pending` takes
/// effect once it is paid, and `processing` is recorded and carried out within minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanChangeStatus {
    /// The change is in force.
    Applied,
    /// The change takes effect at the end of the period.
    Scheduled,
    /// The plan must be paid on the checkout page.
    Checkout,
    /// The change takes effect once it is paid or confirmed on the page.
    ActionRequired,
    /// The change takes effect once it is paid.
    Pending,
    /// The payment provider has not answered. The change is carried out within minutes.
    Processing,
}

/// Time of a scheduled change.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct ScheduledDowngrade {
    /// Time at which the change takes effect (RFC 3339, UTC).
    pub effective_at: Timestamp,
}

/// An upgrade that takes effect at the end of the period, when it is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ScheduledUpgrade {
    /// Plan after the upgrade.
    pub plan: PlanName,
    /// Billing interval after the upgrade.
    pub interval: Interval,
    /// Time at which the upgrade takes effect (RFC 3339, UTC).
    pub effective_at: Timestamp,
    /// Reason for which the upgrade does not apply immediately.
    pub reason: UpgradeDelay,
}

/// Reason for which an upgrade applies at the end of the period: with the payment method `payment_method`, a payment is
/// confirmed only days later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpgradeDelay {
    /// A bank debit or a sent invoice pays, and is confirmed only days later.
    PaymentMethod,
}

impl ScheduledUpgrade {
    /// Returns the scheduled upgrade of `billing`, if the scheduled change is one.
    #[must_use]
    pub fn of(plans: Plans, billing: &Billing) -> Option<Self> {
        let paid = billing.subscription.as_ref()?;
        let rank = |(plan, interval): (PlanVersion, Interval)| (plans.rank(plan.name), interval);
        let larger = |scheduled: &(PlanVersion, Interval)| rank(*scheduled) > rank((paid.paid_plan, paid.interval));
        let (plan, interval) = paid.scheduled.filter(larger).filter(|_| paid.ends().is_none())?;
        Some(Self { plan: plan.name, interval, effective_at: paid.period.end, reason: UpgradeDelay::PaymentMethod })
    }
}

impl PlanChangeView {
    /// Builds the view of a change that must be paid on the page `url`.
    #[must_use]
    pub fn checkout(url: String) -> Self {
        Self { checkout_url: Some(url), ..Self::only(PlanChangeStatus::Checkout) }
    }

    /// Builds the view of a command that is recorded in `billing` and carried out later.
    #[must_use]
    pub fn processing(billing: &Billing) -> Self {
        let command = billing.last_command.as_ref().map(LastCommandView::from);
        Self { command, ..Self::only(PlanChangeStatus::Processing) }
    }

    /// True if the change is still carried out.
    #[must_use]
    pub fn is_processing(&self) -> bool {
        self.status == PlanChangeStatus::Processing
    }

    /// Builds the view of `decision`, which resulted in `billing`. `payment_url` is the URL of the page on which a
    /// pending change is paid.
    #[must_use]
    pub fn of(plans: Plans, decision: &OrderDecision, billing: &Billing, payment_url: Option<String>) -> Self {
        let upgrade = ScheduledUpgrade::of(plans, billing).filter(|_| payment_url.is_none());
        match (decision, upgrade) {
            (OrderDecision::Now(..) | OrderDecision::Expected, Some(upgrade)) => {
                Self { scheduled_upgrade: Some(upgrade), ..Self::only(PlanChangeStatus::Scheduled) }
            }
            (
                OrderDecision::Cancel
                | OrderDecision::AtPeriodEnd(..)
                | OrderDecision::AddonsAtPeriodEnd(_)
                | OrderDecision::Expected,
                _,
            ) => {
                let paid = billing.subscription.as_ref();
                let effective_at = paid.map(|paid| paid.ends().unwrap_or(paid.period.end));
                let scheduled_downgrade = effective_at.map(|effective_at| ScheduledDowngrade { effective_at });
                Self { scheduled_downgrade, ..Self::only(PlanChangeStatus::Scheduled) }
            }
            (OrderDecision::End, _) => Self::only(PlanChangeStatus::Applied),
            (
                OrderDecision::Now(..)
                | OrderDecision::AddonsNow(_)
                | OrderDecision::Keep
                | OrderDecision::Checkout(..),
                _,
            ) => match payment_url {
                None => Self::only(PlanChangeStatus::Applied),
                Some(url) if url.is_empty() => Self::only(PlanChangeStatus::Pending),
                Some(url) => Self { action_url: Some(url), ..Self::only(PlanChangeStatus::ActionRequired) },
            },
        }
    }

    const fn only(status: PlanChangeStatus) -> Self {
        Self {
            status,
            checkout_url: None,
            scheduled_downgrade: None,
            scheduled_upgrade: None,
            action_url: None,
            command: None,
        }
    }
}

/// Result of a change of an add-on.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = AddonChange)]
pub struct AddonChangeView {
    /// Status of the change; never `checkout`.
    pub status: PlanChangeStatus,
    /// Time at which a scheduled change takes effect (RFC 3339, UTC); absent unless it is scheduled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// URL of the page on which the customer must pay or confirm; absent unless the automatic payment failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
    /// The recorded command; absent unless it is still carried out. `GET /billing/subscription` shows its outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<LastCommandView>,
}

impl AddonChangeView {
    /// Builds the view of a command that is recorded in `billing` and carried out later.
    #[must_use]
    pub fn processing(billing: &Billing) -> Self {
        let command = billing.last_command.as_ref().map(LastCommandView::from);
        Self { command, ..Self::only(PlanChangeStatus::Processing) }
    }

    /// True if the change is still carried out.
    #[must_use]
    pub fn is_processing(&self) -> bool {
        self.status == PlanChangeStatus::Processing
    }

    /// Builds the view of a change that resulted in `billing`. `payment_url` is the URL of the page on which a pending change
    /// is paid.
    #[must_use]
    pub fn of(addon: AddonName, billing: &Billing, payment_url: Option<String>) -> Self {
        let paid = billing.subscription.as_ref();
        let scheduled = paid.filter(|paid| {
            let next = paid.scheduled_addons.as_ref();
            next.is_some_and(|next| next.quantity(addon) != paid.addons.quantity(addon))
        });
        match (payment_url, scheduled) {
            (Some(url), _) if url.is_empty() => Self::only(PlanChangeStatus::Pending),
            (Some(url), _) => Self { action_url: Some(url), ..Self::only(PlanChangeStatus::ActionRequired) },
            (None, Some(paid)) => {
                Self { effective_at: Some(paid.period.end), ..Self::only(PlanChangeStatus::Scheduled) }
            }
            (None, None) => Self::only(PlanChangeStatus::Applied),
        }
    }

    const fn only(status: PlanChangeStatus) -> Self {
        Self { status, effective_at: None, action_url: None, command: None }
    }
}
