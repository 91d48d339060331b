//! Rules of add-ons, for every add-on of every catalogue, on every plan and interval.

use super::{
    for_each,
    rules::{now, paying},
};
use crate::{
    billing::{
        account::Billing,
        order::{OrderDecision, OrderError, carried_addons, change, change_addon},
        pending::PendingChange,
        subscription::{Standing, Status, Subscription},
    },
    plans::{
        addon::{Addon, HeldAddons},
        catalogue::Plans,
        contract::Contract,
        meter::Meter,
        money::Interval,
        plan::Plan,
    },
};
use jiff::SignedDuration;
use std::cell::Cell;

/// A subscription to a plan whose limit of a meter the add-on raises.
struct Case {
    plans: Plans,
    plan: Plan,
    addon: Addon,
    meter: Meter,
    present: Subscription,
}

/// Runs `rule` for each add-on on each plan that limits its meter, by each interval at which both are sold.
#[track_caller]
fn for_each_case(rule: impl Fn(&Case)) {
    let cases = Cell::new(0);
    for_each(|plans| {
        for (plan, addon) in plans.sold().flat_map(|plan| plans.sold_addons().map(move |addon| (plan, addon))) {
            let meter = plans.meter(addon.meter).unwrap();
            for interval in Interval::ALL.into_iter().filter(|interval| plan.is_sold_by(*interval)) {
                if plans.has_effect(addon, plan) && addon.price(interval, plans.currency()).is_some() {
                    let present =
                        Subscription { currency: Some(plans.currency()), ..paying(plan, interval, Status::Active) };
                    rule(&Case { plans, plan, addon, meter, present });
                    cases.set(cases.get() + 1);
                }
            }
        }
    });
    assert!(cases.get() > 0);
}

fn units(addon: Addon, quantity: u64) -> HeldAddons {
    HeldAddons::default().with(addon, quantity)
}

impl Case {
    fn with(&self, quantity: u64) -> Subscription {
        Subscription { addons: units(self.addon, quantity), ..self.present.clone() }
    }

    fn to(&self, present: Subscription, quantity: u64) -> Result<OrderDecision, OrderError> {
        let billing = Billing { subscription: Some(present), ..Billing::default() };
        change_addon(self.plans, &billing, self.addon, quantity, now())
    }
}

#[test]
fn units_raise_the_limit_while_they_are_paid() {
    for_each_case(|case| {
        let limit = |subscription: &Subscription| {
            Standing::at(now(), case.plans, Some(subscription)).limit(case.meter).unwrap()
        };
        let own = case.plans.limits(case.plan).of(case.meter).unwrap();
        assert_eq!(limit(&case.with(0)), own);
        assert_eq!(limit(&case.with(3)), own + 3 * case.addon.amount);
        // Nothing is in force that is not paid, and a contract has limits of its own.
        let unpaid = Subscription { status: Status::Unpaid, ..case.with(3) };
        assert_eq!(Standing::at(now(), case.plans, Some(&unpaid)), Standing::suspended(case.plans));
        let contract: Contract = serde_json::from_str("{}").unwrap();
        let agreed =
            Billing { subscription: Some(case.with(3)), contract: Some(contract.clone()), ..Billing::default() };
        let limits = agreed.standing(case.plans, now()).limits();
        assert_eq!(limits.of(case.meter), contract.limits(case.plans).of(case.meter));
    });
}

#[test]
fn more_is_paid_now_and_less_comes_at_the_end() {
    for_each_case(|case| {
        let set = |quantity| units(case.addon, quantity);
        assert_eq!(case.to(case.with(0), 2), Ok(OrderDecision::AddonsNow(set(2))));
        assert_eq!(case.to(case.with(2), 5), Ok(OrderDecision::AddonsNow(set(5))));
        assert_eq!(case.to(case.with(2), 1), Ok(OrderDecision::AddonsAtPeriodEnd(set(1))));
        assert_eq!(case.to(case.with(2), 0), Ok(OrderDecision::AddonsAtPeriodEnd(set(0))));
        for quantity in [0, 2] {
            assert_eq!(case.to(case.with(quantity), quantity), Err(OrderError::AddonUnchanged));
        }
        let fewer = Subscription { scheduled_addons: Some(set(1)), ..case.with(2) };
        assert_eq!(case.to(fewer.clone(), 1), Ok(OrderDecision::Expected));
        assert_eq!(case.to(fewer.clone(), 0), Ok(OrderDecision::AddonsAtPeriodEnd(set(0))));
        assert_eq!(case.to(fewer.clone(), 2), Ok(OrderDecision::Keep));
        assert_eq!(case.to(fewer, 3), Err(OrderError::ChangeScheduled));
    });
}

#[test]
fn unpaid_units_are_ordered_again_or_withdrawn() {
    for_each_case(|case| {
        let change = PendingChange {
            plan: case.plan.reference(),
            interval: case.present.interval,
            addons: units(case.addon, 3),
            url: None,
            expires_at: now() + SignedDuration::from_hours(1),
        };
        let waiting = Subscription { pending_change: Some(change), ..case.with(1) };
        assert_eq!(case.to(waiting.clone(), 3), Ok(OrderDecision::AddonsNow(units(case.addon, 3))));
        assert_eq!(case.to(waiting.clone(), 4), Ok(OrderDecision::AddonsNow(units(case.addon, 4))));
        assert_eq!(case.to(waiting.clone(), 1), Ok(OrderDecision::Keep));
        assert_eq!(case.to(waiting, 0), Ok(OrderDecision::AddonsAtPeriodEnd(units(case.addon, 0))));
    });
}

#[test]
fn units_are_sold_only_where_they_are_paid_and_used() {
    for_each_case(|case| {
        let refused = |present, why| assert_eq!(case.to(present, 2), Err(why));
        refused(Subscription { status: Status::Trialing, ..case.with(0) }, OrderError::OnTrial);
        let most = u64::from(case.addon.maximum_quantity);
        assert_eq!(case.to(case.with(0), most), Ok(OrderDecision::AddonsNow(units(case.addon, most))));
        assert_eq!(case.to(case.with(most), most + 1), Err(OrderError::AddonMaximumExceeded));
        // Those who have more keep them.
        let fewer = Ok(OrderDecision::AddonsAtPeriodEnd(units(case.addon, most + 1)));
        assert_eq!(case.to(case.with(most + 2), most + 1), fewer);
        refused(Subscription { status: Status::PastDue, ..case.with(0) }, OrderError::PastDue);
        refused(Subscription { status: Status::Canceled, ..case.with(0) }, OrderError::NotSubscribed);
        refused(Subscription { cancel_at_period_end: true, ..case.with(0) }, OrderError::ChangeScheduled);
        let other = case.plans.sold().find(|plan| *plan != case.plan);
        if let Some(other) = other {
            let scheduled = Some((other.reference(), case.present.interval));
            refused(Subscription { scheduled, ..case.with(0) }, OrderError::ChangeScheduled);
            // Less of it is added to what is scheduled.
            let next = Subscription { scheduled, ..case.with(2) };
            assert_eq!(case.to(next, 1), Ok(OrderDecision::AddonsAtPeriodEnd(units(case.addon, 1))));
        }
        let agreed = Billing {
            subscription: Some(case.with(0)),
            contract: serde_json::from_str("{}").ok(),
            ..Billing::default()
        };
        assert_eq!(change_addon(case.plans, &agreed, case.addon, 2, now()), Err(OrderError::UnderContract));
    });
    for_each(|plans| {
        for plan in plans.sold() {
            for addon in plans.sold_addons().filter(|addon| !plans.has_effect(*addon, plan)) {
                let interval = Interval::ALL.into_iter().find(|interval| plan.is_sold_by(*interval)).unwrap();
                let present = paying(plan, interval, Status::Active);
                let billing = Billing { subscription: Some(present), ..Billing::default() };
                let decision = change_addon(plans, &billing, addon, 1, now());
                assert_eq!(decision, Err(OrderError::AddonWithoutEffect), "{plan}");
            }
        }
    });
}

#[test]
fn add_ons_follow_the_plan_as_far_as_they_have_an_effect() {
    for_each_case(|case| {
        for plan in case.plans.sold() {
            for interval in Interval::ALL.into_iter().filter(|interval| plan.is_sold_by(*interval)) {
                let carried = carried_addons(case.plans, &units(case.addon, 2), (plan, interval), &case.present);
                let quantity = if case.plans.has_effect(case.addon, plan) { 2 } else { 0 };
                let is_sold = interval == case.present.interval
                    || quantity == 0
                    || case.addon.price(interval, case.plans.currency()).is_some();
                let wanted = if is_sold { Ok(units(case.addon, quantity)) } else { Err(OrderError::AddonNotSold) };
                assert_eq!(carried, wanted, "{plan} {interval}");
            }
        }
    });
}

#[test]
fn plan_waits_for_scheduled_add_ons_to_be_withdrawn() {
    for_each_case(|case| {
        let fewer = Subscription { scheduled_addons: Some(units(case.addon, 1)), ..case.with(2) };
        let billing = Billing { subscription: Some(fewer), ..Billing::default() };
        for plan in case.plans.sold().filter(|plan| *plan != case.plan && plan.is_sold_by(case.present.interval)) {
            assert_eq!(change(case.plans, &billing, plan, None, now()), Err(OrderError::ChangeScheduled));
        }
        assert_eq!(change(case.plans, &billing, case.plan, None, now()), Ok(OrderDecision::Keep));
    });
}
