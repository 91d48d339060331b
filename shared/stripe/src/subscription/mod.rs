//! Subscriptions: read, changed and cancelled.

mod cancel;
mod changes;
mod holdings;

pub use cancel::EndKeys;
pub use changes::{CurrentSubscription, PendingCancellation, Schedule};
