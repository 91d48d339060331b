//! Changes of a subscription: its price, its schedule and its cancellation.
//! <https://docs.stripe.com/billing/subscriptions/change>

use super::holdings::{self, Subscription, scheduled};
use crate::{
    Account, Error, account,
    shapes::{Identified, Named},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use stripe_billing::{
    SubscriptionScheduleEndBehavior,
    invoice::{
        CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails, CreatePreviewInvoiceSubscriptionDetailsItems,
        CreatePreviewInvoiceSubscriptionDetailsProrationBehavior,
    },
    subscription::{
        RetrieveSubscription, UpdateSubscription, UpdateSubscriptionItems, UpdateSubscriptionPaymentBehavior,
        UpdateSubscriptionProrationBehavior,
    },
    subscription_schedule::{
        CreateSubscriptionSchedule, ReleaseSubscriptionSchedule, UpdateSubscriptionSchedule,
        UpdateSubscriptionSchedulePhases, UpdateSubscriptionSchedulePhasesEndDate,
        UpdateSubscriptionSchedulePhasesItems, UpdateSubscriptionSchedulePhasesStartDate,
    },
};
use stripe_client_core::{RequestBuilder, StripeMethod};

/// The current state of a subscription, before a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentSubscription {
    /// Id of the subscription.
    pub id: String,
    /// True if the subscription has not ended.
    pub lives: bool,
    /// Id of the subscription's item.
    item: String,
    /// Id of the current price.
    pub price: String,
    /// Pending cancellation, if there is one.
    pub end: Option<PendingCancellation>,
    /// Attached schedule, if there is one.
    pub schedule: Option<Schedule>,
    /// URL of the page on which a pending change is paid; empty if Stripe names none.
    pub payment_url: Option<String>,
}

/// A pending cancellation of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingCancellation {
    /// The subscription ends with its current period.
    WithPeriod,
    /// The subscription ends at a set time. The portal cancels subscriptions in flexible billing mode this way.
    AtTime,
}

/// A schedule attached to a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Id of the schedule.
    pub id: String,
    /// Start and end of the current phase, in seconds since 1970.
    present: (i64, i64),
    /// Id of the price of the next phase, if there is one.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Previewed {
    amount_due: i64,
}

impl Account {
    /// Returns the current state of a subscription.
    pub async fn current_subscription(&self, subscription: &str) -> Result<CurrentSubscription, Error> {
        let expand = ["schedule".to_owned(), "latest_invoice".to_owned()];
        present(&self.get_retrying(&RetrieveSubscription::new(subscription).expand(expand)).await?)
    }

    /// Changes the price immediately, with an invoice for the difference. The change is pending until the invoice is
    /// paid.
    /// <https://docs.stripe.com/billing/subscriptions/pending-updates>
    pub async fn change_price(&self, present: &CurrentSubscription, price: &str, key: &str) -> Result<(), Error> {
        let item = UpdateSubscriptionItems {
            id: Some(present.item.clone()),
            price: Some(price.to_owned()),
            ..UpdateSubscriptionItems::new()
        };
        let request = UpdateSubscription::new(present.id.as_str())
            .items([item])
            .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
            .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete);
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Returns the amount due for an immediate change of the price, in the currency's smallest unit.
    /// <https://docs.stripe.com/api/invoices/create_preview>
    pub async fn preview_price_change(&self, present: &CurrentSubscription, price: &str) -> Result<i64, Error> {
        let item = CreatePreviewInvoiceSubscriptionDetailsItems {
            id: Some(present.item.clone()),
            price: Some(price.to_owned()),
            ..CreatePreviewInvoiceSubscriptionDetailsItems::new()
        };
        let change = CreatePreviewInvoiceSubscriptionDetails {
            items: Some(vec![item]),
            proration_behavior: Some(CreatePreviewInvoiceSubscriptionDetailsProrationBehavior::AlwaysInvoice),
            ..CreatePreviewInvoiceSubscriptionDetails::new()
        };
        let request = CreatePreviewInvoice::new().subscription(present.id.as_str()).subscription_details(change);
        // The request is a POST but changes nothing.
        let Previewed { amount_due } = self.get_retrying(&request).await?;
        Ok(amount_due)
    }

    /// Releases a subscription from its schedule, which withdraws the scheduled change.
    pub async fn release_schedule(&self, schedule: &Schedule, key: &str) -> Result<(), Error> {
        self.send_keyed(&ReleaseSubscriptionSchedule::new(schedule.id.as_str()), key).await.map(|Identified { .. }| ())
    }

    /// Creates a schedule from the current state of a subscription.
    pub async fn create_schedule(&self, present: &CurrentSubscription, key: &str) -> Result<Schedule, Error> {
        let request = CreateSubscriptionSchedule::new().from_subscription(present.id.as_str());
        schedule(&self.send_keyed(&request, key).await?)
    }

    /// Schedules `price` for the time after the current phase of `schedule`. The schedule releases the subscription
    /// afterwards.
    pub async fn schedule_price(
        &self,
        schedule: &Schedule,
        present: &str,
        price: &str,
        key: &str,
    ) -> Result<(), Error> {
        let phase = |price: &str| {
            UpdateSubscriptionSchedulePhases::new([UpdateSubscriptionSchedulePhasesItems {
                price: Some(price.to_owned()),
                quantity: Some(1),
                ..UpdateSubscriptionSchedulePhasesItems::new()
            }])
        };
        let mut now = phase(present);
        now.start_date = Some(UpdateSubscriptionSchedulePhasesStartDate::Timestamp(schedule.present.0));
        now.end_date = Some(UpdateSubscriptionSchedulePhasesEndDate::Timestamp(schedule.present.1));
        let request = UpdateSubscriptionSchedule::new(schedule.id.as_str())
            .end_behavior(SubscriptionScheduleEndBehavior::Release)
            .phases([now, phase(price)]);
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Cancels a subscription at the end of its period.
    pub async fn cancel_at_period_end(&self, present: &CurrentSubscription, key: &str) -> Result<(), Error> {
        let request = UpdateSubscription::new(present.id.as_str()).cancel_at_period_end(true);
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Withdraws the cancellation of a subscription, depending on the way it was cancelled.
    pub async fn resume(
        &self,
        present: &CurrentSubscription,
        end: PendingCancellation,
        key: &str,
    ) -> Result<(), Error> {
        match end {
            PendingCancellation::WithPeriod => {
                let request = UpdateSubscription::new(present.id.as_str()).cancel_at_period_end(false);
                self.send_keyed(&request, key).await.map(|Identified { .. }| ())
            }
            // The crate's type cannot express the removal of the time.
            PendingCancellation::AtTime => {
                let path = format!("/subscriptions/{}", present.id);
                let request = RequestBuilder::new(StripeMethod::Post, path).form(&BTreeMap::from([("cancel_at", "")]));
                self.send(&request, Some(&account::key(key)?)).await.map(|Identified { .. }| ())
            }
        }
    }
}

fn unreadable() -> Error {
    Error::Unanswered("Stripe returned an unreadable subscription".into())
}

fn present(subscription: &Subscription) -> Result<CurrentSubscription, Error> {
    let item = subscription.items.data.first().ok_or_else(unreadable)?;
    let end = match (subscription.cancel_at_period_end, subscription.cancel_at) {
        (true, _) => Some(PendingCancellation::WithPeriod),
        (false, Some(_)) => Some(PendingCancellation::AtTime),
        (false, None) => None,
    };
    let invoice = subscription.latest_invoice.as_ref().and_then(Named::whole);
    let page = invoice.and_then(|invoice| invoice.hosted_invoice_url.clone());
    Ok(CurrentSubscription {
        id: subscription.id.clone(),
        lives: holdings::status(&subscription.status).is_payable(),
        item: item.id.clone(),
        price: item.price.id.clone(),
        end,
        schedule: subscription.schedule.as_ref().and_then(Named::whole).map(schedule).transpose()?,
        payment_url: subscription.pending_update.as_ref().map(|_| page.unwrap_or_default()),
    })
}

fn schedule(schedule: &holdings::Schedule) -> Result<Schedule, Error> {
    let present = schedule.current_phase.or_else(|| schedule.phases.first().map(|phase| phase.times));
    let present = present.ok_or_else(unreadable)?;
    Ok(Schedule { id: schedule.id.clone(), present: (present.start_date, present.end_date), next: scheduled(schedule) })
}
