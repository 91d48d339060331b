//! What a migration does, and when.

use super::{Company, first_version, second_version, workspaces};
use domain::identity::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::CataloguePrice;
use testkit::{ANA, BEN, Shop, plans_with_second_pro, plans_with_second_pro_of};

/// Invariant 48.
#[tokio::test]
async fn migration_at_the_renewal_changes_price_and_limits_then() {
    let company = Company::open().await;
    let ordered = company.migrate(json!({"to": 2})).await;
    assert_eq!((workspaces(&ordered["affected"]), &ordered["next"]), (vec![company.shop.workspace], &Value::Null));
    assert_eq!((company.recorded(), company.announced()), (1, 0), "the order is stored and not carried out yet");
    let calls = company.shop.stripe_requests().len();
    company.sweep().await.unwrap();
    assert_eq!(company.shop.stripe_requests().len(), calls + 9, "{:#?}", &company.shop.stripe_requests()[calls..]);
    assert_eq!(company.has().await, first_version());
    assert_eq!(company.billing()["subscription"]["scheduled"], json!(["pro/2", "month"]));
    assert_eq!(company.announced(), 1);
    let end = company.get("/billing/subscription").await["current_period_end"].clone();
    let [letter] = <[String; 1]>::try_from(company.letters().await).unwrap();
    let day = end.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().strftime("%-d %B %Y, %H:%M UTC").to_string();
    for part in [day.as_str(), "29.00 USD", "39.00 USD", "cancel before that date"] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    let again = company.migrate(json!({})).await;
    assert_eq!(
        (&again["affected"], &again["skipped"][0]["reason"]),
        (&json!([]), &json!("scheduled")),
        "nothing is left to do"
    );
    company.renew().await;
    assert_eq!(company.has().await, second_version());
    let paid: Vec<_> = company.shop.stripe_objects("invoices").iter().map(|invoice| invoice["total"].clone()).collect();
    assert!(paid.len() == 2 && paid.contains(&json!(29_00)) && paid.contains(&json!(39_00)), "{paid:?}");
    let done = company.migrate(json!({})).await;
    assert_eq!((&done["affected"], &done["skipped"]), (&json!([]), &json!([])));
    assert_eq!((company.announced(), company.recorded()), (1, 1));
}

/// Invariant 48.
#[tokio::test]
async fn migration_now_charges_nothing_before_the_renewal() {
    let company = Company::open().await;
    company.migrate(json!({"when": "now"})).await;
    assert_eq!(company.has().await, first_version());
    let calls = company.shop.stripe_requests().len();
    company.sweep().await.unwrap();
    assert_eq!(company.shop.stripe_requests().len(), calls + 7, "{:#?}", &company.shop.stripe_requests()[calls..]);
    assert_eq!(company.has().await, second_version());
    assert_eq!(company.shop.stripe_objects("invoices").len(), 1, "nothing is charged");
    let [letter] = <[String; 1]>::try_from(company.letters().await).unwrap();
    assert!(letter.contains("have changed") && letter.contains("Price from then on: 39.00 USD a month"), "{letter}");
    company.renew().await;
    let paid: Vec<_> = company.shop.stripe_objects("invoices").iter().map(|invoice| invoice["total"].clone()).collect();
    assert!(paid.len() == 2 && paid.contains(&json!(39_00)), "{paid:?}");
}

#[tokio::test]
async fn preview_shows_what_it_would_mean_and_changes_nothing() {
    let smaller = plans_with_second_pro_of(&[("usd = 29_00", "usd = 19_00"), ("members = 10", "members = 1")]);
    let company = Company::selling(smaller).await;
    company.shop.world.join(company.shop.workspace, &ANA, &BEN, Role::Admin).await;
    let (end, writes) = (company.billing()["subscription"]["period"]["end"].clone(), company.writes());
    company.shop.world.changes();
    let seen = company.migrate(json!({"preview": true})).await;
    company.shop.world.assert_nothing_written();
    assert_eq!(company.writes(), writes);
    let affected = json!({
        "workspace": company.shop.workspace, "interval": "month", "currency": "usd", "amount": 29_00,
        "next_amount": 19_00, "charged_from": end, "refused": null,
        "over_limits": [{"resource": "members", "used": 2, "limit": 1}],
    });
    assert_eq!(
        seen,
        json!({
            "from": "pro", "to": "pro/2", "preview": true, "examined": 1, "affected": [affected], "skipped": [],
            "failed": [], "next": null,
        })
    );
    // What was paid for is not taken before the period ends.
    let refused = company.migrate(json!({"when": "now"})).await;
    assert_eq!(refused["code"], "invalid_command");
    assert!(refused["detail"].as_str().unwrap().contains("members"), "{refused}");
    // Limits that are exceeded do not stop it.
    company.migrate(json!({})).await;
    company.sweep().await.unwrap();
    company.renew().await;
    assert_eq!(company.has().await, (json!(1), json!("berth:pro/2/month/usd")));
}

/// Customers of an adopted price pay another amount than that of the version.
#[tokio::test]
async fn present_amount_is_that_of_the_price_at_stripe() {
    let legacy = CataloguePrice {
        id: "price_legacy".to_owned(),
        product: "prod_legacy".to_owned(),
        name: "Legacy".to_owned(),
        unit_amount: 19_00,
        ..CataloguePrice::default()
    };
    let shop = Shop::selling_with(1, plans_with_second_pro(), |options| options.catalogue.push(legacy)).await;
    shop.post_to_stripe("/v1/prices/price_legacy", "metadata[berth_plan]=pro&metadata[berth_version]=1").await;
    let company = Company { shop };
    company.send("POST", "/billing/checkout", json!({"plan": "starter"})).await;
    let customer = company.shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
    company.shop.subscribe_in_stripe(&customer, "price_legacy").await;
    company.sync().await;
    assert_eq!(company.migrate(json!({"preview": true})).await["affected"][0]["amount"], 19_00);
    company.shop.world.wait(SignedDuration::from_mins(1));
    company.migrate(json!({})).await;
    company.sweep().await.unwrap();
    let letters = company.letters().await;
    for price in ["Price until then: 19.00 USD a month", "Price from then on: 39.00 USD a month"] {
        assert!(letters[0].contains(price), "{letters:?}");
    }
    company.renew().await;
    assert_eq!(company.has().await, second_version());
}

#[tokio::test]
async fn impossible_migration_is_explained() {
    let company = Company::open().await;
    for (fields, said) in [
        (json!({"from": 2}), "version 2 is the one that is sold"),
        (json!({"from": 7}), "no version 7"),
        (json!({"to": 1}), "to must be 2"),
        (json!({"plan": "gold"}), "must be one of"),
        (json!({"when": "later"}), "renewal"),
        (json!({"from": 0}), "0"),
    ] {
        let refused = company.migrate(fields).await;
        assert_eq!(refused["code"], "invalid_command", "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains(said), "{refused}");
    }
    company.shop.world.assert_nothing_written();
}
