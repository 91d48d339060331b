//! Item of a subscription, its last debit, and a pending change of it.

use crate::{
    calendar::Period,
    ids::{InvoiceId, ItemId, LineId, PriceId},
    params::MetadataChange,
};
use jiff::Timestamp;

/// Price within a subscription, and since 2025-03-31 its period
/// (<https://docs.stripe.com/api/subscription_items/object>).
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: ItemId,
    pub(crate) created: Timestamp,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) period: Period,
    pub(crate) debit: Option<Debit>,
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
    pub(crate) item: Item,
    pub(crate) anchor: Option<Timestamp>,
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
