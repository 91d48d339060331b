//! Rules of standing, limits, orders, contracts and seats, for every pair of plans and every meter.

use super::{for_each, parse, renamed};
use crate::{
    billing::{
        account::Billing,
        order::{OrderDecision, OrderError, change, check_checkout},
        subscription::{Period, Standing, Status, Subscription},
    },
    plans::{
        catalogue::Plans,
        contract::{ContractError, ContractTerms},
        money::Interval,
        plan::{Plan, Sale},
    },
};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

/// A rule of every catalogue.
type Rule = fn(Plans);

const RULES: [Rule; 6] = [
    plan_is_in_force_while_it_is_paid,
    larger_plan_allows_more,
    order_of_plans_decides_on_changes,
    checkout_sells_what_is_sold,
    contract_replaces_what_it_names,
    every_plan_has_a_seat_for_its_owner,
];

pub(super) fn paying(plan: Plan, interval: Interval, status: Status) -> Subscription {
    let at = |text: &str| text.parse().unwrap();
    Subscription {
        id: "sub_1".to_owned(),
        paid_plan: plan.reference(),
        interval,
        currency: None,
        status,
        period: Period { start: at("2026-11-01T00:00:00Z"), end: at("2026-12-01T00:00:00Z") },
        cancel_at: None,
        cancel_at_period_end: false,
        trial_end: None,
        grace_until: None,
        scheduled: None,
        first_payment: None,
        seats: None,
        addons: crate::plans::addon::HeldAddons::default(),
        scheduled_addons: None,
        collection_paused: false,
        pending_change: None,
    }
}

pub(super) fn now() -> Timestamp {
    "2026-11-15T00:00:00Z".parse().unwrap()
}

fn billing(subscription: Option<Subscription>) -> Billing {
    Billing { subscription, ..Billing::default() }
}

/// Every plan that somebody may pay for.
fn paid_plans(plans: Plans) -> impl Iterator<Item = Plan> {
    plans.every_version().filter(|plan| !plan.prices.is_empty())
}

fn plan_is_in_force_while_it_is_paid(plans: Plans) {
    let at = |subscription| billing(Some(subscription)).standing(plans, now());
    let grace_until = Some("2026-11-16T00:00:00Z".parse().unwrap());
    for plan in paid_plans(plans) {
        for interval in Interval::ALL {
            let of = |status| paying(plan, interval, status);
            let late = Subscription { grace_until, ..of(Status::PastDue) };
            for paid in [of(Status::Active), of(Status::Trialing), late] {
                let standing = at(paid);
                assert_eq!((standing.plan, standing.may_run, standing.is_free()), (plan, true, false));
                assert_eq!((standing.size(), standing.contract.is_none()), (plan.size, true));
                for meter in plans.meters() {
                    assert_eq!(standing.limit(meter), plans.limits(plan).of(meter), "{plan} {meter}");
                }
            }
            for status in [Status::PastDue, Status::Unpaid, Status::Paused] {
                assert_eq!(at(of(status)), Standing::suspended(plans), "{plan} {status:?}");
            }
            for status in [Status::Canceled, Status::Incomplete, Status::IncompleteExpired] {
                assert_eq!(at(of(status)), Standing::unpaid(plans), "{plan} {status:?}");
            }
        }
    }
    assert_eq!(billing(None).standing(plans, now()), Standing::unpaid(plans));
    assert!(Standing::unpaid(plans).is_free() && plans.unpaid().prices.is_empty());
}

fn larger_plan_allows_more(plans: Plans) {
    let sold: Vec<_> = plans.iter().filter(|plan| plan.sale != Sale::Hidden).collect();
    for pair in sold.windows(2) {
        for meter in plans.meters() {
            let [less, more] = [pair[0], pair[1]].map(|plan| plans.limits(plan).of(meter).unwrap_or(u64::MAX));
            assert!(less <= more, "{meter} from {} to {}", pair[0], pair[1]);
        }
    }
    for plan in plans.iter() {
        let standing = Standing::paid(plans, plan);
        for meter in plans.meters() {
            let more = |other: &Plan| {
                let allowed = plans.limits(*other).of(meter).unwrap_or(u64::MAX);
                other.rank > plan.rank && standing.limit(meter).is_some_and(|limit| allowed > limit)
            };
            let smallest = sold.iter().find(|other| more(other)).map(|other| other.name);
            assert_eq!(standing.next_with_more(meter), smallest, "{plan} {meter}");
        }
    }
}

fn order_of_plans_decides_on_changes(plans: Plans) {
    for to in plans.iter() {
        for interval in Interval::ALL {
            let decision = change(plans, &billing(None), to, Some(interval), now());
            let wanted = match (to == plans.unpaid(), to.sale) {
                (true, _) => Err(OrderError::Unchanged),
                (false, Sale::Open) if to.is_sold_by(interval) => Ok(OrderDecision::Checkout(to, interval)),
                (false, Sale::Open) if to.is_sold() => Err(OrderError::IntervalNotSold),
                (false, Sale::Open | Sale::Hidden) => Err(OrderError::NotSold),
                (false, Sale::Contract) => Err(OrderError::ContractRequired),
            };
            assert_eq!(decision, wanted, "nothing to {to}");
        }
    }
    for from in paid_plans(plans) {
        for present in Interval::ALL {
            let billing = billing(Some(paying(from, present, Status::Active)));
            for to in plans.iter() {
                for interval in Interval::ALL {
                    let is_more = (to.rank, interval) > (from.rank, present) && to.rank >= from.rank;
                    let is_same = to.name == from.name;
                    let wanted = match (to.sale, is_more) {
                        _ if to == plans.unpaid() => Ok(OrderDecision::Cancel),
                        _ if is_same && interval == present => Err(OrderError::Unchanged),
                        (Sale::Contract, _) => Err(OrderError::ContractRequired),
                        _ if !to.is_sold() => Err(OrderError::NotSold),
                        _ if !to.is_sold_by(interval) => Err(OrderError::IntervalNotSold),
                        (_, true) => Ok(OrderDecision::Now(to, interval)),
                        (_, false) => Ok(OrderDecision::AtPeriodEnd(to, interval)),
                    };
                    let decision = change(plans, &billing, to, Some(interval), now());
                    assert_eq!(decision, wanted, "{from} {present} to {to} {interval}");
                }
            }
        }
    }
}

fn checkout_sells_what_is_sold(plans: Plans) {
    for plan in plans.iter() {
        assert_eq!(check_checkout(plans, &billing(None), plan).is_ok(), plan.is_sold(), "{plan}");
        for present in paid_plans(plans) {
            let subscribed = billing(Some(paying(present, Interval::Month, Status::Active)));
            assert!(check_checkout(plans, &subscribed, plan).is_err(), "{present} has {plan}");
        }
    }
    assert!(plans.smallest_sold().is_some());
}

fn contract_replaces_what_it_names(plans: Plans) {
    let agree = |terms| serde_json::from_value::<ContractTerms>(terms).unwrap().agree(plans);
    for plan in plans.every_version() {
        for meter in plans.meters() {
            for limit in [Some(7), None] {
                let terms = json!({"plan": plan.reference(), "limits": {meter.name.as_str(): limit}});
                let contract = Some(agree(terms).unwrap());
                let agreed = Billing { contract, ..billing(None) };
                let standing = agreed.standing(plans, now());
                assert_eq!((standing.plan, standing.limit(meter)), (plan, limit), "{meter}");
                for other in plans.meters().filter(|other| *other != meter) {
                    assert_eq!(standing.limit(other), plans.limits(plan).of(other), "{plan} {other}");
                }
                for wanted in plans.sold() {
                    let decision = change(plans, &agreed, wanted, None, now());
                    let same = wanted.name == plan.name;
                    assert_eq!(decision, Err(if same { OrderError::Unchanged } else { OrderError::UnderContract }));
                }
            }
        }
    }
    let every: Vec<_> = plans.features.iter().map(|feature| feature.name).collect();
    assert_eq!(agree(json!({ "features": every })).unwrap().features, every);
    let unknown = agree(json!({"limits": {"not_a_meter_of_any_company": 1}}));
    assert!(matches!(unknown, Err(ContractError::UnknownLimit(..))), "{unknown:?}");
}

fn every_plan_has_a_seat_for_its_owner(plans: Plans) {
    for plan in plans.every_version() {
        assert!(plans.limits(plan).members().is_none_or(|seats| seats >= 1), "{plan}");
        assert_eq!(plans.limits(plan).members(), plans.limits(plan).of(plans.members()));
        // Only a price can be multiplied by the number of seats.
        assert!(plan.minimum_seats.is_none_or(|seats| seats >= 1 && !plan.prices.is_empty()), "{plan}");
        let terms = json!({"plan": plan.reference(), "limits": {"members": 0}});
        let refused = serde_json::from_value::<ContractTerms>(terms).unwrap().agree(plans);
        assert_eq!(refused, Err(ContractError::NoSeat));
    }
}

#[test]
fn rules_hold_for_every_catalogue() {
    for_each(|plans| RULES.iter().for_each(|rule| rule(plans)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// No rule knows a plan, a meter, a feature or an add-on by name.
    #[test]
    fn rules_hold_whatever_the_names(text in renamed()) {
        let plans = parse(&text);
        RULES.iter().for_each(|rule| rule(plans));
    }
}
