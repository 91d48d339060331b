//! A customer with their subscriptions, schedules and invoices, as held by Stripe.
//! <https://docs.stripe.com/api/customers>, <https://docs.stripe.com/api/subscriptions>

use super::{phases::Schedule, status::status};
use crate::{
    Account, Error,
    payment::{Method, RawInvoice},
    prices::RawPrice,
    shapes::{List, Named},
};
use domain::{
    billing::customer::NEWEST,
    billing::stripe::facts::{
        CustomerAtStripe, ItemAtStripe, OpenInvoice, PendingUpdateAtStripe, PricedItem, SettledInvoice,
        SubscriptionAtStripe,
    },
    billing::subscription::Period,
    plans::price::PriceAtStripe,
};
use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};
use stripe_billing::subscription::{ListSubscription, ListSubscriptionStatus};

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
    default_payment_method: Option<Named<Method>>,
    pause_collection: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) price: RawPrice,
    /// Metered prices have none.
    pub(crate) quantity: Option<u64>,
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
    price: Named<RawPrice>,
    quantity: Option<u64>,
}

impl PendingUpdate {
    /// Returns the items after the change.
    pub(crate) fn items(&self) -> Vec<PricedItem> {
        let item = |PendingItem { price, quantity }: &PendingItem| {
            let price = match price {
                Named::Whole(price) => price.to_domain(),
                Named::Id(id) => PriceAtStripe::unknown(id.clone()),
            };
            PricedItem { price, quantity: quantity.unwrap_or(1) }
        };
        self.subscription_items.iter().flatten().map(item).collect()
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

impl Account {
    /// Returns the customer's name, payment method and credit, all subscriptions and all invoices. The requests are sent
    /// concurrently.
    ///
    /// # Errors
    /// [`Error::Absent`] if the customer was deleted or is unknown.
    pub async fn customer_at_stripe(&self, customer: &str) -> Result<CustomerAtStripe, Error> {
        let asked = async {
            tokio::try_join!(self.customer(customer), self.subscriptions(customer), self.all_invoices(customer))
        };
        // Boxed: the futures of these requests are large, and callers already use much of the stack.
        let (customer, subscriptions, invoices) = Box::pin(asked).await?;
        let mut open_invoices: Vec<_> = invoices
            .iter()
            .filter(|invoice| invoice.status.as_deref() == Some("open"))
            .filter_map(open_invoice)
            .collect();
        for invoice in open_invoices.iter_mut().filter(|invoice| invoice.is_first) {
            invoice.is_processing = self.is_processing(&invoice.id).await?;
        }
        let ended = |invoice: &RawInvoice| {
            let of = invoice.subscription();
            subscriptions.iter().any(|held| Some(&held.id) == of.as_ref() && !held.status.is_payable())
        };
        let shown = invoices.iter().filter_map(|invoice| invoice.shown(ended(invoice)));
        let newest_invoices = shown.take(NEWEST).collect();
        Ok(CustomerAtStripe {
            subscriptions,
            open_invoices,
            settled_invoices: invoices.iter().filter_map(settled_invoice).collect(),
            newest_invoices,
            payment_method: customer.payment_method(),
            credit: customer.credit(),
            name: customer.name,
        })
    }

    /// Returns all subscriptions of `customer`, including ended ones.
    pub async fn subscriptions(&self, customer: &str) -> Result<Vec<SubscriptionAtStripe>, Error> {
        let mut request = ListSubscription::new()
            .customer(customer)
            .status(ListSubscriptionStatus::All)
            .expand(["data.schedule", "data.latest_invoice", "data.default_payment_method"].map(ToOwned::to_owned))
            .limit(100);
        let mut found = Vec::new();
        loop {
            let page: List<Subscription> = self.get_retrying(&request).await?;
            let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
            found.extend(page.data.iter().filter_map(subscription));
            match next {
                Some(last) => request = request.starting_after(last),
                None => {
                    self.read_scheduled(&mut found).await?;
                    return Ok(found);
                }
            }
        }
    }

    /// Reads what the scheduled prices of `subscriptions` sell. A list expands four levels at most, which end above them.
    /// <https://docs.stripe.com/api/expanding_objects>
    async fn read_scheduled(&self, subscriptions: &mut [SubscriptionAtStripe]) -> Result<(), Error> {
        let known = subscriptions.iter().flat_map(|held| &held.items).map(|item| item.price.clone()).collect();
        let scheduled = subscriptions.iter().flat_map(|held| &held.scheduled_items);
        let read = self.prices_with(known, scheduled.map(|item| item.price.id.clone()).collect()).await?;
        for item in subscriptions.iter_mut().flat_map(|held| &mut held.scheduled_items) {
            if let Some(read) = read.iter().find(|read| read.id == item.price.id) {
                item.price.clone_from(read);
            }
        }
        Ok(())
    }
}

/// Returns the items of the next phase of a living subscription. What their prices sell is not known yet.
fn next_items(held: &Subscription) -> Vec<PricedItem> {
    let schedule = held.schedule.as_ref().and_then(Named::whole).filter(|_| status(&held.status).is_payable());
    let item =
        |(price, quantity): (&str, u64)| PricedItem { price: PriceAtStripe::unknown(price.to_owned()), quantity };
    schedule.into_iter().flat_map(Schedule::next_items).map(item).collect()
}

/// Converts a subscription. Its items contain the periods since API version 2025-03-31.
/// <https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end>
fn subscription(held: &Subscription) -> Option<SubscriptionAtStripe> {
    let at = |second: i64| Timestamp::from_second(second).ok();
    let item = |item: &Item| {
        let period = Period { start: at(item.current_period_start)?, end: at(item.current_period_end)? };
        Some(ItemAtStripe { price: item.price.to_domain(), quantity: item.quantity.unwrap_or(1), period })
    };
    let method = held.default_payment_method.as_ref().and_then(Named::whole);
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
        scheduled_items: next_items(held),
        payment_method: method.map(Method::to_domain),
        collection_paused: held.pause_collection.is_some(),
        pending_update: held.pending_update.as_ref().and_then(|update| {
            let invoice = held.latest_invoice.as_ref();
            Some(PendingUpdateAtStripe {
                items: update.items(),
                expires_at: at(update.expires_at)?,
                invoice: invoice.map(|invoice| invoice.id().to_owned()),
                url: invoice.and_then(Named::whole).and_then(|invoice| invoice.hosted_invoice_url.clone()),
            })
        }),
    })
}

fn open_invoice(invoice: &RawInvoice) -> Option<OpenInvoice> {
    Some(OpenInvoice {
        id: invoice.id.clone(),
        attempts: invoice.attempt_count,
        subscription: invoice.subscription(),
        finalized_at: invoice.finalized_at()?,
        is_first: invoice.billing_reason.as_deref() == Some("subscription_create"),
        is_processing: false,
        page: invoice.hosted_invoice_url.clone(),
    })
}

/// Converts a settled invoice. The void invoice of a change that was withdrawn settles nothing: the change was never
/// made. <https://docs.stripe.com/invoicing/overview#invoice-statuses>
fn settled_invoice(invoice: &RawInvoice) -> Option<SettledInvoice> {
    let settled = match invoice.status.as_deref() {
        Some("paid" | "uncollectible") => true,
        Some("void") => invoice.billing_reason.as_deref() != Some("subscription_update"),
        _ => false,
    };
    let (paid, subscription) = (invoice.status.as_deref() == Some("paid") && invoice.total > 0, invoice.subscription());
    settled.then_some(()).and(invoice.finalized_at()).map(|finalized_at| SettledInvoice {
        subscription,
        finalized_at,
        paid,
    })
}
