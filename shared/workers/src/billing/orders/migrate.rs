//! The order of the operator that moves a customer to another version of their plan. Whatever the customer has ordered comes
//! first: the migration changes and withdraws nothing of it.

use super::{Effect, OrderAnswer, OrderRequest, change};
use crate::billing::{compare::ComparisonResult, deps::BillingDeps, error::Error};
use domain::{
    billing::{
        account::{AnnouncedMigration, Billing},
        intent::{CallStep, Intent, MigrationOrder},
        notice::BillingNoticeKind,
        order::MigrationTime,
    },
    plans::price::{PriceName, SoldPrice},
};
use store::billing::BillingFacts;
use stripe::{self, CurrentSubscription, ItemChange, Schedule, SubscriptionItem};
use system_scope::SystemScope;

/// Moves the subscription to the price. Steps that are already done are skipped, so that it may restart at any point.
pub(super) async fn ask(request: &OrderRequest<'_>, order: &MigrationOrder) -> Result<OrderAnswer, stripe::Error> {
    let (account, ordered) = (request.account, order.price.into());
    // Boxed: the futures of these requests are large, and callers already use much of the stack.
    let asked = Box::pin(async {
        tokio::try_join!(account.current_subscription(&order.subscription), request.sold_price(&ordered))
    });
    let (present, price) = asked.await?;
    let Some(item) = present.plan_item(request.plans).filter(|_| present.lives) else {
        return Ok(OrderAnswer::Outdated);
    };
    match order.when {
        MigrationTime::Renewal => at_renewal(request, order, &present, (item, &price)).await,
        MigrationTime::Now => now(request, order, &present, (item, &price)).await,
    }
}

/// Writes the current state at Stripe, announces the migration to `price`, and closes the intent, all at once.
pub(super) async fn settle(
    with: &BillingDeps,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
    (price, amount_before): (PriceName, Option<u64>),
) -> Result<Billing, Error> {
    change::settle_with(with, scope, billed, intent, None, |ComparisonResult { billing, mut notices }| {
        let Some(at) = billing.subscription.as_ref().map(|paid| paid.period.end) else {
            return ComparisonResult { billing, notices };
        };
        notices.push(BillingNoticeKind::PlanMigrated);
        let announced = AnnouncedMigration { attempt: intent.first, price, amount_before, at };
        ComparisonResult { billing: billing.mark_migration(announced), notices }
    })
    .await
}

/// Schedules the price for the end of the period.
async fn at_renewal(
    request: &OrderRequest<'_>,
    order: &MigrationOrder,
    present: &CurrentSubscription,
    (item, price): (&SubscriptionItem, &SoldPrice),
) -> Result<OrderAnswer, stripe::Error> {
    let account = request.account;
    let done = Ok(OrderAnswer::Done(Effect::Migrated { price: price.name, amount_before: item.amount }));
    let next: Vec<_> = present.schedule.iter().flat_map(Schedule::next_items).map(|(id, _)| id.to_owned()).collect();
    if next.contains(&price.id) {
        return done;
    }
    if !next.is_empty() || is_outdated(request, order, present, price) {
        return Ok(OrderAnswer::Outdated);
    }
    // An earlier attempt may have made the schedule.
    let schedule = match present.schedule.clone() {
        Some(schedule) => schedule,
        None => account.create_schedule(present, &request.key(CallStep::Schedule)).await?,
    };
    // As many as before: the number of seats follows the members by itself.
    let change = ItemChange::Set { item: Some(item), price: &price.id, quantity: item.quantity };
    account.schedule_changes(&schedule, &[change], &request.key(CallStep::Phases)).await?;
    done
}

/// Changes the price now, and charges nothing before the next period.
async fn now(
    request: &OrderRequest<'_>,
    order: &MigrationOrder,
    present: &CurrentSubscription,
    (item, price): (&SubscriptionItem, &SoldPrice),
) -> Result<OrderAnswer, stripe::Error> {
    if item.price.is_like(price) {
        return Ok(OrderAnswer::Done(Effect::Migrated { price: price.name, amount_before: None }));
    }
    if present.schedule.is_some() || is_outdated(request, order, present, price) {
        return Ok(OrderAnswer::Outdated);
    }
    let key = request.key(CallStep::Change);
    request.account.change_price_without_charge(present, item, price, &key).await?;
    Ok(OrderAnswer::Done(Effect::Migrated { price: price.name, amount_before: item.amount }))
}

/// True if the migration would be decided otherwise by now.
fn is_outdated(
    request: &OrderRequest<'_>,
    order: &MigrationOrder,
    present: &CurrentSubscription,
    price: &SoldPrice,
) -> bool {
    let is_as_decided = present
        .plan(request.plans)
        .is_some_and(|paid| order.from == (paid.plan, paid.interval) && paid.currency == price.name.currency);
    let is_changed = present.end.is_some() || present.pending.is_some();
    request.under_contract || is_changed || !is_as_decided
}
