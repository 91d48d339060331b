//! A workspace's billing: what Stripe says, under a version that grows with every change.

mod account;
pub mod comparison;
mod events;
#[cfg(feature = "testkit")]
mod fixture;
mod intents;
mod records;

pub(crate) use account::{TYPE, overdue, parse};
pub use events::Heard;
pub use intents::Opened;
pub(crate) use intents::{TYPE as INTENT, left};
pub use records::{Billed, Noted};
