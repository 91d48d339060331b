//! Changes of a subscription: its price, its schedule and its cancellation.
//! <https://docs.stripe.com/billing/subscriptions/change>

use super::{
    holdings::{self, Subscription},
    phases::Schedule,
};
use crate::{
    Account, Error, account,
    shapes::{Identified, Named},
};
use domain::{billing::stripe::facts::best_plan, plans::catalogue::Catalogue};
use serde::Deserialize;
use std::collections::BTreeMap;
use stripe_billing::{
    invoice::{
        CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails, CreatePreviewInvoiceSubscriptionDetailsItems,
        CreatePreviewInvoiceSubscriptionDetailsProrationBehavior,
    },
    subscription::{
        RetrieveSubscription, UpdateSubscription, UpdateSubscriptionItems, UpdateSubscriptionPaymentBehavior,
        UpdateSubscriptionProrationBehavior,
    },
    subscription_schedule::{CreateSubscriptionSchedule, ReleaseSubscriptionSchedule},
};
use stripe_client_core::{RequestBuilder, StripeMethod};

/// The current state of a subscription, before a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentSubscription {
    /// Id of the subscription.
    pub id: String,
    /// True if the subscription has not ended.
    pub lives: bool,
    /// Items, in any order.
    pub items: Vec<SubscriptionItem>,
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

/// An item of a subscription: its plan, or something that is sold next to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionItem {
    id: String,
    /// Id of the current price.
    pub price: String,
}

impl CurrentSubscription {
    /// Returns the item whose price is a plan's; changes leave all other items as they are.
    #[must_use]
    pub fn plan_item(&self, catalogue: &Catalogue) -> Option<&SubscriptionItem> {
        best_plan(catalogue, &self.items, |item| &item.price).map(|(item, _)| item)
    }
}

#[derive(Deserialize)]
struct Previewed {
    amount_due: i64,
}

impl Account {
    /// Returns the current state of a subscription.
    pub async fn current_subscription(&self, subscription: &str) -> Result<CurrentSubscription, Error> {
        let expand = ["schedule".to_owned(), "latest_invoice".to_owned()];
        Ok(present(&self.get_retrying(&RetrieveSubscription::new(subscription).expand(expand)).await?))
    }

    /// Changes the price of `item` immediately, with an invoice for the difference. The change is pending until the
    /// invoice is paid.
    /// <https://docs.stripe.com/billing/subscriptions/pending-updates>
    pub async fn change_price(
        &self,
        present: &CurrentSubscription,
        item: &SubscriptionItem,
        price: &str,
        key: &str,
    ) -> Result<(), Error> {
        let item = UpdateSubscriptionItems {
            id: Some(item.id.clone()),
            price: Some(price.to_owned()),
            ..UpdateSubscriptionItems::new()
        };
        let request = UpdateSubscription::new(present.id.as_str())
            .items([item])
            .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
            .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete);
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Returns the amount due for an immediate change of the price of `item`, in the currency's smallest unit.
    /// <https://docs.stripe.com/api/invoices/create_preview>
    pub async fn preview_price_change(
        &self,
        present: &CurrentSubscription,
        item: &SubscriptionItem,
        price: &str,
    ) -> Result<i64, Error> {
        let item = CreatePreviewInvoiceSubscriptionDetailsItems {
            id: Some(item.id.clone()),
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
        self.send_keyed(&request, key).await
    }

    /// Schedules `price` in place of `item`'s for the time after the current phase of `schedule`. Everything else stays
    /// as it is. The schedule releases the subscription afterwards.
    pub async fn schedule_price(
        &self,
        schedule: &Schedule,
        item: &SubscriptionItem,
        price: &str,
        key: &str,
    ) -> Result<(), Error> {
        let phases = schedule.followed_by(&item.price, price).ok_or_else(unreadable)?;
        // The crate's type of a phase cannot be read from the answer that it is sent back from.
        let path = format!("/subscription_schedules/{}", schedule.id);
        let request = RequestBuilder::new(StripeMethod::Post, path).form(&phases);
        self.send(&request, Some(&account::key(key)?)).await.map(|Identified { .. }| ())
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
    Error::Unanswered("Stripe returned a schedule without a current phase".into())
}

fn present(subscription: &Subscription) -> CurrentSubscription {
    let end = match (subscription.cancel_at_period_end, subscription.cancel_at) {
        (true, _) => Some(PendingCancellation::WithPeriod),
        (false, Some(_)) => Some(PendingCancellation::AtTime),
        (false, None) => None,
    };
    let invoice = subscription.latest_invoice.as_ref().and_then(Named::whole);
    let page = invoice.and_then(|invoice| invoice.hosted_invoice_url.clone());
    let items = subscription.items.data.iter();
    CurrentSubscription {
        id: subscription.id.clone(),
        lives: holdings::status(&subscription.status).is_payable(),
        items: items.map(|item| SubscriptionItem { id: item.id.clone(), price: item.price.id.clone() }).collect(),
        end,
        schedule: subscription.schedule.as_ref().and_then(Named::whole).cloned(),
        payment_url: subscription.pending_update.as_ref().map(|_| page.unwrap_or_default()),
    }
}
