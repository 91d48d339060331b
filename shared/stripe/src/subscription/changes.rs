//! Changes of a subscription: its price, what follows it, and its end.
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

/// A subscription, as a change finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Its id.
    pub id: String,
    /// Whether it can still be paid for.
    pub lives: bool,
    /// The id of its item.
    item: String,
    /// The id of its price.
    pub price: String,
    /// How it is to end, if it is.
    pub end: Option<End>,
    /// What is scheduled for it.
    pub schedule: Option<Schedule>,
    /// Where a change that waits to be paid is paid; empty if Stripe names no page.
    pub waits: Option<String>,
}

/// How a subscription is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With its present period.
    WithPeriod,
    /// At a time, as the portal of a subscription in flexible billing mode has it.
    AtTime,
}

/// A schedule that a subscription is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: String,
    /// The times between which its present phase lies, in seconds since 1970.
    present: (i64, i64),
    /// The id of the price that follows, if it says one.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Previewed {
    amount_due: i64,
}

impl Account {
    /// A subscription, as it is now.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn present(&self, subscription: &str) -> Result<Present, Error> {
        let expand = ["schedule".to_owned(), "latest_invoice".to_owned()];
        present(&self.read(&RetrieveSubscription::new(subscription).expand(expand)).await?)
    }

    /// Changes the price at once, with an invoice for the difference; unless that is paid, nothing changes.
    /// <https://docs.stripe.com/billing/subscriptions/pending-updates>
    ///
    /// # Errors
    /// [`Error`].
    pub async fn change_price(&self, present: &Present, price: &str, key: &str) -> Result<(), Error> {
        let item = UpdateSubscriptionItems {
            id: Some(present.item.clone()),
            price: Some(price.to_owned()),
            ..UpdateSubscriptionItems::new()
        };
        let request = UpdateSubscription::new(present.id.as_str())
            .items([item])
            .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
            .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete);
        self.write(&request, key).await.map(|Identified { .. }| ())
    }

    /// What would be due now if the price were changed at once, in the smallest unit of its currency.
    /// <https://docs.stripe.com/api/invoices/create_preview>
    ///
    /// # Errors
    /// [`Error`].
    pub async fn preview(&self, present: &Present, price: &str) -> Result<i64, Error> {
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
        // It changes nothing, although it is a POST.
        let Previewed { amount_due } = self.read(&request).await?;
        Ok(amount_due)
    }

    /// Lets a subscription go from its schedule: what was to follow does not.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn release(&self, schedule: &Schedule, key: &str) -> Result<(), Error> {
        self.write(&ReleaseSubscriptionSchedule::new(schedule.id.as_str()), key).await.map(|Identified { .. }| ())
    }

    /// Makes a schedule of how a subscription is now.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn make_schedule(&self, present: &Present, key: &str) -> Result<Schedule, Error> {
        let request = CreateSubscriptionSchedule::new().from_subscription(present.id.as_str());
        schedule(&self.write(&request, key).await?)
    }

    /// Has `price` follow the present phase of `schedule`, which then lets go of the subscription.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn follow(&self, schedule: &Schedule, present: &str, price: &str, key: &str) -> Result<(), Error> {
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
        self.write(&request, key).await.map(|Identified { .. }| ())
    }

    /// Cancels a subscription for the end of its period.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn cancel_at_period_end(&self, present: &Present, key: &str) -> Result<(), Error> {
        let request = UpdateSubscription::new(present.id.as_str()).cancel_at_period_end(true);
        self.write(&request, key).await.map(|Identified { .. }| ())
    }

    /// Takes the cancellation of a subscription back, in the way in which it was cancelled.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn resume(&self, present: &Present, end: End, key: &str) -> Result<(), Error> {
        match end {
            End::WithPeriod => {
                let request = UpdateSubscription::new(present.id.as_str()).cancel_at_period_end(false);
                self.write(&request, key).await.map(|Identified { .. }| ())
            }
            // The crate's type knows no way to say "at no time".
            End::AtTime => {
                let path = format!("/subscriptions/{}", present.id);
                let request = RequestBuilder::new(StripeMethod::Post, path).form(&BTreeMap::from([("cancel_at", "")]));
                self.send(&request, Some(&account::key(key)?)).await.map(|Identified { .. }| ())
            }
        }
    }
}

fn unreadable() -> Error {
    Error::Unanswered("Stripe gave a subscription that cannot be read".into())
}

fn present(subscription: &Subscription) -> Result<Present, Error> {
    let item = subscription.items.data.first().ok_or_else(unreadable)?;
    let end = match (subscription.cancel_at_period_end, subscription.cancel_at) {
        (true, _) => Some(End::WithPeriod),
        (false, Some(_)) => Some(End::AtTime),
        (false, None) => None,
    };
    let invoice = subscription.latest_invoice.as_ref().and_then(Named::whole);
    let page = invoice.and_then(|invoice| invoice.hosted_invoice_url.clone());
    Ok(Present {
        id: subscription.id.clone(),
        lives: holdings::status(&subscription.status).lives(),
        item: item.id.clone(),
        price: item.price.id.clone(),
        end,
        schedule: subscription.schedule.as_ref().and_then(Named::whole).map(schedule).transpose()?,
        waits: subscription.pending_update.as_ref().map(|_| page.unwrap_or_default()),
    })
}

fn schedule(schedule: &holdings::Schedule) -> Result<Schedule, Error> {
    let present = schedule.current_phase.or_else(|| schedule.phases.first().map(|phase| phase.times));
    let present = present.ok_or_else(unreadable)?;
    Ok(Schedule { id: schedule.id.clone(), present: (present.start_date, present.end_date), next: scheduled(schedule) })
}
