//! Transitions of subscriptions: start, change, renewal and end.

mod change;
mod ending;
mod item_change;
mod items;
mod pending_update;
mod renewal;
mod status;
mod subscribe;

pub(crate) use change::{PaymentBehavior, SubscriptionUpdate};
pub(crate) use ending::{CancelRequest, RequestedEnd};
pub(in crate::transitions) use items::changes_to;
pub(crate) use subscribe::NewSubscription;
