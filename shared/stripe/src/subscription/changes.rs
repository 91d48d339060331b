//! Changes of a subscription: its price, its schedule and its cancellation.
//! <https://docs.stripe.com/billing/subscriptions/change>

use super::{
    holdings::{Item, Subscription},
    items::{self, ItemChange, SubscriptionItem, WantedItems},
    phases::{Proration, Schedule},
    status::status,
};
use crate::{
    Account, Error, account,
    shapes::{Identified, Named},
};
use domain::{
    billing::{
        stripe::facts::{PricedItem, best_plan, held_addons},
        subscription::Status,
    },
    plans::{
        addon::HeldAddons,
        catalogue::Plans,
        price::{AddonPriceName, PriceAtStripe, PriceName, SoldPrice},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stripe_billing::{
    invoice::{
        CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails,
        CreatePreviewInvoiceSubscriptionDetailsProrationBehavior, VoidInvoiceInvoice,
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
    /// State of the subscription.
    pub status: Status,
    /// Time at which the subscription is to end, if it is cancelled.
    pub cancel_at: Option<Timestamp>,
    /// Change that is pending until it is paid.
    pub pending: Option<UnpaidChange>,
}

/// A change that is pending until its invoice is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpaidChange {
    /// Items after the change.
    pub items: Vec<PricedItem>,
    /// Id of the invoice.
    pub invoice: String,
    /// Amount due, in the currency's smallest unit.
    pub amount_due: i64,
}

/// A pending cancellation of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingCancellation {
    /// The subscription ends with its current period.
    WithPeriod,
    /// The subscription ends at a set time. The portal cancels subscriptions in flexible billing mode this way.
    AtTime,
}

impl CurrentSubscription {
    /// Returns the item whose price is a plan's.
    #[must_use]
    pub fn plan_item(&self, plans: Plans) -> Option<&SubscriptionItem> {
        items::plan_item(plans, &self.items)
    }

    /// Returns the plan that is paid, with its interval and currency.
    #[must_use]
    pub fn plan(&self, plans: Plans) -> Option<PriceName> {
        best_plan(plans, &self.items, |item| &item.price).map(|(_, price)| price)
    }

    /// Returns the add-ons that are paid.
    #[must_use]
    pub fn addons(&self, plans: Plans) -> HeldAddons {
        held_addons(plans, self.items.iter().map(|item| (&item.price, item.quantity)))
    }

    /// Returns the item that sells `addon`.
    #[must_use]
    pub fn addon_item(&self, addon: AddonPriceName) -> Option<&SubscriptionItem> {
        self.items.iter().find(|item| item.price.addon() == Some(addon))
    }

    /// Returns the changes of items that lead to `wanted`.
    #[must_use]
    pub fn changes<'a>(&'a self, plans: Plans, wanted: &'a WantedItems) -> Vec<ItemChange<'a>> {
        items::changes(plans, &self.items, wanted)
    }

    /// Returns the cancellation that an immediate change cannot withdraw: one at a set time, which pending updates do not
    /// support, or one of a subscription with a schedule.
    /// <https://docs.stripe.com/billing/subscriptions/pending-updates#supported-attributes>
    #[must_use]
    pub fn separate_end(&self) -> Option<Timestamp> {
        match self.end {
            Some(PendingCancellation::WithPeriod) if self.schedule.is_none() => None,
            Some(PendingCancellation::WithPeriod | PendingCancellation::AtTime) => self.cancel_at,
            None => None,
        }
    }
}

#[derive(Serialize)]
struct NewQuantity {
    quantity: u64,
    proration_behavior: &'static str,
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

    /// Makes `changes` immediately, with an invoice for the difference, and withdraws a cancellation at the end of the
    /// period. All of it is pending until the invoice is paid. A schedule and
    /// [`CurrentSubscription::separate_end`] stay.
    /// <https://docs.stripe.com/billing/subscriptions/pending-updates>,
    /// <https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation>
    pub async fn change_items(
        &self,
        present: &CurrentSubscription,
        changes: &[ItemChange<'_>],
        key: &str,
    ) -> Result<(), Error> {
        let request = UpdateSubscription::new(present.id.as_str())
            .items(changes.iter().map(|change| change.to_update()).collect::<Vec<_>>())
            .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
            .payment_behavior(UpdateSubscriptionPaymentBehavior::PendingIfIncomplete);
        let request = match present.end.filter(|_| present.schedule.is_none()) {
            Some(PendingCancellation::WithPeriod) => request.cancel_at_period_end(false),
            Some(PendingCancellation::AtTime) | None => request,
        };
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Changes the price of `item` immediately. Nothing is charged or credited for the current period, and the next one is
    /// charged at the new price.
    /// <https://docs.stripe.com/billing/subscriptions/prorations>
    pub async fn change_price_without_charge(
        &self,
        present: &CurrentSubscription,
        item: &SubscriptionItem,
        price: &SoldPrice,
        key: &str,
    ) -> Result<(), Error> {
        let item = UpdateSubscriptionItems {
            id: Some(item.id.clone()),
            price: Some(price.id.clone()),
            ..UpdateSubscriptionItems::new()
        };
        let request = UpdateSubscription::new(present.id.as_str())
            .items([item])
            .proration_behavior(UpdateSubscriptionProrationBehavior::None);
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Returns the amount due for immediate `changes`, in the currency's smallest unit.
    /// <https://docs.stripe.com/api/invoices/create_preview>
    pub async fn preview_changes(
        &self,
        present: &CurrentSubscription,
        changes: &[ItemChange<'_>],
    ) -> Result<i64, Error> {
        let change = CreatePreviewInvoiceSubscriptionDetails {
            items: Some(changes.iter().map(|change| change.to_preview()).collect()),
            proration_behavior: Some(CreatePreviewInvoiceSubscriptionDetailsProrationBehavior::AlwaysInvoice),
            ..CreatePreviewInvoiceSubscriptionDetails::new()
        };
        let request = CreatePreviewInvoice::new().subscription(present.id.as_str()).subscription_details(change);
        // The request is a POST but changes nothing.
        let Previewed { amount_due } = self.get_retrying(&request).await?;
        Ok(amount_due)
    }

    /// Withdraws a change that is pending, by voiding its invoice. Returns false if it is no longer unpaid: it was paid, is
    /// being paid, has expired, or was withdrawn.
    /// <https://docs.stripe.com/billing/subscriptions/pending-updates>
    pub async fn withdraw_change(&self, invoice: &str, key: &str) -> Result<bool, Error> {
        match self.send_keyed(&VoidInvoiceInvoice::new(invoice), key).await {
            Ok(Identified { .. }) => Ok(true),
            Err(Error::Refused(_) | Error::Absent(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Releases a subscription from its schedule, which withdraws the scheduled change.
    pub async fn release_schedule(&self, schedule: &str, key: &str) -> Result<(), Error> {
        self.send_keyed(&ReleaseSubscriptionSchedule::new(schedule), key).await.map(|Identified { .. }| ())
    }

    /// Creates a schedule from the current state of a subscription.
    pub async fn create_schedule(&self, present: &CurrentSubscription, key: &str) -> Result<Schedule, Error> {
        let request = CreateSubscriptionSchedule::new().from_subscription(present.id.as_str());
        self.send_keyed(&request, key).await
    }

    /// Schedules `changes` for the time after the current phase of `schedule`. Everything else stays as it is. The schedule
    /// releases the subscription afterwards.
    pub async fn schedule_changes(
        &self,
        schedule: &Schedule,
        changes: &[ItemChange<'_>],
        key: &str,
    ) -> Result<(), Error> {
        let phases = schedule.followed_by(changes).ok_or_else(unreadable)?;
        // The crate's type of a phase cannot be read from the answer that it is sent back from.
        let path = format!("/subscription_schedules/{}", schedule.id);
        let request = RequestBuilder::new(StripeMethod::Post, path).form(&phases);
        self.send(&request, Some(&account::key(key)?)).await.map(|Identified { .. }| ())
    }

    /// Returns what the prices of the current phase of the schedule and of the later ones sell.
    pub async fn prices_of_phases(&self, present: &CurrentSubscription) -> Result<Vec<PriceAtStripe>, Error> {
        let known = present.items.iter().map(|item| item.price.clone()).collect();
        let ids = present.schedule.iter().flat_map(Schedule::prices).map(ToOwned::to_owned).collect();
        self.prices_with(known, ids).await
    }

    /// Sets the quantity of `item`, without a payment that the change would wait for. Repeating it has no further effect, so it
    /// needs no idempotency key, under which Stripe would repeat a failure for a day.
    /// <https://docs.stripe.com/api/subscription_items/update>
    pub async fn set_quantity(
        &self,
        item: &SubscriptionItem,
        quantity: u64,
        proration: Proration,
    ) -> Result<(), Error> {
        let form = NewQuantity { quantity, proration_behavior: proration.name() };
        let path = format!("/subscription_items/{}", item.id);
        let request = RequestBuilder::new(StripeMethod::Post, path).form(&form);
        self.send(&request, None).await.map(|Identified { .. }| ())
    }

    /// Replaces the phases of `schedule`, of which the current one changes the subscription. Repeating it has no further
    /// effect.
    pub async fn set_phases(&self, schedule: &Schedule, proration: Proration) -> Result<(), Error> {
        let path = format!("/subscription_schedules/{}", schedule.id);
        let request = RequestBuilder::new(StripeMethod::Post, path).form(&schedule.to_phases(proration));
        self.send(&request, None).await.map(|Identified { .. }| ())
    }

    /// Cancels a subscription at the end of its period.
    pub async fn cancel_at_period_end(&self, present: &CurrentSubscription, key: &str) -> Result<(), Error> {
        let request = UpdateSubscription::new(present.id.as_str()).cancel_at_period_end(true);
        self.send_keyed(&request, key).await.map(|Identified { .. }| ())
    }

    /// Withdraws the cancellation of a subscription, depending on the way it was cancelled.
    pub async fn resume(&self, subscription: &str, end: PendingCancellation, key: &str) -> Result<(), Error> {
        match end {
            PendingCancellation::WithPeriod => {
                let request = UpdateSubscription::new(subscription).cancel_at_period_end(false);
                self.send_keyed(&request, key).await.map(|Identified { .. }| ())
            }
            // The crate's type cannot express the removal of the time.
            PendingCancellation::AtTime => {
                let path = format!("/subscriptions/{subscription}");
                let request = RequestBuilder::new(StripeMethod::Post, path).form(&BTreeMap::from([("cancel_at", "")]));
                self.send(&request, Some(&account::key(key)?)).await.map(|Identified { .. }| ())
            }
        }
    }
}

fn unreadable() -> Error {
    Error::Unanswered("Stripe returned a schedule without a current phase".into())
}

fn to_item(item: &Item) -> SubscriptionItem {
    let Item { id, price, quantity, .. } = item;
    SubscriptionItem {
        id: id.clone(),
        price: price.to_domain(),
        amount: price.amount(),
        quantity: quantity.unwrap_or(1),
    }
}

fn present(subscription: &Subscription) -> CurrentSubscription {
    let end = match (subscription.cancel_at_period_end, subscription.cancel_at) {
        (true, _) => Some(PendingCancellation::WithPeriod),
        (false, Some(_)) => Some(PendingCancellation::AtTime),
        (false, None) => None,
    };
    let pending = subscription.pending_update.as_ref().zip(subscription.latest_invoice.as_ref());
    let items = subscription.items.data.iter();
    CurrentSubscription {
        id: subscription.id.clone(),
        lives: status(&subscription.status).is_payable(),
        status: status(&subscription.status),
        items: items.map(to_item).collect(),
        end,
        schedule: subscription.schedule.as_ref().and_then(Named::whole).cloned(),
        cancel_at: subscription.cancel_at.and_then(|at| Timestamp::from_second(at).ok()),
        pending: pending.map(|(update, invoice)| UnpaidChange {
            items: update.items(),
            invoice: invoice.id().to_owned(),
            amount_due: invoice.whole().map_or(0, |invoice| invoice.amount_due),
        }),
    }
}
