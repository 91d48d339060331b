//! A workspace's billing: the facts from Stripe, under a version that grows with every change.

pub(crate) mod account;
pub mod comparison;
pub(crate) mod events;
#[cfg(feature = "testkit")]
mod fixture;
pub(crate) mod intents;
mod records;
pub(crate) mod seats;

pub(crate) use account::{TYPE, overdue, parse};
pub use events::EventStatus;
pub use intents::Opened;
pub(crate) use intents::{TYPE as INTENT, unfinished};
pub use records::{BillingFacts, Further};
pub use seats::{SeatCheck, SeatFacts};
