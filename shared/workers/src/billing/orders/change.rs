//! Changes of a subscription: another plan now or at the end of the period, cancellation, and its withdrawal.

use super::{Asked, Asking, Effect};
use crate::billing::{
    compare::{Cause, Seen, look, write_with},
    deps::Charging,
    error::Error,
};
use domain::billing::{
    account::Billing,
    intent::{Aim, CallStep, Intent, PlanChange},
    order::OrderError,
};
use store::billing::BillingFacts;
use stripe::{self, Account, Present};
use system_scope::SystemScope;

/// Changes the subscription at Stripe to its aim. Steps that are already done are skipped, so that the change may
/// restart at any point.
pub(super) async fn ask(asking: &Asking<'_>, change: &PlanChange) -> Result<Asked, stripe::Error> {
    let Asking { account, scope, intent } = *asking;
    let key = |step| intent.key(scope.workspace(), step);
    let present = account.present(&change.subscription).await?;
    if !present.lives {
        return Ok(Asked::Moot(OrderError::NotSubscribed));
    }
    match &change.aim {
        Aim::AtPeriodEnd { price } => {
            withdraw_cancellation(account, &present, key).await?;
            let schedule = match present.schedule.clone() {
                Some(schedule) => schedule,
                None => account.make_schedule(&present, &key(CallStep::Schedule)).await?,
            };
            if schedule.next.as_ref() != Some(price) {
                account.follow(&schedule, &present.price, price, &key(CallStep::Phases)).await?;
            }
        }
        Aim::Now { price } => {
            release_schedule(account, &present, key).await?;
            withdraw_cancellation(account, &present, key).await?;
            if present.price != *price {
                account.change_price(&present, price, &key(CallStep::Change)).await?;
                return Ok(Asked::Done(Effect::Changed { waits: account.present(&change.subscription).await?.waits }));
            }
        }
        Aim::Cancel => {
            release_schedule(account, &present, key).await?;
            if present.end.is_none() {
                account.cancel_at_period_end(&present, &key(CallStep::Cancel)).await?;
            }
        }
        Aim::Keep => {
            release_schedule(account, &present, key).await?;
            withdraw_cancellation(account, &present, key).await?;
        }
    }
    Ok(Asked::Done(Effect::Changed { waits: None }))
}

/// Releases the schedule of the subscription, if there is one. Stripe refuses cancellations and a second schedule while
/// one exists.
async fn release_schedule(
    account: &Account,
    present: &Present,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    match &present.schedule {
        Some(schedule) => account.release(schedule, &key(CallStep::Release)).await,
        None => Ok(()),
    }
}

/// Withdraws the cancellation of the subscription, if there is one.
async fn withdraw_cancellation(
    account: &Account,
    present: &Present,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    match present.end {
        Some(end) => account.resume(present, end, &key(CallStep::Resume)).await,
        None => Ok(()),
    }
}

/// Writes the current state at Stripe and closes the intent.
pub(super) async fn settle(
    with: &Charging,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
) -> Result<Billing, Error> {
    let Some(customer) = billed.billing.customer.clone() else { return Err(OrderError::NotSubscribed.into()) };
    let cause = Cause::of(intent.origin.clone());
    let Seen { billing, notices } = look(with, &billed.billing, &customer, &cause).await?;
    let next = Seen { billing: Billing { open: None, ..billing }, notices };
    write_with(with, scope, billed, next, &cause, Some(intent)).await
}
