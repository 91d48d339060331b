//! What a workspace may use, what it has used, and how it pays: read together for the dashboard.

use super::usage::span;
use domain::{
    billing::account::Billing,
    billing::reversal::Reversal,
    billing::subscription::{Period, Status, Subscription},
    bounds::budget::Budget,
    identity::access::Action,
    ids::WorkspaceId,
    plans::plan::{Interval, Limits, Plan},
    usage::{Day, Meter, Span, month, total},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{Inside, Store, usage::Usage};
use stripe::Card;
use workers::billing::{Charging, Error};

/// A month.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[schema(as = UsagePeriod)]
pub struct PeriodView {
    /// Its beginning.
    pub start: Timestamp,
    /// Its end, which is the beginning of the next.
    pub end: Timestamp,
}

impl From<Period> for PeriodView {
    fn from(Period { start, end }: Period) -> Self {
        Self { start, end }
    }
}

/// What is used of a meter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = MeterUsage)]
pub struct MeterView {
    /// The meter.
    pub meter: Meter,
    /// What is used.
    pub used: u64,
    /// What the plan allows, or allowed when that month was counted last; null is no limit.
    pub limit: Option<u64>,
    /// When the use starts anew; null is never.
    pub resets_at: Option<Timestamp>,
}

/// What is used of every meter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = WorkspaceUsage)]
pub struct UsageView {
    /// The month over which the monthly ones are counted.
    pub period: PeriodView,
    /// Every meter.
    pub usage: Vec<MeterView>,
}

/// Everything that is counted against the plan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CurrentUsage {
    /// Seats: members and pending invitations.
    pub members: u64,
    /// Integrations at work.
    pub integrations: u64,
    /// Executions this month.
    pub executions: u64,
    /// Traces this month.
    pub traces: u64,
    /// AI credits this month.
    pub ai_credits: u64,
    /// Gateways.
    pub gateways: u64,
    /// Plugins.
    pub plugins: u64,
    /// API keys.
    pub api_keys: u64,
    /// Storage, in megabytes.
    pub storage_mb: u64,
}

/// The present period.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BillingCycle {
    /// Its beginning.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// When is paid next; null if nothing will be.
    pub next_billing_date: Option<Timestamp>,
}

/// What is paid.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Pricing {
    /// What a month of the plan costs, in whole USD; null is by contract. A year costs ten of them.
    pub monthly_price_usd: Option<u32>,
    /// How often is paid; null if nothing is.
    pub billing_interval: Option<Interval>,
    /// Whether it goes on by itself.
    pub auto_renew: bool,
}

/// A card.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PaymentMethod {
    /// Its brand.
    pub brand: String,
    /// Its last four digits.
    pub last4: String,
}

/// How a workspace is billed.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = BillingConfig)]
pub struct ConfigView {
    /// Which one.
    pub workspace_id: WorkspaceId,
    /// The plan in force.
    pub plan_type: Plan,
    /// How it stands at Stripe; active for a workspace that pays for nothing.
    pub plan_status: Status,
    /// What the plan in force allows.
    pub limits: Limits,
    /// What is used of it.
    pub current_usage: CurrentUsage,
    /// The present period.
    pub billing_cycle: BillingCycle,
    /// What is paid.
    pub pricing: Pricing,
    /// The card that pays; null if there is none.
    pub payment_method: Option<PaymentMethod>,
    /// Payments of which something went back, newest first.
    pub reversals: Vec<Reversal>,
}

/// What `workspace` has used: in the month that `day` ended in, else in the present one.
///
/// # Errors
/// [`Error`].
pub async fn usage(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    day: Option<Day>,
) -> Result<UsageView, Error> {
    let now = store.ambient().now();
    let moment = day.map_or(now, |day| day.last_moment().min(now));
    let entry = store.enter(caller, workspace, None);
    let (inside, usage) = entry.usage::<Error>(Action::ReadBilling, &Meter::ALL, moment, None).await?;
    let present = month(now, &inside.billing, inside.workspace.created_at);
    let period = month_of(moment, present, &inside, &usage);
    let limits = inside.billing.standing(now).limits();
    let view = |meter: Meter| {
        let span = if meter.is_monthly() { Span::Month(period) } else { Span::Always };
        let shards = usage.shards(span, meter);
        let then = shards.first().filter(|_| meter.is_monthly() && period != present).map(|shard| shard.terms.limit);
        let limit = then.unwrap_or_else(|| meter.limit(&limits));
        MeterView { meter, used: total(&shards), limit, resets_at: span.resets_at() }
    };
    Ok(UsageView { period: period.into(), usage: Meter::ALL.map(view).into() })
}

/// The month of counting that `moment` lies in, which is the `present` one or was before.
pub(super) fn month_of(moment: Timestamp, present: Period, inside: &Inside<'_>, usage: &Usage) -> Period {
    if moment < present.start { usage.month_at(moment).unwrap_or_else(|| month_then(inside, moment)) } else { present }
}

/// The month that `moment` lay in, where nothing was counted that would tell: by the day on which the workspace was made.
fn month_then(inside: &Inside<'_>, moment: Timestamp) -> Period {
    month(moment, &Billing::default(), inside.workspace.created_at)
}

/// How `workspace` is billed. Stripe is asked once, for the card, and not at all where there is no customer.
///
/// # Errors
/// [`Error`].
pub async fn config(with: &Charging, caller: &Caller, workspace: WorkspaceId) -> Result<ConfigView, Error> {
    let now = with.store.ambient().now();
    let (store, action) = (&with.store, Action::ReadBilling);
    let (read, taken) = tokio::join!(
        store.enter(caller, workspace, None).usage::<Error>(action, &Meter::ALL, now, None),
        store.take::<Error>(caller, workspace, action, Budget::BillingReads)
    );
    let (inside, usage) = read?;
    let billing = &inside.billing;
    let paid = billing.subscription.as_ref();
    let paid = paid.filter(|paid| paid.lives() && paid.ends().is_none_or(|end| now < end));
    let card = match &billing.customer {
        Some(customer) => {
            taken?;
            let subscription = paid.map(|paid| paid.id.as_str());
            with.payments.account::<Error>().await?.card(customer, subscription).await?
        }
        None => None,
    };
    let standing = billing.standing(now);
    let plan = standing.plan;
    Ok(ConfigView {
        workspace_id: workspace,
        plan_type: plan,
        plan_status: paid.map_or(Status::Active, |paid| paid.status),
        limits: standing.limits(),
        current_usage: current_usage(&inside, &usage, now),
        billing_cycle: cycle(&inside, paid, now),
        pricing: Pricing {
            monthly_price_usd: plan.price_usd(Interval::Month),
            billing_interval: standing
                .contract
                .map_or_else(|| paid.map(|paid| paid.interval), |agreed| agreed.interval),
            auto_renew: paid.is_some_and(|paid| paid.ends().is_none()),
        },
        reversals: billing.reversals.clone(),
        payment_method: card.map(|Card { brand, last4 }| PaymentMethod { brand, last4 }),
    })
}

fn current_usage(inside: &Inside<'_>, usage: &Usage, now: Timestamp) -> CurrentUsage {
    let used = |meter| total(&usage.shards(span(meter, inside, now), meter));
    CurrentUsage {
        members: inside.workspace.counts.seats,
        integrations: inside.workspace.counts.integrations,
        executions: used(Meter::Executions),
        traces: used(Meter::Traces),
        ai_credits: used(Meter::AiCredits),
        gateways: used(Meter::Gateways),
        plugins: used(Meter::Plugins),
        api_keys: used(Meter::ApiKeys),
        storage_mb: used(Meter::StorageMb),
    }
}

/// The period that is paid for, or the month over which is counted.
fn cycle(inside: &Inside<'_>, paid: Option<&Subscription>, now: Timestamp) -> BillingCycle {
    let Period { start, end } =
        paid.map_or_else(|| month(now, &inside.billing, inside.workspace.created_at), |paid| paid.period);
    let next_billing_date = paid.filter(|paid| paid.ends().is_none()).map(|paid| paid.period.end);
    BillingCycle { start, end, next_billing_date }
}
