//! The item of a subscription, what was asked for it, and a change of it that waits for its payment.

use crate::{
    calendar::Period,
    ids::{InvoiceId, ItemId, LineId, PriceId},
    params::MetadataChange,
};
use jiff::Timestamp;

/// The price within a subscription, and since 2025-03-31 its period
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

/// What was last asked of the customer for this item. In flexible billing mode a credit is a share of it, so that no
/// more is given back than was taken (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
#[derive(Clone, Debug)]
pub(crate) struct Debit {
    pub(crate) amount: i64,
    pub(crate) period: Period,
    /// The line that asked for it, once there is an invoice.
    pub(crate) source: Option<(InvoiceId, LineId)>,
}

/// What is applied once its invoice is paid.
#[derive(Clone, Debug)]
pub(crate) struct PendingUpdate {
    pub(crate) invoice: InvoiceId,
    pub(crate) expires_at: Timestamp,
    pub(crate) item: Item,
    pub(crate) anchor: Option<Timestamp>,
    pub(crate) metadata: MetadataChange,
}

/// What becomes of the time that was paid for (<https://docs.stripe.com/billing/subscriptions/prorations>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProrationBehavior {
    CreateProrations,
    AlwaysInvoice,
    None,
}

impl ProrationBehavior {
    /// Whether it asks for prorations at all.
    pub(crate) const fn prorates(self) -> bool {
        match self {
            Self::CreateProrations | Self::AlwaysInvoice => true,
            Self::None => false,
        }
    }
}
