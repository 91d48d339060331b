//! Products and prices follow the catalogue.

use crate::shop::{Answering, Company, DEFAULT, Shop, refusal};
use berth::push::{self, Options, Record};
use catalogue::PLANS;
use domain::plans::version::PlanVersion;
use expect_test::expect;
use std::{fs, thread};

fn next_pro(amount: &str) -> String {
    let next = DEFAULT.replace("name = \"pro\"\nversion = 1", "name = \"pro\"\nversion = 2");
    next.replace("usd = 29_00", &format!("usd = {amount}"))
}

#[test]
fn first_push_creates_products_and_prices() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    assert_eq!(company.differences(&shop), 9);
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    expect![[r#"
        Stripe account acct_1Standin, test mode
          create product berth_plan_starter "Starter"
          create product berth_plan_pro "Pro"
          create product berth_plan_business "Business"
          create price starter/1/month/usd: 900 usd by the month
          create price starter/1/year/usd: 9000 usd by the year
          create price pro/1/month/usd: 2900 usd by the month
          create price pro/1/year/usd: 29000 usd by the year
          create price business/1/month/usd: 7900 usd by the month
          create price business/1/year/usd: 79000 usd by the year
        Make these 9 changes in acct_1Standin, test mode? [y/N]
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&person.lines);
    expect![[r#"
        berth:business/1/month/usd 7900 usd by the month of berth_plan_business true {"berth_plan":"business","berth_version":"1"}
        berth:business/1/year/usd 79000 usd by the year of berth_plan_business true {"berth_plan":"business","berth_version":"1"}
        berth:pro/1/month/usd 2900 usd by the month of berth_plan_pro true {"berth_plan":"pro","berth_version":"1"}
        berth:pro/1/year/usd 29000 usd by the year of berth_plan_pro true {"berth_plan":"pro","berth_version":"1"}
        berth:starter/1/month/usd 900 usd by the month of berth_plan_starter true {"berth_plan":"starter","berth_version":"1"}
        berth:starter/1/year/usd 9000 usd by the year of berth_plan_starter true {"berth_plan":"starter","berth_version":"1"}
        berth_plan_business Business | For a company. | true {"berth_plan":"business"}
        berth_plan_pro Pro | For a team. | true {"berth_plan":"pro"}
        berth_plan_starter Starter | For a first project. | true {"berth_plan":"starter"}
    "#]].assert_eq(&shop.sold());
    assert_eq!((person.questions, person.warnings.as_str()), (1, ""));
    let lock = company.lock();
    let locked: Vec<_> = lock.sold.iter().map(|sold| sold.reference().to_string()).collect();
    assert_eq!(locked, ["business", "enterprise", "free", "pro", "starter"]);
    assert_eq!(lock.accounts["acct_1Standin"].len(), 1);
    let ids = company.locked_prices();
    assert_eq!(ids.len(), PLANS.sold().map(|plan| plan.prices.len()).sum::<usize>());
    for (key, id) in ids {
        assert_eq!(shop.price(&format!("berth:{key}"))["id"], id.as_str());
    }
}

#[test]
fn second_push_changes_nothing() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let (sold, lock, changes) = (shop.sold(), fs::read_to_string(company.lock_path()).unwrap(), shop.changes());
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    assert_eq!((shop.sold(), fs::read_to_string(company.lock_path()).unwrap()), (sold, lock));
    assert_eq!((shop.changes(), person.questions, company.differences(&shop)), (changes, 0, 0));
    expect![[r#"
        Stripe account acct_1Standin, test mode
          no changes
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&person.lines);
}

#[test]
fn nothing_changes_without_a_confirmation() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let options = Options { adoptions: Vec::new(), record: Record::Lock };
    let mut person = Answering { refuses: true, ..Answering::default() };
    let pushed = push::push(&company.files(), &shop.client(), &options, &mut person);
    assert_eq!(pushed.unwrap_err().to_string(), "nothing was changed; answer `y`, or add --yes");
    assert_eq!((shop.changes(), company.lock_path().exists()), (0, false));
}

#[test]
fn push_to_a_standin_writes_no_lock() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let options = Options { adoptions: Vec::new(), record: Record::Nowhere };
    push::push(&company.files(), &shop.client(), &options, &mut Answering::default()).unwrap();
    assert_eq!((shop.prices().len(), company.lock_path().exists()), (6, false));
}

#[test]
fn new_version_leaves_the_prices_of_the_former_one() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let former = shop.price("berth:pro/1/month/usd");
    let subscription = shop.subscribe(former["id"].as_str().unwrap());
    company.rewrite(&DEFAULT.replace("usd = 29_00", "usd = 39_00"));
    let name = company.files().catalogue_name().to_owned();
    assert_eq!(
        refusal(company.push(&shop)),
        format!("{name}:93: pro/1 was sold with prices.month.usd = 2900; set version = 2, or restore this")
    );

    company.rewrite(&next_pro("39_00"));
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    expect![[r#"
        Stripe account acct_1Standin, test mode
          create price pro/2/month/usd: 3900 usd by the month
          create price pro/2/year/usd: 29000 usd by the year
        Make these 2 changes in acct_1Standin, test mode? [y/N]
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&person.lines);
    assert_eq!(shop.price("berth:pro/1/month/usd"), former);
    assert_eq!(shop.price("berth:pro/2/month/usd")["unit_amount"], 39_00);
    let page = shop.standin().state();
    assert!(page.to_string().contains(&subscription) && page.to_string().contains(former["id"].as_str().unwrap()));
    // The former version comes from the lock, for those who have it.
    let plans = company.files().read().unwrap();
    let amount = |text: &str| plans.version(text.parse::<PlanVersion>().unwrap()).unwrap().prices[0].amount;
    assert_eq!((amount("pro"), amount("pro/2")), (29_00, 39_00));
    assert_eq!(company.locked_prices().len(), 8);
    assert_eq!(company.differences(&shop), 0);
}

#[test]
fn another_amount_at_stripe_asks_for_a_new_version() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    // Without the lock only Stripe knows what was sold.
    fs::remove_file(company.lock_path()).unwrap();
    company.rewrite(&DEFAULT.replace("usd = 29_00", "usd = 39_00"));
    let (sold, id) = (shop.sold(), shop.price("berth:pro/1/month/usd")["id"].as_str().unwrap().to_owned());
    assert_eq!(
        refusal(company.push(&shop)),
        format!(
            "pro/1/month/usd costs 3900 usd by the month in the catalogue, but 2900 usd by the month at Stripe ({id}); set version = 2, or restore it"
        )
    );
    assert_eq!((shop.sold(), company.lock_path().exists()), (sold, false));
}

#[test]
fn currencies_with_and_without_a_minor_unit() {
    let text = DEFAULT.replace("[\"usd\"]", "[\"usd\", \"jpy\"]").replace("00 }", "00, jpy = 4_500 }");
    let (shop, company) = (Shop::open(), Company::new(&text));
    company.push(&shop).0.unwrap();
    assert_eq!(shop.prices().len(), 12);
    let yen = shop.price("berth:pro/1/year/jpy");
    assert_eq!(
        (&yen["unit_amount"], &yen["currency"], &yen["product"]),
        (&4_500.into(), &"jpy".into(), &"berth_plan_pro".into())
    );
    assert_eq!(shop.price("berth:pro/1/year/usd")["unit_amount"], 29_000);
    assert_eq!(company.differences(&shop), 0);
    // A further currency of plans that were sold needs no new version.
    let text = text
        .replace("[\"usd\", \"jpy\"]", "[\"usd\", \"jpy\", \"eur\"]")
        .replace("jpy = 4_500", "jpy = 4_500, eur = 8_00");
    company.rewrite(&text);
    assert_eq!(company.differences(&shop), 6);
    company.push(&shop).0.unwrap();
    assert_eq!(shop.prices().len(), 18);
}

#[test]
fn two_pushes_at_once_make_one_catalogue() {
    for _ in 0..5 {
        let (shop, company) = (Shop::open(), Company::new(DEFAULT));
        thread::scope(|scope| {
            let pushes = [(); 2].map(|()| scope.spawn(|| company.push(&shop).0));
            for push in pushes {
                push.join().unwrap().unwrap();
            }
        });
        assert_eq!((shop.prices().len(), shop.products().len(), company.differences(&shop)), (6, 3, 0));
        assert_eq!(company.locked_prices().len(), 6);
    }
}

#[test]
fn pushes_to_two_accounts_at_once_are_both_recorded() {
    let (test, other, company) = (Shop::of("acct_1Test"), Shop::of("acct_1Other"), Company::new(DEFAULT));
    thread::scope(|scope| {
        let pushes = [&test, &other].map(|shop| scope.spawn(|| company.push(shop).0));
        for push in pushes {
            push.join().unwrap().unwrap();
        }
    });
    let accounts: Vec<_> = company.lock().accounts.into_keys().collect();
    assert_eq!(
        (accounts, company.locked_prices().len()),
        (vec!["acct_1Other".to_owned(), "acct_1Test".to_owned()], 12)
    );
}

#[test]
fn lookup_key_of_another_version_is_reported() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    company.rewrite(&next_pro("39_00"));
    company.push(&shop).0.unwrap();
    let id = shop.price("berth:pro/1/month/usd")["id"].as_str().unwrap().to_owned();
    shop.post(&format!("/v1/prices/{id}"), &[("metadata[berth_version]", "2")]);
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    assert_eq!(
        person.warnings,
        format!(
            "the price {id} has the lookup key berth:pro/1/month/usd, but the metadata of pro/2; correct that in Stripe's dashboard\n"
        )
    );
}

/// No code of the push names a plan of the default catalogue.
#[test]
fn catalogue_of_any_names() {
    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut word = || (0..24).map(|_| random.lowercase()).collect::<String>();
        let mut text = DEFAULT.to_owned();
        for name in ["free", "starter", "pro", "business", "enterprise"] {
            let renamed = word();
            text = text.replace(&format!("name = \"{name}\""), &format!("name = \"{renamed}\""));
            text = text.replace(&format!("unpaid = \"{name}\""), &format!("unpaid = \"{renamed}\""));
        }
        for meter in ["gateways", "plugins", "executions", "traces", "ai_credits", "audit_export"] {
            text = text.replace(meter, &word());
        }
        let (shop, company) = (Shop::open(), Company::new(&text));
        company.push(&shop).0.unwrap();
        let plans = company.files().read().unwrap();
        for plan in plans.sold() {
            for price in plan.prices {
                let key = format!("berth:{}/1/{}/{}", plan.name, price.interval, price.currency);
                assert_eq!(shop.price(&key)["unit_amount"], price.amount);
            }
        }
        assert_eq!((shop.prices().len(), company.differences(&shop)), (6, 0));
    }
}

#[test]
fn words_of_a_plan_follow_the_catalogue() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    shop.post("/v1/products/berth_plan_starter", &[("active", "false"), ("metadata[berth_plan]", "")]);
    company.rewrite(&DEFAULT.replace("\"Pro\"", "\"Professional\"").replace("For a team.", "For teams."));
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    expect![[r#"
        Stripe account acct_1Standin, test mode
          update product berth_plan_starter: can be bought again, metadata of starter
          update product berth_plan_pro: name "Professional", description "For teams."
        Make these 2 changes in acct_1Standin, test mode? [y/N]
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&person.lines);
    let product = shop.products().into_iter().find(|product| product["id"] == "berth_plan_pro").unwrap();
    assert_eq!((&product["name"], &product["description"]), (&"Professional".into(), &"For teams.".into()));
    assert_eq!(company.differences(&shop), 0);
}

#[test]
fn hidden_plans_are_not_touched() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let sold = shop.sold();
    let hidden = DEFAULT.replace("description = \"For a team.\"", "description = \"Formerly.\"\nsale = \"hidden\"");
    company.rewrite(&hidden);
    company.push(&shop).0.unwrap();
    assert_eq!(shop.sold(), sold);
}

#[test]
fn changes_in_the_dashboard_are_repaired() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let (sold, ids) = (shop.sold(), company.locked_prices());
    let change = |key: &str, form: &[(&str, &str)]| {
        let id = shop.price(&format!("berth:{key}"))["id"].as_str().unwrap().to_owned();
        shop.post(&format!("/v1/prices/{id}"), form);
    };
    change("pro/1/month/usd", &[("active", "false")]);
    change("pro/1/year/usd", &[("lookup_key", "")]);
    change("starter/1/month/usd", &[("metadata[berth_plan]", ""), ("metadata[berth_version]", "")]);
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    let said = ids.iter().fold(person.lines, |text, (key, id)| text.replace(id, &format!("price_{key}")));
    expect![[r#"
        Stripe account acct_1Standin, test mode
          update price price_starter/1/month/usd (900 usd by the month): metadata of starter/1
          update price price_pro/1/month/usd (2900 usd by the month): can be bought again
          update price price_pro/1/year/usd (29000 usd by the year): lookup key berth:pro/1/year/usd
        Make these 3 changes in acct_1Standin, test mode? [y/N]
        Stripe follows the catalogue.
    "#]]
    .assert_eq(&said);
    assert_eq!((shop.sold(), company.locked_prices()), (sold, ids));

    change("pro/1/month/usd", &[("metadata[berth_plan]", "starter")]);
    let id = shop.price("berth:pro/1/month/usd")["id"].as_str().unwrap().to_owned();
    assert_eq!(
        refusal(company.push(&shop)),
        format!(
            "the price {id} has the lookup key berth:pro/1/month/usd, but other metadata; correct that in Stripe's dashboard"
        )
    );
}

#[test]
fn plan_with_subscribers_is_not_removed() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let [month, year] = ["month", "year"]
        .map(|interval| shop.price(&format!("berth:business/1/{interval}/usd"))["id"].as_str().unwrap().to_owned());
    for price in [&month, &month, &year] {
        shop.subscribe(price);
    }
    // Somebody has removed the plan from both files.
    let start = DEFAULT.find("[[plans]]\nname = \"business\"").unwrap();
    let end = DEFAULT.find("[[plans]]\nname = \"enterprise\"").unwrap();
    company.rewrite(&[&DEFAULT[..start], &DEFAULT[end..]].concat());
    company.files().change_lock(|lock| lock.sold.retain(|sold| sold.name.as_str() != "business")).unwrap();
    let sold = shop.sold();
    let said = refusal(company.push(&shop));
    assert!(said.starts_with("business/1 is not in the catalogue and has 3 subscriptions ("), "{said}");
    assert!(
        said.contains(&month)
            && said.contains(&year)
            && said.ends_with("restore it, with sale = \"hidden\" if it is no longer sold"),
        "{said}"
    );
    assert_eq!(shop.sold(), sold);
}

/// Prices of add-ons are not those of plans.
#[test]
fn unknown_add_on_without_subscribers_is_left_alone() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let id = shop.old_price("500", "usd", "month");
    let form = [
        ("lookup_key", "berth:addon:storage/1/month/usd"),
        ("metadata[berth_addon]", "storage"),
        ("metadata[berth_version]", "1"),
    ];
    let before = shop.post(&format!("/v1/prices/{id}"), &form);
    let (pushed, person) = company.push(&shop);
    pushed.unwrap();
    assert_eq!((person.warnings.as_str(), shop.price("berth:addon:storage/1/month/usd")), ("", before));
}
