//! Subscriptions: read, changed and cancelled.

mod cancel;
mod changes;
mod holdings;
mod items;
mod phases;
mod status;

pub use cancel::{EndKeys, UnpaidEnd};
pub use changes::{CurrentSubscription, PendingCancellation, UnpaidChange};
pub use items::{ItemChange, Purchase, SubscriptionItem, WantedAddon, WantedItems};
pub use phases::{Proration, Schedule};
pub(crate) use status::status;
