//! Usage, limits and billing of a workspace, read together for the dashboard.

use super::{
    catalogue::PriceView,
    invoices::InvoiceView,
    usage::month::{PeriodView, month_of, span},
};
use domain::{
    billing::customer::{Card, Credit},
    billing::reversal::Reversal,
    billing::subscription::{Period, Status, Subscription},
    identity::access::Action,
    ids::WorkspaceId,
    plans::{
        catalogue::Plans,
        limits::Limits,
        money::{Currency, Interval},
        names::{MeterName, PlanName},
    },
    usage::{CurrentUsage, Meter, Span, UsageDay, month, total},
};
use identity::Caller;
use jiff::Timestamp;
use serde::Serialize;
use store::{
    Authorized, Store,
    usage::{Usage, UsageKeys},
};
use workers::billing::{BillingDeps, Error};

/// Usage of a meter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = MeterUsage)]
pub struct MeterView {
    /// Name of the meter.
    pub meter: MeterName,
    /// Amount used.
    pub used: u64,
    /// Limit of the plan, or the limit that applied when the past month was last counted; null if unlimited.
    pub limit: Option<u64>,
    /// Time at which the usage is reset to zero (RFC 3339, UTC); null if it never is.
    pub resets_at: Option<Timestamp>,
}

/// Usage of all meters.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = WorkspaceUsage)]
pub struct UsageView {
    /// Month over which monthly meters are counted.
    pub period: PeriodView,
    /// Usage of each meter.
    pub usage: Vec<MeterView>,
}

/// Current billing period.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BillingCycle {
    /// Start of the period (RFC 3339, UTC).
    pub start: Timestamp,
    /// End of the period (RFC 3339, UTC).
    pub end: Timestamp,
    /// Time of the next payment (RFC 3339, UTC); null if there is none.
    pub next_billing_date: Option<Timestamp>,
}

/// Price of the plan and its renewal.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Pricing {
    /// Prices of the plan in force, in the version that the workspace has; empty if it costs nothing or a contract
    /// determines the price.
    pub prices: Vec<PriceView>,
    /// Billing interval; null if nothing is paid.
    pub billing_interval: Option<Interval>,
    /// True if the subscription renews automatically.
    pub auto_renew: bool,
    /// Seats; null if the price does not depend on the number of members.
    pub seats: Option<PaidSeats>,
}

/// Seats of a plan that is paid by the seat. Each active member has one; invitations are not paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PaidSeats {
    /// Number of seats that are paid. It follows the number of members within minutes.
    pub paid: u64,
    /// Smallest number of seats that are paid.
    pub minimum: u32,
    /// Price of each further seat per interval, in the currency's minor unit, for example cents.
    pub amount: u64,
    /// ISO 4217 currency code in lower case.
    pub currency: Currency,
    /// Billing interval.
    pub interval: Interval,
}

impl PaidSeats {
    /// Returns the seats of `paid`, if its plan is paid by the seat.
    fn of(plans: Plans, paid: &Subscription) -> Option<Self> {
        let (plan, currency) = (plans.version(paid.paid_plan)?, paid.currency?);
        let (minimum, seats) = (plan.minimum_seats?, paid.seats?);
        let amount = plans.amount(plan.price(paid.interval, currency)?)?;
        Some(Self { paid: seats, minimum, amount, currency, interval: paid.interval })
    }
}

/// Card that pays.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PaymentMethod {
    /// Brand of the card.
    pub brand: String,
    /// Last four digits of the card number.
    pub last4: String,
    /// Month in which the card expires, from 1.
    pub exp_month: u8,
    /// Year in which the card expires.
    pub exp_year: u16,
}

impl From<Card> for PaymentMethod {
    fn from(Card { brand, last4, exp_month, exp_year }: Card) -> Self {
        Self { brand, last4, exp_month, exp_year }
    }
}

/// Credit balance, which pays the next invoices before anything is charged.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CreditBalance {
    /// Amount in the currency's smallest unit, for example cents. A negative amount is added to the next invoice.
    pub amount: i64,
    /// ISO 4217 currency code in lower case.
    pub currency: String,
}

impl From<Credit> for CreditBalance {
    fn from(Credit { amount, currency }: Credit) -> Self {
        Self { amount, currency }
    }
}

/// Plan, usage, price and payment method of a workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = BillingOverview)]
pub struct ConfigView {
    /// Id of the workspace.
    pub workspace_id: WorkspaceId,
    /// Plan in force.
    pub plan_type: PlanName,
    /// Status of the subscription at Stripe; `active` for a workspace without a subscription.
    pub plan_status: Status,
    /// Limits of the plan in force.
    pub limits: Limits,
    /// Current usage of these limits.
    pub current_usage: CurrentUsage,
    /// Current billing period.
    pub billing_cycle: BillingCycle,
    /// Price of the plan and its renewal.
    pub pricing: Pricing,
    /// Card that pays; null if there is none.
    pub payment_method: Option<PaymentMethod>,
    /// Credit balance; null if it is zero.
    pub credit: Option<CreditBalance>,
    /// Five newest invoices, newest first; null for roles that may not read invoices. `GET /billing/invoices` returns
    /// all of them.
    pub recent_invoices: Option<Vec<InvoiceView>>,
    /// Refunds and disputes of payments, newest first.
    pub reversals: Vec<Reversal>,
}

/// Returns the usage of `workspace` in the month in which `day` ended, or in the current month.
///
/// # Errors
/// [`Error`] if the caller may not read billing or the table fails.
pub async fn read_usage(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    day: Option<UsageDay>,
) -> Result<UsageView, Error> {
    let now = store.ambient().now();
    let moment = day.map_or(now, |day| day.last_moment().min(now));
    let meters: Vec<_> = store.plans().consumed().collect();
    let entry = store.enter(caller, workspace, None);
    let (inside, usage) = entry.usage::<Error>(Action::ReadUsage, &meters, moment, UsageKeys::default()).await?;
    let present = month(now, &inside.billing, inside.workspace.created_at);
    let period = if moment == now { present } else { month_of(moment, present, &inside, &usage) };
    let limits = inside.billing.standing(inside.plans, now).limits();
    let view = |meter: Meter| {
        let span = if meter.is_monthly { Span::Month(period) } else { Span::Always };
        let shards = usage.shards(span, meter);
        let then = shards.first().filter(|_| meter.is_monthly && period != present).map(|shard| shard.terms.limit);
        let limit = then.unwrap_or_else(|| limits.of(meter));
        MeterView { meter: meter.name, used: total(&shards), limit, resets_at: span.resets_at() }
    };
    Ok(UsageView { period: period.into(), usage: meters.into_iter().map(view).collect() })
}

/// Returns the billing configuration of `workspace` as stored. Stripe is not called, so the page does not depend on it.
///
/// # Errors
/// [`Error`] if the caller may not read billing or the table fails.
pub async fn read_config(with: &BillingDeps, caller: &Caller, workspace: WorkspaceId) -> Result<ConfigView, Error> {
    let now = with.store.ambient().now();
    let meters: Vec<_> = with.store.plans().consumed().collect();
    let entry = with.store.enter(caller, workspace, None);
    let (inside, usage) = entry.usage::<Error>(Action::ReadBilling, &meters, now, UsageKeys::default()).await?;
    let billing = &inside.billing;
    let paid = billing.subscription.as_ref();
    let paid = paid.filter(|paid| paid.is_payable() && paid.ends().is_none_or(|end| now < end));
    let facts = billing.customer_facts.clone();
    let (card, credit, invoices) =
        facts.map_or_else(Default::default, |facts| (facts.card, facts.credit, facts.invoices));
    let standing = billing.standing(inside.plans, now);
    let plan = standing.plan;
    Ok(ConfigView {
        workspace_id: workspace,
        plan_type: plan.name,
        plan_status: paid.map_or(Status::Active, |paid| paid.status),
        limits: standing.limits(),
        current_usage: current_usage(&inside, &usage, now),
        billing_cycle: cycle(&inside, paid, now),
        pricing: Pricing {
            prices: PriceView::of(plan.prices),
            billing_interval: standing
                .contract
                .as_ref()
                .map_or_else(|| paid.map(|paid| paid.interval), |agreed| agreed.interval),
            auto_renew: paid.is_some_and(|paid| paid.ends().is_none()),
            seats: paid.filter(|_| standing.contract.is_none()).and_then(|paid| PaidSeats::of(inside.plans, paid)),
        },
        reversals: billing.reversals.clone(),
        payment_method: card.map(PaymentMethod::from),
        credit: credit.map(CreditBalance::from),
        recent_invoices: inside
            .require(Action::ReadInvoices)
            .is_ok()
            .then(|| invoices.into_iter().map(|invoice| InvoiceView::new(invoice, with.ends.ended_invoices)).collect()),
    })
}

fn current_usage(inside: &Authorized<'_>, usage: &Usage, now: Timestamp) -> CurrentUsage {
    CurrentUsage::new(inside.plans, &inside.workspace.counts, |meter| {
        total(&usage.shards(span(meter, inside, now), meter))
    })
}

/// Returns the paid period, or the metering month if nothing is paid.
fn cycle(inside: &Authorized<'_>, paid: Option<&Subscription>, now: Timestamp) -> BillingCycle {
    let Period { start, end } =
        paid.map_or_else(|| month(now, &inside.billing, inside.workspace.created_at), |paid| paid.period);
    let next_billing_date = paid.filter(|paid| paid.ends().is_none()).map(|paid| paid.period.end);
    BillingCycle { start, end, next_billing_date }
}
