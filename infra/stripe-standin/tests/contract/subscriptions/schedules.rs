//! Schedules: a downgrade at the end of the period, and the changes that a scheduled subscription refuses.

use crate::shop::{Shop, refusal};
use stripe_billing::{
    Subscription, SubscriptionSchedule, SubscriptionScheduleEndBehavior, SubscriptionScheduleStatus,
    subscription::{CancelSubscription, UpdateSubscription},
    subscription_schedule::{
        CreateSubscriptionSchedule, ReleaseSubscriptionSchedule, RetrieveSubscriptionSchedule,
        UpdateSubscriptionSchedule, UpdateSubscriptionSchedulePhases, UpdateSubscriptionSchedulePhasesEndDate,
        UpdateSubscriptionSchedulePhasesItems, UpdateSubscriptionSchedulePhasesStartDate,
    },
};

fn phase(price: &str) -> UpdateSubscriptionSchedulePhases {
    let item = UpdateSubscriptionSchedulePhasesItems {
        price: Some(price.to_owned()),
        quantity: Some(1),
        ..UpdateSubscriptionSchedulePhasesItems::new()
    };
    UpdateSubscriptionSchedulePhases::new([item])
}

/// Schedules a downgrade as Berth does: the rest of this period, then one period of the other price, and no further
/// phase.
async fn downgrade(shop: &Shop, subscription: &Subscription, price: &str) -> SubscriptionSchedule {
    let schedule = CreateSubscriptionSchedule::new().from_subscription(subscription.id.as_str());
    let schedule = schedule.send(&shop.client).await.unwrap();
    let now = &schedule.phases[0];
    let mut first = phase(subscription.items.data[0].price.id.as_str());
    first.start_date = Some(UpdateSubscriptionSchedulePhasesStartDate::Timestamp(now.start_date));
    first.end_date = Some(UpdateSubscriptionSchedulePhasesEndDate::Timestamp(now.end_date));
    UpdateSubscriptionSchedule::new(schedule.id)
        .end_behavior(SubscriptionScheduleEndBehavior::Release)
        .phases([first, phase(price)])
        .send(&shop.client)
        .await
        .unwrap()
}

async fn retrieve(shop: &Shop, schedule: &SubscriptionSchedule) -> SubscriptionSchedule {
    RetrieveSubscriptionSchedule::new(schedule.id.clone()).send(&shop.client).await.unwrap()
}

#[tokio::test]
async fn a_downgrade_takes_effect_at_the_periods_end() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_business_month").await;
    let schedule = downgrade(&shop, &before, "price_starter_month").await;
    assert_eq!(schedule.status, SubscriptionScheduleStatus::Active);
    let now = shop.subscription(before.id.as_str()).await;
    assert_eq!(now.schedule.unwrap().id(), &schedule.id);
    assert_eq!(now.items.data[0].price.id.as_str(), "price_business_month");
    shop.advance_days(31);
    let now = shop.subscription(before.id.as_str()).await;
    assert_eq!(now.items.data[0].price.id.as_str(), "price_starter_month");
    assert_eq!(now.billing_cycle_anchor, before.billing_cycle_anchor);
    let invoice = &shop.invoices(&customer).await[0];
    assert_eq!((invoice.total, invoice.lines.data.len()), (900, 1));
    // The schedule releases the subscription after its last phase.
    shop.advance_days(31);
    let now = shop.subscription(before.id.as_str()).await;
    assert!(now.schedule.is_none());
    assert_eq!((now.status.as_str(), now.items.data[0].price.id.as_str()), ("active", "price_starter_month"));
    assert_eq!(retrieve(&shop, &schedule).await.status, SubscriptionScheduleStatus::Completed);
    assert_eq!(shop.invoices(&customer).await[0].total, 900);
}

#[tokio::test]
async fn a_month_follows_a_year() {
    let shop = Shop::open().await;
    let (customer, before) = shop.subscriber("price_pro_year").await;
    downgrade(&shop, &before, "price_pro_month").await;
    let end = before.items.data[0].current_period_end;
    shop.advance_days(366);
    let now = shop.subscription(before.id.as_str()).await;
    let item = &now.items.data[0];
    assert_eq!((item.price.id.as_str(), item.current_period_start), ("price_pro_month", end));
    // 21 November to 21 December.
    assert_eq!(item.current_period_end - end, 30 * 86_400);
    assert_eq!(shop.invoices(&customer).await[0].total, 2_900);
}

#[tokio::test]
async fn a_scheduled_subscription_refuses_cancel_and_a_schedule() {
    let shop = Shop::open().await;
    let (_, before) = shop.subscriber("price_business_month").await;
    let schedule = downgrade(&shop, &before, "price_starter_month").await;
    let cancel = UpdateSubscription::new(before.id.clone()).cancel_at_period_end(true).send(&shop.client).await;
    let message = format!(
        "400 invalid_request_error: The subscription is managed by the subscription schedule `{}`, and updating any \
         cancelation behavior directly is not allowed. Please update the schedule instead.",
        schedule.id
    );
    assert_eq!(refusal(cancel), message);
    let second = CreateSubscriptionSchedule::new().from_subscription(before.id.as_str()).send(&shop.client).await;
    let message = format!(
        "400 invalid_request_error: You cannot migrate a subscription that is already attached to a schedule: `{}`.",
        schedule.id
    );
    assert_eq!(refusal(second), message);
}

#[tokio::test]
async fn a_released_subscription_can_be_cancelled() {
    let shop = Shop::open().await;
    let (_, before) = shop.subscriber("price_business_month").await;
    let schedule = downgrade(&shop, &before, "price_starter_month").await;
    let released = ReleaseSubscriptionSchedule::new(schedule.id.clone()).send(&shop.client).await.unwrap();
    assert_eq!(released.status, SubscriptionScheduleStatus::Released);
    assert_eq!(released.released_subscription.as_deref(), Some(before.id.as_str()));
    assert!(released.subscription.is_none());
    UpdateSubscription::new(before.id.clone()).cancel_at_period_end(true).send(&shop.client).await.unwrap();
    let again = ReleaseSubscriptionSchedule::new(schedule.id).send(&shop.client).await;
    assert!(refusal(again).contains("currently in the `released` status"));
    shop.advance_days(31);
    let ended = shop.subscription(before.id.as_str()).await;
    assert_eq!(ended.items.data[0].price.id.as_str(), "price_business_month");
    assert_eq!(ended.status.as_str(), "canceled");
}

#[tokio::test]
async fn a_schedule_ends_with_its_subscription() {
    let shop = Shop::open().await;
    let (_, before) = shop.subscriber("price_business_month").await;
    let schedule = downgrade(&shop, &before, "price_starter_month").await;
    CancelSubscription::new(before.id).send(&shop.client).await.unwrap();
    assert_eq!(retrieve(&shop, &schedule).await.status, SubscriptionScheduleStatus::Canceled);
}
