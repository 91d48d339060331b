//! Scheduled changes and cancellations under an upgrade: they stay until it is paid, and are withdrawn then.

use super::pending::{Declined, held, open_invoices, put, send, shown, sync};
use jiff::SignedDuration;
use serde_json::{Value, json};
use stripe_standin::RequestFault;
use testkit::{Moment, Request, Shop};
use workers::billing::finish_interrupted;

/// A change that takes effect at the end of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheduled {
    /// Cancelled with the API.
    Cancellation,
    /// Cancelled in the portal, which sets a time.
    PortalCancellation,
    Downgrade,
}

const ALL: [Scheduled; 3] = [Scheduled::Cancellation, Scheduled::PortalCancellation, Scheduled::Downgrade];

impl Scheduled {
    /// Opens a shop on pro with this change, whose card is declined from now on.
    async fn open(self) -> Declined {
        let opened = Declined::open().await;
        let shop = &opened.shop;
        match self {
            Self::Cancellation => drop(send(shop, Request::new("DELETE", "/billing/subscription")).await),
            Self::PortalCancellation => {
                let subscription = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
                shop.stripe().portal_cancel(&subscription).unwrap();
                sync(shop).await;
            }
            Self::Downgrade => drop(put(shop, "starter", "month").await),
        }
        self.assert_stays(shop, "at first").await;
        opened
    }

    /// Asserts that pro is in force and the change is still scheduled, here and at Stripe.
    async fn assert_stays(self, shop: &Shop, context: &str) {
        let seen = shown(shop).await;
        let cancelled = self != Self::Downgrade;
        let end = if cancelled { seen["current_period_end"].clone() } else { Value::Null };
        assert_eq!([&seen["plan"], &seen["cancel_at"]], [&json!("pro"), &end], "{self:?}, {context}: {seen:#}");
        assert_eq!(seen["scheduled_plan"] == "starter", !cancelled, "{self:?}, {context}");
        let (price, _, ends) = held(shop);
        assert_eq!(
            (price, ends, follows(shop)),
            (json!("price_pro_month"), cancelled, !cancelled),
            "{self:?}, {context}"
        );
    }
}

/// Returns true if a schedule is attached to the subscription.
fn follows(shop: &Shop) -> bool {
    !shop.stripe_objects("subscriptions")[0]["schedule"].is_null()
}

/// Asserts that business is in force without a scheduled change, here and at Stripe.
async fn assert_upgraded(shop: &Shop, context: &str) {
    let seen = shown(shop).await;
    let fields = ["plan", "cancel_at", "scheduled_plan", "pending_change"].map(|name| &seen[name]);
    assert_eq!(fields, [&json!("business"), &Value::Null, &Value::Null, &Value::Null], "{context}");
    assert_eq!((held(shop), follows(shop)), ((json!("price_business_month"), Value::Null, false), false), "{context}");
    let item = shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
    assert_eq!(item["replaced"], Value::Null, "{context}");
}

fn intents(shop: &Shop) -> usize {
    shop.world.items().keys().filter(|(_, sk)| sk.starts_with("INTENT#")).count()
}

#[tokio::test]
async fn unpaid_upgrade_keeps_what_is_scheduled() {
    for scheduled in ALL {
        let opened = scheduled.open().await;
        let shop = &opened.shop;
        let answer = put(shop, "business", "month").await;
        assert_eq!(answer.body["status"], "action_required", "{scheduled:?}: {answer}");
        scheduled.assert_stays(shop, "unpaid").await;
        // It expires, by the clock alone.
        shop.world.wait(SignedDuration::from_hours(24));
        sync(shop).await;
        scheduled.assert_stays(shop, "expired").await;
        assert_eq!(open_invoices(shop).len(), 0);
        let end = shown(shop).await["current_period_end"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        opened.set_card_fails(false);
        shop.world.wait(end.duration_since(shop.world.clock.now()) + SignedDuration::from_hours(2));
        sync(shop).await;
        let plan = if scheduled == Scheduled::Downgrade { "starter" } else { "free" };
        assert_eq!(shown(shop).await["plan"], plan, "{scheduled:?}");
    }
}

#[tokio::test]
async fn paid_upgrade_withdraws_what_was_scheduled() {
    for scheduled in ALL {
        let opened = scheduled.open().await;
        put(&opened.shop, "business", "month").await;
        assert!(opened.pay());
        sync(&opened.shop).await;
        assert_upgraded(&opened.shop, &format!("{scheduled:?}, paid on the page")).await;
        let opened = scheduled.open().await;
        opened.set_card_fails(false);
        let answer = put(&opened.shop, "business", "month").await;
        assert_eq!(answer.body["status"], "applied", "{scheduled:?}: {answer}");
        assert_upgraded(&opened.shop, &format!("{scheduled:?}, paid at once")).await;
    }
}

#[tokio::test]
async fn order_for_the_present_plan_withdraws_everything() {
    for scheduled in ALL {
        let opened = scheduled.open().await;
        let shop = &opened.shop;
        put(shop, "business", "month").await;
        assert_eq!(put(shop, "pro", "month").await.body["status"], "applied", "{scheduled:?}");
        assert_eq!(
            (held(shop), follows(shop)),
            ((json!("price_pro_month"), Value::Null, false), false),
            "{scheduled:?}"
        );
        assert_eq!(open_invoices(shop).len(), 0, "{scheduled:?}");
    }
}

#[tokio::test]
async fn repeated_downgrade_withdraws_only_the_upgrade() {
    let opened = Scheduled::Downgrade.open().await;
    let shop = &opened.shop;
    put(shop, "business", "month").await;
    assert_eq!(put(shop, "starter", "month").await.body["status"], "scheduled");
    Scheduled::Downgrade.assert_stays(shop, "withdrawn").await;
    assert_eq!((held(shop).1, open_invoices(shop).len()), (Value::Null, 0));
}

/// A change that was scheduled after the payment is not the one that the upgrade has replaced.
#[tokio::test]
async fn change_scheduled_since_the_payment_is_kept() {
    let opened = Scheduled::Downgrade.open().await;
    let shop = &opened.shop;
    put(shop, "business", "month").await;
    assert!(opened.pay());
    // No comparison has happened yet.
    let answer = put(shop, "starter", "month").await;
    assert_eq!(answer.body["status"], "scheduled", "{answer}");
    sync(shop).await;
    let seen = shown(shop).await;
    assert_eq!((&seen["plan"], &seen["scheduled_plan"]), (&json!("business"), &json!("starter")));
    assert!(follows(shop));
}

/// Invariant 13.
#[tokio::test]
async fn crashed_upgrade_is_paid_or_changes_nothing() {
    for scheduled in ALL {
        for (fails, moment) in [(true, Moment::Before), (true, Moment::After), (false, Moment::After)] {
            for call in 0.. {
                let opened = scheduled.open().await;
                opened.set_card_fails(fails);
                let shop = &opened.shop;
                let done = shop.world.crashing(call, moment, Box::pin(put(shop, "business", "month"))).await;
                let context = format!("{scheduled:?}, declined {fails}, {moment:?} call {call}");
                shop.world.wait(SignedDuration::from_mins(3));
                // Half of the pages are paid before the sweeper comes.
                let early = call % 2 == 0 && opened.pay();
                finish_interrupted(&shop.billing_deps(), shop.workspace).await.unwrap();
                sync(shop).await;
                let upgraded = shown(shop).await["plan"] == "business";
                assert!(upgraded || !early, "{context}");
                if upgraded {
                    assert_upgraded(shop, &context).await;
                } else {
                    scheduled.assert_stays(shop, &context).await;
                    if opened.pay() {
                        sync(shop).await;
                        assert_upgraded(shop, &context).await;
                    }
                }
                assert_eq!((intents(shop), open_invoices(shop).len()), (0, 0), "{context}");
                assert!(shop.stripe_objects("invoices").len() <= 2, "{context}: nobody pays twice");
                if done.is_some() {
                    assert!(call >= 3, "it takes some calls");
                    break;
                }
            }
        }
    }
}

/// Invariant 13.
#[tokio::test]
async fn crashed_comparison_withdraws_what_was_scheduled() {
    for scheduled in [Scheduled::PortalCancellation, Scheduled::Downgrade] {
        for moment in [Moment::Before, Moment::After] {
            for call in 0.. {
                let opened = scheduled.open().await;
                let shop = &opened.shop;
                put(shop, "business", "month").await;
                assert!(opened.pay());
                let done = shop.world.crashing(call, moment, Box::pin(sync(shop))).await;
                sync(shop).await;
                assert_upgraded(shop, &format!("{scheduled:?}, {moment:?} call {call}")).await;
                if done.is_some() {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn failed_withdrawal_is_tried_again_within_the_hour() {
    for (scheduled, path) in
        [(Scheduled::PortalCancellation, "/v1/subscriptions/"), (Scheduled::Downgrade, "/v1/subscription_schedules")]
    {
        for (status, body) in [(Some(500), None), (None, Some("oops".to_owned()))] {
            let opened = scheduled.open().await;
            let shop = &opened.shop;
            put(shop, "business", "month").await;
            assert!(opened.pay());
            let method = Some("POST".to_owned());
            shop.stripe().add_fault(RequestFault {
                method,
                path: path.to_owned(),
                status,
                body,
                ..RequestFault::default()
            });
            sync(shop).await;
            // The paid plan is in force, whatever fails.
            assert_eq!(shown(shop).await["plan"], "business", "{scheduled:?} {status:?}");
            let key = (format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned());
            let due =
                shop.world.items()[&key]["checked_again_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
            assert!(
                due.duration_since(shop.world.clock.now()) <= SignedDuration::from_mins(2),
                "{scheduled:?} {status:?}"
            );
            shop.world.wait(SignedDuration::from_hours(1));
            sync(shop).await;
            assert_upgraded(shop, &format!("{scheduled:?} {status:?}")).await;
        }
    }
}

/// An upgrade that is not paid could otherwise hide the end of the period from the scheduled change.
#[tokio::test]
async fn upgrade_is_refused_shortly_before_a_scheduled_change() {
    for scheduled in [Scheduled::PortalCancellation, Scheduled::Downgrade] {
        for synced in [true, false] {
            let opened = if synced { scheduled.open().await } else { Declined::open().await };
            let shop = &opened.shop;
            let end = shown(shop).await["current_period_end"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
            shop.world.wait(
                end.duration_since(shop.world.clock.now()) - SignedDuration::from_hours(24)
                    + SignedDuration::from_secs(1),
            );
            if !synced {
                at_stripe(shop, scheduled).await;
            }
            let refused = put(shop, "business", "month").await;
            let context = format!("{scheduled:?}, synced {synced}: {refused}");
            assert_eq!((refused.status.as_u16(), refused.code()), (409, "scheduled_change_soon"), "{context}");
            scheduled.assert_stays(shop, &context).await;
            assert_eq!((intents(shop), open_invoices(shop).len()), (0, 0), "{context}");
            let preview = send(shop, Request::new("GET", "/billing/plan/preview?plan=business")).await;
            assert_eq!(preview.code(), "scheduled_change_soon", "{context}");
            // The customer withdraws it, and upgrades then.
            opened.set_card_fails(false);
            assert_eq!(put(shop, "pro", "month").await.body["status"], "applied", "{context}");
            assert_eq!(put(shop, "business", "month").await.body["status"], "applied", "{context}");
            assert_upgraded(shop, &context).await;
        }
    }
}

/// Schedules the change at Stripe, without an event.
async fn at_stripe(shop: &Shop, scheduled: Scheduled) {
    let subscription = shop.stripe_objects("subscriptions")[0]["id"].as_str().unwrap().to_owned();
    if scheduled == Scheduled::PortalCancellation {
        return shop.stripe().portal_cancel(&subscription).unwrap();
    }
    let schedules = "/v1/subscription_schedules";
    let schedule = shop.post_to_stripe(schedules, &format!("from_subscription={subscription}")).await;
    let phase = &schedule["phases"][0];
    let phases = format!(
        "end_behavior=release&phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month\
         &phases[1][items][0][price]=price_starter_month",
        phase["start_date"], phase["end_date"]
    );
    shop.post_to_stripe(&format!("{schedules}/{}", schedule["id"].as_str().unwrap()), &phases).await;
}
