//! Comparison of the catalogue with what was sold. Customers keep what they bought, so a catalogue continues it.

use super::{
    fields::{Found, Reader},
    known::Known,
    lock::{Lock, Sold, SoldAddon},
};
use crate::plans::{
    addon::AddonTerms,
    plan::PlanTerms,
    version::{Version, Versioned},
};
use std::fmt;
use toml_span::Span;

/// Returns the terms of former versions, and reports the plans that do not continue what was sold; `file` is the place
/// of mistakes that have no other.
pub(super) fn former(
    reader: &mut Reader<'_>,
    file: Span,
    lock: &Lock,
    plans: &[Found<PlanTerms>],
    known: &Known,
) -> Vec<PlanTerms> {
    for name in lock.meters.keys() {
        if known.meters.iter().all(|meter| meter.name != *name) {
            reader.report(file, format!("the meter `{name}` was used and is missing; restore it"));
        }
    }
    let mut former = Vec::new();
    for sold in &lock.sold {
        let reference = written(sold.reference());
        for feature in sold.features() {
            if known.features.iter().all(|known| known.name != feature) {
                let message = format!("the feature `{feature}` was sold with {reference} and is missing; restore it");
                reader.report(file, message);
            }
        }
        let Some(Found { value: plan, span }) = plans.iter().find(|found| found.value.name == sold.name) else {
            let message = format!(
                "the plan `{}` was sold and is missing; restore it, with sale = \"hidden\" if it is no longer sold",
                sold.name
            );
            reader.report(file, message);
            continue;
        };
        if sold.version < plan.version {
            former.push(sold.terms(known, plan.rank));
        } else {
            let lost = sold.lost(&Sold::of(known.meters, plan));
            continues(reader, *span, &reference, (sold.version, plan.version), lost);
        }
    }
    former
}

/// Returns the terms of former versions of add-ons, and reports the add-ons that do not continue what was sold.
pub(super) fn former_addons(
    reader: &mut Reader<'_>,
    file: Span,
    lock: &Lock,
    addons: &[Found<AddonTerms>],
    known: &Known,
) -> Vec<AddonTerms> {
    let mut former = Vec::new();
    for sold in &lock.sold_addons {
        let reference = written(sold.reference());
        let Some(Found { value: addon, span }) = addons.iter().find(|found| found.value.name == sold.name) else {
            let message = format!(
                "the add-on `{}` was sold and is missing; restore it, with sale = \"hidden\" if it is no longer sold",
                sold.name
            );
            reader.report(file, message);
            continue;
        };
        if sold.version < addon.version {
            former.push(sold.terms(known));
        } else {
            continues(reader, *span, &reference, (sold.version, addon.version), sold.lost(&SoldAddon::of(addon)));
        }
    }
    former
}

/// Reports a version that goes back, or that has `lost` what it was sold with. `reference` is what was `sold`, and `present` is
/// the version in the file.
fn continues(
    reader: &mut Reader<'_>,
    span: Span,
    reference: &str,
    (sold, present): (Version, Version),
    lost: Vec<String>,
) {
    if sold > present {
        reader.report(span, format!("{reference} was sold already; set version = {} or higher", sold.get()));
    } else if !lost.is_empty() {
        let (lost, next) = (lost.join(", "), sold.get().saturating_add(1));
        reader.report(span, format!("{reference} was sold with {lost}; set version = {next}, or restore this"));
    }
}

/// Writes a version with its number, also that of the first.
fn written<N: fmt::Display>(Versioned { name, version }: Versioned<N>) -> String {
    format!("{name}/{}", version.get())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::{
        file::read,
        money::Interval,
        names::{MeterName, PlanName},
        plan::Sale,
    };
    use expect_test::{Expect, expect};

    const DEFAULT: &str = include_str!("../../../../../infra/plans.toml");

    /// The lock after this catalogue was sold as well.
    fn sold(lock: &Lock, catalogue: &str) -> Lock {
        let mut lock = lock.clone();
        lock.record(read(catalogue, &lock).unwrap());
        // What is written is what is read.
        assert_eq!(Lock::parse(&lock.write().unwrap()).as_ref(), Ok(&lock));
        lock
    }

    /// The default catalogue with replaced parts.
    #[track_caller]
    fn changed(changes: &[(&str, &str)]) -> String {
        changes.iter().fold(DEFAULT.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        })
    }

    fn next_pro(changes: &[(&str, &str)]) -> String {
        changed(&[&[("name = \"pro\"\nversion = 1", "name = \"pro\"\nversion = 2")], changes].concat())
    }

    #[track_caller]
    fn check(lock: &Lock, catalogue: &str, wanted: Expect) {
        let said = match read(catalogue, lock) {
            Ok(plans) => format!("{:?}", plans.every_version().collect::<Vec<_>>()),
            Err(mistakes) => mistakes.to_string(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn lock_is_readable_and_in_a_stable_order() {
        let text = sold(&Lock::default(), DEFAULT).write().unwrap();
        expect_test::expect_file!["./default.lock"].assert_eq(&text);
        let order = |text: &str| text.lines().filter(|line| line.starts_with("name = ")).collect::<Vec<_>>().join(" ");
        assert_eq!(
            order(&text),
            r#"name = "business" name = "enterprise" name = "free" name = "pro" name = "starter""#
        );
    }

    #[test]
    fn sold_version_keeps_its_terms() {
        let lock = sold(&Lock::default(), DEFAULT);
        check(&lock, DEFAULT, expect!["[free, starter, pro, business, enterprise]"]);
        let pro = |from: &str, to: &str| changed(&[(from, to)]);
        check(
            &lock,
            &pro("prices.month = { usd = 29_00 }", "prices.month = { usd = 39_00 }"),
            expect![[r#"
                line 93: pro/1 was sold with prices.month.usd = 2900; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &pro("prices.month = { usd = 29_00 }\n", ""),
            expect![[r#"
                line 93: pro/1 was sold with prices.month.usd = 2900; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &pro("members = 10\nintegrations = \"unlimited\"", "members = 11\nintegrations = 7"),
            expect![[r#"
                line 93: pro/1 was sold with integrations = "unlimited", members = 10; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &pro("retention_days = 90", "retention_days = 91"),
            expect![[r#"
                line 93: pro/1 was sold with retention_days = 90; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &pro("cpu_units = 1_024, memory_mib = 2_048", "cpu_units = 1_024, memory_mib = 3_072"),
            expect![[r#"
                line 93: pro/1 was sold with container = { cpu_units = 1024, memory_mib = 2048 }; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &pro("highlighted = true", "idle_stop_minutes = 5\nminimum_seats = 3"),
            expect![[r#"
                line 93: pro/1 was sold with no idle_stop_minutes, no minimum_seats; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &pro("highlighted = true", "features = [\"audit_export\"]"),
            expect![[r#"
                line 93: pro/1 was sold with features = []; set version = 2, or restore this
            "#]],
        );
    }

    #[test]
    fn words_offers_and_additions_need_no_new_version() {
        let lock = sold(&Lock::default(), DEFAULT);
        let mut text = changed(&[
            ("title = \"Pro\"", "title = \"Professional\""),
            ("highlighted = true", "trial_days = 14"),
            ("[[features]]", "[[meters]]\nname = \"seals\"\ntitle = \"Seals\"\nunit = \"seals\"\n\n[[features]]"),
            ("currencies = [\"usd\"]", "currencies = [\"usd\", \"jpy\"]"),
        ]);
        text = text.replace("ai_credits = ", "seals = 5\nai_credits = ").replace("00 }", "00, jpy = 500 }");
        check(&lock, &text, expect!["[free, starter, pro, business, enterprise]"]);
        // From then on they are part of what was sold.
        let lock = sold(&lock, &text);
        check(
            &lock,
            &text.replace("seals = 5", "seals = 6").replace("jpy = 500", "jpy = 501"),
            expect![[r#"
                line 54: free/1 was sold with seals = 5; set version = 2, or restore this
                line 76: starter/1 was sold with prices.month.jpy = 500, prices.year.jpy = 500, seals = 5; set version = 2, or restore this
                line 100: pro/1 was sold with prices.month.jpy = 500, prices.year.jpy = 500, seals = 5; set version = 2, or restore this
                line 124: business/1 was sold with prices.month.jpy = 500, prices.year.jpy = 500, seals = 5; set version = 2, or restore this
                line 148: enterprise/1 was sold with seals = 5; set version = 2, or restore this
            "#]],
        );
    }

    #[test]
    fn former_versions_keep_their_terms() {
        let lock = sold(&Lock::default(), DEFAULT);
        let second = next_pro(&[("usd = 29_00", "usd = 39_00"), ("members = 10", "members = 12")]);
        let lock = sold(&lock, &second);
        let third = second.replace("version = 2", "version = 3").replace("usd = 39_00", "usd = 49_00").replace(
            "[[features]]",
            "[[meters]]\nname = \"seals\"\ntitle = \"Seals\"\nunit = \"seals\"\n\n[[features]]",
        );
        let third = third.replace("ai_credits = ", "seals = 5\nai_credits = ");
        let plans = read(&third, &lock).unwrap();
        let terms = |text: &str| {
            let plan = plans.version(text.parse().unwrap()).unwrap();
            let limit = |name| plans.limits(plan).of(plans.meter(MeterName::literal(name)).unwrap());
            let price = plan.prices.iter().find(|price| price.interval == Interval::Month).unwrap();
            (price.amount, limit("members"), limit("seals"), plan.rank, plan.sale, plan.retention_days)
        };
        assert_eq!(terms("pro"), (29_00, Some(10), Some(0), 2, Sale::Hidden, 90));
        assert_eq!(terms("pro/2"), (39_00, Some(12), Some(0), 2, Sale::Hidden, 90));
        assert_eq!(terms("pro/3"), (49_00, Some(12), Some(5), 2, Sale::Open, 90));
        assert_eq!(plans.named(PlanName::literal("pro")).unwrap().version, Version::literal(3));
        check(
            &sold(&lock, &third),
            &second,
            expect![[r#"
                line 1: the meter `seals` was used and is missing; restore it
                line 93: pro/3 was sold already; set version = 3 or higher
            "#]],
        );
    }

    /// The first price of an interval is that in the default currency.
    #[test]
    fn former_prices_have_the_order_of_the_currencies() {
        let two = DEFAULT.replace("00 }", "00, eur = 7_00 }").replace("[\"usd\"]", "[\"usd\", \"eur\"]");
        let lock = sold(&Lock::default(), &two);
        let next = two.replace("version = 1", "version = 2");
        let other_order = next.replace("[\"usd\", \"eur\"]", "[\"eur\", \"usd\"]");
        for (text, wanted) in [(&next, "usd"), (&other_order, "eur")] {
            let plan = read(text, &lock).unwrap().version("pro".parse().unwrap()).unwrap();
            assert_eq!(plan.prices[0].currency.as_str(), wanted);
        }
    }

    #[test]
    fn what_customers_have_is_not_removed() {
        let lock = sold(&Lock::default(), DEFAULT);
        let start = DEFAULT.find("[[plans]]\nname = \"business\"").unwrap();
        let end = DEFAULT.find("[[plans]]\nname = \"enterprise\"").unwrap();
        check(
            &lock,
            &[&DEFAULT[..start], &DEFAULT[end..]].concat(),
            expect![[r#"
            line 1: the plan `business` was sold and is missing; restore it, with sale = "hidden" if it is no longer sold
        "#]],
        );
        check(
            &lock,
            &changed(&[("name = \"business\"", "name = \"business\"\nsale = \"hidden\"")]),
            expect!["[free, starter, pro, business, enterprise]"],
        );
        check(
            &lock,
            &DEFAULT.replace("traces", "spans"),
            expect![[r#"
            line 1: the meter `traces` was used and is missing; restore it
        "#]],
        );
        check(
            &lock,
            &DEFAULT.replace("audit_export", "export"),
            expect![[r#"
                line 1: the feature `audit_export` was sold with business/1 and is missing; restore it
                line 1: the feature `audit_export` was sold with enterprise/1 and is missing; restore it
                line 116: business/1 was sold with features = ["audit_export"]; set version = 2, or restore this
                line 139: enterprise/1 was sold with features = ["audit_export"]; set version = 2, or restore this
            "#]],
        );
        check(
            &lock,
            &changed(&[("counts = \"monthly\"\nshards = 8", "counts = \"lasting\"\nshards = 4")]),
            expect![[r#"
            line 25: `executions` was used with counts = "monthly"; restore it, or use a new name
            line 25: `executions` was used with shards = 8; set at least 8
        "#]],
        );
    }

    #[test]
    fn text_that_is_no_lock() {
        let said = |text: &str| Lock::parse(text).map_err(|error| format!("{}: {error}", error.line));
        assert_eq!(said(""), Ok(Lock::default()));
        let lock = sold(&Lock::default(), DEFAULT).write().unwrap();
        let error = |text: &str| said(text).unwrap_err();
        expect!["8: unknown field `limit`, expected one of `name`, `version`, `title`, `description`, `retention_days`, `idle_stop_minutes`, `trial_days`, `minimum_seats`, `features`, `container`, `prices`, `limits`; restore the file from the repository's history"]
            .assert_eq(&error(&lock.replacen("retention_days", "limit", 1)));
        expect![
            "27: data did not match any variant of untagged enum Limit; restore the file from the repository's history"
        ]
        .assert_eq(&error(&lock.replacen("members = 50", "members = 5.5", 1)));
        expect!["170: key with no value, expected `=`; restore the file from the repository's history"]
            .assert_eq(&error(&format!("{lock}<<<<<<< HEAD\n")));
        expect!["1: a version is in the file twice; restore the file from the repository's history"]
            .assert_eq(&error(&lock.replacen("name = \"pro\"", "name = \"free\"", 1)));
    }

    const PER_SEAT: &str = include_str!("../../../../../docs/plans/per-seat.toml");

    #[track_caller]
    fn check_addons(lock: &Lock, catalogue: &str, wanted: Expect) {
        let said = match read(catalogue, lock) {
            Ok(plans) => {
                let row = |addon: &AddonTerms| {
                    let amounts: Vec<_> = addon.prices.iter().map(|price| price.amount).collect();
                    format!("{}/{} {:?} {amounts:?}", addon.name, addon.version.get(), addon.sale)
                };
                plans.addons.iter().chain(plans.former_addons).map(row).collect::<Vec<_>>().join(", ")
            }
            Err(mistakes) => mistakes.to_string(),
        };
        wanted.assert_eq(&said);
    }

    /// Invariant 48.
    #[test]
    fn add_ons_continue_what_was_sold() {
        let lock = sold(&Lock::default(), PER_SEAT);
        let with = |changes: &[(&str, &str)]| {
            changes.iter().fold(PER_SEAT.to_owned(), |text, (from, to)| {
                assert!(text.contains(from), "{from}");
                text.replacen(from, to, 1)
            })
        };
        check_addons(
            &lock,
            PER_SEAT,
            expect!["storage/1 Open [500, 500, 5000, 5000], exports/1 Open [200, 200, 2000, 2000]"],
        );
        let price = ("prices.month = { usd = 2_00", "prices.month = { usd = 3_00");
        check_addons(
            &lock,
            &with(&[price, ("meter = \"exports\"\namount = 1_000", "meter = \"storage_mb\"\namount = 999")]),
            expect![[r#"
                line 60: exports/1 was sold with prices.month.usd = 200, meter = "exports", amount = 1000; set version = 2, or restore this
            "#]],
        );
        check_addons(
            &lock,
            &with(&[("name = \"exports\"\nversion = 1", "name = \"dumps\"\nversion = 1")]),
            expect![[r#"
            line 1: the add-on `exports` was sold and is missing; restore it, with sale = "hidden" if it is no longer sold
        "#]],
        );
        // Words and the largest quantity take nothing from customers.
        let words = [
            ("title = \"1,000 exports more\"", "title = \"More\""),
            ("maximum_quantity = 100", "maximum_quantity = 9"),
        ];
        check_addons(
            &lock,
            &with(&words),
            expect!["storage/1 Open [500, 500, 5000, 5000], exports/1 Open [200, 200, 2000, 2000]"],
        );
        let next = with(&[price, ("name = \"exports\"\nversion = 1", "name = \"exports\"\nversion = 2")]);
        check_addons(
            &lock,
            &next,
            expect![
                "storage/1 Open [500, 500, 5000, 5000], exports/2 Open [300, 200, 2000, 2000], exports/1 Hidden [200, 200, 2000, 2000]"
            ],
        );
        check_addons(
            &sold(&lock, &next),
            PER_SEAT,
            expect![[r#"
                line 60: exports/2 was sold already; set version = 2 or higher
            "#]],
        );
    }
}
