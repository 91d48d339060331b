//! Changes, cancels and resumes subscriptions.

use super::{
    checkout::{CheckoutRequest, ReturnUrls, sell},
    view::{AddonChangeView, PlanChangeView},
};
use domain::{
    billing::{
        account::Billing,
        intent::Order,
        order::{self, OrderDecision, OrderError},
    },
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    plans::{
        money::{Currency, Interval},
        names::AddonName,
        plan::Plan,
    },
};
use identity::Caller;
use store::billing::BillingFacts;
use workers::billing::{BillingDeps, Error, OrderOutcome, SubscriptionView, finish_intent, submit_order};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// A request to change the plan.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// New plan.
    pub plan: Plan,
    /// New billing interval; `None` keeps the current one.
    pub interval: Option<Interval>,
    /// Currency; `None` keeps the current one.
    pub currency: Option<Currency>,
    /// Return URLs for Stripe's checkout page, if one is needed.
    pub back: ReturnUrls,
}

/// A request to change the number of units of an add-on.
#[derive(Debug, Clone, Copy)]
pub struct AddonRequest {
    /// Name of the add-on.
    pub name: AddonName,
    /// Number of units.
    pub quantity: u64,
}

/// Changes the plan of `workspace`. Without a subscription, opens a checkout page. Upgrades apply and are charged
/// immediately, or at the end of the period if the payment method requires it; downgrades apply at the end of the period.
///
/// # Errors
/// [`Error`] if the caller may not manage billing, the order is not possible, the budget is used up, or the table or
/// Stripe fails.
pub async fn change_plan(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    PlanRequest { plan, interval, currency, back }: PlanRequest,
) -> Result<PlanChangeView, Error> {
    let now = with.store.ambient().now();
    let plans = with.store.plans();
    let decide = |billing: &Billing| order::change(plans, billing, plan, interval, now);
    match Box::pin(command(with, caller, workspace, decide, CommandOptions { currency, key: None })).await? {
        Commanded::Checkout(plan, interval) => {
            let wanted = CheckoutRequest { plan, interval, currency, back };
            let entry = with.store.enter(caller, workspace, None);
            let inside = entry.load().await?.authorize(Action::ManageBilling)?;
            let page =
                Box::pin(sell(with, caller, inside, wanted, None)).await?.first().ok_or(Error::ChangedMeanwhile)?;
            Ok(PlanChangeView::checkout(page.url))
        }
        Commanded::Done(decision, billing, payment_url) => {
            Ok(PlanChangeView::of(plans, &decision, &billing, payment_url))
        }
        Commanded::Pending(billing) => Ok(PlanChangeView::processing(&billing)),
        Commanded::Again(_) => Err(Error::ChangedMeanwhile),
    }
}

/// Cancels the subscription of `workspace` at the end of the period; one that gives nothing ends now.
///
/// # Errors
/// [`Error`] if the caller may not manage billing, there is no subscription, the budget is used up, or the table or
/// Stripe fails.
pub async fn cancel_subscription(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<SubscriptionView, Error> {
    let now = with.store.ambient().now();
    match Box::pin(command(with, caller, workspace, |billing| order::cancel(billing, now), CommandOptions::default()))
        .await?
    {
        Commanded::Done(_, billing, _) | Commanded::Pending(billing) => {
            Ok(SubscriptionView::new(with.store.plans(), &billing, with.store.ambient().now()))
        }
        Commanded::Checkout(..) | Commanded::Again(_) => Err(OrderError::NotSubscribed.into()),
    }
}

/// Withdraws a cancellation, and a change of plan that is scheduled or not paid yet.
///
/// # Errors
/// [`Error`] if the caller may not manage billing, there is no subscription, the budget is used up, or the table or
/// Stripe fails.
pub async fn resume_subscription(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    key: Option<&Fingerprint>,
) -> Result<Reply<SubscriptionView>, Error> {
    let now = with.store.ambient().now();
    match Box::pin(command(
        with,
        caller,
        workspace,
        |billing| order::resume(billing, now),
        CommandOptions { currency: None, key },
    ))
    .await?
    {
        Commanded::Done(_, billing, _) | Commanded::Pending(billing) => {
            Ok(Reply::First(SubscriptionView::new(with.store.plans(), &billing, with.store.ambient().now())))
        }
        Commanded::Again(answer) => Ok(*answer),
        Commanded::Checkout(..) => Err(OrderError::NotSubscribed.into()),
    }
}

/// Changes the number of units of an add-on of `workspace`. More units apply and are charged immediately, or at the end of the
/// period if the payment method requires it; fewer apply at the end of the period.
///
/// # Errors
/// [`Error`] if the caller may not manage billing, the order is not possible, the budget is used up, or the table or
/// Stripe fails.
pub async fn change_addon(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    AddonRequest { name, quantity }: AddonRequest,
) -> Result<AddonChangeView, Error> {
    let (now, plans) = (with.store.ambient().now(), with.store.plans());
    let decide = |billing: &Billing| {
        let addon = plans.addon_named(name).ok_or(OrderError::AddonNotSold)?;
        order::change_addon(plans, billing, addon, quantity, now)
    };
    match Box::pin(command(with, caller, workspace, decide, CommandOptions::default())).await? {
        Commanded::Done(_, billing, payment_url) => Ok(AddonChangeView::of(name, &billing, payment_url)),
        Commanded::Pending(billing) => Ok(AddonChangeView::processing(&billing)),
        Commanded::Checkout(..) | Commanded::Again(_) => Err(Error::ChangedMeanwhile),
    }
}

/// The outcome of a command.
enum Commanded {
    /// The plan must be bought on a checkout page.
    Checkout(Plan, Interval),
    /// The command is done, or there was nothing to do. Holds the resulting billing and the URL of the page on which a
    /// pending change is paid.
    Done(OrderDecision, Box<Billing>, Option<String>),
    /// The command is stored and is carried out later. Holds the billing with it.
    Pending(Box<Billing>),
    /// The command was done before with the same idempotency key.
    Again(Box<Reply<SubscriptionView>>),
}

/// What a command says in addition to its decision.
#[derive(Clone, Copy, Default)]
struct CommandOptions<'a> {
    /// Currency of the price; `None` is that of the subscription.
    currency: Option<Currency>,
    /// Idempotency key.
    key: Option<&'a Fingerprint>,
}

async fn command(
    with: &BillingDeps,
    caller: &Caller,
    workspace: WorkspaceId,
    decide: impl Fn(&Billing) -> Result<OrderDecision, OrderError>,
    CommandOptions { currency, key }: CommandOptions<'_>,
) -> Result<Commanded, Error> {
    let mut entry = with.store.enter(caller, workspace, key);
    let runtime = entry.runtime();
    let (inside, taken) = entry.authorize_and_take::<Error>(Action::ManageBilling, Budget::BillingCommands).await?;
    let (mut read, mut taken) = (Some(inside), Some(taken));
    let (runtime, decide) = (&runtime, &decide);
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || {
        let (read, taken) = (read.take(), taken.take());
        async move {
            let inside = match read {
                Some(inside) => inside,
                None => {
                    let mut entry = with.store.enter(caller, workspace, key);
                    entry.runtime();
                    entry.load().await?.authorize(Action::ManageBilling)?
                }
            };
            if let Some(answer) = inside.earlier_answer()? {
                return Ok(Commanded::Again(Box::new(answer)));
            }
            taken.transpose()?;
            let (billing, members) = (inside.billing.clone(), inside.workspace.counts.members);
            if let Some(attempt) = billing.open {
                // Another command is pending and comes first.
                finish_intent(with, &inside.scope.system(), attempt).await?;
                return Err(Error::ChangedMeanwhile);
            }
            if billing.is_setting_seats(with.store.ambient().now()) {
                return Err(Error::ChangedMeanwhile);
            }
            let decision = decide(&billing)?;
            match decision {
                OrderDecision::Checkout(plan, interval) => return Ok(Commanded::Checkout(plan, interval)),
                OrderDecision::Expected => return Ok(Commanded::Done(decision, Box::new(billing), None)),
                OrderDecision::Now(..)
                | OrderDecision::AtPeriodEnd(..)
                | OrderDecision::AddonsNow(_)
                | OrderDecision::AddonsAtPeriodEnd(_)
                | OrderDecision::Cancel
                | OrderDecision::End
                | OrderDecision::Keep => {}
            }
            let ordered = order::ordered_change(inside.plans, &billing, members, &decision, currency)?;
            let order = Order::Change(ordered.ok_or(Error::ChangedMeanwhile)?);
            let log = inside.scope.known_head().clone();
            let billed = BillingFacts { billing, runtime: inside.take(runtime)?, members: Some(members), log };
            match submit_order(with, &inside.scope, billed, order, key).await? {
                OrderOutcome::Changed { billing, payment_url } => Ok(Commanded::Done(decision, billing, payment_url)),
                OrderOutcome::Pending { billing, error: _ } => Ok(Commanded::Pending(billing)),
                OrderOutcome::Page(_) => Err(Error::ChangedMeanwhile),
            }
        }
    })
    .await
}
