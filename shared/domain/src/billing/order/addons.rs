//! Orders of add-ons, and what becomes of add-ons when the plan changes.
//!
//! More of an add-on applies as soon as it is paid, and less of it applies at the end of the period, as for plans.

use super::{
    OrderDecision, OrderError,
    decision::{check_upgrade_time, living, refusal, replaced_at},
};
use crate::{
    billing::{
        account::Billing,
        intent::OrderedAddon,
        subscription::{Status, Subscription},
    },
    plans::{
        addon::{Addon, HeldAddons},
        catalogue::Plans,
        money::{Currency, Interval},
        plan::{Plan, Sale},
        price::AddonPriceName,
        version::PlanVersion,
    },
};
use jiff::Timestamp;

/// Decides at `now` on a change to `quantity` units of `addon`.
///
/// # Errors
/// [`OrderError`] if the units cannot be ordered, change nothing, a payment is open, or another change is scheduled.
pub fn change_addon(
    plans: Plans,
    billing: &Billing,
    addon: Addon,
    quantity: u64,
    now: Timestamp,
) -> Result<OrderDecision, OrderError> {
    if billing.contract.is_some() {
        return Err(OrderError::UnderContract);
    }
    let present = living(billing).ok_or(OrderError::NotSubscribed)?;
    let refusal = refusal(present.status, present.first_payment);
    if refusal != OrderError::AlreadySubscribed {
        return Err(refusal);
    }
    if present.status == Status::Trialing {
        return Err(OrderError::OnTrial);
    }
    if present.ends().is_some() {
        return Err(OrderError::ChangeScheduled);
    }
    if quantity > present.addons.quantity(addon.name) {
        more(plans, billing, present, addon, quantity, now)
    } else {
        less(present, addon, quantity, now)
    }
}

/// Decides on more units than the subscription has.
fn more(
    plans: Plans,
    billing: &Billing,
    present: &Subscription,
    addon: Addon,
    quantity: u64,
    now: Timestamp,
) -> Result<OrderDecision, OrderError> {
    let wanted = present.addons.with(addon, quantity);
    let waits = present
        .pending_at(now)
        .is_some_and(|change| is_paid_as(present, (change.plan, change.interval)) && change.addons == wanted);
    if waits {
        return Ok(OrderDecision::AddonsNow(wanted));
    }
    let currency = billing.currency().unwrap_or_else(|| plans.currency());
    let version = wanted.version(addon.name).and_then(|version| plans.addon(version));
    let is_sold =
        addon.sale == Sale::Open && version.is_some_and(|held| held.price(present.interval, currency).is_some());
    if !is_sold {
        return Err(OrderError::AddonNotSold);
    }
    if quantity > addon.maximum_quantity.into() {
        return Err(OrderError::AddonMaximumExceeded);
    }
    if plans.version(present.paid_plan).is_none_or(|plan| !plans.has_effect(addon, plan)) {
        return Err(OrderError::AddonWithoutEffect);
    }
    let is_other_change = present.scheduled.is_some() && present.migration().is_none();
    if is_other_change || present.scheduled_addons.is_some() {
        return Err(OrderError::ChangeScheduled);
    }
    check_upgrade_time(replaced_at(present), now)?;
    Ok(OrderDecision::AddonsNow(wanted))
}

/// Decides on as many units as the subscription has, or fewer.
fn less(present: &Subscription, addon: Addon, quantity: u64, now: Timestamp) -> Result<OrderDecision, OrderError> {
    let next = present.scheduled_addons.as_ref().unwrap_or(&present.addons);
    let wanted = next.with(addon, quantity);
    let waits = present.pending_at(now).is_some_and(|change| change.addons != present.addons);
    if wanted == *next && !waits {
        let is_scheduled = quantity < present.addons.quantity(addon.name);
        return if is_scheduled { Ok(OrderDecision::Expected) } else { Err(OrderError::AddonUnchanged) };
    }
    let is_as_now = wanted == present.addons && present.scheduled.is_none();
    Ok(if is_as_now { OrderDecision::Keep } else { OrderDecision::AddonsAtPeriodEnd(wanted) })
}

/// True if `change` is to the plan and interval that `present` pays for.
fn is_paid_as(present: &Subscription, change: (PlanVersion, Interval)) -> bool {
    change == (present.paid_plan, present.interval)
}

/// The add-ons of a subscription that changes to `plan` and `interval`, given those that it has. What has no effect on the
/// plan is left out, so that nobody pays for it. Another interval has the version that is sold.
///
/// # Errors
/// [`OrderError::AddonNotSold`] if one has no price for the interval.
pub fn carried_addons(
    plans: Plans,
    held: &HeldAddons,
    (plan, interval): (Plan, Interval),
    present: &Subscription,
) -> Result<HeldAddons, OrderError> {
    let currency = present.currency.unwrap_or_else(|| plans.currency());
    let known = held.iter().filter_map(|(version, quantity)| Some((plans.addon(version)?, quantity)));
    known
        .filter(|(addon, _)| plans.has_effect(*addon, plan))
        .map(|(addon, quantity)| {
            if interval == present.interval {
                return Ok((addon.reference(), quantity));
            }
            let sold = plans.sold_addons().find(|sold| sold.name == addon.name);
            let sold = sold.filter(|sold| sold.price(interval, currency).is_some()).ok_or(OrderError::AddonNotSold)?;
            Ok((sold.reference(), quantity))
        })
        .collect()
}

/// The prices of `addons` per `interval`, in the currency of the subscription.
#[must_use]
pub(super) fn ordered_addons(
    plans: Plans,
    billing: &Billing,
    addons: &HeldAddons,
    interval: Interval,
) -> Vec<OrderedAddon> {
    let currency: Currency = billing.currency().unwrap_or_else(|| plans.currency());
    let ordered = |(addon, quantity)| OrderedAddon { price: AddonPriceName { addon, interval, currency }, quantity };
    addons.iter().map(ordered).collect()
}
