//! Subscriptions: read, changed and cancelled.

mod cancel;
mod changes;
mod holdings;
mod phases;
mod status;

pub use cancel::{EndKeys, UnpaidEnd};
pub use changes::{CurrentSubscription, PendingCancellation, Purchase, SubscriptionItem, UnpaidChange};
pub use phases::{Proration, Schedule};
pub(crate) use status::status;
