//! Prices that were sold before become prices of plans.

use crate::shop::{Company, DEFAULT, Shop, refusal};
use expect_test::expect;

#[test]
fn live_price_without_a_plan_is_listed() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let [same, other, week, unused] = [
        shop.old_price("2900", "usd", "month"),
        shop.old_price("1900", "usd", "month"),
        shop.old_price("1900", "eur", "year"),
        shop.old_price("1800", "usd", "month"),
    ];
    for price in [&same, &same, &other, &week] {
        shop.subscribe(price);
    }
    // Customers also pay prices that can no longer be bought.
    shop.post(&format!("/v1/prices/{other}"), &[("active", "false")]);
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    let said = [(&same, "SAME"), (&other, "OTHER"), (&week, "EUR")]
        .iter()
        .fold(person.warnings, |text, (id, name)| text.replace(*id, name));
    assert!(!said.contains(&unused));
    expect![[r#"
        the price EUR (1900 eur by the year) is of no plan and has 1 subscription; if it was a plan's, adopt it: --adopt EUR=PLAN/year/1
        the price SAME (2900 usd by the month) is of no plan and has 2 subscriptions; if it was a plan's, adopt it: --adopt SAME=pro/month/1
        the price OTHER (1900 usd by the month) is of no plan and has 1 subscription; if it was a plan's, adopt it: --adopt OTHER=PLAN/month/1
    "#]].assert_eq(&said);
}

#[test]
fn adopted_price_is_sold_if_its_amount_is_that_of_the_catalogue() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let [sold, former, archived] = [("2900", "month"), ("1900", "month"), ("290_00", "year")]
        .map(|(amount, interval)| shop.old_price(&amount.replace('_', ""), "usd", interval));
    shop.subscribe(&sold);
    shop.subscribe(&former);
    shop.post(&format!("/v1/prices/{archived}"), &[("active", "false")]);
    let adoptions = [format!("{sold}=pro/month/1"), format!("{former}=pro/month/1"), format!("{archived}=pro/year/1")];
    let (pushed, person) = company.adopt(&shop, &adoptions);
    pushed.unwrap();
    let said = [(&sold, "SOLD"), (&former, "FORMER"), (&archived, "ARCHIVED")]
        .iter()
        .fold(person.lines, |text, (id, name)| text.replace(*id, name));
    expect![[r#"
        Stripe account acct_1Standin, test mode
          create product berth_plan_starter "Starter"
          create product berth_plan_pro "Pro"
          create product berth_plan_business "Business"
          update price SOLD (2900 usd by the month): metadata of pro/1, lookup key berth:pro/1/month/usd
          update price FORMER (1900 usd by the month): metadata of pro/1
          update price ARCHIVED (29000 usd by the year): metadata of pro/1
          create price starter/1/month/usd: 900 usd by the month
          create price starter/1/year/usd: 9000 usd by the year
          create price pro/1/year/usd: 29000 usd by the year
          create price business/1/month/usd: 7900 usd by the month
          create price business/1/year/usd: 79000 usd by the year
        Make these 11 changes in acct_1Standin, test mode? [y/N]
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&said);
    assert_eq!(person.warnings, "");

    let found = |id: &str| shop.prices().into_iter().find(|price| price["id"] == id).unwrap();
    assert_eq!(found(&sold)["lookup_key"], "berth:pro/1/month/usd");
    for id in [&former, &archived] {
        let price = found(id);
        assert_eq!(
            (price["lookup_key"].is_null(), &price["metadata"]["berth_plan"], &price["metadata"]["berth_version"]),
            (true, &"pro".into(), &"1".into())
        );
    }
    assert_eq!(found(&archived)["active"], false);
    // Seven prices of Berth and of the time before: the adopted one is not made again.
    assert_eq!(shop.prices().len(), 8);

    let changes = shop.changes();
    company.adopt(&shop, &adoptions).0.unwrap();
    company.push(&shop).0.unwrap();
    assert_eq!((shop.changes(), company.differences(&shop)), (changes, 0));
}

#[test]
fn lookup_key_of_another_price_is_not_taken() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let sold = shop.price("berth:pro/1/month/usd");
    let [first, second] = [(); 2].map(|()| shop.old_price("2900", "usd", "month"));
    company.adopt(&shop, &[format!("{first}=pro/month/1"), format!("{second}=pro/month/1")]).0.unwrap();
    assert_eq!(shop.price("berth:pro/1/month/usd"), sold);
    for id in [&first, &second] {
        let price = shop.prices().into_iter().find(|price| price["id"] == id.as_str()).unwrap();
        assert_eq!((price["lookup_key"].is_null(), &price["metadata"]["berth_plan"]), (true, &"pro".into()));
    }
}

#[test]
fn of_two_equal_prices_one_is_sold() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let [first, second] = [(); 2].map(|()| shop.old_price("2900", "usd", "month"));
    company.adopt(&shop, &[format!("{first}=pro/month/1"), format!("{second}=pro/month/1")]).0.unwrap();
    assert_eq!((shop.price("berth:pro/1/month/usd")["id"].as_str(), shop.prices().len()), (Some(first.as_str()), 7));
    assert_eq!(company.differences(&shop), 0);
}

/// Stripe sells no price of a product that was archived.
#[test]
fn price_of_an_archived_product_is_not_sold() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let old = shop.old_price("2900", "usd", "month");
    let product = shop.prices()[0]["product"].as_str().unwrap().to_owned();
    shop.post(&format!("/v1/products/{product}"), &[("active", "false")]);
    company.adopt(&shop, &[format!("{old}=pro/month/1")]).0.unwrap();
    assert_eq!(
        (shop.price("berth:pro/1/month/usd")["product"].as_str(), shop.prices().len()),
        (Some("berth_plan_pro"), 7)
    );
    assert_eq!(company.differences(&shop), 0);
}

/// The company's own programs may look for it.
#[test]
fn price_keeps_the_lookup_key_of_the_company() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let own = shop.old_price("900", "usd", "month");
    shop.post(&format!("/v1/prices/{own}"), &[("lookup_key", "the_company's")]);
    company.adopt(&shop, &[format!("{own}=starter/month/1")]).0.unwrap();
    let price = shop.price("the_company's");
    assert_eq!((&price["id"], &price["metadata"]["berth_plan"]), (&own.as_str().into(), &"starter".into()));
    assert_ne!(shop.price("berth:starter/1/month/usd")["id"], own.as_str());
}

#[test]
fn adoption_that_does_not_fit_is_refused() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let [dollars, euros, stamped, addon] =
        ["usd", "eur", "usd", "usd"].map(|currency| shop.old_price("1900", currency, "month"));
    shop.post(
        &format!("/v1/prices/{stamped}"),
        &[("metadata[berth_plan]", "starter"), ("metadata[berth_version]", "1")],
    );
    shop.post(
        &format!("/v1/prices/{addon}"),
        &[("metadata[berth_addon]", "storage"), ("metadata[berth_version]", "1")],
    );
    let changes = shop.changes();
    let check = |adoptions: &[String], wanted: &str| {
        assert_eq!(refusal(company.adopt(&shop, adoptions)), wanted);
        assert_eq!((shop.changes(), company.lock_path().exists()), (changes, false));
    };
    check(
        &["price_none=pro/month/1".to_owned()],
        "--adopt price_none: the account acct_1Standin has no such recurring price in test mode",
    );
    check(
        &[format!("{dollars}=pro/year/1")],
        &format!("--adopt {dollars}: it costs 1900 usd by the month, not an amount by the year"),
    );
    check(
        &[format!("{euros}=pro/month/1")],
        &format!("--adopt {euros}: it is in eur, which is not among the catalogue's currencies; add it"),
    );
    check(
        &[format!("{dollars}=pro/month/7")],
        &format!("--adopt {dollars}: the catalogue has no pro/7; adopt it for one that it has"),
    );
    check(
        &[format!("{dollars}=gold/month/1")],
        &format!("--adopt {dollars}: the catalogue has no gold/1; adopt it for one that it has"),
    );
    check(&[format!("{stamped}=pro/month/1")], &format!("--adopt {stamped}: it is a price of starter/1 already"));
    check(
        &[format!("{addon}=pro/month/1")],
        &format!("--adopt {addon}: it is a price of the add-on storage/1 already"),
    );
    let twice = [format!("{dollars}=pro/month/1"), format!("{dollars}=starter/month/1")];
    check(&twice, &format!("--adopt {dollars}: it is given twice; give it once"));
}
