//! Mistakes in the file, each with its line.

use super::{lock::Lock, read};
use expect_test::{Expect, expect};

const DEFAULT: &str = include_str!("../../../../../infra/plans.toml");

/// Reads the default catalogue with `from` replaced by `to`.
#[track_caller]
fn check(from: &str, to: &str, wanted: Expect) {
    assert!(DEFAULT.contains(from), "{from}");
    let said = match read(&DEFAULT.replacen(from, to, 1), &Lock::default()) {
        Ok(plans) => format!("{plans:?}"),
        Err(mistakes) => mistakes.to_string(),
    };
    wanted.assert_eq(&said);
}

#[test]
fn default_catalogue_is_this_table() {
    let plans = read(DEFAULT, &Lock::default()).unwrap();
    let mut table = String::new();
    for plan in plans.iter() {
        let prices: Vec<_> = plan.prices.iter().map(|price| format!("{} {}", price.amount, price.currency)).collect();
        table += &format!(
            "{plan} {:?} [{}] {} {:?} {:?} {:?} {:?}\n",
            plan.sale,
            prices.join(", "),
            plan.size.map_or_else(String::new, |size| size.to_string()),
            plan.idle_stop(),
            plan.features,
            plan.retention_days,
            plans.limits(plan)
        );
    }
    expect![[r#"
        free Open [] 256/512 Some(30m) [] 7 {members: Some(3), integrations: Some(1), api_keys: Some(1), storage_mb: Some(1024), gateways: Some(1), plugins: Some(3), executions: Some(1000), traces: Some(10000), ai_credits: Some(10), retention_days: 7}
        starter Open [900 usd, 9000 usd] 512/1024 Some(12h) [] 30 {members: Some(5), integrations: Some(3), api_keys: Some(5), storage_mb: Some(10240), gateways: Some(3), plugins: Some(10), executions: Some(10000), traces: Some(100000), ai_credits: Some(100), retention_days: 30}
        pro Open [2900 usd, 29000 usd] 1024/2048 None [] 90 {members: Some(10), integrations: None, api_keys: Some(20), storage_mb: Some(102400), gateways: Some(10), plugins: Some(50), executions: Some(100000), traces: Some(1000000), ai_credits: Some(500), retention_days: 90}
        business Open [7900 usd, 79000 usd] 2048/4096 None [audit_export] 365 {members: Some(50), integrations: None, api_keys: Some(100), storage_mb: Some(1048576), gateways: Some(50), plugins: Some(200), executions: Some(1000000), traces: Some(10000000), ai_credits: Some(1000), retention_days: 365}
        enterprise Contract [] 4096/8192 None [audit_export] 730 {members: None, integrations: None, api_keys: None, storage_mb: None, gateways: None, plugins: None, executions: None, traces: None, ai_credits: Some(5000), retention_days: 730}
    "#]].assert_eq(&table);
}

#[test]
fn no_plan_allows_less_than_a_smaller_one() {
    let plans = read(DEFAULT, &Lock::default()).unwrap();
    let all: Vec<_> = plans.iter().collect();
    for pair in all.windows(2) {
        for meter in plans.meters() {
            let [less, more] = [pair[0], pair[1]].map(|plan| plans.limits(plan).of(meter).unwrap_or(u64::MAX));
            assert!(less <= more, "{meter} from {} to {}", pair[0], pair[1]);
        }
    }
}

#[test]
fn reached_limit_names_the_next_plan_with_more() {
    let plans = read(DEFAULT, &Lock::default()).unwrap();
    let next = |plan: &str, meter: &str, limit| {
        let plan = plans.named(plan.parse().unwrap()).unwrap();
        let meter = plans.meter(meter.parse().unwrap()).unwrap();
        plans.next_with_more(plan, meter, limit).map(|next| next.to_string())
    };
    assert_eq!(next("free", "members", 3).as_deref(), Some("starter"));
    assert_eq!(next("free", "members", 5).as_deref(), Some("pro"));
    assert_eq!(next("business", "members", 50).as_deref(), Some("enterprise"));
    assert_eq!(next("enterprise", "members", 1_000), None);
}

#[test]
fn mistakes_in_lists_and_names() {
    check(
        "[[plans]]",
        "[[plan]]",
        expect![[r#"
            line 70: this is not TOML: table redefined as array
        "#]],
    );
    check(
        "name = \"pro\"",
        "name = \"free\"",
        expect![[r#"
            line 93: `free` is in plans twice; remove one of them
        "#]],
    );
    check(
        "name = \"pro\"",
        "name = \"Pro plan\"",
        expect![[r#"
            line 94: `name` must be 1 to 24 lower-case letters, digits and underscores, and begin with a letter
        "#]],
    );
    check(
        "unpaid = \"free\"",
        "unpaid = \"gratis\"",
        expect![[r#"
        line 9: unpaid names no plan; expected one of: free, starter, pro, business, enterprise
    "#]],
    );
    check(
        "unpaid = \"free\"",
        "unpaid = \"pro\"",
        expect![[r#"
        line 9: the plan `pro` costs something; name a plan without prices, or add one with sale = "hidden"
        line 49: nobody can buy the plan `free`; add prices, or sale = "contract" or "hidden"
    "#]],
    );
    check(
        "unpaid = \"free\"",
        "",
        expect![[r#"
        line 1: `unpaid` is missing; add it
    "#]],
    );
    check(
        "name = \"plugins\"",
        "name = \"members\"",
        expect![[r#"
            line 20: `members` is a meter of every catalogue; remove it here
            line 64: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, members, executions, traces, ai_credits
            line 87: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, members, executions, traces, ai_credits
            line 110: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, members, executions, traces, ai_credits
            line 133: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, members, executions, traces, ai_credits
            line 155: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, members, executions, traces, ai_credits
        "#]],
    );
    check(
        "name = \"plugins\"",
        "name = \"gateways\"",
        expect![[r#"
            line 19: `gateways` is in meters twice; remove one of them
            line 64: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, gateways, executions, traces, ai_credits
            line 87: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, gateways, executions, traces, ai_credits
            line 110: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, gateways, executions, traces, ai_credits
            line 133: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, gateways, executions, traces, ai_credits
            line 155: the meter `plugins` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, gateways, executions, traces, ai_credits
        "#]],
    );
    check(
        "counts = \"lasting\"",
        "counts = \"weekly\"",
        expect![[r#"
            line 17: `counts` must be one of "lasting", "monthly"
            line 63: the meter `gateways` is unknown; expected one of: members, integrations, api_keys, storage_mb, plugins, executions, traces, ai_credits
            line 86: the meter `gateways` is unknown; expected one of: members, integrations, api_keys, storage_mb, plugins, executions, traces, ai_credits
            line 109: the meter `gateways` is unknown; expected one of: members, integrations, api_keys, storage_mb, plugins, executions, traces, ai_credits
            line 132: the meter `gateways` is unknown; expected one of: members, integrations, api_keys, storage_mb, plugins, executions, traces, ai_credits
            line 154: the meter `gateways` is unknown; expected one of: members, integrations, api_keys, storage_mb, plugins, executions, traces, ai_credits
        "#]],
    );
    check(
        "title = \"Pro\"",
        "title = \"\"",
        expect![[r#"
            line 96: `title` is empty; write a text
        "#]],
    );
    check(
        "version = 1",
        "version = 0",
        expect![[r#"
        line 51: `version` must be a whole number from 1 to 65535
    "#]],
    );
    check(
        "highlighted = true",
        "highlighted = \"yes\"",
        expect![[r#"
            line 98: `highlighted` must be true or false
        "#]],
    );
    check(
        "highlighted = true",
        "colour = \"red\"",
        expect![[r#"
            line 98: `colour` is unknown here; expected one of: name, version, title, description, highlighted, sale, prices, retention_days, container, idle_stop_minutes, requests_per_minute, trial_days, minimum_seats, features, limits
        "#]],
    );
}

#[test]
fn mistakes_in_limits_and_features() {
    check(
        "members = 3",
        "seats = 3",
        expect![[r#"
            line 59: there is no limit of `members`; add members = 0 or "unlimited"
            line 60: the meter `seats` is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, plugins, executions, traces, ai_credits
        "#]],
    );
    check(
        "members = 3",
        "members = 0",
        expect![[r#"
            line 60: `members` must be a whole number from 1 to 1000000000000000
        "#]],
    );
    check(
        "members = 3",
        "members = -1",
        expect![[r#"
            line 60: `members` must be a whole number from 1 to 1000000000000000
        "#]],
    );
    check(
        "members = 3",
        "members = \"many\"",
        expect![[r#"
            line 60: `members` must be a whole number or "unlimited"
        "#]],
    );
    check(
        "features = [\"audit_export\"]",
        "features = [\"teleport\"]",
        expect![[r#"
            line 126: the feature `teleport` is unknown; expected one of: audit_export
        "#]],
    );
    check(
        "features = [\"audit_export\"]",
        "features = \"audit_export\"",
        expect![[r#"
            line 126: `features` must be a list, not string
        "#]],
    );
    check(
        "retention_days = 7",
        "retention_days = 0",
        expect![[r#"
        line 54: `retention_days` must be a whole number from 1 to 3650
    "#]],
    );
}

#[test]
fn mistakes_in_prices_and_containers() {
    check(
        "currencies = [\"usd\"]",
        "currencies = [\"usd\", \"eur\"]",
        expect![[r#"
            line 75: there is no price by the month in eur; add one
            line 76: there is no price by the year in eur; add one
            line 99: there is no price by the month in eur; add one
            line 100: there is no price by the year in eur; add one
            line 121: there is no price by the month in eur; add one
            line 122: there is no price by the year in eur; add one
        "#]],
    );
    check(
        "currencies = [\"usd\"]",
        "currencies = [\"USD\"]",
        expect![[r#"
            line 6: `currencies` must be the code of a currency in lower case, such as usd
            line 75: `usd` is not in currencies, which are: 
            line 75: there is no price; add `prices.month` or `prices.year`, or remove `prices`
            line 76: `usd` is not in currencies, which are: 
            line 99: `usd` is not in currencies, which are: 
            line 99: there is no price; add `prices.month` or `prices.year`, or remove `prices`
            line 100: `usd` is not in currencies, which are: 
            line 121: `usd` is not in currencies, which are: 
            line 121: there is no price; add `prices.month` or `prices.year`, or remove `prices`
            line 122: `usd` is not in currencies, which are: 
        "#]],
    );
    check(
        "prices.month = { usd = 29_00 }",
        "prices.month = { usd = 29.00 }",
        expect![[r#"
            line 99: `usd` must be a whole number from 1 to 99999999
            line 99: there is no price by the month in usd; add one
        "#]],
    );
    check(
        "prices.month = { usd = 29_00 }",
        "prices.month = { eur = 29_00 }",
        expect![[r#"
            line 99: `eur` is not in currencies, which are: usd
            line 99: there is no price by the month in usd; add one
        "#]],
    );
    check(
        "prices.month = { usd = 29_00 }",
        "prices.week = { usd = 29_00 }",
        expect![[r#"
            line 99: `week` is unknown here; expected one of: month, year
        "#]],
    );
    check(
        "memory_mib = 512",
        "memory_mib = 600",
        expect![[r#"
            line 56: Fargate has no container of this size; see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
        "#]],
    );
    check(
        "container = { cpu_units = 256, memory_mib = 512 }",
        "",
        expect![[r#"
            line 57: the plan has no container that could be idle; remove `idle_stop_minutes`
        "#]],
    );
    check(
        "sale = \"contract\"",
        "",
        expect![[r#"
            line 139: nobody can buy the plan `enterprise`; add prices, or sale = "contract" or "hidden"
        "#]],
    );
    check(
        "sale = \"contract\"",
        "sale = \"secret\"",
        expect![[r#"
            line 144: `sale` must be one of "open", "hidden", "contract"
        "#]],
    );
    check(
        "sale = \"contract\"",
        "prices.month = { usd = 1 }\nsale = \"contract\"",
        expect![[r#"
            line 139: a plan by contract has no prices; remove them, or `sale`
        "#]],
    );
    check(
        "idle_stop_minutes = 30",
        "trial_days = 14",
        expect![[r#"
            line 57: the plan costs nothing, so it has no trial; remove `trial_days`
        "#]],
    );
    check(
        "idle_stop_minutes = 30",
        "minimum_seats = 3",
        expect![[r#"
            line 57: the plan has no price for a seat; remove `minimum_seats`
        "#]],
    );
}

#[test]
fn text_that_is_no_toml() {
    check(
        "currencies = [\"usd\"]",
        "currencies = [\"usd\"",
        expect![[r#"
        line 9: this is not TOML: expected a right bracket, found an identifier
    "#]],
    );
    check(
        "currencies = [\"usd\"]",
        "currencies",
        expect![[r#"
        line 6: this is not TOML: expected an equals, found a newline
    "#]],
    );
}
