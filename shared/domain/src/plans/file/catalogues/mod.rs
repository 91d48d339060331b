//! The default catalogue and the examples of `docs/plans`, each with its own and with other names. The rules hold for all.

mod addons;
mod rules;
mod versions;

use super::{lock::Lock, read};
use crate::plans::{catalogue::Plans, limits::RETENTION_DAYS};
use proptest::{collection::btree_set, prelude::*};
use std::collections::{BTreeMap, BTreeSet};

/// The catalogues as they are written.
const TEXTS: [&str; 4] = [
    include_str!("../../../../../../infra/plans.toml"),
    include_str!("../../../../../../docs/plans/solo-and-workspace.toml"),
    include_str!("../../../../../../docs/plans/individual-team.toml"),
    include_str!("../../../../../../docs/plans/per-seat.toml"),
];

/// Names that are part of every catalogue.
const BUILT_IN: [&str; 4] = ["members", "integrations", "api_keys", "storage_mb"];

fn parse(text: &str) -> Plans {
    read(text, &Lock::default()).unwrap()
}

/// Runs `rule` with each catalogue.
#[track_caller]
fn for_each(rule: impl Fn(Plans)) {
    for text in TEXTS {
        rule(parse(text));
    }
}

/// One of the catalogues, in which the company has chosen other names for its plans, meters, features and add-ons.
fn renamed() -> impl Strategy<Value = String> {
    let taken = |name: &String| BUILT_IN.contains(&name.as_str()) || *name == RETENTION_DAYS.to_string();
    let name = "[a-z][a-z0-9_]{0,23}".prop_filter("taken", move |name| !taken(name));
    let names = btree_set(name, 20).prop_map(Vec::from_iter).prop_shuffle();
    (prop::sample::select(TEXTS.to_vec()), names).prop_map(|(text, names)| rename(text, names))
}

fn rename(text: &str, names: Vec<String>) -> String {
    let plans = parse(text);
    let meters = plans.meters().map(|meter| meter.name.to_string());
    let meters: BTreeSet<_> = meters.filter(|name| !BUILT_IN.contains(&name.as_str())).collect();
    let others = plans.iter().map(|plan| plan.name.to_string());
    let others = others.chain(plans.features.iter().map(|feature| feature.name.to_string()));
    let others = others.chain(plans.addons.iter().map(|addon| addon.name.to_string()));
    let present: BTreeSet<_> = meters.iter().cloned().chain(others).collect();
    assert!(present.len() <= names.len());
    let other: BTreeMap<_, _> = present.into_iter().zip(names).collect();
    let word = |word: &str| other.get(word).map_or_else(|| word.to_owned(), Clone::clone);
    let line = |line: &str| {
        let (key, value) = line.split_once(" = ").unwrap_or(("", line));
        // Names are in quotation marks, except that each limit has the name of its meter.
        let quoted = |(index, part): (usize, &str)| if index % 2 == 1 { word(part) } else { part.to_owned() };
        let value = value.split('"').enumerate().map(quoted).collect::<Vec<_>>().join("\"");
        match key {
            "" => value + "\n",
            key if meters.contains(key) => format!("{} = {value}\n", word(key)),
            key => format!("{key} = {value}\n"),
        }
    };
    text.lines().map(line).collect()
}

#[test]
fn other_names_change_only_names() {
    let names: Vec<_> = (0..20).map(|number| format!("name_{number}")).collect();
    for text in TEXTS {
        let (own, other) = (parse(text), parse(&rename(text, names.clone())));
        let terms = |plans: Plans| -> Vec<_> {
            let terms = |plan: &crate::plans::plan::PlanTerms| {
                let features = plan.features.len();
                format!("{} {:?} {:?} {:?} {features} {:?}", plan.title, plan.sale, plan.prices, plan.limits, plan.size)
            };
            plans.plans.iter().map(terms).collect()
        };
        assert_eq!(terms(own), terms(other));
        for plan in other.iter() {
            assert!(plan.name.as_str().starts_with("name_") && own.named(plan.name).is_err(), "{plan}");
        }
        let addons =
            |plans: Plans| -> Vec<_> { plans.addons.iter().map(|addon| (addon.title, addon.amount)).collect() };
        assert_eq!(addons(own), addons(other));
    }
}
