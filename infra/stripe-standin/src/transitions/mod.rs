//! Transitions: methods of `State` that change the account and emit events. They take the time from the account, do no
//! I/O and read no clock, so the same calls with the same seed give the same objects and the same events.

mod advance;
pub(crate) mod catalogue;
pub(crate) mod checkout;
pub(crate) mod customers;
mod due;
mod events;
mod invoices;
#[cfg(test)]
mod lives;
mod payments;
mod portal;
pub(crate) mod preview;
mod reversals;
pub(crate) mod schedules;
pub(crate) mod subscriptions;
