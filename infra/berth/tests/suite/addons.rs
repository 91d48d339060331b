//! Products and prices of add-ons follow the catalogue.

use crate::shop::{Company, Shop, refusal};
use expect_test::expect;

const PER_SEAT: &str = include_str!("../../../../docs/plans/per-seat.toml");

/// The part of what is sold that is about add-ons.
fn addons(shop: &Shop) -> String {
    shop.sold().lines().filter(|line| line.contains("berth_addon")).map(|line| format!("{line}\n")).collect()
}

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PER_SEAT.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn add_ons_have_products_and_prices() {
    let (shop, company) = (Shop::open(), Company::new(PER_SEAT));
    company.push(&shop).0.unwrap();
    expect![[r#"
        berth:addon:exports/1/month/eur 200 eur by the month of berth_addon_exports true {"berth_addon":"exports","berth_version":"1"}
        berth:addon:exports/1/month/usd 200 usd by the month of berth_addon_exports true {"berth_addon":"exports","berth_version":"1"}
        berth:addon:exports/1/year/eur 2000 eur by the year of berth_addon_exports true {"berth_addon":"exports","berth_version":"1"}
        berth:addon:exports/1/year/usd 2000 usd by the year of berth_addon_exports true {"berth_addon":"exports","berth_version":"1"}
        berth:addon:storage/1/month/eur 500 eur by the month of berth_addon_storage true {"berth_addon":"storage","berth_version":"1"}
        berth:addon:storage/1/month/usd 500 usd by the month of berth_addon_storage true {"berth_addon":"storage","berth_version":"1"}
        berth:addon:storage/1/year/eur 5000 eur by the year of berth_addon_storage true {"berth_addon":"storage","berth_version":"1"}
        berth:addon:storage/1/year/usd 5000 usd by the year of berth_addon_storage true {"berth_addon":"storage","berth_version":"1"}
        berth_addon_exports 1,000 exports more | More exports each month. | true {"berth_addon":"exports"}
        berth_addon_storage 100 GB more | More space for files. | true {"berth_addon":"storage"}
    "#]].assert_eq(&addons(&shop));
    let locked: Vec<_> = company.lock().sold_addons.iter().map(|sold| sold.reference().to_string()).collect();
    assert_eq!(locked, ["exports", "storage"]);
    let ids = company.locked_prices();
    let of_addons: Vec<_> = ids.iter().filter(|(name, _)| name.starts_with("addon:")).collect();
    assert_eq!(of_addons.len(), 8);
    for (name, id) in of_addons {
        assert_eq!(shop.price(&format!("berth:{name}"))["id"], id.as_str());
    }
    let changes = shop.changes();
    company.push(&shop).0.unwrap();
    assert_eq!((shop.changes(), company.differences(&shop)), (changes, 0), "the second push changes nothing");
}

/// Invariant 48.
#[test]
fn new_version_of_an_add_on_leaves_the_former_prices() {
    let (shop, company) = (Shop::open(), Company::new(PER_SEAT));
    company.push(&shop).0.unwrap();
    let former = shop.price("berth:addon:exports/1/month/usd");
    let price = ("prices.month = { usd = 2_00", "prices.month = { usd = 3_00");
    company.rewrite(&changed(&[price]));
    let said = refusal(company.push(&shop));
    assert!(
        said.ends_with("exports/1 was sold with prices.month.usd = 200; set version = 2, or restore this"),
        "{said}"
    );
    company.rewrite(&changed(&[price, ("name = \"exports\"\nversion = 1", "name = \"exports\"\nversion = 2")]));
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    expect![[r#"
        Stripe account acct_1Standin, test mode
          create price addon:exports/2/month/usd: 300 usd by the month
          create price addon:exports/2/month/eur: 200 eur by the month
          create price addon:exports/2/year/usd: 2000 usd by the year
          create price addon:exports/2/year/eur: 2000 eur by the year
        Make these 4 changes in acct_1Standin, test mode? [y/N]
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&person.lines);
    assert_eq!(shop.price("berth:addon:exports/1/month/usd"), former);
}

#[test]
fn add_on_with_subscribers_is_not_removed() {
    let (shop, company) = (Shop::open(), Company::new(PER_SEAT));
    company.push(&shop).0.unwrap();
    let price = shop.price("berth:addon:exports/1/month/usd")["id"].as_str().unwrap().to_owned();
    shop.subscribe(&price);
    let start = PER_SEAT.find("[[addons]]\nname = \"exports\"").unwrap();
    company.rewrite(&PER_SEAT[..start]);
    company.files().change_lock(|lock| lock.sold_addons.retain(|sold| sold.name.as_str() != "exports")).unwrap();
    let (sold, said) = (shop.sold(), refusal(company.push(&shop)));
    let wanted = "the add-on exports/1 is not in the catalogue and has 1 subscription (";
    assert!(said.starts_with(wanted), "{said}");
    assert_eq!(shop.sold(), sold);
}

#[test]
fn add_on_is_repaired_and_contradictions_are_refused() {
    let (shop, company) = (Shop::open(), Company::new(PER_SEAT));
    company.push(&shop).0.unwrap();
    let sold = shop.sold();
    let id = |key: &str| shop.price(key)["id"].as_str().unwrap().to_owned();
    let [month, year] = [id("berth:addon:storage/1/month/usd"), id("berth:addon:storage/1/year/usd")];
    shop.post(&format!("/v1/prices/{month}"), &[("lookup_key", "")]);
    shop.post(&format!("/v1/prices/{year}"), &[("metadata[berth_addon]", ""), ("metadata[berth_version]", "")]);
    shop.post("/v1/products/berth_addon_storage", &[("name", "Space")]);
    assert_eq!(company.differences(&shop), 3);
    company.push(&shop).0.unwrap();
    assert_eq!(shop.sold(), sold);
    shop.post(&format!("/v1/prices/{month}"), &[("metadata[berth_addon]", "exports")]);
    let said = refusal(company.push(&shop));
    assert!(said.contains("has the lookup key berth:addon:storage/1/month/usd, but other metadata"), "{said}");
    // A price of an add-on is not adopted for a plan.
    let exports = id("berth:addon:exports/1/month/usd");
    let (pushed, _) = company.adopt(&shop, &[format!("{exports}=team/month/1")]);
    assert!(pushed.unwrap_err().to_string().contains("it is a price of the add-on exports/1 already"));
}
