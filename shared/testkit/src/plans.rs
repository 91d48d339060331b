//! The plans of the default catalogue, to which tests refer by name, and those of other companies.

use domain::plans::{
    catalogue::Plans,
    file::{self, lock::Lock},
    meter::Meter,
    plan::Plan,
};
use fastrand::Rng;
use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
};

/// The default catalogue and the examples of `docs/plans`, as they are written.
const CATALOGUES: [&str; 4] = [
    include_str!("../../../infra/plans.toml"),
    include_str!("../../../docs/plans/solo-and-workspace.toml"),
    include_str!("../../../docs/plans/individual-team.toml"),
    include_str!("../../../docs/plans/per-seat.toml"),
];

/// Names that are part of every catalogue.
const BUILT_IN: [&str; 4] = ["members", "integrations", "api_keys", "storage_mb"];

/// The plans of the default catalogue.
pub const PLANS: Plans = catalogue::PLANS;

/// Returns the plans of the default catalogue, each of which that is sold begins with a trial of `days` days.
#[must_use]
pub fn plans_with_trial(days: u32) -> Plans {
    let trial = format!("trial_days = {days}\nprices.month");
    let text = include_str!("../../../infra/plans.toml").replace("prices.month", &trial);
    file::read(&text, &Lock::default()).unwrap()
}

/// Returns the plans of the default catalogue, whose prices are the same amounts in dollars and in euros.
#[must_use]
pub fn plans_in_two_currencies() -> Plans {
    let text = include_str!("../../../infra/plans.toml").replace("[\"usd\"]", "[\"usd\", \"eur\"]");
    let price = |line: &str| match line.split_once("= { usd = ").filter(|_| line.starts_with("prices.")) {
        Some((interval, amount)) => format!("{interval}= {{ eur = {}, usd = {amount}\n", amount.trim_end_matches(" }")),
        None => format!("{line}\n"),
    };
    file::read(&text.lines().map(price).collect::<String>(), &Lock::default()).unwrap()
}

/// Returns the plans of the default catalogue with a second version of pro, which costs more and has more, and with what
/// was sold before.
#[must_use]
pub fn plans_with_second_pro() -> Plans {
    plans_with_second_pro_of(&[("usd = 29_00", "usd = 39_00"), ("members = 10", "members = 12")])
}

/// Returns the plans of the default catalogue with a second version of pro, in which each text is replaced by the other,
/// and with what was sold before.
#[must_use]
pub fn plans_with_second_pro_of(changes: &[(&str, &str)]) -> Plans {
    let mut lock = Lock::default();
    lock.record(PLANS);
    let text = include_str!("../../../infra/plans.toml");
    let (before, pro) = text.split_once("name = \"pro\"").unwrap();
    let pro = pro.replacen("version = 1", "version = 2", 1);
    let pro = changes.iter().fold(pro, |pro, (one, other)| pro.replacen(one, other, 1));
    file::read(&format!("{before}name = \"pro\"{pro}"), &lock).unwrap()
}

/// Returns the plans of a company that sells seats: those of `docs/plans/per-seat.toml`, of which at least three are paid,
/// and a smaller plan `basic` whose price does not depend on the number of members.
#[must_use]
pub fn plans_per_seat() -> Plans {
    let text = include_str!("../../../docs/plans/per-seat.toml").replace("minimum_seats = 1", "minimum_seats = 3");
    let team = text.find("[[plans]]\nname = \"team\"").unwrap();
    let addons = text.find("[[addons]]").unwrap();
    let basic = text[team..addons].replace("minimum_seats = 3\n", "").replace("\"team\"", "\"basic\"");
    read(&[&text[..team], &basic, &text[team..]].concat())
}

/// The add-ons of [`plans_with_addons`].
const ADDONS: &str = r#"
[[addons]]
name = "runs"
version = 1
title = "1,000 executions more"
description = "More executions each month."
meter = "executions"
amount = 1_000
maximum_quantity = 10
prices.month = { usd = 3_00 }
prices.year = { usd = 30_00 }

[[addons]]
name = "space"
version = 1
title = "10 GB more"
description = "More space for files."
meter = "storage_mb"
amount = 10_240
maximum_quantity = 20
prices.month = { usd = 5_00 }

[[addons]]
name = "links"
version = 1
title = "One integration more"
description = "Connects another service."
meter = "integrations"
amount = 1
maximum_quantity = 5
prices.month = { usd = 1_00 }
prices.year = { usd = 10_00 }
"#;

/// Returns the plans of the default catalogue with three add-ons: `runs`, `space`, which has no price by the year, and
/// `links`, which has an effect on the plan starter only.
#[must_use]
pub fn plans_with_addons() -> Plans {
    read(&format!("{}{ADDONS}", include_str!("../../../infra/plans.toml")))
}

/// Like [`plans_with_addons`], with a second version of `runs`, which costs more, after the first was sold.
#[must_use]
pub fn plans_with_second_runs() -> Plans {
    let mut lock = Lock::default();
    lock.record(plans_with_addons());
    let next = ADDONS.replacen("version = 1", "version = 2", 1).replace("usd = 3_00", "usd = 4_00");
    file::read(&format!("{}{next}", include_str!("../../../infra/plans.toml")), &lock).unwrap()
}

/// Returns the plan `name` of the default catalogue.
#[must_use]
pub fn plan(name: &str) -> Plan {
    PLANS.named(name.parse().unwrap()).unwrap()
}

/// Returns the meter `name` of the default catalogue.
#[must_use]
pub fn meter(name: &str) -> Meter {
    PLANS.meter(name.parse().unwrap()).unwrap()
}

/// Returns the default catalogue and the examples of `docs/plans`, each with its own names and with others, which `seed`
/// determines.
#[must_use]
pub fn catalogues(seed: u64) -> Vec<Plans> {
    let mut chance = Rng::with_seed(seed);
    let texts = CATALOGUES.into_iter().flat_map(|text| [text.to_owned(), renamed(text, &mut chance)]);
    texts.map(|text| read(&text)).collect()
}

fn read(text: &str) -> Plans {
    file::read(text, &Lock::default()).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

/// Returns the catalogue in `text` with another name for each plan, meter, feature and add-on.
fn renamed(text: &str, chance: &mut Rng) -> String {
    let plans = read(text);
    let mut names: BTreeSet<_> = plans.meters().map(|meter| meter.name.to_string()).collect();
    names.extend(plans.iter().map(|plan| plan.name.to_string()));
    names.extend(plans.features.iter().map(|feature| feature.name.to_string()));
    names.extend(plans.addons.iter().map(|addon| addon.name.to_string()));
    names.retain(|name| !BUILT_IN.contains(&name.as_str()));
    let mut other = || iter::repeat_with(|| chance.lowercase()).take(12).collect::<String>();
    let others: BTreeMap<_, _> = names.into_iter().map(|name| (name, other())).collect();
    let word = |word: &str| others.get(word).map_or_else(|| word.to_owned(), Clone::clone);
    let line = |line: &str| {
        // Names are in quotation marks, except that each limit has the name of its meter.
        let (key, value) = line.split_once(" = ").unwrap_or_default();
        let is_meter = key.parse().is_ok_and(|name| plans.meter(name).is_some());
        let line = if is_meter { format!("{} = {value}", word(key)) } else { line.to_owned() };
        let quoted = |(index, part): (usize, &str)| if index % 2 == 1 { word(part) } else { part.to_owned() };
        line.split('"').enumerate().map(quoted).collect::<Vec<_>>().join("\"") + "\n"
    };
    text.lines().map(line).collect()
}
