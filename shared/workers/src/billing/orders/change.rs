//! Changes of a subscription: another plan now or at the end of the period, cancellation, and its withdrawal.

use super::{
    Effect, OrderAnswer, OrderRequest,
    ending::end_unpaid,
    items::{OrderedItems, paid},
};
use crate::billing::{
    compare::{ComparisonCause, ComparisonResult, observe, write_with},
    deps::BillingDeps,
    error::Error,
};
use domain::billing::{
    account::Billing,
    intent::{Aim, CallStep, Intent, LastCommand, PlanChange},
    order::{OrderError, check_upgrade_time},
    pending::ReplacedChange,
    stripe::facts::PricedItem,
};
use store::billing::BillingFacts;
use stripe::{
    self, CurrentSubscription, PendingUpdates, Schedule, SubscriptionItem, UnpaidEnd, WantedAddon, WantedItems,
};
use system_scope::SystemScope;

const DONE: OrderAnswer = OrderAnswer::Done(Effect::Changed { replaced: None });

/// Changes the subscription at Stripe to its aim. Steps that are already done are skipped, so that the change may
/// restart at any point.
pub(super) async fn ask(
    request: &OrderRequest<'_>,
    customer: Option<&str>,
    change: &PlanChange,
) -> Result<OrderAnswer, stripe::Error> {
    match (&change.aim, customer) {
        (Aim::Cancel | Aim::End, Some(customer)) => cancel_others(request, customer, &change.subscription).await?,
        (Aim::Cancel | Aim::End, None) | (Aim::Now { .. } | Aim::AtPeriodEnd { .. } | Aim::Keep, _) => {}
    }
    // Boxed: the futures of these requests are large, and callers already use much of the stack.
    let asked = Box::pin(async {
        tokio::join!(
            request.account.current_subscription(&change.subscription),
            OrderedItems::of(request.account, request.plans, change)
        )
    });
    let (present, ordered) = asked.await;
    let present = present?;
    if !present.lives && change.aim == Aim::End {
        return Ok(DONE);
    }
    if !present.lives {
        return Ok(OrderAnswer::Moot(OrderError::NotSubscribed));
    }
    let now = ordered.as_ref().filter(|_| match change.aim {
        Aim::Now { .. } => true,
        Aim::AtPeriodEnd { .. } | Aim::Cancel | Aim::End | Aim::Keep => false,
    });
    if let (Some(ordered), Some(pending)) = (now, &present.pending)
        && ordered.is_reached(request.plans, pending.items.iter().map(PricedItem::parts))
    {
        // The command was interrupted, or is repeated: its page is still open.
        return Ok(OrderAnswer::Done(Effect::Changed { replaced: ordered.replaced(request, &present) }));
    }
    let present = withdraw_pending(request, present).await?;
    let reached = now.filter(|ordered| ordered.is_reached(request.plans, present.items.iter().map(paid)));
    if is_outdated(request, change, reached.is_some(), &present) {
        return Ok(OrderAnswer::Outdated);
    }
    if let Some(ordered) = reached {
        // Also if a price cannot be bought any more since it was paid.
        return Ok(OrderAnswer::Done(Effect::Changed { replaced: ordered.replaced(request, &present) }));
    }
    match (&change.aim, ordered) {
        (Aim::Now { .. }, Some(ordered)) => {
            let (replaced, wanted) = (ordered.replaced(request, &present), ordered.wanted(request.plans, &present)?);
            upgrade(request, customer, &present, &wanted, replaced).await
        }
        (Aim::AtPeriodEnd { .. }, Some(ordered)) => {
            schedule(request, customer, &present, &ordered.wanted(request.plans, &present)?).await
        }
        (Aim::Now { .. } | Aim::AtPeriodEnd { .. }, None) => Ok(OrderAnswer::Outdated),
        (Aim::Cancel, _) => {
            cancel(request, &present, |step| request.key(step)).await?;
            Ok(DONE)
        }
        (Aim::End, _) => {
            if end_unpaid(request, &change.subscription).await? == UnpaidEnd::Continues {
                // It was paid in the meantime, or will be: it ends with the period.
                let present = request.account.current_subscription(&change.subscription).await?;
                cancel(request, &present, |step| request.key(step)).await?;
            }
            Ok(DONE)
        }
        (Aim::Keep, _) if request.under_contract && (present.end.is_some() || present.schedule.is_some()) => {
            Ok(OrderAnswer::Moot(OrderError::UnderContract))
        }
        (Aim::Keep, _) => {
            release_schedule(request, &present, |step| request.key(step)).await?;
            withdraw_cancellation(request, &present).await?;
            Ok(DONE)
        }
    }
}

/// Cancels all further subscriptions of `customer` to a plan, so that nothing renews.
async fn cancel_others(request: &OrderRequest<'_>, customer: &str, current: &str) -> Result<(), stripe::Error> {
    let held = request.account.subscriptions(customer).await?;
    let others =
        held.iter().filter(|held| held.id != current && held.status.is_payable() && held.has_plan(request.plans));
    for other in others {
        let ended = other.status.is_replaceable(None) && end_unpaid(request, &other.id).await? == UnpaidEnd::Ended;
        if !ended && !other.ends() {
            let present = request.account.current_subscription(&other.id).await?;
            let present = withdraw_pending(request, present).await?;
            cancel(request, &present, |step| format!("{}-{}", request.key(step), other.id)).await?;
        }
    }
    Ok(())
}

/// Cancels the subscription at the end of its period, unless it is cancelled.
async fn cancel(
    request: &OrderRequest<'_>,
    present: &CurrentSubscription,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    release_schedule(request, present, &key).await?;
    match present.end {
        Some(_) => Ok(()),
        None => request.account.cancel_at_period_end(present, &key(CallStep::Cancel)).await,
    }
}

/// Returns true if the plan and the add-ons are no longer those on which the command was decided, because a pending change
/// was paid or Stripe was used without Berth. What the command has led to does not count.
fn is_outdated(request: &OrderRequest<'_>, change: &PlanChange, reached: bool, present: &CurrentSubscription) -> bool {
    let plan = present.plan(request.plans).map(|paid| (paid.plan, paid.interval));
    let is_other_plan = plan.is_some_and(|plan| change.from.is_some_and(|from| from != plan));
    !present.lives || !reached && (is_other_plan || present.addons(request.plans) != change.held)
}

/// Withdraws the change of `present` that is not paid yet, and returns the subscription without it.
async fn withdraw_pending(
    request: &OrderRequest<'_>,
    present: CurrentSubscription,
) -> Result<CurrentSubscription, stripe::Error> {
    let Some(pending) = &present.pending else { return Ok(present) };
    let key = format!("{}-{}", request.key(CallStep::Void), pending.invoice);
    if request.account.withdraw_change(&pending.invoice, &key).await? {
        return Ok(CurrentSubscription { pending: None, ..present });
    }
    // It was paid, which has changed the plan, or it has expired.
    let now = request.account.current_subscription(&present.id).await?;
    match now.pending {
        Some(_) => Err(stripe::Error::Refused("the payment of the pending change is being processed".into())),
        None => Ok(now),
    }
}

/// Changes the items now, if that is paid. A scheduled change and a cancellation stay until the payment is known. A payment
/// method for which changes cannot wait for their payment changes the items when the period ends.
async fn upgrade(
    request: &OrderRequest<'_>,
    customer: Option<&str>,
    present: &CurrentSubscription,
    wanted: &WantedItems,
    replaced: Option<ReplacedChange>,
) -> Result<OrderAnswer, stripe::Error> {
    if present.plan_item(request.plans).is_none() {
        return Ok(OrderAnswer::Moot(OrderError::NotSubscribed));
    }
    if request.under_contract {
        return Ok(OrderAnswer::Moot(OrderError::UnderContract));
    }
    if request.account.pending_updates(&present.id).await? == PendingUpdates::Unsupported {
        return schedule(request, customer, present, wanted).await;
    }
    let scheduled_at = present.schedule.as_ref().and_then(Schedule::next_at);
    let replaced_at = scheduled_at.into_iter().chain(present.separate_end()).min();
    if let Err(error) = check_upgrade_time(replaced_at, request.now) {
        return Ok(OrderAnswer::Moot(error));
    }
    let changes = present.changes(request.plans, wanted);
    match request.account.change_items(present, &changes, &request.key(CallStep::Change)).await {
        Ok(()) => Ok(OrderAnswer::Done(Effect::Changed { replaced })),
        Err(refused @ stripe::Error::Refused(_)) => match request.account.pending_updates(&present.id).await? {
            PendingUpdates::Supported => Err(refused),
            PendingUpdates::Unsupported | PendingUpdates::Unknown => schedule(request, customer, present, wanted).await,
        },
        Err(error) => Err(error),
    }
}

/// Schedules the items for the end of the period.
async fn schedule(
    request: &OrderRequest<'_>,
    customer: Option<&str>,
    present: &CurrentSubscription,
    wanted: &WantedItems,
) -> Result<OrderAnswer, stripe::Error> {
    let account = request.account;
    let Some(item) = present.plan_item(request.plans) else {
        return Ok(OrderAnswer::Moot(OrderError::NotSubscribed));
    };
    let plan = wanted.plan.as_ref().map_or(item.price.id.as_str(), |bought| &bought.price.id);
    let is_scheduled = |schedule: &Schedule| leads_to(schedule, present, plan, wanted);
    if present.schedule.as_ref().is_some_and(is_scheduled) {
        return Ok(DONE);
    }
    if request.under_contract {
        return Ok(OrderAnswer::Moot(OrderError::UnderContract));
    }
    // Stripe makes no schedule while there is a cancellation, and could refuse the schedule afterwards.
    if let Some((customer, bought)) = customer.zip(wanted.plan.as_ref()).filter(|_| present.end.is_some()) {
        account.check_currency(customer, bought.price.name.currency).await?;
    }
    withdraw_cancellation(request, present).await?;
    let schedule = match present.schedule.clone() {
        Some(schedule) => schedule,
        None => account.create_schedule(present, &request.key(CallStep::Schedule)).await?,
    };
    if !is_scheduled(&schedule) {
        let changes = present.changes(request.plans, wanted);
        account.schedule_changes(&schedule, &changes, &request.key(CallStep::Phases)).await?;
    }
    Ok(DONE)
}

/// Returns true if the next phase of `schedule` has the price `plan` and exactly the wanted add-ons. The number of seats
/// follows by itself.
fn leads_to(schedule: &Schedule, present: &CurrentSubscription, plan: &str, wanted: &WantedItems) -> bool {
    let next: Vec<_> = schedule.next_items().collect();
    let is_paid = |addon: &WantedAddon| next.contains(&(addon.id.as_str(), addon.quantity));
    let is_removed = |item: &SubscriptionItem| {
        let stays = wanted.addons.iter().any(|addon| addon.id == item.price.id);
        item.price.addon().is_none() || stays || next.iter().all(|(price, _)| *price != item.price.id)
    };
    next.iter().any(|(price, _)| *price == plan)
        && wanted.addons.iter().all(is_paid)
        && present.items.iter().all(is_removed)
}

/// Releases the schedule of the subscription, if there is one. Stripe refuses cancellations and a second schedule while
/// one exists.
async fn release_schedule(
    request: &OrderRequest<'_>,
    present: &CurrentSubscription,
    key: impl Fn(CallStep) -> String,
) -> Result<(), stripe::Error> {
    match &present.schedule {
        Some(schedule) => request.account.release_schedule(&schedule.id, &key(CallStep::Release)).await,
        None => Ok(()),
    }
}

/// Withdraws the cancellation of the subscription, if there is one.
async fn withdraw_cancellation(request: &OrderRequest<'_>, present: &CurrentSubscription) -> Result<(), stripe::Error> {
    match present.end {
        Some(end) => request.account.resume(&present.id, end, &request.key(CallStep::Resume)).await,
        None => Ok(()),
    }
}

/// Writes the current state at Stripe and closes the intent. `replaced` is withdrawn now if the upgrade is paid, or stored
/// until its outcome is known.
pub(super) async fn settle(
    with: &BillingDeps,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
    replaced: Option<ReplacedChange>,
) -> Result<Billing, Error> {
    settle_with(with, scope, billed, intent, replaced, |compared| compared).await
}

/// Like [`settle`], with what `further` adds to the comparison.
pub(super) async fn settle_with(
    with: &BillingDeps,
    scope: &SystemScope,
    billed: &BillingFacts,
    intent: &Intent,
    replaced: Option<ReplacedChange>,
    further: impl FnOnce(ComparisonResult) -> ComparisonResult,
) -> Result<Billing, Error> {
    let Some(customer) = billed.billing.customer.clone() else { return Err(OrderError::NotSubscribed.into()) };
    let cause = ComparisonCause::of(intent.origin.clone());
    let changed = Billing { replaced, ..billed.billing.clone() };
    let compared = Box::pin(observe(with, scope, &changed, &customer, &cause)).await?;
    let ComparisonResult { billing, notices } = further(compared);
    let last_command = billing.last_command.clone().map(LastCommand::done);
    let next = ComparisonResult { billing: Billing { open: None, refusal: None, last_command, ..billing }, notices };
    write_with(with, scope, billed, next, &cause, Some(intent)).await
}
