//! Items of a subscription, their last debits, and a pending change of them.

use crate::{
    calendar::Period,
    ids::{InvoiceId, ItemId, LineId, PriceId},
    params::MetadataChange,
};
use jiff::Timestamp;

/// Price within a subscription (<https://docs.stripe.com/api/subscription_items/object>). All items of a subscription have
/// its period, because the stand-in does not model mixed intervals.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: ItemId,
    pub(crate) created: Timestamp,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) debit: Option<Debit>,
}

/// Price and quantity of an item that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewItem {
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
}

/// Change of one item (<https://docs.stripe.com/api/subscriptions/update>, `items`). Items without a change stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ItemChange {
    Add(NewItem),
    Change { id: ItemId, price: Option<PriceId>, quantity: Option<i64> },
    Delete { id: ItemId },
}

impl NewItem {
    /// Changes what is given. Another price has the quantity 1 unless one is given
    /// (<https://docs.stripe.com/api/subscriptions/update>, `items.price`).
    pub(crate) fn change(&mut self, price: Option<&PriceId>, quantity: Option<i64>) {
        let kept = if price.is_some_and(|price| *price != self.price) { 1 } else { self.quantity };
        if let Some(price) = price {
            self.price = price.clone();
        }
        self.quantity = quantity.unwrap_or(kept);
    }
}

impl Item {
    /// Returns true if price and quantity are the same.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.price == other.price && self.quantity == other.quantity
    }
}

/// Last amount that the customer was asked for this item. In flexible billing mode a credit is a share of it, so that no
/// more is given back than was charged (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
#[derive(Clone, Debug)]
pub(crate) struct Debit {
    pub(crate) amount: i64,
    pub(crate) period: Period,
    /// Line with the debit, once there is an invoice.
    pub(crate) source: Option<(InvoiceId, LineId)>,
}

/// Change that is applied once its invoice is paid.
#[derive(Clone, Debug)]
pub(crate) struct PendingUpdate {
    pub(crate) invoice: InvoiceId,
    pub(crate) expires_at: Timestamp,
    pub(crate) items: Vec<Item>,
    /// Period that begins with the change, if the interval changes.
    pub(crate) begins: Option<Period>,
    pub(crate) metadata: MetadataChange,
    /// New value of `cancel_at_period_end`, if the update has one
    /// (<https://docs.stripe.com/changelog/endive/2026-09-30/scheduled-subscription-cancellation>).
    pub(crate) cancel_at_period_end: Option<bool>,
}

/// Treatment of the time that is already paid (<https://docs.stripe.com/billing/subscriptions/prorations>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProrationBehavior {
    CreateProrations,
    AlwaysInvoice,
    None,
}

impl ProrationBehavior {
    /// Returns true if prorations are created.
    pub(crate) const fn prorates(self) -> bool {
        match self {
            Self::CreateProrations | Self::AlwaysInvoice => true,
            Self::None => false,
        }
    }
}
