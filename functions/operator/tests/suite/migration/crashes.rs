//! Migrations under crashes and outages of Stripe.

use super::{Company, first_version, second_version};
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::Moment;
use workers::billing::finish_interrupted;

/// Asserts that the migration was made exactly once.
async fn assert_done_once(company: &Company, when: &str, context: &str) {
    assert_eq!((company.recorded(), company.announced()), (1, 1), "{context}");
    assert!(!company.shop.world.items().keys().any(|(_, sk)| sk.starts_with("INTENT#")), "{context}");
    let schedules = company.shop.stripe_objects("schedules").len();
    assert_eq!(schedules, usize::from(when == "renewal"), "{context}");
    assert_eq!(company.letters().await.len(), 1, "{context}");
    let again = company.migrate(json!({"when": when})).await;
    assert_eq!(again["affected"], json!([]), "{context}");
    if when == "renewal" {
        assert_eq!(company.has().await, first_version(), "{context}");
        company.renew().await;
    }
    assert_eq!(company.has().await, second_version(), "{context}");
}

/// Invariants 13 and 48.
#[tokio::test]
async fn crashed_command_is_repeated_and_made_once() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let company = Company::open().await;
            let done = company.shop.world.crashing(call, moment, Box::pin(company.migrate(json!({})))).await;
            company.migrate(json!({})).await;
            company.sweep().await.unwrap();
            assert_done_once(&company, "renewal", &format!("{moment:?} call {call}")).await;
            if done.is_some() {
                assert!(call >= 3, "it takes some calls");
                break;
            }
        }
    }
}

/// Invariants 13 and 48.
#[tokio::test]
async fn crashed_sweeper_continues_and_makes_it_once() {
    for when in ["renewal", "now"] {
        for later in [SignedDuration::from_mins(3), SignedDuration::from_hours(30)] {
            for moment in [Moment::Before, Moment::After] {
                for call in 0.. {
                    let company = Company::open().await;
                    company.migrate(json!({"when": when})).await;
                    company.shop.world.wait(SignedDuration::from_mins(3));
                    let deps = company.shop.billing_deps();
                    let work = Box::pin(finish_interrupted(&deps, company.shop.workspace));
                    let done = company.shop.world.crashing(call, moment, work).await;
                    company.shop.world.wait(later);
                    company.sweep().await.unwrap();
                    assert_done_once(&company, when, &format!("{when} {moment:?} call {call}, {later:?} later")).await;
                    if done.is_some() {
                        assert!(call >= 5, "it takes some calls");
                        break;
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn migration_waits_while_stripe_is_down() {
    let company = Company::open().await;
    let down = || RequestFault { status: Some(500), count: 1_000, ..RequestFault::default() };
    company.shop.stripe().add_fault(down());
    let previewed = company.migrate(json!({"preview": true})).await;
    assert_eq!((&previewed["failed"][0]["code"], &previewed["affected"]), (&json!("payments_unavailable"), &json!([])));
    // The order itself needs no Stripe.
    assert_eq!(company.migrate(json!({})).await["affected"].as_array().unwrap().len(), 1);
    company.sweep().await.unwrap_err();
    assert_eq!((company.announced(), company.has().await), (0, first_version()));
    assert_eq!(company.migrate(json!({})).await["skipped"][0]["reason"], "command_under_way");
    company.shop.stripe().clear_faults();
    company.sweep().await.unwrap();
    assert_done_once(&company, "renewal", "after the outage").await;
}

/// Stripe does not sell the second version yet.
#[tokio::test]
async fn refused_migration_is_shown_and_can_be_ordered_again() {
    let company = Company::open().await;
    company.shop.post_to_stripe("/v1/prices/price_pro_month_2", "lookup_key=").await;
    company.migrate(json!({})).await;
    company.sweep().await.unwrap();
    assert_eq!((company.announced(), &company.billing()["open"]), (0, &Value::Null));
    let seen = company.migrate(json!({"preview": true})).await;
    assert_eq!(seen["affected"][0]["refused"], "payments_not_set_up", "{seen}");
    company.shop.post_to_stripe("/v1/prices/price_pro_month_2", "lookup_key=berth:pro/2/month/usd").await;
    company.migrate(json!({})).await;
    company.sweep().await.unwrap();
    assert_eq!(company.announced(), 1);
}
