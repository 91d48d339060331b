//! Subscriptions: read, changed and cancelled.

mod cancel;
mod changes;
mod holdings;
mod phases;

pub use cancel::EndKeys;
pub use changes::{CurrentSubscription, PendingCancellation, SubscriptionItem, UnpaidChange};
pub use phases::Schedule;
