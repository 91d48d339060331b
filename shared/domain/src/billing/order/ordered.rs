//! The order to Stripe that a decision leads to.

use super::{
    OrderDecision, OrderError,
    addons::{carried_addons, ordered_addons},
    price::subscribed_price,
};
use crate::{
    billing::{
        account::Billing,
        intent::{Aim, PlanChange},
        subscription::Subscription,
    },
    plans::{
        addon::HeldAddons,
        catalogue::Plans,
        money::{Currency, Interval},
        price::PriceName,
        version::PlanVersion,
    },
};

/// Returns the change of the subscription that `decision` leads to, for a workspace with `members` active members; `None` if
/// there is nothing to change. `currency` is the one that the customer names.
///
/// # Errors
/// [`OrderError`] if there is no subscription, or a price that is not sold in its currency and interval.
pub fn ordered_change(
    plans: Plans,
    billing: &Billing,
    members: u64,
    decision: &OrderDecision,
    currency: Option<Currency>,
) -> Result<Option<PlanChange>, OrderError> {
    let paid = billing.subscription.as_ref().ok_or(OrderError::NotSubscribed)?;
    let next = paid.scheduled_addons.as_ref().unwrap_or(&paid.addons);
    let items = |(plan, interval): (PlanVersion, Interval), addons: &HeldAddons| {
        let price = PriceName { plan, interval, currency: paid.currency.unwrap_or_else(|| plans.currency()) };
        let quantity = plans.version(plan).map_or(1, |plan| plan.quantity(members));
        (price.into(), quantity, ordered_addons(plans, billing, addons, interval))
    };
    let aim = match decision {
        OrderDecision::Checkout(..) | OrderDecision::Expected => return Ok(None),
        OrderDecision::Now(plan, interval) => {
            let price = subscribed_price(plans, billing, (*plan, *interval, currency))?.into();
            let addons = carried_addons(plans, &paid.addons, (*plan, *interval), paid)?;
            let addons = ordered_addons(plans, billing, &addons, *interval);
            Aim::Now { price, quantity: plan.quantity(members), addons }
        }
        OrderDecision::AtPeriodEnd(plan, interval) => {
            let price = subscribed_price(plans, billing, (*plan, *interval, currency))?.into();
            let addons = carried_addons(plans, next, (*plan, *interval), paid)?;
            let addons = ordered_addons(plans, billing, &addons, *interval);
            Aim::AtPeriodEnd { price, quantity: plan.quantity(members), addons }
        }
        // The plan stays as it was bought, also if that is no longer sold.
        OrderDecision::AddonsNow(addons) => {
            let (price, quantity, addons) = items(bought(paid), addons);
            Aim::Now { price, quantity, addons }
        }
        OrderDecision::AddonsAtPeriodEnd(addons) => {
            let (price, quantity, addons) = items(paid.scheduled.unwrap_or_else(|| bought(paid)), addons);
            Aim::AtPeriodEnd { price, quantity, addons }
        }
        OrderDecision::Cancel => Aim::Cancel,
        OrderDecision::End => Aim::End,
        OrderDecision::Keep => Aim::Keep,
    };
    let (from, held) = (Some(bought(paid)), paid.addons.clone());
    Ok(Some(PlanChange { subscription: paid.id.clone(), aim, from, held }))
}

/// The plan and the interval of a subscription.
const fn bought(paid: &Subscription) -> (PlanVersion, Interval) {
    (paid.paid_plan, paid.interval)
}
