//! Rules of versions: customers keep the terms that they bought.

use super::{TEXTS, parse, renamed, rules};
use crate::{
    billing::{
        account::Billing,
        order::{OrderDecision, OrderError, change},
        subscription::Status,
    },
    plans::{
        catalogue::Plans,
        file::{lock::Lock, read},
        money::Interval,
        plan::{Plan, Sale},
        version::PlanVersion,
    },
};
use proptest::prelude::*;

/// The catalogue in `text` after all its plans were sold, and each has a next version with other terms.
fn with_next_versions(text: &str) -> Plans {
    let mut lock = Lock::default();
    lock.record(parse(text));
    let mut is_plan = false;
    let next = |line: &str| {
        is_plan = if line.starts_with("[[") { line == "[[plans]]" } else { is_plan };
        match line.split_once(" = ") {
            Some(("version", _)) if is_plan => "version = 2\n".to_owned(),
            Some(("retention_days", _)) => "retention_days = 1\n".to_owned(),
            Some(("members", _)) => "members = 1_234\n".to_owned(),
            Some(_) | None => format!("{line}\n"),
        }
    };
    let text: String = text.lines().map(next).collect();
    read(&text, &lock).unwrap()
}

fn check(text: &str) {
    let (before, plans) = (parse(text), with_next_versions(text));
    assert_eq!(plans.former.len(), before.plans.len());
    for plan in before.iter() {
        let [former, current] = [PlanVersion::first(plan.name), plans.named(plan.name).unwrap().reference()]
            .map(|version| plans.version(version).unwrap());
        assert_eq!((current.version.get(), former.rank), (2, current.rank));
        assert_eq!(current.reference().to_string(), format!("{}/2", plan.name));
        assert!(!former.is_sold() && current.is_sold() == plan.is_sold(), "{plan}");
        keeps_its_terms((before, plan), (plans, former));
        if !plan.prices.is_empty() {
            is_the_same_plan(plans, former);
        }
    }
}

fn keeps_its_terms((before, plan): (Plans, Plan), (plans, former): (Plans, Plan)) {
    assert_eq!((former.prices, former.features, former.size), (plan.prices, plan.features, plan.size));
    let (own, kept) = (before.limits(plan), plans.limits(former));
    assert_eq!(own.retention_days(), kept.retention_days());
    for (then, now) in before.meters().zip(plans.meters()) {
        assert_eq!((then, own.of(then)), (now, kept.of(now)), "{plan}");
    }
    let current = plans.limits(plans.named(plan.name).unwrap());
    assert_eq!((current.members(), current.retention_days()), (Some(1_234), 1));
}

/// A customer of a former version has that, and has nothing to order for the same plan.
fn is_the_same_plan(plans: Plans, former: Plan) {
    let subscription = Some(rules::paying(former, Interval::Month, Status::Active));
    let billing = Billing { subscription, ..Billing::default() };
    let standing = billing.standing(plans, rules::now());
    assert_eq!((standing.plan, standing.limits().members()), (former, plans.limits(former).members()));
    let current = plans.named(former.name).unwrap();
    let same = change(plans, &billing, current, Some(Interval::Month), rules::now());
    assert_eq!(same, Err(OrderError::Unchanged));
    let longer = change(plans, &billing, current, Some(Interval::Year), rules::now());
    let wanted = match (current.is_sold(), current.is_sold_by(Interval::Year)) {
        (_, true) => Ok(OrderDecision::Now(current, Interval::Year)),
        (true, false) => Err(OrderError::IntervalNotSold),
        (false, false) if current.sale == Sale::Contract => Err(OrderError::ContractRequired),
        (false, false) => Err(OrderError::NotSold),
    };
    assert_eq!(longer, wanted);
}

#[test]
fn every_catalogue_keeps_what_was_sold() {
    for text in TEXTS {
        check(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_was_sold_is_kept_whatever_the_names(text in renamed()) {
        check(&text);
    }
}
