//! Subscriptions: read, changed and cancelled.

mod cancel;
mod changes;
mod holdings;
mod phases;

pub use cancel::{EndKeys, UnpaidEnd};
pub use changes::{CurrentSubscription, PendingCancellation, SubscriptionItem, UnpaidChange};
pub(crate) use holdings::status;
pub use phases::Schedule;
