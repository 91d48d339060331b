//! The add-ons: more of one meter, in addition to a plan.

use super::{
    fields::{Fields, Found, Reader},
    known::{Known, leak},
    plans::{LARGEST, prices},
};
use crate::plans::{
    addon::AddonTerms,
    names::{AddonName, MeterName},
    plan::Sale,
    version::Version,
};

/// Maximum number of add-ons of a catalogue. A subscription has up to 20 prices, and one of them is that of the plan.
/// <https://docs.stripe.com/billing/subscriptions/multiple-products>
const MAX_ADDONS: usize = 19;

/// Reads the add-ons in their order.
pub(super) fn read(reader: &mut Reader<'_>, file: &mut Fields<'_>, known: &Known) -> Vec<Found<AddonTerms>> {
    let mut addons = Vec::new();
    for mut fields in file.tables(reader, "addons") {
        let span = fields.span();
        let addon = addon(reader, &mut fields, known);
        fields.finish(reader);
        addons.extend(addon.map(|value| Found { value, span }));
    }
    reader.no_repetition("addons", &addons, |addon| addon.name.to_string());
    if let Some(surplus) = addons.get(MAX_ADDONS) {
        reader.report(surplus.span, format!("there are more than {MAX_ADDONS} add-ons; remove some"));
    }
    addons
}

fn addon(reader: &mut Reader<'_>, fields: &mut Fields<'_>, known: &Known) -> Option<AddonTerms> {
    let name = fields.parsed::<AddonName>(reader, "name");
    let version = fields.required_number(reader, "version", (1, u64::from(u16::MAX)));
    let (title, description) = (fields.text(reader, "title"), fields.text(reader, "description"));
    let sale = fields.choice(reader, "sale", &[("open", Sale::Open), ("hidden", Sale::Hidden)]);
    let meter = meter(reader, fields, known);
    let amount = fields.required_number(reader, "amount", (1, LARGEST));
    let most = fields.required_number(reader, "maximum_quantity", (1, 1_000_000));
    if let Some((amount, most)) = amount.zip(most)
        && amount.value.saturating_mul(most.value) > LARGEST
    {
        reader.report(most.span, format!("`amount` times `maximum_quantity` must be up to {LARGEST}"));
    }
    if !fields.has("prices") {
        reader.report(fields.span(), "there is no price; add `prices.month` or `prices.year`");
    }
    let prices = prices(reader, fields, known);
    Some(AddonTerms {
        name: name?.value,
        version: Version::new(u16::try_from(version?.value).ok()?)?,
        title: title?,
        description: description?,
        sale: sale?,
        meter: meter?,
        amount: amount?.value,
        maximum_quantity: u32::try_from(most?.value).ok()?,
        prices: leak(prices),
    })
}

/// Reads the meter, which must be one of the catalogue.
fn meter(reader: &mut Reader<'_>, fields: &mut Fields<'_>, known: &Known) -> Option<MeterName> {
    let Found { value: name, span } = fields.parsed::<MeterName>(reader, "meter")?;
    if known.meters.iter().all(|meter| meter.name != name) {
        let names: Vec<_> = known.meters.iter().map(|meter| meter.name.as_str()).collect();
        reader.report(span, format!("the meter `{name}` is unknown; expected one of: {}", names.join(", ")));
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::{
        file::{lock::Lock, read},
        money::Price,
    };
    use expect_test::{Expect, expect};

    const PER_SEAT: &str = include_str!("../../../../../docs/plans/per-seat.toml");

    fn row(addon: &AddonTerms) -> String {
        let AddonTerms { name, version, title, sale, meter, amount, maximum_quantity, prices, .. } = addon;
        let prices =
            prices.iter().map(|Price { interval, currency, amount }| format!("{amount} {currency} a {interval}"));
        format!(
            "{name}/{} {title:?} {sale:?} {maximum_quantity} times {amount} {meter} [{}]\n",
            version.get(),
            prices.collect::<Vec<_>>().join(", ")
        )
    }

    /// Reads the catalogue with add-ons with `from` replaced by `to`.
    #[track_caller]
    fn check(from: &str, to: &str, wanted: Expect) {
        assert!(PER_SEAT.contains(from), "{from}");
        let said = match read(&PER_SEAT.replacen(from, to, 1), &Lock::default()) {
            Ok(plans) => plans.addons.iter().map(row).collect(),
            Err(mistakes) => mistakes.to_string(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn add_ons_have_an_amount_of_a_meter_and_prices() {
        check(
            "",
            "",
            expect![[r#"
                storage/1 "100 GB more" Open 20 times 102400 storage_mb [500 usd a month, 500 eur a month, 5000 usd a year, 5000 eur a year]
                exports/1 "1,000 exports more" Open 100 times 1000 exports [200 usd a month, 200 eur a month, 2000 usd a year, 2000 eur a year]
            "#]],
        );
    }

    #[test]
    fn mistakes_in_add_ons() {
        check(
            "name = \"exports\"\nversion",
            "name = \"Exports\"\nversion",
            expect![[r#"
                line 61: `name` must be 1 to 24 lower-case letters, digits and underscores, and begin with a letter
            "#]],
        );
        check(
            "name = \"exports\"\nversion",
            "name = \"storage\"\nversion",
            expect![[r#"
                line 60: `storage` is in addons twice; remove one of them
            "#]],
        );
        check(
            "meter = \"exports\"",
            "meter = \"imports\"",
            expect![[r#"
                line 65: the meter `imports` is unknown; expected one of: members, integrations, api_keys, storage_mb, exports
            "#]],
        );
        check(
            "meter = \"exports\"\n",
            "",
            expect![[r#"
                line 60: `meter` is missing; add it
            "#]],
        );
        check(
            "amount = 1_000",
            "amount = 0",
            expect![[r#"
                line 66: `amount` must be a whole number from 1 to 1000000000000000
            "#]],
        );
        check(
            "maximum_quantity = 100",
            "maximum_quantity = 1.5",
            expect![[r#"
                line 67: `maximum_quantity` must be a whole number from 1 to 1000000
            "#]],
        );
        check(
            "amount = 1_000",
            "amount = 100_000_000_000_000",
            expect![[r#"
                line 67: `amount` times `maximum_quantity` must be up to 1000000000000000
            "#]],
        );
        check(
            "prices.month = { usd = 2_00, eur = 2_00 }",
            "prices.month = { usd = 2_00 }",
            expect![[r#"
                line 68: there is no price by the month in eur; add one
            "#]],
        );
        check(
            "prices.month = { usd = 2_00, eur = 2_00 }\nprices.year = { usd = 20_00, eur = 20_00 }",
            "",
            expect![[r#"
                line 60: there is no price; add `prices.month` or `prices.year`
            "#]],
        );
        check(
            "amount = 1_000",
            "amount = 1_000\nsale = \"contract\"",
            expect![[r#"
                line 67: `sale` must be one of "open", "hidden"
            "#]],
        );
        check(
            "amount = 1_000",
            "amount = 1_000\nsold = true",
            expect![[r#"
                line 67: `sold` is unknown here; expected one of: name, version, title, description, sale, meter, amount, maximum_quantity, prices
            "#]],
        );
    }

    #[test]
    fn one_subscription_can_have_every_add_on() {
        let addon = |number: usize| {
            format!(
                "[[addons]]\nname = \"more{number}\"\nversion = 1\ntitle = \"More\"\ndescription = \"More.\"\n\
                 meter = \"exports\"\namount = 1\nmaximum_quantity = 1\nprices.month = {{ usd = 1_00, eur = 1_00 }}\n"
            )
        };
        let with = |number: usize| {
            let more: String = (0..number).map(addon).collect();
            read(&format!("{PER_SEAT}\n{more}"), &Lock::default()).map(|plans| plans.addons.len())
        };
        assert_eq!(with(17), Ok(19));
        assert!(with(18).unwrap_err().to_string().contains("there are more than 19 add-ons; remove some"));
    }
}
