//! How what is paid for is shown.

use domain::{
    billing::account::Billing,
    billing::order::Decision,
    page::{Page, PageRequest},
    plans::plan::{Interval, Limits, Plan, Size},
};
use jiff::Timestamp;
use serde::Serialize;

/// What became of an order.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PlanChange)]
pub struct PlanChangeView {
    /// How far it is.
    pub status: PlanChangeStatus,
    /// The page on which it is paid, for a workspace that pays for nothing yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout_url: Option<String>,
    /// When it comes, if it waits for the end of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_downgrade: Option<ScheduledDowngrade>,
    /// The page on which it is paid, or confirmed, if the payment did not go through by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanChangeStatus {
    /// It is done.
    Applied,
    /// It comes when the period ends.
    Scheduled,
    /// It is to be paid on a page.
    Checkout,
    /// It comes once it is paid or confirmed on a page.
    ActionRequired,
    /// It comes once it is paid.
    Pending,
}

/// When something comes.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub struct ScheduledDowngrade {
    /// When.
    pub effective_at: Timestamp,
}

impl PlanChangeView {
    /// It is to be paid on the page `url`.
    #[must_use]
    pub fn checkout(url: String) -> Self {
        Self { checkout_url: Some(url), ..Self::only(PlanChangeStatus::Checkout) }
    }

    /// What came of `decision`, by which the billing is `billing` now.
    #[must_use]
    pub fn of(decision: Decision, billing: &Billing, waits: Option<String>) -> Self {
        match decision {
            Decision::Cancel | Decision::AtPeriodEnd(..) | Decision::Expected => {
                let paid = billing.subscription.as_ref();
                let effective_at = paid.map(|paid| paid.ends().unwrap_or(paid.period.end));
                let scheduled_downgrade = effective_at.map(|effective_at| ScheduledDowngrade { effective_at });
                Self { scheduled_downgrade, ..Self::only(PlanChangeStatus::Scheduled) }
            }
            Decision::Now(..) | Decision::Keep | Decision::Checkout(..) => match waits {
                None => Self::only(PlanChangeStatus::Applied),
                Some(url) if url.is_empty() => Self::only(PlanChangeStatus::Pending),
                Some(url) => Self { action_url: Some(url), ..Self::only(PlanChangeStatus::ActionRequired) },
            },
        }
    }

    const fn only(status: PlanChangeStatus) -> Self {
        Self { status, checkout_url: None, scheduled_downgrade: None, action_url: None }
    }
}

/// A plan, as it is offered.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Plan offered")]
pub struct PlanView {
    /// Its name.
    pub plan: Plan,
    /// What a month costs, in whole USD; null is by contract.
    pub monthly_price_usd: Option<u32>,
    /// What a year costs, in whole USD.
    pub yearly_price_usd: Option<u32>,
    /// What it allows; null is no limit.
    pub limits: Limits,
    /// How large its runtime is.
    pub runtime: Size,
    /// After how many minutes an idle runtime stops; null is never.
    pub idle_stop_minutes: Option<i64>,
}

/// A page of the catalogue, smallest plan first.
#[must_use]
pub fn plans(page: PageRequest<Plan>) -> Page<PlanView, Plan> {
    let offer = |plan: Plan| PlanView {
        plan,
        monthly_price_usd: plan.price_usd(Interval::Month),
        yearly_price_usd: plan.price_usd(Interval::Year),
        limits: plan.limits(),
        runtime: plan.size(),
        idle_stop_minutes: plan.idle_stop().map(|time| time.as_mins()),
    };
    let mut items: Vec<_> =
        Plan::ALL.into_iter().filter(|plan| page.after.is_none_or(|after| *plan > after)).map(offer).collect();
    let more = items.len() > page.limit.get();
    items.truncate(page.limit.get());
    Page { next: items.last().map(|last| last.plan).filter(|_| more), items }
}
