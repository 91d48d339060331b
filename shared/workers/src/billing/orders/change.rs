//! Changes of a subscription: another plan now or at the end of the period, cancellation, and its withdrawal.

use super::{Effect, OrderAnswer, OrderRequest, ending::end_unpaid};
use crate::billing::{
    compare::{ComparisonCause, ComparisonResult, observe, write_with},
    deps::BillingDeps,
    error::Error,
};
use domain::billing::{
    account::Billing,
    intent::{Aim, CallStep, Intent, LastCommand, PlanChange},
    order::OrderError,
};
use store::billing::BillingFacts;
use stripe::{self, Account, CurrentSubscription, UnpaidEnd};
use system_scope::SystemScope;

/// Changes the subscription at Stripe to its aim. Steps that are already done are skipped, so that the change may
/// restart at any point.
pub(super) async fn ask(
    request: &OrderRequest<'_>,
    customer: Option<&str>,
    change: &PlanChange,
) -> Result<OrderAnswer, stripe::Error> {
    let OrderRequest { account, catalogue, scope, intent } = *request;
    let key = |step| intent.key(scope.workspace(), step);
    match (&change.aim, customer) {
        (Aim::Cancel | Aim::End, Some(customer)) => cancel_others(request, customer, &change.subscription).await?,
        (Aim::Cancel | Aim::End, None) | (Aim::Now { .. } | Aim::AtPeriodEnd { .. } | Aim::Keep, _) => {}
    }
    let present = account.current_subscription(&change.subscription).await?;
    if !present.lives && change.aim == Aim::End {
        return Ok(OrderAnswer::Done(Effect::Changed { payment_url: None }));
    }
    if !present.lives {
        return Ok(OrderAnswer::Moot(OrderError::NotSubscribed));
    }
    match &change.aim {
        Aim::AtPeriodEnd { price } => {
            let Some(item) = present.plan_item(catalogue) else {
                return Ok(OrderAnswer::Moot(OrderError::NotSubscribed));
            };
            withdraw_cancellation(account, &present, key).await?;
            let schedule = match present.schedule.clone() {
                Some(schedule) => schedule,
                None => account.create_schedule(&present, &key(CallStep::Schedule)).await?,
            };
            if !schedule.next_prices().contains(price) {
                account.schedule_price(&schedule, item, price, &key(CallStep::Phases)).await?;
            }
        }
        Aim::Now { price } => {
            let Some(item) = present.plan_item(catalogue) else {
                return Ok(OrderAnswer::Moot(OrderError::NotSubscribed));
            };
            release_schedule(account, &present, key).await?;
            withdraw_cancellation(account, &present, key).await?;
            if item.price != *price {
                account.change_price(&present, item, price, &key(CallStep::Change)).await?;
                return Ok(OrderAnswer::Done(Effect::Changed {
                    payment_url: account.current_subscription(&change.subscription).await?.payment_url,
                }));
            }
        }
        Aim::Cancel => cancel(account, &present, key).await?,
        Aim::End => {
            if end_unpaid(request, &change.subscription).await? == UnpaidEnd::Continues {
                // It was paid in the meantime, or will be: it ends with the period.
                let present = account.current_subscription(&change.subscription).await?;
                cancel(account, &present, key).await?;
            }
        }
        Aim::Keep => {
            release_schedule(account, &present, key).await?;
            withdraw_cancellation(account, &present, key).await?;
        }
    }
    Ok(OrderAnswer::Done(Effect::Changed { payment_url: None }))
}

/// Cancels all further subscriptions of `customer` to a plan, so that nothing renews.
async fn cancel_others(request: &OrderRequest<'_>, customer: &str, current: &str) -> Result<(), stripe::Error> {
    let OrderRequest { account, catalogue, scope, intent } = *request;
    let held = account.subscriptions(customer).await?;
    let others = held.iter().filter(|held| held.id != current && held.status.is_payable() && held.has_plan(catalogue));
    for other in others {
        let ended = other.status.is_replaceable(None) && end_unpaid(request, &other.id).await? == UnpaidEnd::Ended;
        if !ended && !other.ends() {
            let present = account.current_subscription(&other.id).await?;
            let key = |step| format!("{}-{}", intent.key(scope.workspace(), step), other.id);
            cancel(account, &present, key).await?;
        }
    }
    Ok(())
}

/// Cancels the subscription at the end of its period, unless it is cancelled.
async fn cancel(
    account: &Account,
    present: &CurrentSubscription,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    release_schedule(account, present, &key).await?;
    match present.end {
        Some(_) => Ok(()),
        None => account.cancel_at_period_end(present, &key(CallStep::Cancel)).await,
    }
}

/// Releases the schedule of the subscription, if there is one. Stripe refuses cancellations and a second schedule while
/// one exists.
async fn release_schedule(
    account: &Account,
    present: &CurrentSubscription,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    match &present.schedule {
        Some(schedule) => account.release_schedule(schedule, &key(CallStep::Release)).await,
        None => Ok(()),
    }
}

/// Withdraws the cancellation of the subscription, if there is one.
async fn withdraw_cancellation(
    account: &Account,
    present: &CurrentSubscription,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    match present.end {
        Some(end) => account.resume(present, end, &key(CallStep::Resume)).await,
        None => Ok(()),
    }
}

/// Writes the current state at Stripe and closes the intent.
pub(super) async fn settle(
    with: &BillingDeps,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
) -> Result<Billing, Error> {
    let Some(customer) = billed.billing.customer.clone() else { return Err(OrderError::NotSubscribed.into()) };
    let cause = ComparisonCause::of(intent.origin.clone());
    let ComparisonResult { billing, notices } = observe(with, scope, &billed.billing, &customer, &cause).await?;
    let last_command = billing.last_command.clone().map(LastCommand::done);
    let next = ComparisonResult { billing: Billing { open: None, refusal: None, last_command, ..billing }, notices };
    write_with(with, scope, billed, next, &cause, Some(intent)).await
}
