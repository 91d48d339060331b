//! What a change of plan would cost and mean, without making it.

use super::usage::span;
use domain::{
    billing::order::{self, Decision},
    billing::trial::Trial,
    bounds::budget::Budget,
    identity::access::Action,
    ids::WorkspaceId,
    plans::plan::{Interval, Limits, Plan},
    usage::{Meter, total},
    workspace::head::Workspace,
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use workers::billing::{Charging, Error};

/// What a change of plan would cost and mean.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PlanPreview)]
pub struct PlanPreviewView {
    /// The plan that would follow.
    pub plan: Plan,
    /// How often it would be paid; null for free.
    pub interval: Option<Interval>,
    /// When it would come; null is at once, once it is paid.
    pub effective_at: Option<Timestamp>,
    /// What would be due now, in cents. What is left of the present period is set against it.
    pub amount_due_now: i64,
    /// What each following period would cost, in cents.
    pub next_amount: i64,
    /// The currency of both.
    pub currency: &'static str,
    /// What is used beyond the limits of the plan that would follow.
    pub over_limits: Vec<OverLimit>,
}

/// Something of which more is used than a plan allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OverLimit {
    /// What.
    pub resource: &'static str,
    /// How much is used.
    pub used: u64,
    /// How much the plan allows.
    pub limit: u64,
    /// What happens to it, for clients that say it in other words.
    pub effect_code: LimitEffect,
    /// The same in English.
    pub effect: &'static str,
}

/// What happens to that of which more is used than a plan allows. Nothing is ever taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitEffect {
    /// All members and invitations stay. Nobody can be invited until enough have left.
    NoInvitations,
    /// All stay and work. None can be added until enough are removed.
    NoAdditions,
    /// All that is stored stays. Nothing can be added until enough is removed.
    NoStorage,
    /// What was used stays. No more is given until the count begins again, and then up to the limit each month.
    UntilNextPeriod,
}

impl LimitEffect {
    /// The effect on what is used of `meter` above its limit.
    const fn on(meter: Meter) -> Self {
        match meter {
            Meter::Executions | Meter::Traces | Meter::AiCredits => Self::UntilNextPeriod,
            Meter::Gateways | Meter::Plugins | Meter::ApiKeys => Self::NoAdditions,
            Meter::StorageMb => Self::NoStorage,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::NoInvitations => "all members and invitations stay; nobody can be invited until enough have left",
            Self::NoAdditions => "all stay and work; none can be added until enough are removed",
            Self::NoStorage => "all that is stored stays; nothing can be added until enough is removed",
            Self::UntilNextPeriod => {
                "what was used stays; no more is given until the count begins again, and then up to the limit each month"
            }
        }
    }
}

/// What it would cost and mean to have `workspace` pay for `plan`. Nothing is changed.
///
/// # Errors
/// [`Error`], the same as the change itself.
pub async fn preview(
    with: &Charging,
    caller: &Caller,
    workspace: WorkspaceId,
    (plan, interval): (Plan, Option<Interval>),
) -> Result<PlanPreviewView, Error> {
    let now = with.store.ambient().now();
    let (store, action) = (&with.store, Action::PreviewPlan);
    let (read, taken) = tokio::join!(
        store.enter(caller, workspace, None).usage::<Error>(action, &Meter::ALL, now, None),
        store.take::<Error>(caller, workspace, action, Budget::BillingReads)
    );
    let (inside, usage) = read?;
    let decision = order::change(&inside.billing, plan, interval)?;
    let paid = inside.billing.subscription.as_ref().filter(|paid| paid.lives());
    let interval = match decision {
        Decision::Checkout(_, interval) | Decision::Now(_, interval) | Decision::AtPeriodEnd(_, interval) => {
            Some(interval)
        }
        Decision::Cancel => None,
        Decision::Keep | Decision::Expected => paid.map(|paid| paid.interval).filter(|_| plan != Plan::Free),
    };
    let next_amount = interval.and_then(|interval| plan.price_usd(interval)).map_or(0, |usd| i64::from(usd) * 100);
    let (effective_at, amount_due_now) = match decision {
        Decision::Checkout(..) => {
            (None, if Trial::of(&inside.billing, with.trial).is_some() { 0 } else { next_amount })
        }
        Decision::Now(plan, interval) => {
            taken?;
            (None, difference(with, paid.map(|paid| paid.id.as_str()), plan, interval).await?)
        }
        Decision::AtPeriodEnd(..) | Decision::Cancel | Decision::Expected => {
            (paid.map(|paid| paid.ends().unwrap_or(paid.period.end)), 0)
        }
        Decision::Keep => (None, 0),
    };
    let meters = Meter::ALL.map(|meter| (meter, total(&usage.shards(span(meter, &inside, now), meter))));
    let over_limits = over(&inside.workspace, &meters, &plan.limits());
    Ok(PlanPreviewView { plan, interval, effective_at, amount_due_now, next_amount, currency: "usd", over_limits })
}

/// What Stripe would ask for now.
async fn difference(with: &Charging, subscription: Option<&str>, plan: Plan, interval: Interval) -> Result<i64, Error> {
    let Some((subscription, price)) = subscription.zip(with.catalogue.price(plan, interval)) else { return Ok(0) };
    let account = with.payments.account::<Error>().await?;
    let asked = async { account.preview(&account.present(subscription).await?, price).await };
    Ok(asked.await?)
}

/// Nothing is ever taken away: what is above a limit stays, and nothing can be added to it.
fn over(workspace: &Workspace, meters: &[(Meter, u64)], limits: &Limits) -> Vec<OverLimit> {
    let made = [
        ("members", workspace.counts.seats, limits.members, LimitEffect::NoInvitations),
        ("integrations", workspace.counts.integrations, limits.integrations, LimitEffect::NoAdditions),
    ];
    let counted =
        meters.iter().map(|(meter, used)| (meter.name(), *used, meter.limit(limits), LimitEffect::on(*meter)));
    made.into_iter()
        .chain(counted)
        .filter_map(|(resource, used, limit, effect_code)| {
            Some(OverLimit { resource, used, limit: limit?, effect_code, effect: effect_code.text() })
        })
        .filter(|over| over.used > over.limit)
        .collect()
}
