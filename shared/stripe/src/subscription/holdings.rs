//! A customer's subscriptions with their schedules, and open invoices, as held by Stripe.
//! <https://docs.stripe.com/api/subscriptions>, <https://docs.stripe.com/api/invoices>

use super::phases::Schedule;
use crate::{
    Account, Error,
    shapes::{Identified, List, Named},
};
use domain::{
    billing::stripe::facts::{
        CustomerAtStripe, ItemAtStripe, OpenInvoice, PendingUpdateAtStripe, SettledInvoice, SubscriptionAtStripe,
    },
    billing::subscription::{Period, Status},
};
use jiff::Timestamp;
use serde::Deserialize;
use stripe_billing::{
    InvoiceStatus,
    invoice::ListInvoice,
    subscription::{ListSubscription, ListSubscriptionStatus},
};

/// Stripe's subscription object. <https://docs.stripe.com/api/subscriptions/object>
#[derive(Debug, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    created: i64,
    pub(crate) status: String,
    pub(crate) items: List<Item>,
    pub(crate) cancel_at: Option<i64>,
    pub(crate) cancel_at_period_end: bool,
    trial_start: Option<i64>,
    trial_end: Option<i64>,
    pub(crate) schedule: Option<Named<Schedule>>,
    pub(crate) latest_invoice: Option<Named<Bill>>,
    /// A change that is pending until it is paid.
    pub(crate) pending_update: Option<PendingUpdate>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) price: Identified,
    current_period_start: i64,
    current_period_end: i64,
}

/// A change that is pending until the latest invoice is paid.
/// <https://docs.stripe.com/billing/subscriptions/pending-updates>
#[derive(Debug, Deserialize)]
pub(crate) struct PendingUpdate {
    expires_at: i64,
    subscription_items: Option<Vec<PendingItem>>,
}

#[derive(Debug, Deserialize)]
struct PendingItem {
    price: Named<Identified>,
}

impl PendingUpdate {
    /// Returns the prices after the change.
    pub(crate) fn prices(&self) -> Vec<String> {
        self.subscription_items.iter().flatten().map(|item| item.price.id().to_owned()).collect()
    }
}

/// The part of an invoice that names the page on which it is paid.
#[derive(Debug, Deserialize)]
pub(crate) struct Bill {
    id: String,
    pub(crate) amount_due: i64,
    pub(crate) hosted_invoice_url: Option<String>,
}

impl Named<Bill> {
    /// Returns the id of the invoice, expanded or not.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Whole(Bill { id, .. }) => id,
        }
    }
}

/// Stripe's invoice object. <https://docs.stripe.com/api/invoices/object>
#[derive(Deserialize)]
struct Invoice {
    id: String,
    created: i64,
    status: String,
    billing_reason: Option<String>,
    total: i64,
    attempt_count: u64,
    status_transitions: Transitions,
    parent: Option<Parent>,
}

#[derive(Deserialize)]
struct Transitions {
    finalized_at: Option<i64>,
}

#[derive(Deserialize)]
struct Parent {
    subscription_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    subscription: Named<Identified>,
}

impl Account {
    /// Returns the subscriptions and open invoices of `customer`, and the settled invoices if a payment is overdue.
    pub async fn subscriptions_and_invoices(&self, customer: &str) -> Result<CustomerAtStripe, Error> {
        let open = ListInvoice::new().customer(customer).status(InvoiceStatus::Open);
        let (subscriptions, open) = tokio::try_join!(self.subscriptions(customer), self.all_invoices(open))?;
        let overdue = subscriptions.iter().any(|held| held.status.owes());
        let all = if overdue { self.all_invoices(ListInvoice::new().customer(customer)).await? } else { Vec::new() };
        Ok(CustomerAtStripe {
            subscriptions,
            open_invoices: open.iter().filter_map(open_invoice).collect(),
            settled_invoices: all.iter().filter_map(settled_invoice).collect(),
        })
    }

    /// Returns all subscriptions of `customer`, including ended ones.
    pub async fn subscriptions(&self, customer: &str) -> Result<Vec<SubscriptionAtStripe>, Error> {
        let mut request = ListSubscription::new()
            .customer(customer)
            .status(ListSubscriptionStatus::All)
            .expand(["data.schedule", "data.latest_invoice"].map(ToOwned::to_owned))
            .limit(100);
        let mut found = Vec::new();
        loop {
            let page: List<Subscription> = self.get_retrying(&request).await?;
            let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
            found.extend(page.data.iter().filter_map(subscription));
            match next {
                Some(last) => request = request.starting_after(last),
                None => return Ok(found),
            }
        }
    }

    async fn all_invoices(&self, request: ListInvoice) -> Result<Vec<Invoice>, Error> {
        let mut request = request.limit(100);
        let mut found = Vec::new();
        loop {
            let page: List<Invoice> = self.get_retrying(&request).await?;
            let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
            found.extend(page.data);
            match next {
                Some(last) => request = request.starting_after(last),
                None => return Ok(found),
            }
        }
    }
}

/// Converts a subscription. Its items contain the periods since API version 2025-03-31.
/// <https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end>
fn subscription(held: &Subscription) -> Option<SubscriptionAtStripe> {
    let at = |second: i64| Timestamp::from_second(second).ok();
    let item = |item: &Item| {
        let period = Period { start: at(item.current_period_start)?, end: at(item.current_period_end)? };
        Some(ItemAtStripe { price: item.price.id.clone(), period })
    };
    Some(SubscriptionAtStripe {
        id: held.id.clone(),
        created: at(held.created)?,
        items: held.items.data.iter().map(item).collect::<Option<_>>()?,
        status: status(&held.status),
        cancel_at: held.cancel_at.and_then(at),
        cancel_at_period_end: held.cancel_at_period_end,
        trial_start: held.trial_start.and_then(at),
        trial_end: held.trial_end.and_then(at),
        schedule: held.schedule.as_ref().and_then(Named::whole).map(|schedule| schedule.id.clone()),
        scheduled_prices: held.schedule.as_ref().and_then(Named::whole).map(Schedule::next_prices).unwrap_or_default(),
        pending_update: held.pending_update.as_ref().and_then(|update| {
            let invoice = held.latest_invoice.as_ref();
            Some(PendingUpdateAtStripe {
                prices: update.prices(),
                expires_at: at(update.expires_at)?,
                invoice: invoice.map(|invoice| invoice.id().to_owned()),
                url: invoice.and_then(Named::whole).and_then(|invoice| invoice.hosted_invoice_url.clone()),
            })
        }),
    })
}

/// Converts a status. An unknown status counts as unpaid: it grants nothing, but may still be paid.
/// <https://docs.stripe.com/api/subscriptions/object#subscription_object-status>
pub(crate) fn status(status: &str) -> Status {
    match status {
        "active" => Status::Active,
        "trialing" => Status::Trialing,
        "past_due" => Status::PastDue,
        "paused" => Status::Paused,
        "incomplete" => Status::Incomplete,
        "incomplete_expired" => Status::IncompleteExpired,
        "canceled" => Status::Canceled,
        _ => Status::Unpaid,
    }
}

impl Invoice {
    /// Id of the invoiced subscription.
    fn subscription(&self) -> Option<String> {
        let details = self.parent.as_ref()?.subscription_details.as_ref()?;
        Some(details.subscription.id().to_owned())
    }

    fn finalized_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.status_transitions.finalized_at.unwrap_or(self.created)).ok()
    }
}

fn open_invoice(invoice: &Invoice) -> Option<OpenInvoice> {
    Some(OpenInvoice {
        id: invoice.id.clone(),
        attempts: invoice.attempt_count,
        subscription: invoice.subscription(),
        finalized_at: invoice.finalized_at()?,
    })
}

/// Converts a settled invoice. The void invoice of a change that was withdrawn settles nothing: the change was never
/// made. <https://docs.stripe.com/invoicing/overview#invoice-statuses>
fn settled_invoice(invoice: &Invoice) -> Option<SettledInvoice> {
    let settled = match invoice.status.as_str() {
        "paid" | "uncollectible" => true,
        "void" => invoice.billing_reason.as_deref() != Some("subscription_update"),
        _ => false,
    };
    let (paid, subscription) = (invoice.status == "paid" && invoice.total > 0, invoice.subscription());
    settled.then_some(()).and(invoice.finalized_at()).map(|finalized_at| SettledInvoice {
        subscription,
        finalized_at,
        paid,
    })
}
